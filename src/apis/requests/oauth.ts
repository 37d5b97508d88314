/** Gets tokens of OAuth 2.0 by client credentials and refresh tokens (RFC 6749), and by assertions (RFC 7521, RFC 7523). */
import type { ConnectionError } from '../../errors/hygge-error.ts';
import { shortHash } from '../../frames/short-hash.ts';
import type { Secret } from '../../ports/secret.ts';
import { secretValuesOf } from '../../ports/secrets/values.ts';
import { type JsonAnswer, textIn } from '../../remote/json/json-requests.ts';
import { CredentialRefused, notSignedIn } from '../../remote/refusals.ts';
import { awsKeptSecret } from '../../remote/vaults/secret-versions.ts';
import { clientAuthOf, type OAuth } from './auth-config.ts';
import { secretsIn } from './config.ts';
import { rotated } from './errors.ts';
import { type RefreshedToken, refreshWithinMs, rotatingTokens } from './rotation.ts';
import { type Around, Assertions, isSendable, noToken, TokenRequests, type TokenSource, wordsOf } from './token-requests.ts';

const grantTypes = {
  client_credentials: 'client_credentials',
  refresh_token: 'refresh_token',
  jwt_bearer: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
} as const satisfies Record<OAuth['grant'], string>;
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const usualLifetime = '3min';

export function oauthTokens(auth: OAuth, around: Around): TokenSource {
  const requests = new TokenRequests(auth.token_url, 'Check auth.token_url, and whether this machine may reach it', {
    ...around,
    ...(auth.kept_in === undefined ? {} : { answerWithinMs: refreshWithinMs }),
  });
  const { private_key, algorithm, key_id: keyId, refresh_token, kept_in } = auth;
  const values = secretValuesOf(around.network);
  let assertions: Assertions | undefined;

  async function ask(refreshToken: Secret | undefined, mayBeSent?: () => void): Promise<RefreshedToken> {
    if (private_key !== undefined) assertions ??= new Assertions(private_key, { algorithm, keyId });
    const sent = secretsIn([auth, refreshToken]).slice();
    for (const one of sent) values.add(one);
    const answer = await requests.ask(
      () => {
        mayBeSent?.();
        const { form, headers, proofs } = formOf(auth, { refreshToken, assertions, nowMs: requests.nowMs() });
        sent.push(...proofs);
        return { method: 'POST', url: auth.token_url, headers, body: form.toString() };
      },
      (body) => textIn(body, 'error'),
    );
    const given = tokenIn(answer, auth, sent);
    if (given.refreshToken !== undefined) values.add(given.refreshToken);
    return given;
  }

  if (kept_in !== undefined) {
    const { client_id, token_url, scope, audience } = auth;
    const secret = awsKeptSecret({ region: kept_in.aws, name: kept_in.name }, around.network);
    const of = shortHash(JSON.stringify([token_url, client_id, scope, audience]));
    return rotatingTokens(secret, { of, requests: { refresh: ask, isOpen: () => requests.isOpen() }, clock: around.clock });
  }
  return async () => {
    const given = await ask(refresh_token);
    if (refresh_token !== undefined && given.refreshToken !== undefined && given.refreshToken !== refresh_token.reveal())
      throw rotated(new URL(auth.token_url).origin);
    return given;
  };
}

interface TokenForm {
  readonly form: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  /** The secrets in the request, which no message may contain. */
  readonly proofs: readonly string[];
}

interface FormParts {
  readonly refreshToken: Secret | undefined;
  readonly assertions: Assertions | undefined;
  readonly nowMs: number;
}

function formOf(auth: OAuth, { refreshToken, assertions, nowMs }: FormParts): TokenForm {
  const { grant, token_url, client_id = '', scope, audience } = auth;
  const lifeMs = milliseconds(auth.lifetime ?? usualLifetime);
  const assert = (claims: Parameters<Assertions['make']>[0]) => assertions?.make(claims, nowMs, lifeMs) ?? '';
  const form = new URLSearchParams({ grant_type: grantTypes[grant] });
  const headers: Record<string, string> = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' };
  const proofs: string[] = [];
  if (scope !== undefined) form.set('scope', scope);
  if (grant === 'refresh_token') form.set('refresh_token', refreshToken?.reveal() ?? '');
  if (grant === 'jwt_bearer') {
    const issuer = auth.issuer ?? client_id;
    const assertion = assert({ iss: issuer, sub: auth.subject ?? issuer, aud: audience ?? token_url, ...auth.claims });
    form.set('assertion', assertion);
    proofs.push(assertion);
  } else if (audience !== undefined) form.set('audience', audience);
  const secret = auth.client_secret?.reveal() ?? '';
  const way = clientAuthOf(auth);
  switch (way) {
    case 'basic': {
      // The id and the secret are encoded as in a form: https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1
      const shown = Buffer.from(`${encodeURIComponent(client_id)}:${encodeURIComponent(secret)}`).toString('base64');
      headers.authorization = `Basic ${shown}`;
      proofs.push(shown);
      break;
    }
    case 'body':
      form.set('client_id', client_id);
      form.set('client_secret', secret);
      break;
    case 'private_key_jwt': {
      const assertion = assert({ iss: client_id, sub: client_id, aud: auth.client_audience ?? token_url });
      form.set('client_id', client_id);
      form.set('client_assertion_type', assertionType);
      form.set('client_assertion', assertion);
      proofs.push(assertion);
      break;
    }
    case 'none':
      if (client_id !== '') form.set('client_id', client_id);
  }
  return { form, headers, proofs };
}

function milliseconds(lifetime: string): number {
  return Number.parseInt(lifetime, 10) * (lifetime.endsWith('min') ? 60_000 : 1_000);
}

/** @param sent the secrets in the request, which no message may contain. Throws ConnectionError HYG-6402, HYG-6404. */
function tokenIn(answer: JsonAnswer, auth: OAuth, sent: readonly string[]): RefreshedToken {
  const { origin } = new URL(auth.token_url);
  const { status, body } = answer;
  if (status !== 200 && status !== 201) throw refusal(answer, auth, sent);
  const check = 'Check auth.token_url: it is the address that issues tokens';
  const token = textIn(body, 'access_token');
  // Some servers report an error with status 200.
  if (token === undefined && answer.code !== '') throw refusal(answer, auth, sent);
  if (!isSendable(token))
    throw noToken(origin, status, token === undefined ? 'its body has no access_token' : 'its access_token is not valid', check);
  const { expires_in } = body as { readonly expires_in?: unknown };
  const seconds = Number(expires_in ?? Number.NaN);
  const lifeMs = Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined;
  return { token, lifeMs, refreshToken: textIn(body, 'refresh_token') };
}

function refusal(answer: JsonAnswer, auth: OAuth, sent: readonly string[]): ConnectionError {
  const { origin } = new URL(auth.token_url);
  const hidden = (text: string) => wordsOf(text, sent);
  const said = textIn(answer.body, 'error_description') ?? '';
  const refused = { url: origin, doing: 'read', status: answer.status, code: hidden(answer.code) } as const;
  const ways = [...checks(answer.code, auth), ...(said === '' ? [] : [`The server says: ${hidden(said)}`])];
  // A retry may succeed, since a person may put another token into the vault meanwhile.
  const mayChange = passing.has(answer.code) || auth.kept_in !== undefined;
  return mayChange ? notSignedIn(refused, ways) : new CredentialRefused(refused, ways);
}

/** Codes for a problem of the server that does not depend on the credential: https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1 */
const passing: ReadonlySet<string> = new Set(['server_error', 'temporarily_unavailable', 'slow_down']);

/** The advice for each code of https://www.rfc-editor.org/rfc/rfc6749#section-5.2. */
function checks(code: string, auth: OAuth): readonly string[] {
  const { grant } = auth;
  const way = clientAuthOf(auth);
  const client = {
    basic: ['Check auth.client_id and auth.client_secret', 'Some servers expect the client in the body: auth.client_auth: body'],
    body: ['Check auth.client_id and auth.client_secret', 'Some servers expect the client in a header: auth.client_auth: basic'],
    private_key_jwt: [
      'Check auth.client_id, and that the server has the public key of auth.private_key under auth.key_id',
      'The assertion is for auth.client_audience: some servers expect their issuer there, not auth.token_url',
    ],
    none: ['Check auth.client_id, and whether the server expects auth.client_secret'],
  }[way];
  switch (code) {
    case 'invalid_client':
      return client;
    case 'invalid_grant':
      if (grant === 'refresh_token')
        return [
          'The refresh token has expired, was revoked, or was used elsewhere (if the server accepts each refresh token only once)',
          auth.kept_in === undefined
            ? 'Authorize hygge again, and set auth.refresh_token to the new refresh token'
            : `Authorize hygge again, and put the new refresh token into the secret ${auth.kept_in.name}, as its whole text`,
        ];
      if (grant === 'jwt_bearer')
        return [
          'Check auth.issuer, auth.subject and auth.audience, and that the server has the public key or certificate of auth.private_key',
          'Check that the subject, or an administrator, has approved the client',
        ];
      return client;
    case 'unauthorized_client':
    case 'unsupported_grant_type':
      return [`Allow the client the grant ${grantTypes[grant]} at the server, or use another auth.grant`];
    case 'invalid_scope':
      return ['Check auth.scope: the server does not grant it to this client'];
    default:
      return [...client, 'Check auth.token_url, auth.scope and auth.audience'];
  }
}
