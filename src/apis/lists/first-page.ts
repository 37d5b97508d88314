/** Whether the first page that is asked for is the first one of the list: APIs count pages from 1 or from 0, and a wrong `start` leaves a page out or reads one twice. */
import { HomeError } from '../../errors/hygge-error.ts';
import type { ErrorDetails } from '../../ports/events.ts';
import type { Span } from '../answers/envelope.ts';
import { type Instead, notFirst } from '../answers/errors.ts';
import { linkTo } from '../answers/link-header.ts';
import { firstNumber, type Pagination } from './config.ts';
import { agreesByTotal, type Known, type Proving } from './list-end.ts';
import { documentAround } from './list-signs.ts';
import type { Page, Turned, Walk } from './pages.ts';
import { withKeys } from './pagination-yaml.ts';
import { hashOf, ownId, textIn } from './record-ids.ts';

/** Objects that tell about the list, by names without case and signs. */
const containers = new Set(['meta', 'metadata', 'links', 'paging', 'pagination', 'page', 'pageinfo', 'info', 'data', 'result', 'response']);
const deepest = 3;

/** @param page the first one of a list by page number. Throws HomeError HYG-3611 where it says that another one comes before it, or that it is the next one already. */
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
  if (isBehind && start === 1) throw notFirst(page.name, 'It says that a page comes before it.', [beginningWith(pages, 0)]);
  if (isAhead && start === 0) throw notFirst(page.name, 'It leads to page 2: the API takes page 0 for page 1.', [beginningWith(pages, 1)]);
}

function saysBefore(name: string, value: boolean): boolean {
  return /^has(prev|previous)(page)?$/.test(name) ? value : /^(is)?first(page)?$/.test(name) && !value;
}

function visit(value: unknown, depth: number, each: (name: string, value: unknown) => void): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || depth > deepest) return;
  for (const [written, member] of Object.entries(value)) {
    const name = written.toLowerCase().replace(/[^a-z]/g, '');
    // `{"previous": {"href": "…"}}`
    const address =
      typeof member === 'object' && member !== null && 'href' in member ? (member as { readonly href: unknown }).href : member;
    each(name, address);
    if (containers.has(name)) visit(member, depth + 1, each);
  }
}

function beginningWith(pages: Pagination, start: number): Instead {
  return { when: `If page ${start} is the first one`, pagination: withKeys(pages, { start }) };
}

/** An error that stops a run. `isTransient`: another attempt may get further. */
export type EarlyStop = ErrorDetails & { readonly isTransient: boolean };

/** Whether page 0 is requested at the end of the list: the config does not name the first page, and the API counts one page more than has records. */
export function looksAtPage0(known: Known, { proves }: Proving): boolean {
  const { pages, fresh, said, over } = known;
  if (pages.type !== 'page' || pages.start !== undefined || !proves || fresh > 0) return false;
  const { filled = 0, pages: count } = said;
  if (over !== undefined || agreesByTotal(known)) return false;
  return filled > 0 && count === filled + 1;
}

const keptRecords = 3;

/** What tells a few records of a page from others, whatever else changes in them. */
export function headOf({ key }: { readonly key?: string | undefined }, page: Page): readonly string[] {
  return page.records.slice(0, keptRecords).map((record) => mark(key, page, record));
}

function mark(key: string | undefined, page: Page, record: Span): string {
  return (key === undefined ? ownId(page, record) : textIn(page, record, key)) ?? hashOf(page, [record]);
}

/** The list is over if page 0 has records of page 1, or none. Throws HomeError HYG-3611 if it has others, and what stopped the run before if it has not. */
export function endBefore(pages: Extract<Pagination, { readonly type: 'page' }>, walk: Walk, page: Page): Turned {
  const { head = [], read, early } = walk;
  const hasOthers = page.records.length > 0 && !page.records.some((record) => head.includes(mark(pages.key, page, record)));
  if (hasOthers)
    throw notFirst(page.name, 'Page 0 has records that page 1 does not have.', [beginningWith(pages, 0), beginningWith(pages, 1)]);
  if (early === undefined) return { from: page.records.length, next: null, read, ended: 'empty' };
  const { isTransient, ...details } = early;
  throw new HomeError({ ...details, transient: isTransient });
}

interface AtEnd {
  readonly pages: Pagination;
  readonly walk: Walk;
  readonly page: Page;
  readonly read: number;
  /** Records of the largest page. */
  readonly size: number;
  /** The number of all records by the API. */
  readonly count: number;
}

/** A number of pages counts as many records as full pages have. */
export function countsIn({ said, named, read, number }: Known): Pick<AtEnd, 'size' | 'count'> {
  const { size = 0, total = named.total ?? 0, pages = 0, filled = 0 } = said;
  const isOnePageLess = pages === filled + 1 && number >= filled;
  return { size, count: isOnePageLess ? read + size : total };
}

/** Requests page 0 before the run stops, if it may have the missing records: at most a page of them, and the config does not name the first page. */
export function stopLater<T>({ pages, walk, page, read, size, count }: AtEnd, end: () => T): T | Turned {
  try {
    return end();
  } catch (error) {
    const isLess = count > read && count - read <= size;
    if (!(error instanceof HomeError) || pages.type !== 'page' || pages.start !== undefined || walk.proof === 'first' || !isLess)
      throw error;
    const { head = headOf(pages, page), pages: number } = walk;
    const early = { ...error.toDetails(), isTransient: error.transient };
    return { from: page.records.length, next: { at: 0, pages: number, read, head, proof: 'first', early }, read };
  }
}
