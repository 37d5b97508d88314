/**
 * Pages of a list in ascending order of a field, such as the time of a change, by a filter that begins anew at the last record of each page. Where pages are counted
 * instead, a record that changes meanwhile moves to the end, and all behind it move up: the first one of the next page is missed.
 */
import { hash } from 'node:crypto';
import type { Edge } from '../../engine/contracts/home.ts';
import type { DataType } from '../../frames/schema.ts';
import { compareWatermarkKeys, parsedKey, watermarkKey } from '../../frames/watermark-text.ts';
import { fieldOf, type Span } from '../answers/envelope.ts';
import { noPage, shifted, tooManyOfOne } from '../answers/errors.ts';
import { ofRecord } from '../answers/readable.ts';
import type { Pagination } from './config.ts';
import type { Page, Turn, Walk } from './pages.ts';

type AnchoredPages = Extract<Pagination, { readonly type: 'anchored' }>;

/**
 * Throws HomeError HYG-3602 for a list in another order, HYG-3605 where records of one value are listed in another order, HYG-3670 where more records than a page has
 * have one value. @param isLinked the answer leads to a further page.
 */
export function anchoredTurn(
  { param, field, key, page_size: size }: AnchoredPages,
  walk: Walk,
  page: Page & { readonly isLinked: boolean },
): Turn & { readonly read: number } {
  const { at, tail = [] } = walk;
  const anchor = at !== null && typeof at === 'object' ? at[param] : undefined;
  const values = page.records.map((record) => textOf(field, record, page));
  mustAscend(anchor === undefined ? values : [anchor, ...values], page, field);
  const ids = page.records.map((record) => short(textOf(key, record, page)));
  const isKnown = (i: number) => values[i] === anchor && tail.includes(ids[i] ?? '');
  const fresh = ids.findIndex((_, i) => !isKnown(i));
  const from = fresh === -1 ? ids.length : fresh;
  if (ids.some((_, i) => i > from && isKnown(i)))
    throw shifted(page.name, `Records with the same ${field} are in another order than on the page before.`);
  const read = walk.read + ids.length - from;
  const last = values.at(-1);
  if (last === undefined) return { from, read, next: null };
  if (last === anchor && (ids.length >= size || page.isLinked))
    throw tooManyOfOne(page.name, field, { value: last, records: page.records.length });
  if (last === anchor) return { from, read, next: null };
  return { from, read, next: { ...walk, read, at: { [param]: last }, tail: ids.filter((_, i) => values[i] === last) } };
}

/** The list ascends, so that all behind a record above the window is above it too. @param type of the field, which is the watermark. */
export function upTo(
  turned: Turn,
  page: Page,
  { field }: Pick<AnchoredPages, 'field'>,
  { type, upper }: { readonly type: DataType; readonly upper: Edge },
): Turn {
  const last = page.records.at(-1);
  const key = last && parsedKey(type, textOf(field, last, page));
  if (key === undefined || compareWatermarkKeys(key, watermarkKey(type, upper.text)) <= 0) return turned;
  return { ...turned, next: null };
}

function mustAscend(values: readonly string[], page: Page, field: string): void {
  const isAscending = values.every((value, i) => i === 0 || compare(values[i - 1] ?? '', value) <= 0);
  if (!isAscending) throw noPage(page.name, `The records are not in ascending order of ${field}.`);
}

function compare(a: string, b: string): number {
  if (/^\d+$/.test(a) && /^\d+$/.test(b)) return a.length - b.length || (a < b ? -1 : Number(a > b));
  return a < b ? -1 : Number(a > b);
}

function textOf(field: string, record: Span, page: Page): string {
  const found = ofRecord(page.name, () => fieldOf(page.body, record, field));
  if (found === undefined || found.kind === 'null' || found.kind === 'object' || found.kind === 'array')
    throw noPage(page.name, `A record has no ${field} that the next page could begin at.`);
  return found.text;
}

/** A checkpoint of 2 kB holds those of a page. */
function short(text: string): string {
  return hash('sha256', text, 'base64url').slice(0, 8);
}
