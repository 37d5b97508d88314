import { createHmac, randomBytes, randomUUID } from 'node:crypto';

/** What a service reads in a token it is shown. */
export interface Shown {
  readonly audience: string;
  /** Object id of whoever it was issued to. */
  readonly principal: string;
  readonly expired: boolean;
}

interface Claims {
  readonly aud: string;
  readonly oid: string;
  /** Seconds since 1970. */
  readonly exp: number;
}

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Tokens of one issuer. Clients take them as they are; only services look inside. */
export class Tokens {
  readonly #secret = randomBytes(32);
  readonly #tenant: string;
  /** The claims of tokens that were shown, which come with each request; undefined: the signature is invalid. */
  readonly #claims = new Map<string, Claims | undefined>();

  constructor(tenant: string) {
    this.#tenant = tenant;
  }

  issue(principal: string, audience: string, lifetimeSeconds: number): string {
    const now = Math.floor(Date.now() / 1000);
    const issuer = `https://sts.windows.net/${this.#tenant}/`;
    const claims = {
      aud: audience,
      iss: issuer,
      oid: principal,
      tid: this.#tenant,
      iat: now,
      exp: now + lifetimeSeconds,
      jti: randomUUID(),
    };
    const text = `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded(claims)}`;
    return `${text}.${this.#sign(text)}`;
  }

  read(token: string): Shown | undefined {
    if (!this.#claims.has(token)) this.#claims.set(token, this.#claimsOf(token));
    const claims = this.#claims.get(token);
    return claims && { audience: claims.aud, principal: claims.oid, expired: claims.exp * 1000 <= Date.now() };
  }

  #claimsOf(token: string): Claims | undefined {
    const at = token.lastIndexOf('.');
    if (at < 0 || this.#sign(token.slice(0, at)) !== token.slice(at + 1)) return undefined;
    return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Claims;
  }

  #sign(text: string): string {
    return createHmac('sha256', this.#secret).update(text).digest('base64url');
  }
}
