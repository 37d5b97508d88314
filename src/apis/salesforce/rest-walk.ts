/** Reads the records of a query by the REST API, page by page, in the order of their Ids. If a cursor has expired, a query for the records after the last Id replaces it. */
import { fieldOf } from '../answers/envelope.ts';
import { noEnd, noPage, shifted } from '../answers/errors.ts';
import type { LaterAnswer } from '../requests/requests.ts';
import { isLocatorGone } from './errors.ts';
import { isId, type QueryPage } from './org.ts';

/** The position of a reading, as JSON, because checkpoints store the position. */
export interface RestWalk {
  /** The path of the next page. Null: a query requests the next page. */
  readonly next: string | null;
  /** The Id of the last record that was read. Null: no record was read. */
  readonly after: string | null;
  /** `read`: the number of records of the present query that were read. `total`: the number of all its records, as the org reports it. */
  readonly read: number;
  readonly total: number | null;
  /** The number of pages read so far, which gives the next page its name. */
  readonly pages: number;
}

export const beginning: RestWalk = { next: null, after: null, read: 0, total: null, pages: 0 };

interface Asking {
  /** Whether records are in the order of their Ids. False: an expired cursor ends the reading. */
  readonly inOrder: boolean;
  /** Requests the first page of the records that come after an Id. */
  query(after: string | null, page: string): Promise<QueryPage | LaterAnswer>;
  more(path: string, page: string): Promise<QueryPage | LaterAnswer>;
}

export interface Turned {
  readonly page: QueryPage;
  /** The position of the next page. Null: this was the last page. */
  readonly next: RestWalk | null;
}

/** Reads one page. Throws HomeError HYG-3605 if the org reports another number of records than it returned, and HYG-3604 if a page repeats. */
export async function nextPage(org: Asking, walk: RestWalk, place: string): Promise<Turned | LaterAnswer> {
  const name = `${place}, page ${walk.pages + 1}`;
  const asked = await pageAt(org, walk, name);
  if ('notBefore' in asked) return asked;
  const { page, isAnew } = asked;
  const before = isAnew ? { ...walk, read: 0, total: null } : walk;
  const total = before.total ?? page.total;
  const read = before.read + page.records.length;
  const last = org.inOrder ? (lastId(page) ?? walk.after) : null;
  if (org.inOrder && page.records.length > 0 && last === walk.after)
    throw noEnd(name, `This page ends with the record ${last}, as the previous page did.`);
  if (page.next !== null && page.records.length === 0) throw noEnd(name, 'This page has no record, but should not be the last page.');
  if (page.total !== total || read > total || (page.next === null && read !== total))
    throw shifted(
      name,
      `The org counts ${total} records${page.total === total ? '' : `, and ${page.total} on this page`}; ${read} were read.`,
    );
  return { page, next: page.next === null ? null : { next: page.next, after: last, read, total, pages: walk.pages + 1 } };
}

async function pageAt(org: Asking, { next, after }: RestWalk, name: string): Promise<{ page: QueryPage; isAnew: boolean } | LaterAnswer> {
  if (next !== null) {
    try {
      const page = await org.more(next, name);
      return 'notBefore' in page ? page : { page, isAnew: false };
    } catch (error) {
      if (!isLocatorGone(error) || !org.inOrder) throw error;
    }
  }
  const page = await org.query(after, name);
  return 'notBefore' in page ? page : { page, isAnew: true };
}

function lastId({ body, records, name }: QueryPage): string | undefined {
  const last = records.at(-1);
  if (last === undefined) return undefined;
  const found = fieldOf(body, last, 'Id');
  if (found?.kind !== 'string' || !isId(found.text)) throw noPage(name, 'A record has no Id.');
  return found.text;
}
