import type { FailureKind } from '../../ports/retry.ts';
import { retryAfter } from '../http-outcome.ts';
import { isRefusedByProxy, isThrottled, proxyCode, type RequestOutcome, endingOf as sentEndingOf } from '../sent-request.ts';

/** The answer of a service of AWS, or the error of the network. The request is left out, because its headers contain a signature and perhaps a token. */
export interface Answer extends RequestOutcome {
  /** The pause in milliseconds that the service requested. */
  readonly retryAfterMs: number | undefined;
  /** The region of the bucket, if the request went to another region. */
  readonly region: string | undefined;
  /** Whether the error came from the service or the network; false: hygge made a mistake. */
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

/** Reads an error of the SDK. https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
export function answerIn(error: unknown, headers: Headers = {}): Answer {
  const { name, code, Code, Region, $metadata } = (typeof error === 'object' && error !== null ? error : {}) as SdkError;
  const status = typeof $metadata?.httpStatusCode === 'number' ? $metadata.httpStatusCode : undefined;
  // An answer without a body, such as for HEAD, has no code; the SDK invents one.
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

/** Whether the server’s certificate was not accepted, so that no request was sent. */
export function isUntrustedCertificate(code: string): boolean {
  return /CERT|SIGNATURE$|^ERR_(TLS|SSL)/.test(code) && code !== 'SIGNATURE';
}

/** Codes of requests that were not carried out and may be repeated. A wrong digest or hash means that bytes were damaged on the way. */
const undone: ReadonlySet<string> = new Set([
  'BadDigest',
  'ConditionalRequestConflict',
  'OperationAborted',
  'RequestTimeTooSkewed',
  'RequestTimeout',
  'XAmzContentSHA256Mismatch',
]);

/** Whether the service requested a retry, without carrying out the request. */
function wasTurnedAway({ status, code }: RequestOutcome): boolean {
  return isThrottled({ status, code }) || (undone.has(code) && status !== undefined && status < 500);
}

/** Whether a repeat of the same request may succeed later. */
export function isPassing(answer: Answer): boolean {
  const { status, code, told } = answer;
  if (isRefusedByProxy(answer)) return false;
  if (status === undefined) return told && !isUntrustedCertificate(code) && code !== unsendable;
  return wasTurnedAway(answer) || status === 408 || status >= 500;
}

/** The outcome of a request, for the retry policy. */
export function endingOf(answer: Answer): FailureKind {
  return sentEndingOf(answer, isPassing(answer));
}

/** The code for a key or token with characters that no header allows, such as a line break at the end. */
const unsendable = 'ERR_INVALID_CHAR';

const strangers: ReadonlySet<string> = new Set([
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidToken',
  'InvalidClientTokenId',
  'TokenRefreshRequired',
  // The clock of this machine is wrong, so the service refuses its signatures.
  'RequestTimeTooSkewed',
  'UnrecognizedClientException',
  unsendable,
]);

/** Whether the service does not know the identity or refuses it. */
export function isStranger({ status, code }: RequestOutcome): boolean {
  return status === 401 || strangers.has(code);
}
