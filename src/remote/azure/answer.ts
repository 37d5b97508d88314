import type { FailureKind } from '../../ports/retry.ts';
import { retryAfter, timeIn } from '../http-outcome.ts';
import { isOpen, isRefusedByProxy, proxyCode, endingOf as sentEndingOf } from '../sent-request.ts';

/**
 * The answer of an Azure service, or the error of the network, read from an SDK's error. The error itself is dropped: it contains the
 * request, whose address or headers may contain a signature or a token.
 */
export interface Answer {
  /** HTTP status; undefined: no answer. */
  readonly status: number | undefined;
  /** The code from the service or the network: `UpdateConditionNotSatisfied`, `ECONNRESET`; '' without a code. */
  readonly code: string;
  /** The pause in milliseconds that the service requested. */
  readonly retryAfterMs: number | undefined;
  /** The time of the service. */
  readonly date: Date | undefined;
  /** The first line of the error message, without a request id. */
  readonly message: string;
  /** Whether the request was refused because the identity lacks a right, or because the request has no identity. */
  readonly denied: boolean;
  /** Whether signing in failed, so that the service got no request. */
  readonly unsigned: boolean;
  /** Whether the error came from the service or the network; false: hygge made a mistake. */
  readonly told: boolean;
}

interface SdkError {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly statusCode?: unknown;
  readonly details?: {
    readonly errorCode?: unknown;
    readonly odataError?: { readonly code?: unknown; readonly message?: { readonly value?: unknown } };
  };
  readonly response?: { readonly headers?: Headers };
}

interface Headers {
  get?(name: string): string | null | undefined;
}

export function answerIn(error: unknown): Answer {
  const {
    name,
    message,
    code: plain,
    statusCode,
    details,
    response,
  } = (typeof error === 'object' && error !== null ? error : {}) as SdkError;
  const status = typeof statusCode === 'number' ? statusCode : undefined;
  const header = (wanted: string): string | undefined => response?.headers?.get?.(wanted) ?? undefined;
  const said = details?.odataError?.message?.value ?? message;
  const named = typeof name === 'string' ? name : '';
  const unsigned = isAboutIdentity(named);
  const codes = [proxyCode(error), details?.odataError?.code, details?.errorCode, plain, header('x-ms-error-code')];
  const code = codes.find((one): one is string => typeof one === 'string') ?? (unsigned ? entraCode(message) : '');
  return {
    status,
    code,
    retryAfterMs: retryAfter(header),
    date: timeIn(header('date')),
    message: (typeof said === 'string' ? said : String(error)).split('\n', 1)[0] ?? '',
    denied: status === 401 || status === 403 || (unsigned && !isTransientAnswer({ status })),
    unsigned,
    told: error instanceof Error && isOfTheWay(named, code),
  };
}

/** The number with which Entra ID says why signing in was refused: https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
function entraCode(message: unknown): string {
  return /\bAADSTS\d+/.exec(String(message))?.[0] ?? '';
}

function isAboutIdentity(name: string): boolean {
  return name.includes('Credential') || name.includes('Authentication');
}

function isOfTheWay(name: string, code: string): boolean {
  const isNetwork = /^E[A-Z]+$/.test(code) || code === 'EAI_AGAIN' || code === 'ERR_STREAM_PREMATURE_CLOSE';
  return isNetwork || ['RestError', 'AbortError', 'TimeoutError'].includes(name);
}

/** Whether a later retry may succeed. The token service may also be busy. */
export function isTransientAnswer({ status }: Pick<Answer, 'status'>): boolean {
  return status !== undefined && (status >= 500 || status === 429);
}

/** Whether the write may have been carried out, as far as the answer shows. */
export function isOpenWrite(answer: Answer): boolean {
  return !answer.unsigned && isOpen(answer);
}

/** Whether a repeat of the same request may succeed later. */
export function isWorthAnotherTry(answer: Answer): boolean {
  const { status, told, code } = answer;
  if (isRefusedByProxy(answer)) return false;
  return isTransientAnswer(answer) || status === 408 || code === 'Md5Mismatch' || (status === undefined && told);
}

/** The outcome of a request, for the retry policy. Signing in has its own retries. */
export function endingOf(answer: Answer): FailureKind {
  return answer.unsigned ? 'final' : sentEndingOf(answer, isWorthAnotherTry(answer));
}
