/** Kinds of paging by which a change of the list makes no run lose a record of a closed window, or by which the run notices it. */
import type { PageTraits } from './shifting-pages.ts';

export interface Paging {
  readonly name: string;
  readonly traits: Partial<PageTraits>;
  readonly pagination: string;
  /** The API has no filter; a run stops below its window. */
  readonly newestFirst?: true;
  /** Nothing else proves that the list is whole. */
  readonly twice?: true;
  /** The most records of a window. */
  readonly cap?: number;
  /** Each page begins at a value, with the record before. */
  readonly isAnchored?: true;
  /** A change that this way of reading can not notice, as the plan says. */
  readonly without?: 'remove';
}

const sized = 'page_size: 3, size_param: per_page';

export const pagings: readonly Paging[] = [
  {
    name: 'pages and a total',
    traits: { position: 'page', total: 'header' },
    pagination: `{ type: page, ${sized}, total_header: X-Total-Count }`,
  },
  {
    name: 'pages until the total, in the order of the last write',
    traits: { position: 'page', total: 'body', order: 'written', behind: 'error' },
    pagination: `{ type: page, ${sized}, end: total, total_at: total }`,
  },
  {
    name: 'pages in the order of the last write, read twice',
    traits: { position: 'page', order: 'written' },
    pagination: `{ type: page, ${sized} }`,
    twice: true,
  },
  {
    name: 'links and a total, newest first',
    traits: { position: 'page', next: 'link', total: 'header', order: 'newest_first' },
    pagination: `{ type: link_header, ${sized}, total_header: X-Total-Count }`,
  },
  { name: 'offsets that overlap', traits: { position: 'offset' }, pagination: `{ type: offset, ${sized} }` },
  {
    name: 'offsets and a total, newest first',
    traits: { position: 'offset', total: 'body', order: 'newest_first' },
    pagination: `{ type: offset, ${sized}, total_at: total }`,
  },
  {
    name: 'cursors of a place',
    traits: { position: 'cursor', next: 'cursor' },
    pagination: '{ type: cursor, param: cursor, at: next_cursor }',
  },
  {
    name: 'cursors of a snapshot, in a header',
    traits: { position: 'cursor', next: 'header', cursor: 'snapshot', order: 'written' },
    pagination: '{ type: cursor, param: cursor, header: X-Next-Cursor }',
  },
  { name: 'addresses of a place', traits: { position: 'cursor', next: 'url', order: 'by_id' }, pagination: '{ type: next_url, at: next }' },
  { name: 'ids', traits: { position: 'after', order: 'by_id' }, pagination: `{ type: keyset, param: after, field: id, ${sized} }` },
  {
    name: 'offsets without a filter, newest first',
    traits: { position: 'offset', order: 'newest_first' },
    pagination: `{ type: offset, ${sized} }`,
    newestFirst: true,
  },
  {
    name: 'cursors of a place without a filter, newest first',
    traits: { position: 'cursor', next: 'cursor', order: 'newest_first' },
    pagination: '{ type: cursor, param: cursor, at: next_cursor }',
    newestFirst: true,
  },
  {
    name: 'pages without a filter, newest first, of records that are never removed',
    traits: { position: 'page', order: 'newest_first' },
    pagination: `{ type: page, ${sized} }`,
    newestFirst: true,
    without: 'remove',
  },
  {
    name: 'pages of windows that end at a cap',
    traits: { position: 'page', total: 'body', cap: { rows: 12, ends: 'error' } },
    pagination: `{ type: page, ${sized}, end: total, total_at: total }`,
    cap: 12,
  },
  {
    name: 'cursors of windows that end at a cap without a word',
    traits: { position: 'cursor', next: 'cursor', cap: { rows: 12, ends: 'end' } },
    pagination: '{ type: cursor, param: cursor, at: next_cursor }',
    cap: 12,
  },
  {
    name: 'the filter, anchored again at the last value',
    traits: { position: 'nothing' },
    pagination: `{ type: anchored, param: updated_since, field: updated_at, key: id, ${sized} }`,
    isAnchored: true,
  },
  {
    name: 'the filter, anchored again at the last value, and links where many records have one',
    traits: { position: 'page', next: 'link' },
    pagination: `{ type: anchored, param: updated_since, field: updated_at, key: id, ${sized} }`,
    isAnchored: true,
  },
];

/** The line of a home that narrows the list to the window of a run. @param keys further keys of the window. */
export const windowLine = ({ newestFirst, cap }: Paging, format: string, keys = ''): string =>
  newestFirst
    ? 'order: newest_first'
    : `window: { from: updated_since, to: updated_until, format: ${format}${keys}${cap === undefined ? '' : `, cap: ${cap}`} }`;
