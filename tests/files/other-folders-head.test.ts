import { expect, test } from 'vitest';
import { duck } from '../support/duck.ts';
import { TestWorkspace } from '../support/workspace.ts';

/** Two workspaces whose flows have the same names settle in folders of one lake. */
function scene(lake: TestWorkspace, folder: string) {
  const entity = `[{ name: t, store: { path: ${folder}/t } }]`;
  const config = `home: in/{entity}\nstore: ${lake.path('lake')}\nrun_type: incremental\nwatermark: { column: id }\nentities: ${entity}\n`;
  const workspace = new TestWorkspace({ 'flows/f/flow.yml': config });
  return {
    workspace,
    rows: (from: number, to: number) => workspace.parquet(`in/t/${from}.parquet`, `select range::bigint as id from range(${from}, ${to})`),
    async hygge(...args: readonly string[]) {
      const { code, events, stdout } = await workspace.run([...args, '--output', 'json']);
      const codes = events.flatMap((event) => (event.event === 'error' ? [event.code] : []));
      return { code, codes, stdout, summary: events.at(-1) as Record<string, unknown> | undefined };
    },
    settled: () => duck(`select count(*)::int as rows, count(distinct id)::int as ids from '${lake.path('lake', folder, 't')}/*.parquet'`),
    [Symbol.dispose]: () => workspace[Symbol.dispose](),
  };
}

test.each([
  { way: 'reset f.t', run: ['reset', 'f.t', '--yes'] },
  { way: 'reset f.t --adopt', run: ['reset', 'f.t', '--adopt', '--watermark', '9', '--yes'] },
])('a head whose files are in another folder is ignored, and $way ends in all rows', async ({ way, run }) => {
  using lake = new TestWorkspace();
  using dev = scene(lake, 'dev');
  using prod = scene(lake, 'prod');
  for (const one of [dev, prod]) {
    await one.rows(0, 10);
    expect((await one.hygge('go')).summary).toMatchObject({ pass: 1, rows: 10 });
  }
  await dev.rows(10, 40);
  const stopped = await dev.hygge('go');
  expect(stopped.codes).toEqual(['HYG-2003']);
  expect(stopped.stdout).toContain(way);
  expect((await dev.hygge(...run)).code).toBe(0);
  expect((await dev.hygge('go')).summary).toMatchObject({ pass: 1 });
  expect(await dev.settled()).toEqual([{ rows: 40, ids: 40 }]);
  expect(await prod.settled()).toEqual([{ rows: 10, ids: 10 }]);
});
