/** What a watermark of a table does, whatever database the table is in. */
import { expect } from 'vitest';
import type { Home, Window } from '../../src/engine/contracts/home.ts';
import { here } from './here.ts';
import { everything, framesOf, rowsOf } from './postgres-home.ts';
import type { TestWorkspace } from './workspace.ts';

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

/** Three runs, with a hundred rows before each, that `insert` puts into the table `t` of `id` and `w`. @param home how a flow reads it. */
export async function eachRowOnce(workspace: TestWorkspace, home: string, insert: (from: number, w: number) => unknown): Promise<void> {
  const watermark = 'run_type: incremental\nwatermark: { column: w, key: [id] }';
  workspace.write({
    'flows/f/flow.yml': `home: ${home}\nstore: { path: lake, format: parquet }\n${watermark}\nentities: [t]\n`,
  });
  for (const run of [1, 2, 3]) {
    await insert(run * 100, run);
    const { events } = await here(workspace, 'go');
    expect(events.filter(({ event }) => event === 'error')).toEqual([]);
  }
  expect((await workspace.settled('lake', 'f', 't')).map(({ id }) => Number(id)).sort((a, b) => a - b)).toEqual(
    Array.from({ length: 300 }, (_, i) => i + 100),
  );
}
