/** Reads a list twice if it has no other proof, and accepts it if both passes have the same records. */
import { shifted } from '../answers/errors.ts';
import { beginning, type Page, type Turn, type Walk } from './pages.ts';
import { hashOf } from './record-ids.ts';
import { sumWith } from './repeats.ts';

/** The records that a pass has read so far, in any order. */
export interface PassSoFar {
  /** The sum of the hashes of the records, in hexadecimal. */
  readonly sum: string;
  /** The records of the first pass. Absent: this is the first pass. */
  readonly before?: Counted;
}

interface Counted {
  readonly sum: string;
  readonly read: number;
}

/**
 * The first pass returns no records. After the first pass, the walk begins again. At the end, both passes must have the same records. Throws HomeError HYG-3605 if the
 * records differ. The next attempt reads the list twice again.
 * @param turned the result of `turn` for the page.
 */
export function twoPasses(turned: Turn, walk: Walk, page: Page): Turn {
  const { pass = { sum: '0' } } = walk;
  const sum = sumWith(
    pass.sum,
    page.records.slice(turned.from).map((record) => hashOf(page, [record])),
  );
  const fresh = page.records.length - turned.from;
  const isFirst = pass.before === undefined;
  const from = isFirst ? page.records.length : turned.from;
  if (turned.next !== null) return { from, next: { ...turned.next, pass: { ...pass, sum } } };
  const counted = { sum, read: walk.read + fresh };
  if (pass.before === undefined) return { from, next: { ...beginning, pass: { sum: '0', before: counted } } };
  if (pass.before.sum !== counted.sum || pass.before.read !== counted.read)
    throw shifted(
      page.name,
      `The list was read twice: first ${pass.before.read} records, and then ${counted.read}${pass.before.read === counted.read ? ' others' : ''}.`,
    );
  return { from, next: null };
}

/** Whether the next request is for the first page, so that an already inspected page can be used. The second pass requests the first page again. */
export function isFirstRequest({ at, pages, pass }: Walk): boolean {
  return at === null && pages === 0 && pass?.before === undefined;
}
