import type { FailureKind } from '../../ports/retry.ts';
import { retryAfter } from '../http-outcome.ts';
import { isRefusedByProxy, isThrottled, proxyCode, type RequestOutcome, endingOf as sentEndingOf } from '../sent-request.ts';

/** What a service of AWS said, or the way to it instead. Never the request: its headers hold a signature, and maybe a token. */
export interface Answer extends RequestOutcome {
  /** Milliseconds that it asked to be left alone. */
  readonly retryAfterMs: number | undefined;
  /** Where the bucket lies, when it was looked for elsewhere. */
  readonly region: string | undefined;
  /** Said by the service or the way to it; false: a mistake of ours. */
  readonly told: boolean;
}

/** Headers of an answer, by their names in lower case. */
export type Headers = Readonly<Record<string, string | undefined>>;

interface SdkError {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly Code?: unknown;
  readonly Region?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: unknown };
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** What the SDK throws, read. https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
export function answerIn(error: unknown, headers: Headers = {}): Answer {
  const { name, code, Code, Region, $metadata } = (typeof error === 'object' && error !== null ? error : {}) as SdkError;
  const status = typeof $metadata?.httpStatusCode === 'number' ? $metadata.httpStatusCode : undefined;
  // An answer without a body, as those to HEAD are, has no code; the SDK makes one up.
  const named = ['Unknown', 'UnknownError', 'Error'].includes(String(name)) ? undefined : text(name);
  return {
    status,
    code: proxyCode(error) ?? text(Code) ?? text(code) ?? named ?? '',
    retryAfterMs: retryAfter((name) => headers[name]),
    region: text(headers['x-amz-bucket-region']) ?? text(Region),
    told: status !== undefined || isOfTheWay(text(code) ?? named ?? ''),
  };
}

function isOfTheWay(code: string): boolean {
  return (
    /^E[A-Z_]+$/.test(code) || isUntrustedCertificate(code) || ['AbortError', 'TimeoutError', 'ERR_STREAM_PREMATURE_CLOSE'].includes(code)
  );
}

/** The other side could not show who it is: nothing was sent to it. */
export function isUntrustedCertificate(code: string): boolean {
  return /CERT|SIGNATURE$|^ERR_(TLS|SSL)/.test(code) && code !== 'SIGNATURE';
}

/** Answers that say: nothing was done, come again. A digest or hash that is another tells of bytes that were damaged on their way. */
const undone: ReadonlySet<string> = new Set([
  'BadDigest',
  'ConditionalRequestConflict',
  'OperationAborted',
  'RequestTimeTooSkewed',
  'RequestTimeout',
  'XAmzContentSHA256Mismatch',
]);

/** It was told to come again, and nothing was done. */
function wasTurnedAway({ status, code }: RequestOutcome): boolean {
  return isThrottled({ status, code }) || (undone.has(code) && status !== undefined && status < 500);
}

/** The same request may be answered later. */
export function isPassing(answer: Answer): boolean {
  const { status, code, told } = answer;
  if (isRefusedByProxy(answer)) return false;
  if (status === undefined) return told && !isUntrustedCertificate(code) && code !== unsendable;
  return wasTurnedAway(answer) || status === 408 || status >= 500;
}

/** What a request was, as the policy has it. */
export function endingOf(answer: Answer): FailureKind {
  return sentEndingOf(answer, isPassing(answer));
}

/** A key or token holds what no header can, such as the line break at the end of the file that it was read from. */
const unsendable = 'ERR_INVALID_CHAR';

const strangers: ReadonlySet<string> = new Set([
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidToken',
  'InvalidClientTokenId',
  'TokenRefreshRequired',
  // The clock of this machine is wrong, so what it signs is not believed.
  'RequestTimeTooSkewed',
  'UnrecognizedClientException',
  unsendable,
]);

/** It does not know who we are, or does not believe it. */
export function isStranger({ status, code }: RequestOutcome): boolean {
  return status === 401 || strangers.has(code);
}
