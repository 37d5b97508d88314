/** Reads a list without a filter that begins with the newest record. Finds the page where a run may stop, and the records of a page that were already read. */
import type { Edge, Window } from '../../engine/contracts/home.ts';
import type { DataType } from '../../frames/schema.ts';
import { compareWatermarkKeys, parsedKey, type WatermarkKey, watermarkKey, watermarkText } from '../../frames/watermark-text.ts';
import type { Json } from '../../ports/values.ts';
import { fieldOf, type Span } from '../answers/envelope.ts';
import { notNewestFirst, shifted } from '../answers/errors.ts';
import { ofRecord } from '../answers/readable.ts';
import type { Page, Turn, Walk } from './pages.ts';
import { hashOf } from './record-ids.ts';

/** The field by which the list is sorted, and the lower bound of the window. */
export interface NewestFirst {
  readonly type: DataType;
  /** The path of the watermark in a record: names with dots between them. */
  readonly at: string;
  readonly lower: Edge | null;
}

/** @param pinned the paths of columns in a record, as the JSON format stored them. */
export function newestOf({ column, lower }: Pick<Window, 'column' | 'lower'>, pinned: Json): NewestFirst {
  return { type: column?.type ?? { kind: 'null' }, at: pathOf(column?.column ?? '', pinned), lower };
}

/** The path of a column in a record: names with dots between them. @param pinned as in `newestOf`. */
export function pathOf(name: string, pinned: Json): string {
  const { columns = [] } = (pinned ?? {}) as { readonly columns?: readonly { readonly name: string; readonly path: readonly string[] }[] };
  return columns.find((one) => one.name === name)?.path.join('.') ?? name;
}

/** The facts about earlier pages, with which the next page is compared. */
export interface NewestSoFar {
  /** The watermark of the first record of the previous page. */
  readonly first: string;
  /** Hashes of the records that were read last, in their order. */
  readonly tail: readonly string[];
}

/** The maximum number of hashes in `tail`, so that they fit into a checkpoint of 2 kB. */
const keptTail = 6;

/**
 * If a list grows at its front, records move from one page to the next page. The records on the next page that were already read are skipped. The walk stops after the
 * first page whose records are all older than the window. Throws HomeError HYG-3631 if a page is in another order, and HYG-3605 if the list grew by more than a page.
 * @param turned the result of `turn` for the page.
 */
export function newestFirst(turned: Turn, walk: Walk, page: Page, { type, at, lower }: NewestFirst): Turn {
  const { newest: before } = walk;
  const keys = page.records.map((record) => keyOf(page, record, { type, at }));
  const [first] = keys;
  if (first === undefined) return turned;
  if (keys.some((key, index) => compareWatermarkKeys(key, keys[index - 1] ?? key) > 0)) throw notNewestFirst(page.name, at);
  if (before !== undefined && compareWatermarkKeys(first, watermarkKey(type, before.first)) > 0)
    throw shifted(page.name, 'The list grew by more than a page since the previous page was read.');
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

/** The number of records at the beginning of the page that are skipped. Skipped are records of the previous page, and newer records above them, which belong to a later run. */
function knownIn(page: Page, { tail }: NewestSoFar): number {
  return page.records.findLastIndex((record) => tail.includes(hashOf(page, [record]))) + 1;
}
