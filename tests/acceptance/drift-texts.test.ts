import { describe, expect, it } from 'vitest';
import type { EventOf } from '../../src/narrate/run/running-entity.ts';
import { duck } from '../support/duck.ts';
import type { Run } from '../support/run-hygge.ts';
import { TestWorkspace } from '../support/workspace.ts';

/** A header and rows. */
const written = (rows: readonly Readonly<Record<string, unknown>>[]) =>
  [Object.keys(rows[0] ?? {}), ...rows.map(Object.values)].map((fields) => `${fields.join(',')}\n`).join('');

const incremental = 'run_type: incremental\nwatermark: { column: id }\n';

const go = (workspace: TestWorkspace) => workspace.run(['go', '--output', 'json']);
const driftOf = (run: Run) => (run.events.find((event) => event.event === 'plan') as EventOf<'plan'> | undefined)?.drift ?? [];

async function columnsOf(workspace: TestWorkspace): Promise<readonly string[]> {
  const columns = await duck(`describe from read_parquet('${workspace.path('lake')}/*.parquet', union_by_name = true)`);
  return columns.map(({ column_name, column_type }) => `${column_name} ${column_type}`);
}

/** By name, as readers of a manifest do; an incremental run leaves files with the columns of their day. */
async function rowsOf(workspace: TestWorkspace): Promise<readonly unknown[]> {
  return duck(`from read_parquet('${workspace.path('lake')}/*.parquet', union_by_name = true) order by id`);
}

describe('an incremental run with nothing configured', () => {
  const file = 'in.csv';

  async function settled(): Promise<TestWorkspace> {
    const workspace = new TestWorkspace({
      'flows/f/flow.yml': `home: ${file}\nstore: lake\n${incremental}`,
      [file]: written([
        { id: 1, n: 10, t: 'a' },
        { id: 2, n: 20, t: 'b' },
      ]),
    });
    expect((await go(workspace)).code).toBe(0);
    return workspace;
  }

  it('carries a new column along, and warns of it', async () => {
    using workspace = await settled();
    workspace.write({
      [file]: written([
        { id: 1, n: 10, t: 'a', late: true },
        { id: 2, n: 20, t: 'b', late: false },
        { id: 3, n: 30, t: 'c', late: true },
      ]),
    });
    const run = await go(workspace);
    expect(run.events.at(-1)).toMatchObject({ warn: 1, error: 0 });
    expect(driftOf(run)).toMatchObject([{ kind: 'added', column: 'late', policy: 'add_columns: auto', severity: 'warn' }]);
    expect(await columnsOf(workspace)).toEqual(['id BIGINT', 'n BIGINT', 't VARCHAR', 'late BOOLEAN']);
    expect(await rowsOf(workspace)).toEqual([
      { id: '1', n: '10', t: 'a', late: null },
      { id: '2', n: '20', t: 'b', late: false },
      { id: '3', n: '30', t: 'c', late: true },
    ]);
  });

  it('keeps a column that is gone, with nulls', async () => {
    using workspace = await settled();
    for (const last of [3, 4]) {
      workspace.write({ [file]: written(Array.from({ length: last }, (_, i) => ({ id: i + 1, t: `t${i + 1}` }))) });
      const run = await go(workspace);
      expect(run.code, run.stdout).toBe(0);
      expect(driftOf(run)).toMatchObject([{ kind: 'removed', column: 'n', severity: 'warn' }]);
      expect(run.events.at(-1)).toMatchObject({ warn: 1 });
    }
    expect(await columnsOf(workspace)).toEqual(['id BIGINT', 'n BIGINT', 't VARCHAR']);
    expect(await rowsOf(workspace)).toEqual([
      { id: '1', n: '10', t: 'a' },
      ...[2, 3, 4].map((id) => ({ id: `${id}`, n: null, t: `t${id}` })),
    ]);
  });
});

/** What each policy makes of the columns and values of a second run, whose `n` is a fraction or a text and which lacks `gone`. */
const policies: readonly (readonly [string, string, string, readonly string[], readonly unknown[]])[] = [
  ['type_changes: warn', 'int64', '7::bigint', ['id BIGINT', 'n INTEGER', 'gone VARCHAR'], [1, 7]],
  ['type_changes: new_column', 'string', "'x'", ['id BIGINT', 'n INTEGER', 'gone VARCHAR', 'n_string VARCHAR'], [1, null]],
  ['type_changes: widen, remove_columns: null_fill', 'int64', '7::bigint', ['id BIGINT', 'n BIGINT', 'gone VARCHAR'], ['1', '7']],
];

it.each(policies)('schema_evolution: { %s } settles a column that became %s', async (policy, _type, value, columns, values) => {
  using workspace = new TestWorkspace({
    'flows/f/flow.yml': `home: in.parquet\nstore: lake\n${incremental}schema_evolution: { ${policy} }\n`,
  });
  await workspace.parquet('in.parquet', "select 1::bigint as id, 1::integer as n, 'g' as gone");
  expect((await go(workspace)).code).toBe(0);
  await workspace.parquet('in.parquet', `select 2::bigint as id, ${value} as n`);
  const run = await go(workspace);
  expect(run.code, run.stdout).toBe(0);
  expect(await columnsOf(workspace)).toEqual(columns);
  const rows = (await rowsOf(workspace)) as readonly Readonly<Record<string, unknown>>[];
  expect(rows.map(({ n }) => n)).toEqual(values);
  expect(rows.map(({ gone }) => gone)).toEqual(['g', null]);
  if (policy.includes('new_column')) expect(rows.map(({ n_string: text }) => text)).toEqual([null, 'x']);
});

it.each([
  ['a cast that does not fit', "'x'", 'type_changes: cast', 'HYG-2023'],
  ['what no type can store both of', "'x'", 'type_changes: widen', 'HYG-2012'],
])('%s stops the run, and what settled stays', async (_, value, policy, code) => {
  using workspace = new TestWorkspace({ 'flows/f/flow.yml': `home: in.parquet\nstore: lake\nschema_evolution: { ${policy} }\n` });
  await workspace.parquet('in.parquet', 'select 1::bigint as id, 1::integer as n');
  expect((await go(workspace)).code).toBe(0);
  await workspace.parquet('in.parquet', `select 2::bigint as id, ${value} as n`);
  expect((await go(workspace)).events.find(({ event }) => event === 'error')).toMatchObject({ code });
  expect(await rowsOf(workspace)).toEqual([{ id: '1', n: 1 }]);
});
