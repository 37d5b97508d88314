/**
 * Ranges of Ids that hold each record of an object once, whatever order the org has for them: each begins at a record of which the org itself says that it comes
 * behind the one before. https://developer.salesforce.com/docs/atlas.en-us.api_asynch.meta/api_asynch/async_api_headers_enable_pk_chunking.htm
 */
import { noEnd } from '../answers/errors.ts';
import type { LaterAnswer } from '../requests/requests.ts';

/** Absent: it is open. */
export interface IdRange {
  /** The Id of its first record, without the letters that check it. */
  readonly from?: string;
  /** The Id behind its last record. */
  readonly before?: string;
}

/** An object with fewer records is one range. */
export const rangesFrom = 500_000;
/** Ids are counted up, so a distance of so many has at most as many records. */
const fewestIds = 250_000;
/** So many ranges are wanted at most; where Ids are sparse, later ones are ever larger. */
const wantedRanges = 40;
/** So many there are at most: their beginnings fit into the cursor of a step. */
const mostRanges = 64;

/** @param first the Id of the first record that is larger than all of these. Null: there is none. */
type FirstBehind = (ids: readonly string[]) => Promise<string | null | LaterAnswer>;

/**
 * @param from beginnings that were found before, in their order.
 * Throws HomeError HYG-3604 where the org answers with a record that it was not asked for.
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
    if (begun.includes(id)) throw noEnd(place, `Among the records behind ${last} the org names ${id} as the first.`);
    begun.push(id);
  }
  // Records before the first one may be new by the time that they are read.
  const bounds = [undefined, ...begun.slice(1), undefined];
  return bounds.slice(1).map((before, at) => {
    const start = bounds[at];
    return { ...(start === undefined ? {} : { from: start }), ...(before === undefined ? {} : { before }) };
  });
}

const signs = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** Of an Id of 15 characters the first ones name the object and the instance of Salesforce that made the record, and the others count. */
const counting = 9;
const base = BigInt(signs.length);
const largest = base ** BigInt(counting) - 1n;

/** The Id that so many Ids lie before, of the same instance; at most its largest. */
export function idAfter(id: string, distance: number): string {
  const [start, count] = [id.slice(0, 15 - counting), id.slice(15 - counting, 15)];
  const number = [...count].reduce((sum, sign) => sum * base + BigInt(signs.indexOf(sign)), 0n) + BigInt(distance);
  let rest = number < largest ? number : largest;
  let text = '';
  for (let at = 0; at < counting; at++, rest /= base) text = `${signs[Number(rest % base)]}${text}`;
  return `${start}${text}`;
}
