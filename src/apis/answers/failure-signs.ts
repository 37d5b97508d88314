/**
 * Members next to the records by which an answer with status 200 reports a failure or a partial result. If hygge ignored these members, a failure would look
 * like an empty list.
 */
import type { Found } from './envelope.ts';

/** The members around the records. Keys: the names on the path, from the outside in, with dots between them. */
export type Around = ReadonlyMap<string, Found>;

/** A member that reports a failure. */
export interface FailureSign {
  /** The path of the member, as in `ignore_members`. */
  readonly at: string;
  /** The member as text for people: `success: false`. */
  readonly shown: string;
}

/** Names of objects that are about the answer, not about its records. The names are in lower case, without punctuation. */
const aboutAnswer = new Set([
  'ack',
  'envelope',
  'head',
  'header',
  'info',
  'meta',
  'metadata',
  'response',
  'responseheader',
  'responseinfo',
  'responsemetadata',
  'responsestatus',
  'result',
  'state',
  'status',
]);

const successNames = new Set(['success', 'successful', 'succeeded', 'issuccess', 'issuccessful', 'wassuccessful', 'ok', 'isok']);
const failureNames = new Set([
  'degraded',
  'exception',
  'failed',
  'failure',
  'fault',
  'haserror',
  'haserrors',
  'haspartialfailure',
  'haspartialfailures',
  'incomplete',
  'iserror',
  'isfailed',
  'isincomplete',
  'ispartial',
  'partial',
  'partialdata',
  'partialerror',
  'partialfailure',
  'partialfailures',
  'partialresponse',
  'partialresult',
  'partialresults',
  'partialsuccess',
  'resultsincomplete',
  'timedout',
  'timeout',
]);
/** Names of members that report an error, in addition to `error` and `errors`, which `error_at` covers. */
const errorNames = new Set([
  'err',
  'errmsg',
  'errordescription',
  'errordetail',
  'errordetails',
  'errorinfo',
  'errorlist',
  'errormessage',
  'errormessages',
  'errormsg',
  'errorreason',
  'errortype',
  'exception',
  'exceptionmessage',
  'exceptions',
  'exceptiontype',
  'failurereason',
  'failures',
  'fault',
  'faultcode',
  'faults',
  'faultstring',
  'odataerror',
  'problems',
]);
/** Most warnings are about the request. The warnings in members with these names mean that the answer is partial. */
const warningNames = new Set(['warning', 'warningmessage', 'warningmessages', 'warnings']);
const partPhrase = /\b(partial(ly)?|incomplete|truncated|timed ?out|shards?)\b/;
const errorCodeNames = new Set(['errcode', 'errno', 'errorcode', 'errorno', 'errornumber']);
const statusNames = new Set([
  'code',
  'httpcode',
  'httpstatus',
  'httpstatuscode',
  'level',
  'outcome',
  'querystatus',
  'requeststatus',
  'responsecode',
  'responsestatus',
  'result',
  'resultcode',
  'resultstatus',
  'retcode',
  'returncode',
  'returnstatus',
  'severity',
  'stat',
  'state',
  'status',
  'statuscode',
  'statustext',
]);
/** In an answer with a list, these members name the kind of the list’s items: `kind: ErrorList`. */
const kindNames = new Set(['kind', 'type']);
export const messageNames = new Set([
  'description',
  'detail',
  'details',
  'error',
  'errormessage',
  'errormsg',
  'errmsg',
  'message',
  'messages',
  'msg',
  'reason',
  'statusmessage',
  'title',
]);

const failureWords = new Set([
  'aborted',
  'crashed',
  'denied',
  'err',
  'error',
  'errors',
  'exceeded',
  'exception',
  'exhausted',
  'fail',
  'failed',
  'failing',
  'failure',
  'failures',
  'fault',
  'forbidden',
  'incomplete',
  'invalid',
  'ko',
  'nok',
  'overloaded',
  'partial',
  'partially',
  'refused',
  'rejected',
  'throttled',
  'timedout',
  'timeout',
  'unauthenticated',
  'unauthorised',
  'unauthorized',
  'unavailable',
]);
const failurePhrase = /\b(not ok|timed out|too many requests|rate limited|bad (request|gateway)|over .*limit|internal server)\b/;
const unfinishedWords = new Set(['pending', 'processing', 'queued', 'running', 'started', 'in progress', 'not ready']);
const fineWords = /^(0+|2\d\d|ok|okay|success|successful|succeeded|done|none|null|n\/a|fine|no (error|fault|exception|problem)s?)$/;
const nothing = '(records?|results?|rows?|data|items?|entr(y|ies)|match(es)?|objects?|hits?|content|documents?|more)';
const noRecordsPhrase = new RegExp(
  `^(sorry )?((there (are|is|were|was) )?(no|zero|0|nothing|not any) (more |further |matching |such )*([a-z]+ )?${nothing}\\b|(no|nothing|none)( was| were)? (found|more|left|to (show|return))\\b|${nothing}( was| were)? not found$|empty( |$)|end( of.*)?$|not found$)`,
);

/** A name in lower case, without underscores and other punctuation. */
export const plainName = (name: string): string => name.toLowerCase().replace(/[^a-z]/g, '');

/** The words of a name: `REQUEST_DENIED` and `requestDenied` become `request denied`. */
export function wordsOf(text: string): string {
  return text
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/[^a-z0-9/]+/g, ' ')
    .trim();
}

/** Whether the text reports success or an empty list, or is empty. */
export function isFineText(text: string): boolean {
  const words = wordsOf(text);
  return words === '' || fineWords.test(words) || noRecordsPhrase.test(words);
}

/** Whether an object next to the records is about the answer, not about its records. @param at the names on the path to the object, beginning at the object around the records. */
export function isAboutAnswer(at: readonly string[]): boolean {
  return at.length <= 2 && at.every((name) => aboutAnswer.has(plainName(name)));
}

/** The last name of a path. A name may contain dots, such as `odata.error`. */
export function lastName(at: string): string {
  return plainName(/odata\.error$/i.test(at) ? 'odata.error' : (at.split('.').at(-1) ?? ''));
}

/** Whether the member is a status of which each number has a meaning: `code: 0`. */
export function isStatus(at: string): boolean {
  const name = lastName(at);
  return statusNames.has(name) || errorCodeNames.has(name);
}

interface Asked {
  /** Whether the page is without records. */
  readonly isEmpty: boolean;
  /** The names of the sent parameters: if the answer repeats a filter as `status: failed`, that is not a failure. */
  readonly sent: ReadonlySet<string>;
  /** Whether the config sets `error_at`, the path of errors in an answer. */
  readonly hasErrorAt: boolean;
}

/** The members by which the answer reports that the request failed. */
export function failureSigns(around: Around, asked: Asked): readonly FailureSign[] {
  return [...around].flatMap(([at, found]) => {
    return saysFailure(lastName(at), found, asked) ? [{ at, shown: `${at}: ${shownValue(found)}` }] : [];
  });
}

function shownValue({ text }: Found): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

function saysFailure(name: string, found: Found, { isEmpty, sent, hasErrorAt }: Asked): boolean {
  const { kind, text } = found;
  if (kind === 'null' || text === '') return false;
  if (successNames.has(name) && /^(false|0|no)$/i.test(text)) return true;
  if (failureNames.has(name) && (kind === 'bool' || kind === 'string') && /^true$/i.test(text)) return true;
  if (errorNames.has(name) && !hasErrorAt) return !isNoError(found);
  if (warningNames.has(name)) return partPhrase.test(wordsOf(text));
  if (errorCodeNames.has(name) && !hasErrorAt) return (kind === 'number' || kind === 'string') && !isFineText(text);
  if (kindNames.has(name)) return /^(error|exception|fault|failure|fail)$/i.test(text) && !sent.has(text);
  if (!statusNames.has(name) || sent.has(text)) return false;
  if (/^[45]\d\d$/.test(text)) return /code|status|stat$/.test(name);
  return kind === 'string' && (isFailureText(text) || (isEmpty && unfinishedWords.has(wordsOf(text))));
}

/** Whether a text reports a failure: `error`, `REQUEST_DENIED` or `503 Service Unavailable`, but not `no_error` or a sentence. */
function isFailureText(text: string): boolean {
  const words = wordsOf(text);
  if (text.length > 60 || /^(no|without|0|zero)\b/.test(words)) return false;
  return failurePhrase.test(words) || words.split(' ').some((word) => failureWords.has(word));
}

/** Whether the value reports no problem. */
function isNoError({ kind, text }: Found): boolean {
  if (kind === 'string') return isFineText(text);
  if (kind === 'number') return Number(text) === 0;
  if (kind === 'object' || kind === 'array') return !/[^\s[\]{}]/.test(text) || isAllFine(text);
  return text === 'false';
}

/** Whether an object reports success, such as `{"code": 0, "message": ""}`. */
function isAllFine(text: string): boolean {
  const isFine = (value: unknown): boolean => {
    if (typeof value === 'object' && value !== null) return Object.values(value).every(isFine);
    return value === null || value === false || isFineText(String(value));
  };
  try {
    return isFine(JSON.parse(text));
  } catch {
    // The value was too long to keep, so it is not complete JSON.
    return false;
  }
}

/** The message in the answer. Undefined: the answer has no message. */
export function messageIn(around: Around): { readonly at: string; readonly text: string } | undefined {
  const found = [...around].find(([at, { kind, text }]) => {
    return messageNames.has(lastName(at)) && text !== '' && (kind === 'string' || kind === 'object' || (kind === 'array' && text !== '[]'));
  });
  return found && { at: found[0], text: found[1].text };
}
