/** A list without any other proof is read twice, and accepted if both readings have the same records. */
import { shifted } from '../answers/errors.ts';
import { beginning, type Page, type Turn, type Walk } from './pages.ts';
import { hashOf } from './record-ids.ts';
import { sumWith } from './repeats.ts';

/** The records of a pass, in any order. */
export interface PassSoFar {
  /** The sum of the hashes of its records, in hexadecimal. */
  readonly sum: string;
  /** The records of the first pass; absent: this is the first pass. */
  readonly before?: Counted;
}

interface Counted {
  readonly sum: string;
  readonly read: number;
}

/**
 * The first pass returns no records. After it, the walk begins again, and at the end both passes must agree. Throws HomeError HYG-3605 if they do not; the next attempt
 * reads twice again. @param turned the result of `turn` for the page.
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

/** Whether an already inspected page may be the first page of the walk. The second pass requests it again. */
export function isFirstRequest({ at, pages, pass }: Walk): boolean {
  return at === null && pages === 0 && pass?.before === undefined;
}
