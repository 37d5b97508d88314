import type { FailureKind } from '../ports/retry.ts';

/** How a request ended: the HTTP status, or the network's code if there is no status. */
export interface RequestOutcome {
  /** The HTTP status; undefined: no answer. */
  readonly status: number | undefined;
  /** The code from the service or the network: `ServerBusy`, `ECONNRESET`. */
  readonly code: string;
}

/** A status and code for messages: `503 ServerBusy`. */
export function shown({ status, code }: Pick<RequestOutcome, 'status' | 'code'>): string {
  return [status, code].filter((one) => one !== undefined && one !== '').join(' ') || 'no answer';
}

/** A pause that a service requests, as a text: `30 s`, `12 days`. */
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

/** Begins the code of a request that was never sent, because the proxy of this machine opened no connection. The status of the proxy follows. */
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

/** Whether the proxy requires a sign-in or blocks the request, so that a retry would fail in the same way. */
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

/** Codes of exceeded quotas that older parts of Google’s services send with status 403: https://cloud.google.com/storage/docs/json_api/v1/status-codes */
const quotas: ReadonlySet<string> = new Set(['rateLimitExceeded', 'userRateLimitExceeded']);

/** Whether the service did not carry out the request and asks for a later retry. */
export function isThrottled({ status, code }: RequestOutcome): boolean {
  return status === 429 || ((status === 503 || status === 400) && busy.has(code)) || (status === 403 && quotas.has(code));
}

export function wasNeverSent({ status, code }: RequestOutcome): boolean {
  return status === undefined && neverSent.has(code);
}

/** The outcome of a request, for the retry policy. @param isPassing whether a repeat of the same request may succeed later. */
export function endingOf(ended: RequestOutcome, isPassing: boolean): FailureKind {
  if (isRefusedByProxy(ended)) return 'final';
  if (isThrottled(ended)) return 'throttled';
  if (wasNeverSent(ended) || answerOfProxy(ended) !== undefined) return 'undone';
  if (!isPassing) return 'final';
  return isOpen(ended) ? 'open' : 'undone';
}

/** Whether a write may have been carried out, as far as the answer shows. If so, the caller throws `OutcomeUnknown` (I5). */
export function isOpen({ status, code }: RequestOutcome): boolean {
  if (answerOfProxy({ status, code }) !== undefined || isThrottled({ status, code })) return false;
  return status === undefined ? !neverSent.has(code) : status >= 500 || status === 408;
}
