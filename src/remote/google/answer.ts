import type { FailureKind } from '../../ports/retry.ts';
import { networkCode } from '../http.ts';
import { isThrottled as isBusy, isRefusedByProxy, proxyCode, type RequestOutcome, endingOf as sentEndingOf } from '../sent-request.ts';

/** What a service of Google said, or the way to it instead. Never the request: its headers hold a token. */
export interface Answer extends RequestOutcome {
  /** Milliseconds that it asked to be left alone. */
  readonly retryAfterMs: number | undefined;
}

interface LibraryError {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly status?: unknown;
  readonly statusCode?: unknown;
  readonly cause?: { readonly code?: unknown };
  readonly response?: { readonly status?: unknown; readonly data?: unknown; readonly headers?: { get?(name: string): string | null } };
}

/** What the libraries throw, read. https://cloud.google.com/apis/design/errors */
export function endedIn(error: unknown): Answer {
  const thrown = (typeof error === 'object' && error !== null ? error : {}) as LibraryError;
  const { response } = thrown;
  const proxy = proxyCode(error);
  if (proxy !== undefined) return { status: undefined, code: proxy, retryAfterMs: undefined };
  const status = [response?.status, thrown.status, thrown.statusCode].find((one): one is number => typeof one === 'number');
  const message = typeof thrown.message === 'string' ? thrown.message : '';
  const own = [thrown.cause?.code, thrown.code].find((one): one is string => typeof one === 'string' && /\D/.test(one));
  const code =
    reasonIn(response?.data) ??
    (own === undefined ? undefined : networkCode(own)) ??
    (/default credentials/i.test(message) ? 'no default credentials' : nameOf(thrown));
  return { status, code, retryAfterMs: parseRetryAfter(response?.headers?.get?.('retry-after') ?? undefined) };
}

function nameOf({ name }: LibraryError): string {
  return typeof name === 'string' && name !== 'Error' ? name : '';
}

interface ErrorBody {
  readonly error?: string | { readonly status?: unknown; readonly errors?: readonly { readonly reason?: unknown }[] };
}

/** The reason in an error's body: of the JSON API, of other APIs, and of OAuth. */
export function reasonIn(body: unknown): string | undefined {
  const { error } = (typeof body === 'object' && body !== null ? body : {}) as ErrorBody;
  if (typeof error !== 'object' || error === null) return typeof error === 'string' ? error : undefined;
  return [error.errors?.[0]?.reason, error.status].find((one): one is string => typeof one === 'string');
}

/** Seconds, as a text. Google writes no dates there. */
export function parseRetryAfter(written: string | undefined): number | undefined {
  const seconds = written === undefined || written.trim() === '' ? Number.NaN : Number(written);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}

/** Quotas that older parts of the service answer with 403: https://cloud.google.com/storage/docs/json_api/v1/status-codes */
const quotas: ReadonlySet<string> = new Set(['rateLimitExceeded', 'userRateLimitExceeded']);

/** It was told to come again later, and nothing was done. */
export function isThrottled({ status, code }: RequestOutcome): boolean {
  return isBusy({ status, code }) || (status === 403 && quotas.has(code));
}

/** A key or token could not be read from its file. */
const ofFiles: ReadonlySet<string> = new Set(['ENOENT', 'EACCES', 'EPERM', 'EISDIR', 'ENOTDIR']);

/** Nothing can be signed with such a key: one whose line breaks were escaped once too often, say. */
function isOfKey(code: string): boolean {
  return code.startsWith('ERR_OSSL');
}

const passing: ReadonlySet<string> = new Set(['AbortError', 'TimeoutError', 'UND_ERR_CONNECT_TIMEOUT']);

/** The same request may be answered later. */
export function isPassing(ended: RequestOutcome): boolean {
  const { status, code } = ended;
  if (isRefusedByProxy(ended)) return false;
  if (code.startsWith('PROXY_')) return true;
  if (status === undefined) return !ofFiles.has(code) && !isOfKey(code) && (/^E[A-Z_]+$/.test(code) || passing.has(code));
  return isThrottled(ended) || status === 408 || status >= 500;
}

/** What a request was, as the policy has it. */
export function endingOf(ended: RequestOutcome): FailureKind {
  return isThrottled(ended) && !isRefusedByProxy(ended) ? 'throttled' : sentEndingOf(ended, isPassing(ended));
}
