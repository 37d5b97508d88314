import { expect, it } from 'vitest';
import { duck } from '../support/duck.ts';
import { seeded } from '../support/kill-rounds.ts';
import { TestWorkspace } from '../support/workspace.ts';

const flow = {
  'flows/f/flow.yml':
    'home: { path: in }\nstore: { path: lake, partition_by: [kind, day] }\nrun_type: incremental\nwatermark: { column: day }\n',
};

/** Days of rows in folders, with ties at the newest; kinds that mean something in paths. */
async function write(workspace: TestWorkspace, from: number, to: number): Promise<void> {
  const kind = "case range % 4 when 0 then null when 1 then 'a/b' when 2 then '..' else 'æ%' end";
  await duck(
    `copy (select range as id, date '2026-01-01' + (range // 9000)::int as day, ${kind} as kind, md5(range::varchar) as noise from range(${from}, ${to}))
     to '${workspace.path('in')}' (format parquet, partition_by (day), overwrite_or_ignore, filename_pattern 'part_${from}_{i}', row_group_size 2048)`,
  );
}

const read = (workspace: TestWorkspace, folder: string) =>
  `(select id, day::varchar as day, kind, noise from read_parquet('${workspace.path(folder)}/**/*.parquet', hive_partitioning = true, hive_types_autocast = false))`;

it('killed at random moments, a partitioned source settles whole in a partitioned destination', { timeout: 180_000 }, async () => {
  using workspace = new TestWorkspace(flow);
  const fraction = seeded(20261121);
  let hit = 0;
  let usualMs = 900;
  for (let round = 0; round < 16; round++) {
    if (round % 4 === 0) await write(workspace, round * 5_000, (round + 4) * 5_000);
    const startedAt = performance.now();
    const running = workspace.start(['go', '--output', 'json']);
    const timer = setTimeout(() => running.kill('SIGKILL'), fraction() * usualMs * 1.1);
    const { signal, code } = await running.done;
    clearTimeout(timer);
    if (signal === 'SIGKILL') hit++;
    else {
      expect(code).toBe(0);
      usualMs = (usualMs + performance.now() - startedAt) / 2;
    }
  }
  expect((await workspace.run(['go', '--output', 'json'])).code).toBe(0);
  expect((await workspace.run(['go', '--output', 'json'])).events.at(-1)).toMatchObject({ skip: 1 });
  const [lake, source] = [read(workspace, 'lake'), read(workspace, 'in')];
  expect(
    await duck(`select count(*)::int n from ((from ${lake} except all from ${source}) union all (from ${source} except all from ${lake}))`),
  ).toEqual([{ n: 0 }]);
  expect(await duck(`select count(*)::int n from ${lake}`)).toEqual([{ n: 80_000 }]);
  expect([...workspace.tree('.').keys()].filter((path) => /staging|\/plans\/|\/receipts\/|\/intents\/|\.hygge-tmp-/.test(path))).toEqual(
    [],
  );
  expect(hit).toBeGreaterThan(5);
});
