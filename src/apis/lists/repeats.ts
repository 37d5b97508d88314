/** Detects pages that repeat records endlessly. If an API ignores the page number, and returns the records in another order each time, the list would never end. */
import { crc32 } from 'node:zlib';
import { membersOf, type Span } from '../answers/envelope.ts';
import { noEnd } from '../answers/errors.ts';
import { orIfBad } from '../answers/readable.ts';
import type { Pagination } from './config.ts';
import { insteadOfRepeats } from './list-end.ts';
import type { Page, Walk } from './pages.ts';
import { short } from './positions.ts';

/** Hashes of the records on a page, each with the number of later pages that had the same record. */
export type Remembered = readonly (readonly [hash: number, pages: number])[];

const leastCap = 10;
const roundNumbers = /^(1|15|2|25|3|4|5|75)0*$/;

/** Whether this number is a usual maximum of records in lists of APIs. */
export function isUsualCap(records: number): boolean {
  return records >= leastCap && (roundNumbers.test(String(records)) || (records >= 32 && Number.isInteger(Math.log2(records))));
}

/** The smallest number of records after which APIs cut off a list that is divided into pages. */
const leastCapOfPages = 100;

/** Whether a list in pages may have ended at this number of records because the API does not list more records. */
export function isCapOfPages(records: number): boolean {
  return records >= leastCapOfPages && isUsualCap(records);
}

/** The number of pages after which records are remembered. Shorter lists end soon enough, even if their pages repeat. */
const pagesBefore = 1_000;
const mostRemembered = 16;
/** The number of later pages that prove endless repetition. A record that moves because other records change is listed twice at most. */
const mostMet = 3;

/**
 * Remembers records of page 1,000, then of pages 2,000, 4,000 and so on. Throws HomeError HYG-3604 if each remembered record was on three later pages.
 * @param walk the walk that the page belongs to.
 */
export function remembered({ pages, repeats }: Walk, page: Page, pagination: Pagination): Remembered | undefined {
  const number = pages + 1;
  if (number < pagesBefore || page.records.length === 0) return repeats;
  const hashes = new Set(page.records.map(({ start, end }) => crc32(page.body.bytes.subarray(start, end))));
  if (Number.isInteger(Math.log2(number / pagesBefore))) return [...hashes].slice(0, mostRemembered).map((hash) => [hash, 0] as const);
  if (repeats === undefined) return undefined;
  const met = repeats.map(([hash, times]) => [hash, times + (hashes.has(hash) ? 1 : 0)] as const);
  if (met.every(([, times]) => times >= mostMet))
    throw noEnd(page.name, 'The pages have the same records again and again, in another order.', insteadOfRepeats(pagination));
  return met;
}

/** How similar a page is to the previous page: the first and last records of both pages differ only in a few fields. */
export interface Likeness {
  /** `first`, `last`: hashes for the first and the last record of the page. The first hash is of the names of the members, and each further hash is of a value. */
  readonly first: string;
  readonly last: string;
  /** `times`: the number of similar pages in a row. `field`: the names of the fields that differ. */
  readonly times: number;
  readonly field: string;
}

/** Names of fields that identify a record. */
const idNames = /^_?(id|uuid|guid)$/i;
const mostNamed = 3;

/** The maximum number of members in a compared record, so that their hashes fit into a checkpoint of 2 kB. */
const mostMembers = 30;
const hashLength = 4;

/**
 * Detects an API that repeats its last page, each time with another time in a field. If the records of one page differ only in the same field, they are a series, so
 * none of them repeats. Undefined: the page has no records that can be compared.
 * @param isSmaller whether an earlier page was larger.
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
  // Each page of measurements may begin with the same sensor, and small pages may have similar records. Pages with new records of these kinds differ in more than one field.
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

/** The indexes of hashes that differ. Index 0 is the hash of the names. */
function changedIn(before: string, now: string): readonly number[] {
  if (before.length !== now.length) return [0];
  const places = Array.from({ length: now.length / hashLength }, (_, place) => place);
  const at = (hashes: string, place: number) => hashes.slice(place * hashLength, (place + 1) * hashLength);
  return places.filter((place) => at(before, place) !== at(now, place));
}

const modulus = 1n << 96n;

/** Adds hashes of records to a sum, all in hexadecimal. If the sums of two readings are equal, both readings had the same records, in any order. */
export function sumWith(before: string, hashes: readonly string[]): string {
  const sum = hashes.reduce((so, hash) => so + BigInt(`0x${hash}`), BigInt(`0x${before}`));
  return (sum % modulus).toString(16);
}
