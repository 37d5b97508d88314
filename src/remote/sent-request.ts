import type { FailureKind } from '../ports/retry.ts';

/** How a request ended: the HTTP status, or the network's code if there is no status. */
export interface RequestOutcome {
  /** Undefined: no answer. */
  readonly status: number | undefined;
  /** The service's own code, or that of the network: `ServerBusy`, `ECONNRESET`. */
  readonly code: string;
}

/** For messages: `503 ServerBusy`. */
export function shown({ status, code }: Pick<RequestOutcome, 'status' | 'code'>): string {
  return [status, code].filter((one) => one !== undefined && one !== '').join(' ') || 'no answer';
}

/** A pause that a service requests: `30 s`, `12 days`. */
export function pauseText(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  return seconds < 2 * 86_400 ? `${seconds} s` : `${Math.ceil(seconds / 86_400).toLocaleString('en-US')} days`;
}

/** The network's codes for a request that was never sent. */
const neverSent: ReadonlySet<string> = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** The proxy of this machine opened no connection to the service, so the request was never sent. The answer of the proxy follows. */
const proxyPrefix = 'PROXY_';

/** `PROXY_407` from an error that contains a proxy's answer; undefined: any other error. */
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

/** The proxy's answer; undefined: the answer was not from a proxy. */
export function answerOfProxy({ status, code }: RequestOutcome): string | undefined {
  if (code.startsWith(proxyPrefix)) return code.slice(proxyPrefix.length) || 'nothing that can be read';
  return status === 407 ? '407' : undefined;
}

/** The proxy requires a sign-in, or blocks the request: a retry would fail in the same way. */
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

/** The service requested a retry later: nothing was done. */
export function isThrottled({ status, code }: RequestOutcome): boolean {
  return status === 429 || ((status === 503 || status === 400) && busy.has(code)) || (status === 403 && quotas.has(code));
}

export function wasNeverSent({ status, code }: RequestOutcome): boolean {
  return status === undefined && neverSent.has(code);
}

/** The outcome of a request, for the policy. @param isPassing the same request may be answered later. */
export function endingOf(ended: RequestOutcome, isPassing: boolean): FailureKind {
  if (isRefusedByProxy(ended)) return 'final';
  if (isThrottled(ended)) return 'throttled';
  if (wasNeverSent(ended) || answerOfProxy(ended) !== undefined) return 'undone';
  if (!isPassing) return 'final';
  return isOpen(ended) ? 'open' : 'undone';
}

/** Whether a write may have happened, as far as known. In that case `OutcomeUnknown` is thrown (I5). */
export function isOpen({ status, code }: RequestOutcome): boolean {
  if (answerOfProxy({ status, code }) !== undefined || isThrottled({ status, code })) return false;
  return status === undefined ? !neverSent.has(code) : status >= 500 || status === 408;
}
