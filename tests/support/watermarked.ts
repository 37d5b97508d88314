/** What a watermark of a table does, whatever database the table is in. */
import { expect } from 'vitest';
import type { Home, Window } from '../../src/engine/contracts/home.ts';
import { everything, framesOf, rowsOf } from './postgres-home.ts';

/**
 * The newest value of `w`, of which one is null, is found exactly, and nothing lies above it.
 * @returns the `id` of all rows up to it.
 */
export async function boundedBy(home: Home, text: string): Promise<readonly number[]> {
  const step = await home.describe();
  const column = 'done' in step ? step.done.schema?.columns.find(({ name }) => name === 'w') : undefined;
  const bound = await home.bound({ column: 'w', lagMs: 0, future: 'take' });
  expect('done' in bound && bound.done).toMatchObject({ text });
  const read = async (lower: string | null) => {
    const window = {
      ...{ ...everything, nulls: 'exclude', column: { column: 'w', type: column?.type } },
      ...{ lower: lower && { text: lower, inclusive: false }, upper: { text, inclusive: true } },
    } as Window;
    return (await rowsOf(framesOf(home, window))).map(({ id }) => Number(id));
  };
  expect(await read(text)).toEqual([]);
  expect(await home.nulls('w')).toEqual({ done: 1 });
  return read(null);
}
