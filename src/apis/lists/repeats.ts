/** Records that come again and again: an API that ignores the number of the page, and lists in another order each time, would never end. */
import { crc32 } from 'node:zlib';
import { noEnd } from '../answers/errors.ts';
import type { Page, Walk } from './pages.ts';

/** Records that were met on a page, and on how many pages since. */
export type Remembered = readonly (readonly [hash: number, pages: number])[];

/** Lists of fewer pages end by themselves soon enough. */
const pagesBefore = 1_000;
const mostRemembered = 16;
/** A record that is moved by changes of others comes twice at most. */
const mostMet = 3;

/**
 * Remembers records of page 1,000, then of pages 2,000, 4,000 and so on. Throws HomeError HYG-3604 where each of them came on three later pages.
 * @param walk of which the page is.
 */
export function remembered({ pages, repeats }: Walk, page: Page): Remembered | undefined {
  const number = pages + 1;
  if (number < pagesBefore || page.records.length === 0) return repeats;
  const hashes = new Set(page.records.map(({ start, end }) => crc32(page.body.bytes.subarray(start, end))));
  if (Number.isInteger(Math.log2(number / pagesBefore))) return [...hashes].slice(0, mostRemembered).map((hash) => [hash, 0] as const);
  if (repeats === undefined) return undefined;
  const met = repeats.map(([hash, times]) => [hash, times + (hashes.has(hash) ? 1 : 0)] as const);
  if (met.every(([, times]) => times >= mostMet))
    throw noEnd(page.name, 'Its pages have the same records again and again, in another order.');
  return met;
}
