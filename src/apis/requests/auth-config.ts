/** The config keys for signing in to an API. */
import * as z from 'zod';
import { secret } from '../../ports/secret-schema.ts';
import { azureClash } from '../../remote/azure/keys.ts';
import { algorithms } from '../../remote/jwt/private-key.ts';

const text = z.string().min(1);
export const httpAddress = text.regex(/^https?:\/\/[^/?#@]+[^?#]*$/, 'https://api.example.com/v2/, without a query or an account');

/** Whether an address is encrypted, or is on this machine. */
export function isPrivate(address: string): boolean {
  return /^https:/.test(address) || /^http:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?(\/|$)/.test(address);
}

/** An id of GitHub, which is a number. If the id is from a variable, it is a text. */
const id = z.union([text, z.int().min(1)]).transform(String);
const privateKey = secret();
const inPem =
  'PEM: PKCS#8, PKCS#1 or SEC 1, RSA or P-256, without a passphrase. `\\n` as two characters and base64 of the whole are accepted as well.';

const otherVaults = /azure|vault|google|gcp|project/i;
/** Other vaults can not write a secret on the condition that it is unchanged: https://learn.microsoft.com/rest/api/keyvault/secrets/set-secret/set-secret and https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets/addVersion */
const noCondition =
  'Azure Key Vault and Google Secret Manager accept a new version of a secret without a condition, so one process could overwrite the refresh token of another. So hygge keeps the refresh token only in AWS Secrets Manager.';

const oauth2 = z
  .strictObject({
    type: z.literal('oauth2').describe('OAuth 2.0: a server issues tokens, which are renewed when they expire.'),
    grant: z
      .enum(['client_credentials', 'refresh_token', 'jwt_bearer'])
      .default('client_credentials')
      .describe(
        'What hygge sends to get a token. client_credentials: only the client. refresh_token: the token from a person’s consent. jwt_bearer: an assertion that `private_key` signs (RFC 7523).',
      ),
    token_url: httpAddress.describe('The address that issues tokens.'),
    client_id: text.optional().describe('The client. `jwt_bearer` with an `issuer` needs no client.'),
    client_auth: z
      .enum(['basic', 'body', 'private_key_jwt'])
      .optional()
      .describe(
        'How the client proves its identity. basic: its secret in the header `Authorization`. body: its secret in the body. private_key_jwt: an assertion that `private_key` signs (RFC 7523). Default: `basic`, or `private_key_jwt` if there is a `private_key` and no secret. Without a secret and a key only `client_id` is sent.',
      ),
    client_secret: secret().optional().describe('The secret of the client.'),
    refresh_token: secret().optional().describe('With `grant: refresh_token`: the refresh token.'),
    kept_in: z
      .strictObject(
        {
          aws: text.regex(/^[a-z]{2}(-[a-z]+)+-\d+$/, 'eu-central-1').describe('The region of an AWS Secrets Manager.'),
          name: text.describe('The name of the secret. At first its text is the refresh token.'),
        },
        {
          error: (issue) =>
            issue.code === 'unrecognized_keys' && (issue.keys as readonly string[]).some((key) => otherVaults.test(key))
              ? noCondition
              : undefined,
        },
      )
      .optional()
      .describe(
        'With `grant: refresh_token`, in place of `refresh_token`: a secret in a vault, which hygge reads and replaces. For servers that return a new refresh token with each token.',
      ),
    private_key: privateKey.optional().describe(`With \`jwt_bearer\` and \`private_key_jwt\`: the key that signs. ${inPem}`),
    algorithm: z.enum(algorithms).optional().describe('How `private_key` signs. Default: `RS256` for an RSA key, `ES256` for P-256.'),
    key_id: text.optional().describe('The name of the key at the server (`kid`).'),
    client_audience: text
      .optional()
      .describe('With `private_key_jwt`: the server that the assertion is for (`aud`). Default: `token_url`.'),
    issuer: text.optional().describe('With `jwt_bearer`: the issuer of the assertion (`iss`). Default: `client_id`.'),
    subject: text.optional().describe('With `jwt_bearer`: the user that the token represents (`sub`). Default: the issuer.'),
    claims: z
      .record(text, z.union([z.string(), z.number(), z.boolean()]))
      .optional()
      .describe('With `jwt_bearer`: further claims of the assertion.'),
    lifetime: text
      .regex(/^[1-9]\d{0,3}(s|min)$/, '3min or 90s')
      .optional()
      .describe('How long an assertion is valid: `90s`, `5min`. Default: `3min`.'),
    scope: text.optional().describe('The scopes, with blanks between them.'),
    audience: text
      .optional()
      .describe(
        'The API that the token is for, if the server requires it. With `jwt_bearer`: the server that the assertion is for (`aud`), by default `token_url`.',
      ),
  })
  .superRefine((given, context) => {
    for (const { key, needs } of oauthClashes(given)) context.addIssue({ code: 'custom', path: [key], message: needs });
  });

export type OAuth = z.infer<typeof oauth2>;

const entra = z
  .strictObject({
    type: z.literal('entra').describe('A token of Entra ID, with the same keys as connections of Azure.'),
    scope: text
      .optional()
      .describe('What the token is for: `https://org.crm.dynamics.com/.default`. Default: `.default` of the origin of `base_url`.'),
    resource: text.optional().describe('The same as `scope`, but as an address or an id without `/.default`. Replaces `scope`.'),
    credential: z
      .enum(['default', 'managed_identity', 'service_principal', 'workload_identity'])
      .optional()
      .describe(
        'The identity that signs in. default: a managed identity in the cloud, the signed-in account on a laptop. Default: derived from the other keys.',
      ),
    tenant_id: text.optional().describe('The tenant. A service principal needs it.'),
    client_id: text
      .optional()
      .describe('The application, or one of several managed identities. Default: AZURE_CLIENT_ID of the environment.'),
    client_secret: secret().optional().describe('The secret of a service principal.'),
    client_certificate_path: text
      .optional()
      .describe('A PEM file with the certificate of a service principal and its private key, in place of `client_secret`.'),
  })
  .superRefine((given, context) => {
    const { scope, resource, type: _, ...keys } = given;
    const clash =
      scope !== undefined && resource !== undefined ? { key: 'resource', needs: 'Either scope or resource, not both' } : azureClash(keys);
    if (clash !== undefined) context.addIssue({ code: 'custom', path: [clash.key], message: clash.needs });
  });

export type EntraAuth = z.infer<typeof entra>;

const githubApp = z.strictObject({
  type: z
    .literal('github_app')
    .describe('An installation of a GitHub App: the app’s key signs the request for a token, which is valid for an hour and renewed.'),
  app_id: id.describe('The App ID or the client ID of the app.'),
  installation_id: id.describe('The installation: the number at the end of its address.'),
  private_key: privateKey.describe(`A private key of the app. ${inPem}`),
});

export type GitHubAppAuth = z.infer<typeof githubApp>;

export const auth = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('bearer').describe('A token.'),
    token: secret().describe('The token.'),
    modes: z
      .record(text, z.array(text).min(1))
      .optional()
      .describe(
        'How tokens begin, if some of them lead to other records at the same address: `{ test: [sk_test_], live: [sk_live_] }`. An incremental load does not continue with a token of another mode.',
      ),
  }),
  z.strictObject({
    type: z.literal('basic').describe('A user and a password.'),
    user: text.describe('The user.'),
    password: secret().describe('Its password.'),
  }),
  z.strictObject({
    type: z.literal('api_key').describe('A key in a header or a parameter.'),
    api_key: secret().describe('The key.'),
    header: text.optional().describe('The header for the key. Default: `X-API-Key`, unless `query` is set.'),
    query: text.optional().describe('The parameter for the key, in place of a header.'),
  }),
  oauth2,
  entra,
  githubApp,
]);

export type Auth = z.infer<typeof auth>;

export type ClientAuth = 'basic' | 'body' | 'private_key_jwt' | 'none';

/** How the client proves its identity. `none`: the client sends only its id, or no id. */
export function clientAuthOf({ grant, client_auth, client_secret, private_key }: OAuth): ClientAuth {
  if (client_auth !== undefined) return client_auth;
  if (client_secret !== undefined) return 'basic';
  return private_key !== undefined && grant !== 'jwt_bearer' ? 'private_key_jwt' : 'none';
}

interface Clash {
  readonly key: string;
  readonly needs: string;
}

/** Finds keys that are missing, contradict each other or have no effect. */
function oauthClashes(given: OAuth): readonly Clash[] {
  const { grant } = given;
  const way = clientAuthOf(given);
  const found: Clash[] = [];
  const needs = (key: keyof OAuth, sentence: string) => {
    if (given[key] === undefined) found.push({ key, needs: sentence });
  };
  const takes = (keys: readonly (keyof OAuth)[], isTaken: boolean, where: string) => {
    if (!isTaken) for (const key of keys) if (given[key] !== undefined) found.push({ key, needs: `This key is used only ${where}` });
  };
  if (!isPrivate(given.token_url)) found.push({ key: 'token_url', needs: 'https: a secret is sent there' });
  if (grant === 'refresh_token' && given.kept_in === undefined) needs('refresh_token', 'With grant: refresh_token, the refresh token');
  if (given.refresh_token !== undefined && given.kept_in !== undefined)
    found.push({ key: 'kept_in', needs: 'Either refresh_token or kept_in, not both' });
  if (grant === 'jwt_bearer') needs('private_key', 'With grant: jwt_bearer, the key that signs the assertion');
  if (way === 'private_key_jwt') needs('private_key', 'With client_auth: private_key_jwt, the key of the client');
  if (way === 'basic' || way === 'body') needs('client_secret', `With client_auth: ${way}, the secret of the client`);
  if (way === 'none' && grant === 'client_credentials')
    needs('client_secret', 'With grant: client_credentials, the secret or the private_key of the client');
  if (grant !== 'jwt_bearer' || way !== 'none' || given.issuer === undefined) needs('client_id', 'The client');
  takes(['refresh_token', 'kept_in'], grant === 'refresh_token', 'with grant: refresh_token');
  takes(['issuer', 'subject', 'claims'], grant === 'jwt_bearer', 'with grant: jwt_bearer');
  takes(['client_audience'], way === 'private_key_jwt', 'with client_auth: private_key_jwt');
  takes(['client_secret'], way !== 'private_key_jwt', 'without client_auth: private_key_jwt');
  const signs = grant === 'jwt_bearer' || way === 'private_key_jwt';
  takes(['private_key', 'algorithm', 'key_id', 'lifetime'], signs, 'with grant: jwt_bearer or client_auth: private_key_jwt');
  return found;
}
