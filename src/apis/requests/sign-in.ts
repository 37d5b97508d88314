/** Signs in to an API: adds headers and parameters to each request, and gets tokens, which all waiting requests share. */
import { HyggeError } from '../../errors/hygge-error.ts';
import { shortHash } from '../../frames/short-hash.ts';
import type { Clock } from '../../ports/clock.ts';
import { refusedLoginMs } from '../../ports/retry.ts';
import { type SecretValues, secretValuesOf } from '../../ports/secrets/values.ts';
import { CredentialRefused } from '../../remote/refusals.ts';
import type { Auth } from './auth-config.ts';
import { secretsIn } from './config.ts';
import { entraTokens } from './entra.ts';
import { gitHubAppTokens } from './github-app.ts';
import { oauthTokens } from './oauth.ts';
import { type Around, shortPauseMs, type TokenSource } from './token-requests.ts';

export interface Proof {
  readonly headers: Readonly<Record<string, string>>;
  readonly params: Readonly<Record<string, string>>;
}

export interface SignIn {
  /** The headers and parameters that a request needs. A call may request a token. Throws ConnectionError HYG-3620, HYG-3621, HYG-6052, HYG-6402, HYG-6404, HYG-6053. */
  proof(): Promise<Proof>;
  /** Drops a token that the API refused. False: another token can not be requested. */
  renew(refused: Proof): boolean;
  /** The remaining pause that the token server requests, in milliseconds. 0: no pause. */
  awayMs(): number;
  /** The tokens that a server issued, the newest last. The oldest tokens are dropped. */
  tokens(): readonly string[];
}

const nothing: Proof = { headers: {}, params: {} };
/** The time before the expiry of a token at which the token is renewed. */
const earlyMs = 30_000;
/** The lifetime of a token if the server reports no lifetime: an hour, as in the examples of RFC 6749. */
const usualLifeMs = 3_600_000;
const mostTokens = 8;

export function signInOf({ auth, base_url }: { readonly auth?: Auth | undefined; readonly base_url: string }, around: Around): SignIn {
  switch (auth?.type) {
    case 'oauth2':
      return shared(auth, '', around, () => oauthTokens(auth, around));
    case 'entra':
      return shared(auth, base_url, around, () => entraTokens(auth, base_url, around));
    case 'github_app':
      return shared(auth, base_url, around, () => gitHubAppTokens(auth, base_url, around));
    default: {
      const proof = fixedProof(auth);
      return { proof: async () => proof, renew: () => false, awayMs: () => 0, tokens: () => [] };
    }
  }
}

/** The tokens that entities share if all their settings for signing in are equal. */
function shared(auth: Auth, base: string, { network, clock }: Around, source: () => TokenSource): SignIn {
  const key = shortHash(JSON.stringify([auth, base, secretsIn(auth)]));
  return network.kept('rest_api token', key, () => new Tokens(source(), { clock, values: secretValuesOf(network) }));
}

type FixedAuth = Extract<Auth, { readonly type: 'bearer' | 'basic' | 'api_key' }>;

function fixedProof(auth: FixedAuth | undefined): Proof {
  switch (auth?.type) {
    case undefined:
      return nothing;
    case 'bearer':
      return bearer(auth.token.reveal());
    case 'basic':
      return {
        headers: { authorization: `Basic ${Buffer.from(`${auth.user}:${auth.password.reveal()}`).toString('base64')}` },
        params: {},
      };
    case 'api_key':
      return auth.query === undefined
        ? { headers: { [(auth.header ?? 'X-API-Key').toLowerCase()]: auth.api_key.reveal() }, params: {} }
        : { headers: {}, params: { [auth.query]: auth.api_key.reveal() } };
  }
}

function bearer(token: string): Proof {
  return { headers: { authorization: `Bearer ${token}` }, params: {} };
}

interface Token {
  readonly proof: Proof;
  readonly untilMs: number;
}

class Tokens implements SignIn {
  readonly #source: TokenSource;
  readonly #clock: Clock;
  readonly #values: SecretValues;
  /** The running request for a token, which all callers wait for. */
  #token: Promise<Token> | undefined;
  #good: Token | undefined;
  #isAnew = false;
  #given: readonly string[] = [];
  #awayUntilMs = Number.NEGATIVE_INFINITY;
  #refusal: { readonly error: CredentialRefused; readonly untilMs: number } | undefined;

  constructor(source: TokenSource, { clock, values }: { readonly clock: Clock; readonly values: SecretValues }) {
    this.#source = source;
    this.#clock = clock;
    this.#values = values;
  }

  async proof(): Promise<Proof> {
    if (this.#good && this.#good.untilMs <= this.#clock.monotonicMs()) this.#forget();
    if (this.#refusal !== undefined && this.#refusal.untilMs > this.#clock.monotonicMs()) throw this.#refusal.error;
    this.#token ??= this.#ask();
    const asked = this.#token;
    try {
      const token = await asked;
      if (this.#token === asked) this.#good = token;
      return token.proof;
    } catch (error) {
      if (this.#token === asked) this.#forget();
      if (error instanceof CredentialRefused) this.#refusal = { error, untilMs: this.#clock.monotonicMs() + refusedLoginMs };
      const askedMs = error instanceof HyggeError ? (error.retryAfterMs ?? 0) : 0;
      if (askedMs > shortPauseMs) this.#awayUntilMs = this.#clock.monotonicMs() + askedMs;
      throw error;
    }
  }

  renew(refused: Proof): boolean {
    if (this.#good?.proof === refused) {
      this.#isAnew = true;
      this.#forget();
    }
    return true;
  }

  /** The remaining pause, in milliseconds. With a valid token, no pause is needed. */
  awayMs(): number {
    if (this.#good !== undefined && this.#good.untilMs > this.#clock.monotonicMs()) return 0;
    return Math.max(0, this.#awayUntilMs - this.#clock.monotonicMs());
  }

  tokens(): readonly string[] {
    return this.#given;
  }

  #forget(): void {
    this.#token = undefined;
    this.#good = undefined;
  }

  async #ask(): Promise<Token> {
    const asked = this.#clock.monotonicMs();
    const isAnew = this.#isAnew;
    this.#isAnew = false;
    const { token, lifeMs = usualLifeMs } = await this.#source(isAnew);
    this.#values.add(token);
    this.#given = [...this.#given.filter((one) => one !== token), token].slice(-mostTokens);
    // A token that is valid only for seconds is used for half of its lifetime.
    return { proof: bearer(token), untilMs: asked + Math.max(lifeMs / 2, lifeMs - earlyMs) };
  }
}
