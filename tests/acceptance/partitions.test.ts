import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { duck } from '../support/duck.ts';
import type { Run } from '../support/run-hygge.ts';
import { TestWorkspace } from '../support/workspace.ts';

const go = (workspace: TestWorkspace, ...args: string[]) => workspace.run(['go', '--output', 'json', ...args]);
const last = (run: Run) => run.events.at(-1);
const errorOf = (run: Run) => run.events.find((event) => event.event === 'error');
const flow = (home: string, store: string, more = '') => ({
  'flows/f/flow.yml': `home: { path: in${home} }\nstore: { path: lake${store} }\n${more}`,
});

/** Every row that a reader of the folder finds by Hive's rules, folders as text. */
async function byHive(workspace: TestWorkspace, columns: string): Promise<readonly string[]> {
  const all = `read_parquet('${workspace.path('lake')}/**/*.parquet', hive_partitioning = true, hive_types_autocast = false)`;
  return (await duck(`select ${columns} from ${all} order by all`)).map((row) => JSON.stringify(row));
}

async function sourceRows(workspace: TestWorkspace, columns: string): Promise<readonly string[]> {
  const all = `read_parquet('${workspace.path('in')}/**/*.parquet', hive_partitioning = true, hive_types_autocast = false)`;
  return (await duck(`select ${columns} from ${all} order by all`)).map((row) => JSON.stringify(row));
}

const sales = `select range as id, date '2026-01-01' + (range % 5)::int as day, case when range % 7 = 0 then null else 'shop ' || (range % 3) || '/x' end as shop, md5(range::varchar) as note`;

async function partitionedSource(workspace: TestWorkspace, from: number, to: number): Promise<void> {
  await duck(
    `copy (${sales} from range(${from}, ${to})) to '${workspace.path('in')}' (format parquet, partition_by (day), overwrite_or_ignore, filename_pattern 'part_${from}_{i}')`,
  );
}

describe('a partitioned source into a partitioned destination', () => {
  it('arrives whole, in other partitions than it came from', async () => {
    using workspace = new TestWorkspace(flow('', ', partition_by: [shop]'));
    await partitionedSource(workspace, 0, 500);
    expect(last(await go(workspace))).toMatchObject({ pass: 1, rows: 500 });
    const columns = 'id, note, shop, day::varchar as day';
    expect(await byHive(workspace, columns)).toEqual(await sourceRows(workspace, columns));
    expect(readdirSync(workspace.path('lake')).sort()).toEqual([
      '_hygge',
      'shop=__HIVE_DEFAULT_PARTITION__',
      'shop=shop 0%2Fx',
      'shop=shop 1%2Fx',
      'shop=shop 2%2Fx',
    ]);
  });

  it('incremental by the date of its folders takes only what is new', async () => {
    using workspace = new TestWorkspace(flow('', ', partition_by: [day, shop]', 'run_type: incremental\nwatermark: { column: day }\n'));
    await partitionedSource(workspace, 0, 500);
    expect(last(await go(workspace))).toMatchObject({ pass: 1, rows: 500, entities: [{ watermark: '2026-01-05' }] });
    expect(last(await go(workspace))).toMatchObject({ skip: 1, rows: 0 });
    await duck(
      `copy (select range as id, date '2026-01-05' + (range % 2)::int as day, 'late' as shop, 'n' as note from range(10)) to '${workspace.path('in')}' (format parquet, partition_by (day), overwrite_or_ignore, filename_pattern 'late_{i}')`,
    );
    expect(last(await go(workspace))).toMatchObject({ pass: 1, rows: 10, entities: [{ watermark: '2026-01-06' }] });
    const columns = 'id, note, shop, day::varchar as day';
    expect(await byHive(workspace, columns)).toEqual(await sourceRows(workspace, columns));
    expect(last(await go(workspace))).toMatchObject({ skip: 1 });
  });
});

describe('what was decided about folders settles', () => {
  it('so a folder of another kind stops the next run; reset decides anew', async () => {
    using workspace = new TestWorkspace(flow('', '', 'run_type: incremental\n'));
    await workspace.parquet('in/year=2025/a.parquet', 'select 1 as id');
    expect(last(await go(workspace))).toMatchObject({ pass: 1, rows: 1 });
    await workspace.parquet('in/year=none/a.parquet', 'select 2 as id');
    const stopped = await go(workspace);
    expect(stopped.code).toBe(1);
    expect(errorOf(stopped)).toMatchObject({
      code: 'HYG-3209',
      tryThis: expect.arrayContaining(['Or let hygge choose a new type: hygge reset f.f, then hygge go']),
    });
    expect(await workspace.settled('lake', 'f', 'f')).toEqual([{ id: 1, year: '2025' }]);
    expect((await workspace.run(['reset', 'f.f', '--yes'])).code).toBe(0);
    expect(last(await go(workspace))).toMatchObject({ error: 0, rows: 2 });
    expect(await workspace.settled('lake', 'f', 'f')).toEqual([
      { id: 1, year: '2025' },
      { id: 2, year: 'none' },
    ]);
  });
});
