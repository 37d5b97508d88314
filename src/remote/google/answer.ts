import type { FailureKind } from '../../ports/retry.ts';
import { type HttpOutcome, isPassing as isSentPassing, retryAfter, endedIn as sentEndedIn } from '../http-outcome.ts';
import { proxyCode, type RequestOutcome, endingOf as sentEndingOf } from '../sent-request.ts';

interface LibraryError {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly status?: unknown;
  readonly statusCode?: unknown;
  readonly cause?: { readonly code?: unknown };
  readonly response?: { readonly status?: unknown; readonly data?: unknown; readonly headers?: { get?(name: string): string | null } };
}

/** Reads an error of the libraries. https://cloud.google.com/apis/design/errors */
export function endedIn(error: unknown): HttpOutcome {
  const thrown = (typeof error === 'object' && error !== null ? error : {}) as LibraryError;
  const { response, message } = thrown;
  const lost = sentEndedIn(error);
  if (proxyCode(error) !== undefined) return lost;
  const status = [response?.status, thrown.status, thrown.statusCode].find((one): one is number => typeof one === 'number');
  const isUnknown = lost.code === nameOf(thrown) && /default credentials/i.test(String(message));
  const code = reasonIn(response?.data) ?? (isUnknown ? 'no default credentials' : lost.code);
  return { status, code, retryAfterMs: retryAfter((name) => response?.headers?.get?.(name) ?? undefined) };
}

function nameOf({ name }: LibraryError): string {
  return typeof name === 'string' && name !== 'Error' ? name : '';
}

interface ErrorBody {
  readonly error?: string | { readonly status?: unknown; readonly errors?: readonly { readonly reason?: unknown }[] };
}

/** The reason in the body of an error: from the JSON API, from other APIs, or from OAuth. */
export function reasonIn(body: unknown): string | undefined {
  const { error } = (typeof body === 'object' && body !== null ? body : {}) as ErrorBody;
  if (typeof error !== 'object' || error === null) return typeof error === 'string' ? error : undefined;
  return [error.errors?.[0]?.reason, error.status].find((one): one is string => typeof one === 'string');
}

/** Codes for a key or token file that can’t be read. */
const ofFiles: ReadonlySet<string> = new Set(['ENOENT', 'EACCES', 'EPERM', 'EISDIR', 'ENOTDIR']);

/** Whether the error means that a key can’t sign, for example because its line breaks were escaped twice. */
function isOfKey(code: string): boolean {
  return code.startsWith('ERR_OSSL');
}

/** Whether a repeat of the same request may succeed later. */
export function isPassing(ended: RequestOutcome): boolean {
  const isOfFile = ended.status === undefined && (ofFiles.has(ended.code) || isOfKey(ended.code));
  return !isOfFile && isSentPassing(ended);
}

/** The outcome of a request, for the retry policy. */
export function endingOf(ended: RequestOutcome): FailureKind {
  return sentEndingOf(ended, isPassing(ended));
}
