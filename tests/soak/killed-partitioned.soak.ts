import { expect, it } from 'vitest';
import { duck } from '../support/duck.ts';
import { type Growing, killRounds, seeded } from '../support/kill-rounds.ts';
import { SEED } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';

const flow = {
  'flows/f/flow.yml':
    'home: { path: in }\nstore: { path: lake, partition_by: [kind, day] }\nrun_type: incremental\nwatermark: { column: day }\n',
};

const read = (folder: string) =>
  `(select id, day::varchar as day, kind, noise from read_parquet('${folder}/**/*.parquet', hive_partitioning = true, hive_types_autocast = false))`;

/** Days of rows in folders, with ties at the newest; kinds that mean something in paths. */
const growingFolders: Growing = {
  step: 20_000,
  async write(workspace, from, to) {
    const kind = "case range % 4 when 0 then null when 1 then 'a/b' when 2 then '..' else 'æ%' end";
    await duck(
      `copy (select range as id, date '2026-01-01' + (range // 9000)::int as day, ${kind} as kind, md5(range::varchar) as noise from range(${from}, ${to}))
       to '${workspace.path('in')}' (format parquet, partition_by (day), overwrite_or_ignore, filename_pattern 'part_${from}_{i}', row_group_size 2048)`,
    );
  },
  source: (workspace) => read(workspace.path('in')),
  listed: (workspace) => read(workspace.path('lake')),
};

it('killed at random moments, a partitioned source settles whole in a partitioned destination', async () => {
  using workspace = new TestWorkspace(flow);
  const { hit } = await killRounds(workspace, 40, seeded(SEED), growingFolders);
  expect(hit).toBeGreaterThan(10);
});
