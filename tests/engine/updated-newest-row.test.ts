import { describe, expect, test } from 'vitest';
import { TestWorkspace } from '../support/workspace.ts';

const flow = (more: string) => `home: { type: parquet, path: in }
store: { type: parquet, path: lake }
run_type: incremental
watermark: { column: at${more} }
`;

/** Runs twice; between the runs the source changes. */
async function secondRun(more: string, first: string, second: string) {
  using workspace = new TestWorkspace({ 'flows/f/flow.yml': flow(more) });
  await workspace.parquet('in/1.parquet', first);
  expect(await workspace.run(['go'])).toMatchObject({ code: 0 });
  await workspace.parquet('in/1.parquet', second);
  const run = await workspace.run(['go', '--output', 'json']);
  return run.events.at(-1) as { readonly warn: number; readonly rows: number };
}

const rows = (...all: readonly string[]) => `select * from (values ${all.join(', ')}) as t(id, "at")`;
const day = (n: number) => `timestamp '2024-01-0${n} 00:00:00'`;

describe('the newest row of a lake', () => {
  test.each([
    ['', rows(`(1, ${day(1)})`, `(2, ${day(2)})`), rows(`(1, ${day(1)})`, `(2, ${day(3)})`)],
    [', nulls: include', rows(`(1, ${day(1)})`, `(2, ${day(2)})`, '(3, null)'), rows(`(1, ${day(1)})`, `(2, ${day(3)})`, '(3, null)')],
  ])('that is updated brings no warning: watermark%s', async (more, first, second) => {
    expect(await secondRun(more, first, second)).toMatchObject({ warn: 0 });
  });

  test('that is gone, without as many newer rows, is still told', async () => {
    const second = rows(`(1, ${day(1)})`, `(4, ${day(3)})`);
    expect(await secondRun('', rows(`(1, ${day(1)})`, `(2, ${day(2)})`, `(3, ${day(2)})`), second)).toMatchObject({ warn: 1 });
  });
});
