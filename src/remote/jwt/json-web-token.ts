/** JSON Web Tokens that hygge signs (RFC 7519, RFC 7515) to prove its identity. */
import { constants, randomUUID, sign } from 'node:crypto';
import type { SigningKey } from './private-key.ts';

export interface TokenClaims {
  readonly iss: string;
  readonly sub?: string | undefined;
  readonly aud?: string | undefined;
  readonly [more: string]: string | number | boolean | undefined;
}

export interface TokenTimes {
  /** Milliseconds since 1970 by the clock of the server that reads the token. */
  readonly nowMs: number;
  readonly lifeMs: number;
}

/** How far `iat` is in the past, since clocks differ: https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app */
const backMs = 60_000;

/** A token in its compact form. Each token has a unique id (`jti`), because servers accept an id only once. @param keyId `kid`; undefined: none. */
export function signedToken(
  claims: TokenClaims,
  { nowMs, lifeMs }: TokenTimes,
  by: SigningKey & { readonly keyId?: string | undefined },
): string {
  const seconds = (ms: number) => Math.floor(ms / 1000);
  const times = { iat: seconds(nowMs - backMs), exp: seconds(nowMs + lifeMs), jti: randomUUID() };
  const head = { alg: by.algorithm, typ: 'JWT', ...(by.keyId === undefined ? {} : { kid: by.keyId }) };
  const text = [head, { ...times, ...claims }].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${text}.${signature(text, by).toString('base64url')}`;
}

function signature(text: string, { key, algorithm }: SigningKey): Buffer {
  const bytes = Buffer.from(text);
  switch (algorithm) {
    case 'RS256':
      return sign('sha256', bytes, key);
    case 'PS256':
      return sign('sha256', bytes, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST });
    case 'ES256':
      return sign('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' });
  }
}
