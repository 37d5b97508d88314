/** Checks whether the first requested page is the first page of the list. APIs count pages from 1 or from 0. With a wrong `start`, a page is skipped or read twice. */
import { isDeepStrictEqual } from 'node:util';
import type { Span } from '../answers/envelope.ts';
import { type Instead, noEnd, notFirst } from '../answers/errors.ts';
import { linkTo } from '../answers/link-header.ts';
import { firstNumber, type Pagination } from './config.ts';
import type { EndReason, Known, Proving } from './list-end.ts';
import { documentAround } from './list-signs.ts';
import type { Page, Turned, Walk } from './pages.ts';
import { pagesAsYaml, withKeys } from './pagination-yaml.ts';
import { short } from './positions.ts';
import { hashOf, ownId, textIn } from './record-ids.ts';
import { isUsualCap } from './repeats.ts';

/** Names of objects with facts about the list. The names are in lower case, without punctuation. */
const containers = new Set(['meta', 'metadata', 'links', 'paging', 'pagination', 'page', 'pageinfo', 'info', 'data', 'result', 'response']);
const deepest = 3;

/** @param page the first page of a list by page number. Throws HomeError HYG-3611 if the page names a page before it, or names itself as the next page. */
export function mustBeFirst(pages: Pagination, page: Page): void {
  if (pages.type !== 'page') return;
  const { param } = pages;
  const start = firstNumber(pages);
  const numberIn = (address: string): number | undefined => {
    if (!URL.canParse(address, page.url.href)) return undefined;
    const text = new URL(address, page.url).searchParams.get(param) ?? '';
    return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
  };
  const link = page.header('link') ?? '';
  const before = [linkTo('prev', link, page.url), linkTo('previous', link, page.url)];
  const after = [linkTo('next', link, page.url)];
  let hasBefore = false;
  visit(documentAround(page, false), 0, (name, value) => {
    if (typeof value === 'boolean') hasBefore ||= saysBefore(name, value);
    if (typeof value !== 'string') return;
    if (/^prev(ious)?(page)?(url|uri|link|href)?$/.test(name)) before.push(value);
    if (/^next(page)?(url|uri|link|href)?$/.test(name)) after.push(value);
  });
  const isBehind = hasBefore || before.some((one) => one !== undefined && numberIn(one) === start - 1);
  const isAhead = after.some((one) => one !== undefined && numberIn(one) === start + 2);
  if (isBehind && start === 1) throw notFirst(page.name, 'The answer says that a page comes before this page.', [beginningWith(pages, 0)]);
  if (isAhead && start === 0)
    throw notFirst(page.name, 'The next page is page 2: the API treats page 0 as page 1.', [beginningWith(pages, 1)]);
}

function saysBefore(name: string, value: boolean): boolean {
  return /^has(prev|previous)(page)?$/.test(name) ? value : /^(is)?first(page)?$/.test(name) && !value;
}

function visit(value: unknown, depth: number, each: (name: string, value: unknown) => void): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || depth > deepest) return;
  for (const [written, member] of Object.entries(value)) {
    const name = written.toLowerCase().replace(/[^a-z]/g, '');
    // The address may be inside an object, as in `{"previous": {"href": "…"}}`.
    const address =
      typeof member === 'object' && member !== null && 'href' in member ? (member as { readonly href: unknown }).href : member;
    each(name, address);
    if (containers.has(name)) visit(member, depth + 1, each);
  }
}

function beginningWith(pages: Pagination, start: number): Instead {
  return { when: `If page ${start} is the first page`, pagination: withKeys(pages, { start }) };
}

/** Whether page 0 may be the first page, since neither the config nor the page excludes this. */
export function mayHavePage0(pages: Pagination, page: Page): boolean {
  if (pages.type !== 'page' || pages.start !== undefined) return false;
  let isFirst = false;
  visit(documentAround(page, false), 0, (name, value) => {
    isFirst ||= saysFirst(name, value);
  });
  return !isFirst;
}

function saysFirst(name: string, value: unknown): boolean {
  if (/^prev(ious)?(page)?(url|uri|link|href)?$/.test(name)) return value === null;
  return typeof value === 'boolean' && (/^has(prev|previous)(page)?$/.test(name) ? !value : /^(is)?first(page)?$/.test(name) && value);
}

/** Whether page 0 has the records of page 1 in the same order. Their other fields may differ. */
export function isPage1(pages: Pagination, page: Page, page0: Page): boolean {
  const key = 'key' in pages ? pages.key : undefined;
  const [own, others] = [page, page0].map((of) => of.records.map((record) => markOf(key, of, record)));
  return isDeepStrictEqual(own, others);
}

/** A text that identifies a record by its key or id, even if its other fields change. */
function markOf(key: string | undefined, page: Page, record: Span): string {
  return (key === undefined ? ownId(page, record) : textIn(page, record, key)) ?? hashOf(page, [record]);
}

/** The error for a list whose first page is page 0, not page 1. @param why a sentence. */
export function beginsWith0(pages: Pagination, page: string, why: string): Error {
  return notFirst(page, why, [beginningWith(pages, 0), beginningWith(pages, 1)]);
}

type NumberedPages = Extract<Pagination, { readonly type: 'page' }>;

const keptOfFirst = 3;
const shortMark = 12;

/** Texts for some records of the page, by their key or id if they have a key or id. */
export function headOf(pages: NumberedPages, page: Page): readonly string[] {
  return page.records.slice(0, keptOfFirst).map((record) => short(markOf(pages.key, page, record)).slice(0, shortMark));
}

/** The facts about the first page. Later pages are compared with these facts, because an invalid cursor may lead to the first page again. Undefined for a page with a single record, which proves nothing. */
export function firstOf(
  pages: Pagination,
  page: Page,
  { mark, isLooked }: { readonly mark: string; readonly isLooked: boolean },
): Pick<Walk, 'first'> {
  if (pages.type === 'page') return { first: { mark, head: headOf(pages, page) } };
  return pages.type !== 'keyset' && isLooked && page.records.length > 1 ? { first: { mark, head: [] } } : {};
}

/** Whether most of the first records of the first page are among the first records of this page. */
export function likeFirst(pages: NumberedPages, head: readonly string[], page: Page): boolean {
  const own = headOf(pages, { ...page, records: page.records.slice(0, 2 * keptOfFirst) });
  return head.length > 1 && head.filter((one) => own.includes(one)).length > 1;
}

export function endsRepeated(pages: Pagination): boolean {
  return pages.type === 'page' && pages.end === 'repeated';
}

/**
 * Decides what a page means that repeats the page before. Usually the list ends there. If the list seems to have one page, the API may ignore the page number. If the
 * config names the parameter for the page size, page 2 is then requested with half the page size. Throws HomeError HYG-3604.
 */
export function onlyAgain(
  pages: Pagination,
  walk: Walk,
  page: Page,
  { proving, ended }: { readonly proving: Proving; readonly ended: EndReason },
): Turned {
  const from = page.records.length;
  const { read } = walk;
  const over = { from, next: null, read, ended };
  if (pages.type !== 'page' || !proving.doubtsNumber || read !== from || from < 2) return over;
  if (pages.size_param !== undefined)
    return { from, next: { ...walk, at: firstNumber(pages) + 1, proof: 'half', size: Math.ceil(from / 2) }, read };
  if (ended === 'repeated' && isUsualCap(from)) throw numberIgnored(pages, page, from);
  return over;
}

/** Checks page 2 with half the page size, which should have the second half of the records. A matching total is enough proof, unless it may count only the records of a page. Throws HomeError HYG-3604. */
export function halfTurn(pages: NumberedPages, { walk, page, named, said }: Known): Turned {
  const { read } = walk;
  const [own] = headOf(pages, page);
  const beginsAsFirst = own !== undefined && own === walk.first?.head[0];
  if (beginsAsFirst && ((named.total ?? said.total) !== read || isUsualCap(read))) throw numberIgnored(pages, page, read);
  return { from: page.records.length, next: null, read, ended: endsRepeated(pages) ? 'repeated' : 'empty' };
}

function numberIgnored(pages: NumberedPages, page: Page, records: number): Error {
  const [size, param] = [pages.page_size ?? records, pages.size_param ?? 'per_page'];
  return noEnd(page.name, `Page 2 has the records of page 1, so the API may ignore ${pages.param}.`, [
    ...(pages.size_param === undefined
      ? [
          {
            when: 'If the API has a parameter for the number of records on a page, name it',
            pagination: withKeys(pages, { page_size: size, size_param: param }),
          },
        ]
      : []),
    { when: 'If the first answer has all records', pagination: pagesAsYaml({ type: 'none', ignore: pages.ignore }) },
  ]);
}
