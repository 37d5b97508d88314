/**
 * Ranges of Ids that together contain each record of an object once. The order of Ids in the org is not assumed: the org itself reports the first record after each range.
 * https://developer.salesforce.com/docs/atlas.en-us.api_asynch.meta/api_asynch/async_api_headers_enable_pk_chunking.htm
 */
import { noEnd } from '../answers/errors.ts';
import type { LaterAnswer } from '../requests/requests.ts';

/** A range of Ids. If a bound is absent, the range is open on that side. */
export interface IdRange {
  /** The Id of the first record in the range, without the check characters. */
  readonly from?: string;
  /** The Id at which the next range begins. */
  readonly before?: string;
}

/** The number of records from which an object is divided into ranges. */
export const rangesFrom = 500_000;
/** The minimum distance between the bounds of a range. Ids are counted up, so a range of this distance has at most this number of records. */
const fewestIds = 250_000;
/** The wanted number of ranges. If Ids are sparse, later ranges become larger. */
const wantedRanges = 40;
/** The maximum number of ranges, so that their first Ids fit into the cursor of a step. */
const mostRanges = 64;

/** Requests the Id of the first record that is larger than all given Ids. Null: the object has no larger Id. */
type FirstBehind = (ids: readonly string[]) => Promise<string | null | LaterAnswer>;

/**
 * Divides an object into ranges of Ids.
 * @param first requests the first Id of a range.
 * @param from the first Ids that an earlier step found, in their order. Throws HomeError HYG-3604 if the org answers with a record that was not
 * requested.
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
  // The first range has an open start, since records with a lower Id may be added before the ranges are read.
  const bounds = [undefined, ...begun.slice(1), undefined];
  return bounds.slice(1).map((before, at) => {
    const start = bounds[at];
    return { ...(start === undefined ? {} : { from: start }), ...(before === undefined ? {} : { before }) };
  });
}

const signs = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** The number of characters in an Id (15 characters) that are a counter. The characters before the counter name the object, and the Salesforce instance that created the record. */
const counting = 9;
const base = BigInt(signs.length);
const largest = base ** BigInt(counting) - 1n;

/** The Id at this distance in the same instance, or the largest Id of the instance if the distance is too large. */
export function idAfter(id: string, distance: number): string {
  const [start, count] = [id.slice(0, 15 - counting), id.slice(15 - counting, 15)];
  const number = [...count].reduce((sum, sign) => sum * base + BigInt(signs.indexOf(sign)), 0n) + BigInt(distance);
  let rest = number < largest ? number : largest;
  let text = '';
  for (let at = 0; at < counting; at++, rest /= base) text = `${signs[Number(rest % base)]}${text}`;
  return `${start}${text}`;
}
