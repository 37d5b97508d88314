/** Turns an answer into a page of records, or throws an error if the answer is not a page. */

import type { OwnNote } from '../../ports/notes.ts';
import { type Envelope, envelopeOf, type Found, type Span } from '../answers/envelope.ts';
import {
  errorInside,
  listInside,
  noList,
  noPage,
  noRecords,
  notAll,
  notReady,
  partOfList,
  saysItFailed,
  tooLarge,
} from '../answers/errors.ts';
import { type FailureSign, failureSigns, isFineText, messageIn } from '../answers/failure-signs.ts';
import { listsInside } from '../answers/list-places.ts';
import { ofDocument } from '../answers/readable.ts';
import { furtherPages } from '../lists/further-pages.ts';
import { type NoList, type Page, selectorsOf } from '../lists/pages.ts';
import { rankedLists, shownList } from '../proposals/proposal.ts';
import type { Answer } from '../requests/requests.ts';
import type { RestConfig } from './config.ts';

/** The usual paths of errors, if `error_at` is not set. */
const usualErrors = ['error', 'errors'];
/** Members by which GitHub and Elasticsearch report that they stopped before they had all records. */
const partSigns: Readonly<Record<string, (text: string) => boolean>> = {
  incomplete_results: (text) => text === 'true',
  timed_out: (text) => text === 'true',
  '_shards.failed': (text) => Number(text) > 0,
};
const mostRecordBytes = 32 * 1024 * 1024;
/** The maximum length of an empty value. A longer text contains more than white space between its brackets. */
const mostHollowBytes = 100;

interface Around {
  readonly config: Pick<RestConfig, 'records' | 'absent_records' | 'one_record' | 'pagination' | 'error_at' | 'ignore_members'>;
  /** The paths of further values that are needed from the body. */
  readonly selectors: readonly string[];
  /** Replaces secrets in a text of the API. */
  hidden(text: string): string;
}

/** A page, with the members next to its records, except for those that the config ignores. */
export type AnsweredPage = Page & Pick<Envelope, 'around'>;

/** @param name the name of the page, for people. Throws HomeError HYG-3602, HYG-3603, HYG-3606, HYG-3609, HYG-3624, HYG-3650. */
export function pageOf(answer: Answer, name: string, { config, selectors: others, hidden }: Around): AnsweredPage {
  const { url, header } = answer;
  const { pagination, error_at: errorAt, ignore_members: ignored = [] } = config;
  // An answer without a body, such as status 204, has no records.
  if (answer.length === 0) return { body: answer, url, records: [], values: new Map(), name, header, around: new Map() };
  const path = (config.records ?? '.') === '.' ? [] : (config.records ?? '').split('.');
  const selectors = [
    ...new Set([...selectorsOf(pagination), ...(errorAt === undefined ? usualErrors : [errorAt]), ...Object.keys(partSigns), ...others]),
  ];
  const found = ofDocument(name, () => envelopeOf(answer, path, selectors));
  const around = new Map([...found.around].filter(([at]) => !ignored.includes(at)));
  const inside = errorAt === undefined ? undefined : found.values.get(errorAt);
  if (inside && isError(inside)) throw errorInside(name, hidden(inside.text).slice(0, 300));
  const errors = usualErrors.filter((at) => !ignored.includes(at));
  const instead = errors.map((at) => found.values.get(at)).find((one) => one !== undefined && isError(one));
  const failed = () => {
    const isEmpty = (found.records?.length ?? 0) === 0;
    const signs = failureSigns(around, { isEmpty, sent: new Set(url.searchParams.values()), hasErrorAt: errorAt !== undefined });
    return signs.length === 0 ? undefined : failure(name, signs, around, hidden);
  };
  const failedInstead = found.records === undefined && instead === undefined ? failed() : undefined;
  if (failedInstead !== undefined) throw failedInstead;
  const listed = found.records ?? emptyList(answer, name, { config, found, around, hidden });
  if (config.records === undefined && !isArray(answer)) {
    const lists = rankedLists(listsInside(answer), '').map((list) => ({ ...list, shown: shownList(list) }));
    if (lists.length > 0) throw listInside(name, lists);
  }
  const hollow = found.kind === 'array' ? hollowRecords(answer, listed) : undefined;
  const records = hollow !== undefined ? [] : found.kind === 'object' ? oneRecord(answer, listed, name, config) : listed;
  if (records.some(({ start, end }) => end - start > mostRecordBytes)) throw tooLarge(name, 'A record has more than 32 MB.');
  if (answer.status === 202 && records.length === 0) throw notReady(name);
  // An error in place of records would look like the end of the list. Next to an error, the records may be incomplete. In a single record, a member `error` is a field.
  const isRecord = config.records === '.' && records.length > 0;
  if (instead !== undefined && errorAt === undefined && !isRecord) throw errorInside(name, hidden(instead.text).slice(0, 300));
  const failedBeside = failed();
  if (failedBeside !== undefined) throw failedBeside;
  const sign =
    config.records === '.'
      ? undefined
      : Object.entries(partSigns).find(([at, isSign]) => !ignored.includes(at) && isSign(found.values.get(at)?.text ?? ''));
  if (sign !== undefined) throw notAll(name, `${sign[0]}: ${found.values.get(sign[0])?.text}`);
  const at = config.records ?? '.';
  const noList = records.length > 0 || ignored.includes(at) ? undefined : noListAt(at, found, hollow);
  const page = { body: answer, url, records, values: found.values, name, header, around, ...(noList === undefined ? {} : { noList }) };
  const further = pagination.type === 'none' && !pagination.ignore_next ? furtherPages(pagination, page) : undefined;
  if (further !== undefined) throw partOfList(name, further);
  return page;
}

/** @param signs the signs of failure, at least one. */
function failure(name: string, signs: readonly FailureSign[], around: Envelope['around'], hidden: Around['hidden']): Error {
  const message = messageIn(around)?.text ?? '';
  return saysItFailed(
    name,
    signs.map(({ at, shown }) => ({ at, shown: hidden(shown) })),
    hidden(message).slice(0, 300),
  );
}

/**
 * Some APIs have null in place of an empty list, or leave out the member (`absent_records`). Throws HomeError HYG-3602 for any other value, and HYG-3624 if a message is next to null.
 */
function emptyList(
  answer: Answer,
  name: string,
  { config, found, around, hidden }: Pick<Around, 'config' | 'hidden'> & { readonly found: Envelope } & Pick<Envelope, 'around'>,
): readonly [] {
  const { records, absent_records, ignore_members: ignored = [] } = config;
  const at = records ?? '.';
  const lists = rankedLists(listsInside(answer), '').map(shownList);
  if (at === '.') {
    if (found.kind === 'null') return [];
    throw noPage(name, 'The answer is not an array of records.', lists);
  }
  const { values } = envelopeOf(answer, null, ['error', 'errors']);
  const isAbsent = found.kind === undefined && /^(\xef\xbb\xbf)?\s*\{/.test(answer.bytes.toString('latin1', 0, 1_000));
  const message = messageIn(new Map([...around].filter(([one]) => !usualErrors.includes(one))));
  const unread = message !== undefined && !isFineText(message.text) ? message.at : undefined;
  if (found.kind !== 'null' && !(isAbsent && absent_records === 'empty')) {
    const beside = [...usualErrors.filter((one) => values.has(one) && !ignored.includes(one)), ...(unread === undefined ? [] : [unread])];
    throw noRecords(name, `There are no records at ${at}.`, { lists, isAbsent, beside: [...new Set([...ignored, ...beside])] });
  }
  // GraphQL and other APIs return null in place of records if the request failed.
  const error = usualErrors
    .map((one) => (ignored.includes(one) ? undefined : values.get(one)))
    .find((one) => one !== undefined && isError(one));
  if (error !== undefined) throw noPage(name, `There are no records at ${at}, and an error: ${hidden(error.text).slice(0, 300)}`);
  if (unread !== undefined) throw failure(name, [{ at: unread, shown: `no records at ${at}, and a message at ${unread}` }], around, hidden);
  return [];
}

/** The text of the first record, if all records are empty. Some serializers write an empty list like this, so no rows are written. Undefined: a record has members. */
function hollowRecords({ bytes }: Pick<Answer, 'bytes'>, records: readonly Span[]): string | undefined {
  const texts = records.map(({ start, end }) => (end - start > mostHollowBytes ? '' : bytes.toString('latin1', start, end).trim()));
  return texts.every((text) => /^(null|\{\s*\}|\[\s*\])$/.test(text)) ? texts[0]?.replaceAll(/\s/g, '') : undefined;
}

/** The value that the answer has in place of a list: null, an empty object, or a list of empty items. Undefined: the answer has a list, or lacks the member. */
function noListAt(at: string, { kind }: Envelope, hollow: string | undefined): NoList | undefined {
  if (hollow !== undefined) return { at, shown: `${at}: a list of ${hollow} in place of records` };
  if (kind !== 'object' && kind !== 'null') return undefined;
  return { at, shown: `${at}: ${kind === 'null' ? 'null' : '{}'} in place of a list`, ...(kind === 'null' ? { isNull: true } : {}) };
}

/** Whether the value of an error member reports an error. An empty text, list or object does not. */
function isError({ kind, text }: Found): boolean {
  return kind !== 'null' && text !== 'false' && text !== '0' && !/^([[{]\s*[\]}])?$/.test(text);
}

/** The record of an answer with an object in place of a list. The config must say that the object is a record, since a record, an error and a login look alike. */
function oneRecord(
  { bytes }: Pick<Answer, 'bytes'>,
  records: readonly Span[],
  name: string,
  { records: at, one_record: isWanted }: Pick<RestConfig, 'records' | 'one_record'>,
): readonly Span[] {
  if (at === '.' || isWanted) return records;
  const [only] = records;
  // PHP writes an empty list as an empty object.
  if (only && /^\{\s*\}$/.test(bytes.toString('latin1', only.start, Math.min(only.end, only.start + 100)))) return [];
  throw noList(name, at);
}

/** Whether the body is an array, after optional white space and a byte order mark of UTF-8. */
function isArray({ bytes }: Pick<Answer, 'bytes'>): boolean {
  return /^(\xef\xbb\xbf)?\s*\[/.test(bytes.toString('latin1', 0, 1_000));
}

/** The number of requests that a run needs, as a note in a plan, if the config limits requests. */
export function requestsExpected(
  { pagination, rate_limit: limit }: RestConfig,
  { total, page }: { readonly total: string | undefined; readonly page: Page | undefined },
): readonly OwnNote[] {
  const size = page?.records.length ?? 0;
  if (limit === undefined || total === undefined || size === 0 || pagination.type === 'none') return [];
  const requests = Math.max(1, Math.ceil(Number(total) / size));
  return [{ code: 'api.requests', text: `about ${requests} requests for ${total} records`, params: { requests } }];
}
