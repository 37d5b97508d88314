import type { Frame } from '../../../src/engine/contracts/frame.ts';
import { asPolars } from '../../../src/frames/values/polars-frame.ts';
import { row } from '../sim/rows.ts';

const marks = [1, 2, 2, 3, 4, 5, 5, 6, null, 8];

/** What a table holds before the suite of homes: numbers, ties among them, a null, and one row twice. */
export const plainRows = [...marks.map((mark, at) => row(at + 1, mark)), row(1, 1)];

/** Rows of `id` and `mark` as the suite wants them. */
export async function plainFrame(frame: Frame): Promise<readonly string[]> {
  const data = await asPolars(frame).collect();
  return data
    .select('id', 'mark')
    .rows()
    .map(([id, mark]) => `${id}@${mark}`);
}
