/**
 * Ranges of Ids that contain each record of an object once, regardless of the org's order of Ids: the org itself reports that the first record of a range comes after that
 * of the previous range. https://developer.salesforce.com/docs/atlas.en-us.api_asynch.meta/api_asynch/async_api_headers_enable_pk_chunking.htm
 */
import { noEnd } from '../answers/errors.ts';
import type { LaterAnswer } from '../requests/requests.ts';

/** Absent: the range is open. */
export interface IdRange {
  /** The Id of the first record, without the check characters. */
  readonly from?: string;
  /** The first Id after the range. */
  readonly before?: string;
}

/** An object with fewer records is one range. */
export const rangesFrom = 500_000;
/** The distance between Ids in a range. Ids are counted up, so a range has at most this number of records. */
const fewestIds = 250_000;
/** Wanted number of ranges. If Ids are sparse, later ranges become larger. */
const wantedRanges = 40;
/** Maximum number of ranges: their first Ids fit into the cursor of a step. */
const mostRanges = 64;

/** @param first the Id of the first record that is larger than all of these. Null: there is none. */
type FirstBehind = (ids: readonly string[]) => Promise<string | null | LaterAnswer>;

/**
 * @param from first Ids that were found before, in their order. Throws HomeError HYG-3604 if the org answers with a record that was not requested.
 */
export async function idRanges(
  first: FirstBehind,
  { records, place, from }: { readonly records: number; readonly place: string; readonly from: readonly string[] },
): Promise<readonly IdRange[] | { readonly begun: readonly string[]; readonly later: LaterAnswer }> {
  const begun = [...from];
  const distance = Math.max(fewestIds, Math.ceil(records / wantedRanges));
  while (begun.length < mostRanges) {
    const last = begun.at(-1);
    const next = await first(last === undefined ? [] : [last, idAfter(last, distance * 2 ** Math.max(0, begun.length - wantedRanges))]);
    if (next !== null && typeof next === 'object') return { begun, later: next };
    if (next === null) break;
    const id = next.slice(0, 15);
    if (begun.includes(id)) throw noEnd(place, `The org names ${id} as the first record after ${last}.`);
    begun.push(id);
  }
  // New records before the first one may exist when the ranges are read.
  const bounds = [undefined, ...begun.slice(1), undefined];
  return bounds.slice(1).map((before, at) => {
    const start = bounds[at];
    return { ...(start === undefined ? {} : { from: start }), ...(before === undefined ? {} : { before }) };
  });
}

const signs = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** The first characters of an Id (15 characters) name the object and the Salesforce instance that created the record. The others are a counter. */
const counting = 9;
const base = BigInt(signs.length);
const largest = base ** BigInt(counting) - 1n;

/** The Id at this distance, in the same instance; at most its largest Id. */
export function idAfter(id: string, distance: number): string {
  const [start, count] = [id.slice(0, 15 - counting), id.slice(15 - counting, 15)];
  const number = [...count].reduce((sum, sign) => sum * base + BigInt(signs.indexOf(sign)), 0n) + BigInt(distance);
  let rest = number < largest ? number : largest;
  let text = '';
  for (let at = 0; at < counting; at++, rest /= base) text = `${signs[Number(rest % base)]}${text}`;
  return `${start}${text}`;
}
