/** How hygge signs in to an API. */
import * as z from 'zod';
import { secret } from '../../ports/secret-schema.ts';

const text = z.string().min(1);
export const httpAddress = text.regex(/^https?:\/\/[^/?#@]+[^?#]*$/, 'https://api.example.com/v2/, without a query or an account');

export const auth = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('bearer').describe('A token.'), token: secret().describe('The token.') }),
  z.strictObject({
    type: z.literal('basic').describe('A user and a password.'),
    user: text.describe('The user.'),
    password: secret().describe('Its password.'),
  }),
  z.strictObject({
    type: z.literal('api_key').describe('A key in a header or a parameter.'),
    api_key: secret().describe('The key.'),
    header: text.optional().describe('The header that takes the key. Default: `X-API-Key`, unless `query` is set.'),
    query: text.optional().describe('The parameter that takes the key, in place of a header.'),
  }),
  z.strictObject({
    type: z
      .literal('oauth2')
      .describe('Client credentials of OAuth 2.0: the API’s own server gives out tokens, which are renewed when they expire.'),
    token_url: httpAddress.describe('The address that gives out tokens.'),
    client_id: text.describe('The client.'),
    client_secret: secret().describe('Its secret.'),
    scope: text.optional().describe('The scopes, with blanks between them.'),
    audience: text.optional().describe('The API that the token is for, where the server asks for it.'),
    send: z
      .enum(['basic', 'body'])
      .default('basic')
      .describe('Where the client and its secret go: into the header `Authorization`, or into the body.'),
  }),
]);

export type Auth = z.infer<typeof auth>;
