/** Sends requests for tokens, and learns the time of the server that issues the tokens. */
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
  /** The lifetime of the token from the time of the request, in milliseconds. Undefined: the server does not report the lifetime. */
  readonly lifeMs: number | undefined;
}

/** Returns a token. @param isAnew whether the API refused the last token before it expired. */
export type TokenSource = (isAnew: boolean) => Promise<GivenToken>;

export interface Around {
  readonly network: Network;
  readonly clock: Clock;
}

/** The maximum difference between two clocks that count as equal: `Date` has only seconds, and a request takes some time. */
const equalWithinMs = 10_000;
const mostSaid = 300;
/** The longest pause for which a request waits. For a longer pause, the step ends, and continues later. */
export const shortPauseMs = 10_000;

export class TokenRequests {
  readonly #clock: Clock;
  readonly #requests: JsonRequests;
  /** The time by which the server’s clock is ahead of the clock of this machine. */
  #aheadMs = 0;
  #isOpen = false;

  /** @param check advice for the case that the server does not answer. @param answerWithinMs the maximum time for an answer. Absent: ten seconds. */
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
   * The answer of the server, even if the answer is an error. If the server refuses an assertion, and its clock differs much from ours, an assertion with the server’s
   * time is sent once more.
   * @param make creates the request, with new assertions for each sending.
   */
  async ask(make: () => Omit<HttpRequest, 'withinMs'>, codeIn: (body: unknown) => string | undefined): Promise<JsonAnswer> {
    const by = this.#aheadMs;
    const answer = await this.#once(make, codeIn);
    const isRefused = answer.status === 400 || answer.status === 401;
    return isRefused && Math.abs(this.#aheadMs - by) > equalWithinMs ? await this.#once(make, codeIn) : answer;
  }

  /** Whether the last request got no answer, so that the server may have executed it. */
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

  /** Milliseconds since 1970 by the server’s clock. If the server’s clock is not known, the time is by the clock of this machine. */
  nowMs(): number {
    return this.#ownMs() + this.#aheadMs;
  }
}

/** Creates assertions with one private key. */
export class Assertions {
  readonly #key: SigningKey & { readonly keyId: string | undefined };

  /** Throws ConnectionError HYG-3620 if the key is not usable. */
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

/** The server’s own words for an error: one short line, without secrets and without texts that look like a signed token. */
export function wordsOf(text: string, secrets: readonly string[]): string {
  const hidden = withoutSecrets(text, secrets).replace(/\beyJ[\w.-]+/g, '***');
  return hidden.replace(/\s+/g, ' ').trim().slice(0, mostSaid);
}

/** Whether a token fits into a header by RFC 6749, appendix A.12. A token with blanks does not. */
export function isSendable(token: string | undefined): token is string {
  return token !== undefined && /^[\x21-\x7e]+$/.test(token);
}

/** An answer without a token. @param lacks the end of a sentence: `its body has no access_token`. */
export function noToken(origin: string, status: number, lacks: string, check: string): ConnectionError {
  return new ConnectionError({
    code: 'HYG-6404',
    what: `${origin} gave no token.`,
    why: [`It answered ${status}, and ${lacks}.`],
    tryThis: [check],
  });
}
