import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EventOf } from '../../src/narrate/run/running-entity.ts';
import { duck } from '../support/duck.ts';
import type { Run } from '../support/run-hygge.ts';
import { TestWorkspace } from '../support/workspace.ts';

const flow = (more: { readonly store?: string; readonly mark?: string; readonly runType?: string } = {}) => ({
  'flows/f/flow.yml': `home: in\nstore: ${more.store ?? 'lake'}\nrun_type: ${more.runType ?? 'incremental'}\n${more.mark === '' ? '' : `watermark: { ${more.mark ?? 'column: seen'} }\n`}`,
});

/** 1,000 rows over 100 days, of which every tenth shares its instant with the one before. */
const orders = (version: string, where = 'true') =>
  `select range as id, timestamp '2024-01-01' + interval (range // 10) day + interval (range % 10 // 2) hour as seen, '${version}' as v from range(1000) where ${where}`;
const january = `seen >= timestamp '2024-01-10' and seen < timestamp '2024-02-01'`;

const name = 'f.f';
const inRange = ['--from', '2024-01-10', '--to', '2024-02-01'] as const;

function summaryOf(run: Run): EventOf<'summary'> {
  const last = run.events.at(-1);
  if (last?.event !== 'summary') throw new Error(run.stdout + run.stderr);
  return last;
}

async function backfill(workspace: TestWorkspace, ...args: readonly string[]): Promise<EventOf<'summary'>> {
  return summaryOf(await workspace.run(['backfill', name, ...args, '--output', 'json']));
}

const settled = (workspace: TestWorkspace) => workspace.settled('lake', 'f', 'f');

async function loaded(files = flow()): Promise<TestWorkspace> {
  const workspace = new TestWorkspace(files);
  await workspace.parquet('in/1.parquet', orders('old'));
  expect((await workspace.run(['go'])).code).toBe(0);
  return workspace;
}

/** The past of the source: other values, rows that are gone, rows that came late. */
async function pastChanges(workspace: TestWorkspace): Promise<void> {
  const late = `select 5000 + range as id, timestamp '2024-01-20 07:00:00' as seen, 'late' as v from range(7)`;
  await workspace.parquet('in/1.parquet', `(${orders('new', 'range % 7 <> 0')}) union all (${late})`);
}

/** What has to be there: outside of the range as it was, inside as the source has it now. */
const expected = (workspace: TestWorkspace, where: string) =>
  duck(
    `select * from (select * from (${orders('old')}) where not (${where}) union all select * from '${workspace.path('in/1.parquet')}' where ${where}) order by all`,
  );

describe('hygge backfill', () => {
  it('brings a range to what the source has there now, and leaves everything else as it settled', async () => {
    using workspace = await loaded();
    await pastChanges(workspace);
    const summary = await backfill(workspace, ...inRange);
    expect(summary).toMatchObject({ pass: 1, error: 0, total: 1, backfill: { column: 'seen', chunks: 1, done: 1 } });
    expect(await settled(workspace)).toEqual(await expected(workspace, january));
    const change = (await settled(workspace)).length - 1000;
    expect(summary.rows).toBe(change);
    // The next live run looks again at what lies at the watermark, and only at that.
    expect((await workspace.run(['go'])).code).toBe(0);
    expect(await settled(workspace)).toEqual(await expected(workspace, `${january} or seen = timestamp '2024-04-09 04:00:00'`));
  });

  it('tells what it would do and writes nothing', async () => {
    using workspace = await loaded();
    await pastChanges(workspace);
    const before = workspace.tree();
    const run = await workspace.run(['backfill', name, ...inRange, '--chunk', '1w', '--dry-run']);
    expect(run.code).toBe(0);
    expect(run.stdout).toContain('2024-01-10 ≤ seen < 2024-02-01');
    expect(run.stdout).toMatch(/replaces {2}the rows with seen from 2024-01-10/);
    expect(workspace.tree()).toEqual(before);
    const json = await workspace.run(['backfill', name, ...inRange, '--dry-run', '--output', 'json']);
    expect(json.events.map(({ event }) => event)).toEqual(['plan', 'summary']);
    expect(json.events[0]).toMatchObject({ mode: 'backfill', window: { upper_excluded: true } });
  });

  it('names the watermark where it found no row below it, since the rows there may be gone from the source', async () => {
    using workspace = new TestWorkspace({
      'flows/f/flow.yml': 'home: in/*.csv\nstore: lake\nrun_type: incremental\nwatermark: { column: day }\n',
      'in/a.csv': 'day,v\n2024-01-03,a\n',
    });
    await workspace.run(['go']);
    workspace.write({ 'in/a.csv': 'day,v\n' });
    const past = (to: string) => workspace.run(['backfill', name, '--from', '2024-01-01', '--to', to]);
    expect((await past('2024-02-01')).stdout).toContain('no rows below the watermark 2024-01-03, neither in the source nor settled');
    expect((await past('2024-01-02')).stdout).toContain('  no rows, neither in the source nor settled');
    expect(await settled(workspace)).toHaveLength(1);
  });

  it('rewrites files in place of which no step finds the old rows: exactly the files of the head lie there', async () => {
    using workspace = await loaded(flow({ store: '{ path: lake, partition_by: [v] }' }));
    await pastChanges(workspace);
    expect(await backfill(workspace, ...inRange, '--chunk', '1w')).toMatchObject({ error: 0 });
    const { files } = JSON.parse(readFileSync(workspace.path('lake/_hygge/f/f/current.json'), 'utf8')) as { files: { name: string }[] };
    const lying = [...workspace.tree('lake').keys()].filter((path) => path.endsWith('.parquet')).map((path) => path.slice('lake/'.length));
    expect(lying.sort()).toEqual(files.map(({ name: path }) => path).sort());
    const all = `read_parquet('${workspace.path('lake')}/**/*.parquet', hive_partitioning = true)`;
    expect(await duck(`select id, seen, v from ${all} order by all`)).toEqual(await expected(workspace, january));
  });
});

describe('hygge backfill says what is wrong with what was asked', () => {
  let workspace: TestWorkspace;
  beforeAll(async () => {
    workspace = await loaded();
  });
  afterAll(() => workspace[Symbol.dispose]());

  it.each([
    [['--from', '2024-02-01', '--to', '2024-01-01'], 'HYG-1911', 2],
    [['--from', 'yesterday', '--to', '2024-01-01'], 'HYG-1911', 2],
    [['--from', '2024-01-01', '--to', '2024-01-01T00:00:00+02:00'], 'HYG-1911', 2],
    [[...inRange, '--chunk', '7'], 'HYG-1912', 2],
    [[...inRange, '--chunk', '1s'], 'HYG-1912', 2],
    [['--from', '2025-01-01', '--to', '2026-01-01'], 'HYG-2033', 1],
    [['--from', '2024-01-01'], 'HYG-1901', 2],
  ] as const)('%j, and leaves everything as it is', async (args, code, exit) => {
    const before = workspace.tree();
    const run = await workspace.run(['backfill', name, ...args]);
    expect(run.code).toBe(exit);
    expect(run.stderr).toContain(code);
    expect(workspace.tree()).toEqual(before);
  });
});
