/** Records that repeat again and again: if an API ignores the page number, and lists in another order each time, the list would never end. */
import { crc32 } from 'node:zlib';
import { membersOf, type Span } from '../answers/envelope.ts';
import { noEnd } from '../answers/errors.ts';
import { orIfBad } from '../answers/readable.ts';
import type { Pagination } from './config.ts';
import { insteadOfRepeats } from './list-end.ts';
import type { Page, Walk } from './pages.ts';
import { short } from './positions.ts';

/** Records that were on a page, and the number of later pages that had them. */
export type Remembered = readonly (readonly [hash: number, pages: number])[];

const leastCap = 10;
const roundNumbers = /^(1|15|2|25|3|4|5|75)0*$/;

/** Whether this is a usual maximum of records in lists of APIs. */
export function isUsualCap(records: number): boolean {
  return records >= leastCap && (roundNumbers.test(String(records)) || (records >= 32 && Number.isInteger(Math.log2(records))));
}

/** The smallest number of records after which APIs cut off a list in pages. */
const leastCapOfPages = 100;

/** Whether a list in pages may have ended at this number of records because the API lists no more. */
export function isCapOfPages(records: number): boolean {
  return records >= leastCapOfPages && isUsualCap(records);
}

/** Lists of fewer pages end by themselves soon enough. */
const pagesBefore = 1_000;
const mostRemembered = 16;
/** A record that moves by changes of other records is listed twice at most. */
const mostMet = 3;

/**
 * Remembers records of page 1,000, then of pages 2,000, 4,000 and so on. Throws HomeError HYG-3604 if each of them was on three later pages. @param walk the walk that the
 * page belongs to.
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

/** How similar a page is to the previous page: the first and last records of both differ only in a few fields. */
export interface Likeness {
  /** Hashes for the first and the last record: of the names, and of each member. */
  readonly first: string;
  readonly last: string;
  /** The number of similar pages in a row, and the fields that differ. */
  readonly times: number;
  readonly field: string;
}

/** Fields that identify a record, if the record has them. */
const idNames = /^_?(id|uuid|guid)$/i;
const mostNamed = 3;

/** For wider records, nothing is kept: a checkpoint has 2 kB. */
const mostMembers = 30;
const hashLength = 4;

/**
 * Detects an API that repeats its last page, each time with another time in it. If records of one page differ only in this field, they are a series, and none repeats.
 * Undefined: the page has fewer than two records to compare. @param isSmaller there were larger pages.
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
  // Each page of measurements may begin with the same sensor, and small pages may have similar records. Such pages differ in more than one field.
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

/** Positions of different hashes; the first position is that of the names. */
function changedIn(before: string, now: string): readonly number[] {
  if (before.length !== now.length) return [0];
  const places = Array.from({ length: now.length / hashLength }, (_, place) => place);
  const at = (hashes: string, place: number) => hashes.slice(place * hashLength, (place + 1) * hashLength);
  return places.filter((place) => at(before, place) !== at(now, place));
}

const modulus = 1n << 96n;

/** Adds hashes of records to a sum. Two readings with the same sum had the same records, in any order. All are hexadecimal. */
export function sumWith(before: string, hashes: readonly string[]): string {
  const sum = hashes.reduce((so, hash) => so + BigInt(`0x${hash}`), BigInt(`0x${before}`));
  return (sum % modulus).toString(16);
}
