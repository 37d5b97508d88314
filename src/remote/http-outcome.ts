/** How a request over HTTP ended, in the same terms for every service. */
import type { FailureKind } from '../ports/retry.ts';
import { networkCode } from './http.ts';
import { isRefusedByProxy, isThrottled, proxyCode, type RequestOutcome, endingOf as sentEndingOf } from './sent-request.ts';

export interface HttpOutcome extends RequestOutcome {
  /** The pause in milliseconds that the service requested. */
  readonly retryAfterMs: number | undefined;
}

/** Reads an error of the HTTP client. The error itself is dropped: it contains the request, whose headers may contain a token. */
export function endedIn(error: unknown): HttpOutcome {
  const { name, code, cause } = (typeof error === 'object' && error !== null ? error : {}) as {
    readonly name?: unknown;
    readonly code?: unknown;
    readonly cause?: { readonly code?: unknown };
  };
  const own = [cause?.code, code].find((one): one is string => typeof one === 'string' && /\D/.test(one));
  const named = typeof name === 'string' && name !== 'Error' ? name : '';
  return { status: undefined, code: proxyCode(error) ?? (own === undefined ? named : networkCode(own)), retryAfterMs: undefined };
}

const passing: ReadonlySet<string> = new Set(['AbortError', 'TimeoutError', 'UND_ERR_CONNECT_TIMEOUT']);

/** Whether a repeat of the same request may succeed later. */
export function isPassing(ended: RequestOutcome): boolean {
  const { status, code } = ended;
  if (isRefusedByProxy(ended)) return false;
  if (code.startsWith('PROXY_')) return true;
  if (status === undefined) return /^E[A-Z_]+$/.test(code) || passing.has(code);
  return isThrottled(ended) || status === 408 || status >= 500;
}

/** The outcome of a request, for the retry policy. */
export function endingOf(ended: RequestOutcome): FailureKind {
  return sentEndingOf(ended, isPassing(ended));
}

/**
 * The pause in milliseconds that a service requested: `Retry-After` in seconds or as an end time, else `x-ms-retry-after-ms`. If the service sent an end
 * time, the pause is computed by the service’s clock. Undefined: no readable header. @param now used if the answer has no header `Date`.
 */
export function retryAfter(header: (name: string) => string | undefined, now?: Date): number | undefined {
  const written = header('retry-after')?.trim() || undefined;
  if (written === undefined) return positive(Number(header('x-ms-retry-after-ms') ?? Number.NaN));
  const seconds = Number(written);
  if (!Number.isNaN(seconds)) return positive(seconds * 1000);
  const from = timeIn(header('date')) ?? now;
  const until = timeIn(written);
  return until === undefined || from === undefined ? undefined : Math.max(0, until.getTime() - from.getTime());
}

/** The time in a header; undefined: the text is not a time. */
export function timeIn(written: string | undefined): Date | undefined {
  const date = written === undefined ? undefined : new Date(written);
  return date === undefined || Number.isNaN(date.getTime()) ? undefined : date;
}

const positive = (ms: number): number | undefined => (Number.isFinite(ms) && ms >= 0 ? ms : undefined);
