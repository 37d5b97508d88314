/** An answer as a page of records, or why it is none. */

import { BadRecord } from '../../formats/bytes/json-lexer.ts';
import type { OwnNote } from '../../ports/notes.ts';
import { type Envelope, envelopeOf } from '../answers/envelope.ts';
import { errorInside, listInside, noPage, partOfList, tooLarge } from '../answers/errors.ts';
import { listsInside } from '../answers/list-places.ts';
import { furtherPages } from '../lists/further-pages.ts';
import { type Page, selectorsOf } from '../lists/pages.ts';
import { rankedLists, shownList } from '../proposals/proposal.ts';
import type { Answer } from '../requests/requests.ts';
import type { RestConfig } from './config.ts';

const mostRecordBytes = 32 * 1024 * 1024;

interface Around {
  readonly config: Pick<RestConfig, 'records' | 'pagination' | 'error_at'>;
  /** What else is to be known of the body. */
  readonly selectors: readonly string[];
  /** A text of the API without secrets. */
  hidden(text: string): string;
}

/** @param name for people. Throws HomeError HYG-3602, 3603, 3606, 3609, 3650. */
export function pageOf(answer: Answer, name: string, { config, selectors: others, hidden }: Around): Page {
  const { url, header } = answer;
  const { pagination, error_at: errorAt } = config;
  // 204 has no body.
  if (answer.length === 0) return { body: answer, url, records: [], values: new Map(), name, header };
  const path = (config.records ?? '.') === '.' ? [] : (config.records ?? '').split('.');
  const selectors = [...selectorsOf(pagination), ...(errorAt === undefined ? [] : [errorAt]), ...others];
  let found: Envelope;
  try {
    found = envelopeOf(answer, path, selectors);
  } catch (error) {
    if (error instanceof BadRecord) throw noPage(name, `It is not one whole JSON document: ${error.reason}, at byte ${error.at}.`);
    throw error;
  }
  const inside = errorAt === undefined ? undefined : found.values.get(errorAt);
  // An empty text, list or object is no error.
  if (inside && inside.kind !== 'null' && inside.text !== 'false' && !/^([[{]\s*[\]}])?$/.test(inside.text))
    throw errorInside(name, hidden(inside.text).slice(0, 300));
  if (found.records === undefined) {
    const why = path.length === 0 ? 'It is no array of records.' : `There are no records at ${path.join('.')}.`;
    throw noPage(name, why, rankedLists(listsInside(answer), '').map(shownList));
  }
  if (config.records === undefined && !isArray(answer)) {
    const lists = rankedLists(listsInside(answer), '').map((list) => ({ ...list, shown: shownList(list) }));
    if (lists.length > 0) throw listInside(name, lists);
  }
  if (found.records.some(({ start, end }) => end - start > mostRecordBytes)) throw tooLarge(name, 'A record has more than 32 MB.');
  const page = { body: answer, url, records: found.records, values: found.values, name, header };
  const further = pagination.type === 'none' && !pagination.ignore_next ? furtherPages(pagination, page) : undefined;
  if (further !== undefined) throw partOfList(name, further);
  return page;
}

/** White space and a mark of UTF-8 may stand before it. */
function isArray({ bytes }: Pick<Answer, 'bytes'>): boolean {
  return /^(\xef\xbb\xbf)?\s*\[/.test(bytes.toString('latin1', 0, 1_000));
}

/** What a plan says of the limits that the config sets. */
export function requestsExpected(
  { pagination, rate_limit: limit }: RestConfig,
  { total, page }: { readonly total: string | undefined; readonly page: Page | undefined },
): readonly OwnNote[] {
  const size = page?.records.length ?? 0;
  if (limit === undefined || total === undefined || size === 0 || pagination.type === 'none') return [];
  const requests = Math.max(1, Math.ceil(Number(total) / size));
  return [{ code: 'api.requests', text: `about ${requests} requests for ${total} records`, params: { requests } }];
}
