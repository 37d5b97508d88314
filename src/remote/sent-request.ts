import type { FailureKind } from '../ports/retry.ts';

/** How a request ended: the HTTP status, or the network's code instead of it. */
export interface RequestOutcome {
  /** Undefined: no answer. */
  readonly status: number | undefined;
  /** The service's own code, or that of the network: `ServerBusy`, `ECONNRESET`. */
  readonly code: string;
}

/** For people: `503 ServerBusy`. */
export function shown({ status, code }: Pick<RequestOutcome, 'status' | 'code'>): string {
  return [status, code].filter((one) => one !== undefined && one !== '').join(' ') || 'no answer';
}

/** A pause that a service asks for: `30 s`, `12 days`. */
export function pauseText(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  return seconds < 2 * 86_400 ? `${seconds} s` : `${Math.ceil(seconds / 86_400).toLocaleString('en-US')} days`;
}

/** The network's own codes of a request that never left. */
const neverSent: ReadonlySet<string> = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** The proxy of this machine opened no way to the service: the request never left. Its answer follows. */
const proxyPrefix = 'PROXY_';

/** `PROXY_407` of an error that says what a proxy answered; undefined: of any other. */
export function proxyCode(error: unknown): string | undefined {
  const { code, message, cause } = (typeof error === 'object' && error !== null ? error : {}) as Record<
    'code' | 'message' | 'cause',
    unknown
  >;
  if (code === 'ERR_PROXY_TUNNEL') return `${proxyPrefix}${/HTTP\/\d\.\d (\d{3})/.exec(String(message))?.[1] ?? ''}`;
  const tunnel = /^Proxy response \((\d{3})\)/.exec(String(message))?.[1];
  if (tunnel !== undefined) return `${proxyPrefix}${tunnel}`;
  return cause === undefined ? undefined : proxyCode(cause);
}

/** What the proxy answered; undefined: it was none. */
export function answerOfProxy({ status, code }: RequestOutcome): string | undefined {
  if (code.startsWith(proxyPrefix)) return code.slice(proxyPrefix.length) || 'nothing that can be read';
  return status === 407 ? '407' : undefined;
}

/** It wants to know who asks, or does not let this one through: it will say so again. */
export function isRefusedByProxy(ended: RequestOutcome): boolean {
  return /^4/.test(answerOfProxy(ended) ?? '');
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html and https://learn.microsoft.com/rest/api/storageservices/common-rest-api-error-codes */
const busy: ReadonlySet<string> = new Set([
  'RequestLimitExceeded',
  'RequestThrottled',
  'ServerBusy',
  'ServiceUnavailable',
  'SlowDown',
  'Throttling',
  'ThrottlingException',
  'TooManyRequests',
  'TooManyRequestsException',
]);

/** Quotas that older parts of Google's services answer with 403: https://cloud.google.com/storage/docs/json_api/v1/status-codes */
const quotas: ReadonlySet<string> = new Set(['rateLimitExceeded', 'userRateLimitExceeded']);

/** It was told to come again later: nothing was done. */
export function isThrottled({ status, code }: RequestOutcome): boolean {
  return status === 429 || ((status === 503 || status === 400) && busy.has(code)) || (status === 403 && quotas.has(code));
}

export function wasNeverSent({ status, code }: RequestOutcome): boolean {
  return status === undefined && neverSent.has(code);
}

/** What a request was, as the policy has it. @param isPassing the same request may be answered later. */
export function endingOf(ended: RequestOutcome, isPassing: boolean): FailureKind {
  if (isRefusedByProxy(ended)) return 'final';
  if (isThrottled(ended)) return 'throttled';
  if (wasNeverSent(ended) || answerOfProxy(ended) !== undefined) return 'undone';
  if (!isPassing) return 'final';
  return isOpen(ended) ? 'open' : 'undone';
}

/** Whether a write may have happened, for all that is known. Of such a one `OutcomeUnknown` is thrown (I5). */
export function isOpen({ status, code }: RequestOutcome): boolean {
  if (answerOfProxy({ status, code }) !== undefined || isThrottled({ status, code })) return false;
  return status === undefined ? !neverSent.has(code) : status >= 500 || status === 408;
}
