/** A list without a filter that begins with the newest record: where a run may stop, and which records of a page it has read already. */
import type { Edge, Window } from '../../engine/contracts/home.ts';
import type { DataType } from '../../frames/schema.ts';
import { compareWatermarkKeys, parsedKey, type WatermarkKey, watermarkKey, watermarkText } from '../../frames/watermark-text.ts';
import type { Json } from '../../ports/values.ts';
import { fieldOf, type Span } from '../answers/envelope.ts';
import { notNewestFirst, shifted } from '../answers/errors.ts';
import { ofRecord } from '../answers/readable.ts';
import type { Page, Turn, Walk } from './pages.ts';
import { hashOf } from './record-ids.ts';

/** What the list is sorted by, and where the window begins. */
export interface NewestFirst {
  readonly type: DataType;
  /** Where a record has the watermark: names with dots between them. */
  readonly at: string;
  readonly lower: Edge | null;
}

/** @param pinned what the JSON format decided: where a record has a column. */
export function newestOf({ column, lower }: Pick<Window, 'column' | 'lower'>, pinned: Json): NewestFirst {
  return { type: column?.type ?? { kind: 'null' }, at: pathOf(column?.column ?? '', pinned), lower };
}

/** Where a record has a column: names with dots between them. @param pinned as of `newestOf`. */
export function pathOf(name: string, pinned: Json): string {
  const { columns = [] } = (pinned ?? {}) as { readonly columns?: readonly { readonly name: string; readonly path: readonly string[] }[] };
  return columns.find((one) => one.name === name)?.path.join('.') ?? name;
}

/** What the next page is compared with. */
export interface NewestSoFar {
  /** The watermark of the first record of the page before. */
  readonly first: string;
  /** The last records as hashes, the last one last. */
  readonly tail: readonly string[];
}

/** A checkpoint has 2 kB. */
const keptTail = 6;

/**
 * A list that grows at its front moves records to the next page: those that were read are left out there. The walk stops behind the first page whose records are
 * all older than the window. Throws HomeError HYG-3631 where a page is in another order, HYG-3605 where the list grew by more than a page.
 * @param turned what `turn` says of the page.
 */
export function newestFirst(turned: Turn, walk: Walk, page: Page, { type, at, lower }: NewestFirst): Turn {
  const { newest: before } = walk;
  const keys = page.records.map((record) => keyOf(page, record, { type, at }));
  const [first] = keys;
  if (first === undefined) return turned;
  if (keys.some((key, index) => compareWatermarkKeys(key, keys[index - 1] ?? key) > 0)) throw notNewestFirst(page.name, at);
  if (before !== undefined && compareWatermarkKeys(first, watermarkKey(type, before.first)) > 0)
    throw shifted(page.name, 'The list grew by more than a page since the page before.');
  const from = Math.max(turned.from, before === undefined ? 0 : knownIn(page, before));
  const isBelow = lower !== null && compareWatermarkKeys(first, watermarkKey(type, lower.text)) < 0;
  if (turned.next === null || isBelow) return { from, next: null };
  const fresh = page.records.slice(Math.max(from, keys.length - keptTail)).map((record) => hashOf(page, [record]));
  const tail = [...(before?.tail ?? []), ...fresh].slice(-keptTail);
  return { from, next: { ...turned.next, newest: { first: watermarkText(type, first), tail } } };
}

function keyOf({ body, name }: Page, record: Span, { type, at }: Pick<NewestFirst, 'type' | 'at'>): WatermarkKey {
  const found = ofRecord(name, () => fieldOf(body, record, at));
  const key = found === undefined || found.kind === 'null' ? undefined : parsedKey(type, found.text);
  if (key === undefined) throw notNewestFirst(name, at);
  return key;
}

/** How many records of the page were read on the page before. What stands above one of them came to the list since, and is of a later run. */
function knownIn(page: Page, { tail }: NewestSoFar): number {
  return page.records.findLastIndex((record) => tail.includes(hashOf(page, [record]))) + 1;
}
