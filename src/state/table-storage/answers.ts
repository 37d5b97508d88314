import { StateError } from '../../errors/hygge-error.ts';
import { OutcomeUnknown } from '../../ports/outcome.ts';

/** What the service said, as far as there was an answer. */
export interface Answer {
  /** HTTP status; undefined: no answer. */
  readonly status: number | undefined;
  /** The service's own code, or that of the network: `UpdateConditionNotSatisfied`, `ECONNRESET`; '' when there is none. */
  readonly code: string;
  readonly retryAfterMs: number | undefined;
  /** The first line, without a request id. */
  readonly message: string;
  /** No right to do it, or nobody to do it as. */
  readonly denied: boolean;
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
  readonly response?: { readonly headers?: { get(name: string): string | undefined } };
}

export function answerIn(error: unknown): Answer {
  const { name, message, code, statusCode, details, response } = (typeof error === 'object' && error !== null ? error : {}) as SdkError;
  const status = typeof statusCode === 'number' ? statusCode : undefined;
  const said = details?.odataError?.message?.value ?? message;
  return {
    status,
    code: [details?.odataError?.code, details?.errorCode, code].find((one): one is string => typeof one === 'string') ?? '',
    retryAfterMs: retryAfter(response?.headers?.get('retry-after')),
    message: (typeof said === 'string' ? said : String(error)).split('\n', 1)[0] ?? '',
    denied: status === 401 || status === 403 || (typeof name === 'string' && isAboutIdentity(name) && !isPassing(status)),
  };
}

function isAboutIdentity(name: string): boolean {
  return name.includes('Credential') || name.includes('Authentication');
}

/** The one who gives out tokens may be busy as well. */
function isPassing(status: number | undefined): boolean {
  return status !== undefined && (status >= 500 || status === 429);
}

function retryAfter(header: string | undefined): number | undefined {
  const seconds = header === undefined ? Number.NaN : Number(header);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}

/** The condition of a write did not hold: something is there already, is another by now, or is gone. */
export function isRefusal({ status, code }: Answer): boolean {
  if (status === 412) return true;
  return (
    ['EntityAlreadyExists', 'UpdateConditionNotSatisfied', 'ConditionNotMet', 'BlobAlreadyExists'].includes(code) || isRowMissing(code)
  );
}

const isRowMissing = (code: string): boolean => code === 'ResourceNotFound' || code === 'EntityNotFound';

/** The table or container itself is not there (yet). */
export function isPlaceMissing({ code }: Answer): boolean {
  return code === 'TableNotFound' || code === 'ContainerNotFound';
}

/** Nothing of that name; an empty or missing place holds nothing as well. A 404 of another make is somebody else's. */
export function isMissing(answer: Answer): boolean {
  return isPlaceMissing(answer) || isRowMissing(answer.code) || answer.code === 'BlobNotFound';
}

const neverSent = new Set(['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'ENETUNREACH', 'EHOSTUNREACH']);

/** What to throw for a failed call. Of a conditional write whose outcome is open: `OutcomeUnknown` (I5). What no service said is left as it is. */
export function failure(error: unknown, place: string, sent: 'read' | 'write'): unknown {
  const answer = answerIn(error);
  if (answer.denied) return denied(answer, place);
  if (!isTold(error) && !isPassing(answer.status)) return error;
  const { status, code, retryAfterMs } = answer;
  const open = status === undefined ? !neverSent.has(code) : status >= 500 || status === 408;
  if (open && sent === 'write')
    return new OutcomeUnknown(`${place} did not say whether a write happened (${shown(answer)})`, { retryAfterMs });
  return new StateError({
    code: 'HYG-5008',
    what: `The state cannot be reached in ${place}.`,
    why: [`${answer.message} (${shown(answer)})`],
    tryThis: [
      'Try again in a moment: what was decided is finished first, nothing is done twice',
      'Check the account in `state:` of hygge.yml, the network and the firewall of the account: hygge debug',
    ],
    transient: open || neverSent.has(code) || status === 429 || code === 'TableBeingDeleted' || code === 'ContainerBeingDeleted',
    retryAfterMs,
    cause: withoutRequest(error),
  });
}

function shown({ status, code }: Answer): string {
  return [status, code].filter((part) => part !== undefined && part !== '').join(' ') || 'no answer';
}

function denied(answer: Answer, place: string): StateError {
  return new StateError({
    code: 'HYG-5009',
    what: `The state in ${place} may not be read or written by this identity.`,
    why: [`${answer.message} (${shown(answer)})`],
    tryThis: [
      'Give it the roles Storage Table Data Contributor and Storage Blob Data Contributor on the storage account; a new role takes some minutes to count',
      'Signed in by hand: az login, with an account that has them',
      'With a connection string: see that its key was not renewed; with a firewall: that it lets this machine in',
    ],
  });
}

/** Said by the service or by the way to it; anything else is a mistake of ours. */
function isTold(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = answerIn(error);
  return (
    ['RestError', 'AbortError', 'TimeoutError'].includes(error.name) || /^E[A-Z]+$/.test(code) || code === 'ERR_STREAM_PREMATURE_CLOSE'
  );
}

/** The request of an SDK's error carries headers and addresses that nobody needs to see. */
function withoutRequest(error: unknown): Error {
  const plain = new Error(answerIn(error).message);
  if (error instanceof Error && error.stack !== undefined) plain.stack = error.stack;
  return plain;
}
