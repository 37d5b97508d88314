/** Records that come again and again: an API that ignores the number of the page, and lists in another order each time, would never end. */
import { crc32 } from 'node:zlib';
import { membersOf, type Span } from '../answers/envelope.ts';
import { noEnd } from '../answers/errors.ts';
import { orIfBad } from '../answers/readable.ts';
import type { Pagination } from './config.ts';
import { insteadOfRepeats } from './list-end.ts';
import type { Page, Walk } from './pages.ts';
import { short } from './positions.ts';

/** Records that were met on a page, and on how many pages since. */
export type Remembered = readonly (readonly [hash: number, pages: number])[];

const leastCap = 10;
const roundNumbers = /^(1|15|2|25|3|4|5|75)0*$/;

/** Whether APIs often list so many records at most. */
export function isUsualCap(records: number): boolean {
  return records >= leastCap && (roundNumbers.test(String(records)) || (records >= 32 && Number.isInteger(Math.log2(records))));
}

/** No API lists fewer records in pages at most. */
const leastCapOfPages = 100;

/** Whether a list in pages may have ended at so many records because the API lists no more. */
export function isCapOfPages(records: number): boolean {
  return records >= leastCapOfPages && isUsualCap(records);
}

/** Lists of fewer pages end by themselves soon enough. */
const pagesBefore = 1_000;
const mostRemembered = 16;
/** A record that is moved by changes of others comes twice at most. */
const mostMet = 3;

/**
 * Remembers records of page 1,000, then of pages 2,000, 4,000 and so on. Throws HomeError HYG-3604 where each of them came on three later pages.
 * @param walk of which the page is.
 */
export function remembered({ pages, repeats }: Walk, page: Page, pagination: Pagination): Remembered | undefined {
  const number = pages + 1;
  if (number < pagesBefore || page.records.length === 0) return repeats;
  const hashes = new Set(page.records.map(({ start, end }) => crc32(page.body.bytes.subarray(start, end))));
  if (Number.isInteger(Math.log2(number / pagesBefore))) return [...hashes].slice(0, mostRemembered).map((hash) => [hash, 0] as const);
  if (repeats === undefined) return undefined;
  const met = repeats.map(([hash, times]) => [hash, times + (hashes.has(hash) ? 1 : 0)] as const);
  if (met.every(([, times]) => times >= mostMet))
    throw noEnd(page.name, 'Its pages have the same records again and again, in another order.', insteadOfRepeats(pagination));
  return met;
}

/** How a page is like the page before it: the first and the last record of both differ in a few fields alone. */
export interface Likeness {
  /** Of the first and the last record: a hash of the names, and of each of their members. */
  readonly first: string;
  readonly last: string;
  /** So many pages in a row, and the fields. */
  readonly times: number;
  readonly field: string;
}

/** Fields that tell records apart, where they are in a record. */
const idNames = /^_?(id|uuid|guid)$/i;
const mostNamed = 3;

/** Of wider records nothing is kept: a checkpoint has 2 kB. */
const mostMembers = 30;
const hashLength = 4;

/**
 * An API that gives its last page again and again, each time with another time in it. Records of one page that differ in this field alone are a series, and none comes
 * again. Undefined: the page has no two records to tell by. @param isSmaller there were larger pages.
 */
export function likenessOf(before: Likeness | undefined, page: Page, isSmaller: boolean): Likeness | undefined {
  const [first, last] = [page.records[0], page.records.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const [a, b] = [hashesOf(page, first), hashesOf(page, last)];
  if (a === undefined || b === undefined || a.hashes.length !== b.hashes.length) return undefined;
  const found = { first: a.hashes, last: b.hashes, times: 0, field: '' };
  if (before === undefined) return found;
  const changed = new Set([...changedIn(before.first, a.hashes), ...changedIn(before.last, b.hashes)]);
  if (changed.size === 0 || changed.has(0)) return found;
  const names = [...changed].map((at) => a.names[at - 1] ?? '');
  // Pages of measurements may begin with the same sensor each, and sparse ones have records of the same kind: they differ in more than one field.
  const hasSameIds = a.names.some((name) => idNames.test(name) && !names.includes(name));
  if (changed.size > 1 && !hasSameIds) return found;
  const isSeries = page.records.length === 1 ? !isSmaller : changedIn(a.hashes, b.hashes).every((at) => changed.has(at));
  return isSeries ? found : { ...found, times: before.times + 1, field: names.slice(0, mostNamed).join(', ') };
}

function hashesOf({ body }: Page, record: Span): { readonly names: readonly string[]; readonly hashes: string } | undefined {
  const members = orIfBad(
    () => [...membersOf(body, record)].sort(([a], [b]) => (a < b ? -1 : 1)),
    () => [],
  );
  if (members.length === 0 || members.length > mostMembers) return undefined;
  const names = members.map(([name]) => name);
  return {
    names,
    hashes: [names.join('\0'), ...members.map(([, { text }]) => text)].map((text) => short(text).slice(0, hashLength)).join(''),
  };
}

/** Places where they differ; the first one has the names. */
function changedIn(before: string, now: string): readonly number[] {
  if (before.length !== now.length) return [0];
  const places = Array.from({ length: now.length / hashLength }, (_, place) => place);
  const at = (hashes: string, place: number) => hashes.slice(place * hashLength, (place + 1) * hashLength);
  return places.filter((place) => at(before, place) !== at(now, place));
}

const modulus = 1n << 96n;

/** The sum of the hashes of records, with more of them: two readings with the same sum had the same records, in any order. All are hexadecimal. */
export function sumWith(before: string, hashes: readonly string[]): string {
  const sum = hashes.reduce((so, hash) => so + BigInt(`0x${hash}`), BigInt(`0x${before}`));
  return (sum % modulus).toString(16);
}
