/** Reads the limits in the headers of an answer: how many requests are allowed, and when the next request may be sent. */
import { retryAfter, timeIn } from '../../../remote/http-outcome.ts';

export type HeaderOf = (name: string) => string | undefined;

export interface ToldLimit {
  /** The number of requests that the account may send in the period of the limit. */
  readonly limit: number;
  /** The time at which the limit is reset. Undefined: the answer does not report the time. */
  readonly untilMs: number | undefined;
}

const families = ['x-ratelimit-', 'ratelimit-', 'x-rate-limit-'] as const;

function first(header: HeaderOf, name: string): string | undefined {
  return families.map((family) => header(`${family}${name}`)?.trim()).find((value) => value !== undefined && value !== '');
}

/** The limit of an account in the usual headers. Undefined: the answer lacks these headers. https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api */
export function toldLimit(header: HeaderOf, now: Date): ToldLimit | undefined {
  // In `100, 100;w=60`, the limit is first, and its details follow: https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-ratelimit-headers-06
  const limit = Number(/^\d+/.exec(first(header, 'limit') ?? '')?.[0] ?? Number.NaN);
  if (!Number.isSafeInteger(limit) || limit <= 0) return undefined;
  const inMs = resetIn(header, now);
  return { limit, untilMs: inMs === undefined ? undefined : now.getTime() + inMs };
}

/** Whether the headers report that a limit is used up. */
export function isUsedUp(header: HeaderOf): boolean {
  return first(header, 'remaining') === '0';
}

/** Milliseconds until the next request is allowed: from `Retry-After`, or from the time at which a limit is reset. Undefined: the headers report no pause. */
export function pauseOf(header: HeaderOf, now: Date): number | undefined {
  return retryAfter(header, now) ?? resetIn(header, now);
}

/** Milliseconds until a limit is reset. The header has seconds from now, seconds or milliseconds since 1970, or a time. */
function resetIn(header: HeaderOf, now: Date): number | undefined {
  const written = first(header, 'reset');
  if (written === undefined) return undefined;
  const reset = Number(written);
  if (Number.isNaN(reset)) {
    const until = timeIn(written);
    return until === undefined ? undefined : Math.max(0, until.getTime() - now.getTime());
  }
  if (!Number.isFinite(reset) || reset < 0) return undefined;
  if (reset < 1e9) return reset * 1_000;
  return Math.max(0, (reset < 1e12 ? reset * 1_000 : reset) - now.getTime());
}
