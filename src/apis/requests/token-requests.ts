/** Requests for tokens, and the time of the server that issues them. */
import { ConnectionError } from '../../errors/hygge-error.ts';
import type { Clock } from '../../ports/clock.ts';
import type { HttpRequest, Network } from '../../ports/network.ts';
import type { Secret } from '../../ports/secret.ts';
import { type JsonAnswer, JsonRequests } from '../../remote/json/json-requests.ts';
import { signedToken, type TokenClaims } from '../../remote/jwt/json-web-token.ts';
import { type Algorithm, type SigningKey, signingKey } from '../../remote/jwt/private-key.ts';
import { notReached } from '../../remote/refusals.ts';
import { isOpen } from '../../remote/sent-request.ts';
import { withoutSecrets } from './config.ts';
import { unusableKey } from './errors.ts';

/** A token for the header `Authorization`. */
export interface GivenToken {
  readonly token: string;
  /** Milliseconds from the time of the request; undefined: not reported. */
  readonly lifeMs: number | undefined;
}

/** Returns tokens. @param isAnew the last token was refused before it expired. */
export type TokenSource = (isAnew: boolean) => Promise<GivenToken>;

export interface Around {
  readonly network: Network;
  readonly clock: Clock;
}

/** Clocks that differ by less count as equal: `Date` has only seconds, and a request takes some time. */
const equalWithinMs = 10_000;
const mostSaid = 300;
/** A longer pause does not delay the request: the step ends, and continues later. */
export const shortPauseMs = 10_000;

export class TokenRequests {
  readonly #clock: Clock;
  readonly #requests: JsonRequests;
  /** How far the server's clock is ahead of ours. */
  #aheadMs = 0;
  #isOpen = false;

  /** @param check what to check if there is no answer. @param answerWithinMs absent: ten seconds. */
  constructor(url: string, check: string, { network, clock, answerWithinMs }: Around & { readonly answerWithinMs?: number }) {
    this.#clock = clock;
    const { origin } = new URL(url);
    this.#requests = new JsonRequests(network, {
      host: origin,
      mostPauseMs: shortPauseMs,
      ...(answerWithinMs === undefined ? {} : { answerWithinMs }),
      lost: ({ status, code, retryAfterMs }) => {
        this.#isOpen = isOpen({ status, code });
        return notReached(
          { url: origin, doing: 'read', status, code },
          { transient: true, check: [check], ...(retryAfterMs === undefined ? {} : { retryAfterMs }) },
        );
      },
    });
  }

  /**
   * The answer, also if it is an error. If an assertion is refused, and our clock differs much from the server's, it is sent once more with the server's time. @param make
   * the request; its assertions are recreated for each sending.
   */
  async ask(make: () => Omit<HttpRequest, 'withinMs'>, codeIn: (body: unknown) => string | undefined): Promise<JsonAnswer> {
    const by = this.#aheadMs;
    const answer = await this.#once(make, codeIn);
    const isRefused = answer.status === 400 || answer.status === 401;
    return isRefused && Math.abs(this.#aheadMs - by) > equalWithinMs ? await this.#once(make, codeIn) : answer;
  }

  /** Whether the last request got no answer, but may have been executed. */
  isOpen(): boolean {
    return this.#isOpen;
  }

  async #once(make: () => Omit<HttpRequest, 'withinMs'>, codeIn: (body: unknown) => string | undefined): Promise<JsonAnswer> {
    this.#isOpen = false;
    const answer = await this.#requests.ask(async () => make(), codeIn);
    const aheadMs = Date.parse(answer.header('date') ?? '') - this.#ownMs();
    if (!Number.isNaN(aheadMs)) this.#aheadMs = Math.abs(aheadMs) > equalWithinMs ? aheadMs : 0;
    return answer;
  }

  #ownMs(): number {
    return Date.parse(this.#clock.now());
  }

  /** Milliseconds since 1970 by the server's clock, if it is known. */
  nowMs(): number {
    return this.#ownMs() + this.#aheadMs;
  }
}

/** Creates assertions with one private key. */
export class Assertions {
  readonly #key: SigningKey & { readonly keyId: string | undefined };

  /** Throws ConnectionError HYG-3620. */
  constructor(
    secret: Secret,
    { algorithm, keyId }: { readonly algorithm?: Algorithm | undefined; readonly keyId?: string | undefined } = {},
  ) {
    const key = signingKey(secret, algorithm);
    if ('what' in key) throw unusableKey(key);
    this.#key = { ...key, keyId };
  }

  make(claims: TokenClaims, nowMs: number, lifeMs: number): string {
    return signedToken(claims, { nowMs, lifeMs }, this.#key);
  }
}

/** The server's own words, for an error: one line, not too long, without secrets and without anything that looks like a signed token. */
export function wordsOf(text: string, secrets: readonly string[]): string {
  const hidden = withoutSecrets(text, secrets).replace(/\beyJ[\w.-]+/g, '***');
  return hidden.replace(/\s+/g, ' ').trim().slice(0, mostSaid);
}

/** A token that fits into a header: RFC 6749, appendix A.12, without blanks. */
export function isSendable(token: string | undefined): token is string {
  return token !== undefined && /^[\x21-\x7e]+$/.test(token);
}

/** @param lacks the end of a sentence: `its body has no access_token`. */
export function noToken(origin: string, status: number, lacks: string, check: string): ConnectionError {
  return new ConnectionError({
    code: 'HYG-6404',
    what: `${origin} gave no token.`,
    why: [`It answered ${status}, and ${lacks}.`],
    tryThis: [check],
  });
}
