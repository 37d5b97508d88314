/** Whether the first page that is asked for is the first one of the list: APIs count pages from 1 or from 0, and a wrong `start` leaves a page out or reads one twice. */
import { notFirst } from '../answers/errors.ts';
import { linkTo } from '../answers/link-header.ts';
import type { Pagination } from './config.ts';
import { documentAround } from './list-signs.ts';
import type { Page } from './pages.ts';

/** Objects that tell about the list, by names without case and signs. */
const containers = new Set(['meta', 'metadata', 'links', 'paging', 'pagination', 'page', 'pageinfo', 'info', 'data', 'result', 'response']);
const deepest = 3;

/** @param page the first one of a list by page number. Throws HomeError HYG-3611 where it says that another one comes before it, or that it is the next one already. */
export function mustBeFirst(pages: Pagination, page: Page): void {
  if (pages.type !== 'page') return;
  const { param, start } = pages;
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
  if (isBehind && start === 1) throw notFirst(page.name, 'It says that a page comes before it.', { param, start: 0 });
  if (isAhead && start === 0) throw notFirst(page.name, 'It leads to page 2: the API takes page 0 for page 1.', { param, start: 1 });
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
