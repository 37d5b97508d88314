/** A list that nothing else proves is read twice: what both readings had alike is taken. */
import { shifted } from '../answers/errors.ts';
import { beginning, type Page, type Turn, type Walk } from './pages.ts';
import { hashOf } from './record-ids.ts';
import { sumWith } from './repeats.ts';

/** The records of a pass, in any order. */
export interface PassSoFar {
  /** The sum of the hashes of its records, in hexadecimal. */
  readonly sum: string;
  /** What the first pass had; absent: this is the first one. */
  readonly before?: Counted;
}

interface Counted {
  readonly sum: string;
  readonly read: number;
}

/**
 * The first pass gives no record out. Behind it the walk begins again, and at the end of the second one both have to agree. Throws HomeError HYG-3605 where they do
 * not; the next attempt reads twice again.
 * @param turned what `turn` says of the page.
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
      `It was read twice: ${pass.before.read} records, and then ${counted.read}${pass.before.read === counted.read ? ' others' : ''}.`,
    );
  return { from, next: null };
}

/** Whether a page that was looked at before may be the first one of the walk: the second pass asks for it again. */
export function isFirstRequest({ at, pages, pass }: Walk): boolean {
  return at === null && pages === 0 && pass?.before === undefined;
}
