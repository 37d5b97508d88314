/** Whether the first page that is asked for is the first one of the list: APIs count pages from 1 or from 0, and a wrong `start` leaves a page out or reads one twice. */
import type { Span } from '../answers/envelope.ts';
import { type Instead, notFirst } from '../answers/errors.ts';
import { linkTo } from '../answers/link-header.ts';
import { firstNumber, type Pagination } from './config.ts';
import { documentAround } from './list-signs.ts';
import type { Page } from './pages.ts';
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

/** Whether page 0 may be the first one: neither the config nor the page says otherwise. */
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

const comparedRecords = 3;

/** @param page page 1, which has been asked for as the first one. Throws HomeError HYG-3611 where page 0 has other records. */
export function mustNotFollow(pages: Pagination, page: Page, page0: Page): void {
  if (pages.type !== 'page' || page0.records.length === 0) return;
  const markOf = (of: Page, record: Span) =>
    (pages.key === undefined ? ownId(of, record) : textIn(of, record, pages.key)) ?? hashOf(of, [record]);
  const first = new Set(page.records.slice(0, comparedRecords).map((record) => markOf(page, record)));
  if (page0.records.some((record) => first.has(markOf(page0, record)))) return;
  throw notFirst(page.name, 'Page 0 has records that page 1 does not have.', [beginningWith(pages, 0), beginningWith(pages, 1)]);
}
