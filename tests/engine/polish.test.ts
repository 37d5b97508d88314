import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { EventOf } from '../../src/narrate/run/running-entity.ts';
import { duck } from '../support/duck.ts';
import { TestWorkspace } from '../support/workspace.ts';

const flow = (text: string) => ({ 'flows/f/flow.yml': `home: in\nstore: lake\n${text}` });
const incremental = 'run_type: incremental\nwatermark: { column: Changed At }\n';
const polish = `polish:
  columns: { remove_special: true, case: snake }
  hash_ids: [{ name: row_id, from_columns: [Order No, Navn (kort)] }]
  constants: [{ name: source_system, value: erp }]
  timestamps: [{ name: loaded_at }]
  columns_from: { run_id: run_id, source_file: source_file }
`;
const overrides = 'schema_overrides: { Order No: "decimal(18,0)" }\n';

const orders = (from: number, to: number, more = '') =>
  `select range as "Order No", case when range % 3 = 0 then null else 'Åse ' || range end as "Navn (kort)", timestamp '2024-01-01' + interval (range // 4) minute as "Changed At"${more} from range(${from}, ${to})`;

/** What must be there, said in SQL alone. */
const expected = (folder: string) => `
  select sha256(coalesce('n' || strlen("Order No"::varchar) || ':' || "Order No" || ';', '_;') ||
    coalesce('s' || strlen("Navn (kort)") || ':' || "Navn (kort)" || ';', '_;')) as row_id,
    "Order No" as order_no, "Navn (kort)" as navn_kort, "Changed At" as changed_at, 'erp' as source_system
  from '${folder}/*.parquet' order by all`;

async function go(workspace: TestWorkspace, ...args: string[]) {
  const run = await workspace.run(['go', '--output', 'json', ...args]);
  const plan = run.events.find((event): event is EventOf<'plan'> => event.event === 'plan');
  const error = run.events.find((event): event is EventOf<'error'> => event.event === 'error');
  return { summary: run.events.at(-1), plan, error, code: run.code };
}

async function settledRows(workspace: TestWorkspace) {
  const rows = await workspace.settled('lake', 'f', 'f');
  return rows.map(({ loaded_at, run_id, source_file, ...row }) => row);
}

describe('a polished flow', () => {
  it('settles every row under its new names, with an id that SQL agrees with', async () => {
    using workspace = new TestWorkspace(flow(polish));
    await workspace.parquet('in/1.parquet', orders(0, 500));
    await workspace.parquet('in/2.parquet', orders(500, 800));
    expect((await go(workspace)).summary).toMatchObject({ pass: 1, rows: 800 });
    expect(await settledRows(workspace)).toEqual(await duck(expected(workspace.path('in'))));
    const stamps = await duck(
      `select source_file, count(*)::int as n, count(distinct run_id)::int as runs, count(distinct loaded_at)::int as times from '${workspace.path('lake')}/*.parquet' group by 1 order by 1`,
    );
    expect(stamps).toEqual([
      { source_file: 'in/1.parquet', n: 500, runs: 1, times: 1 },
      { source_file: 'in/2.parquet', n: 300, runs: 1, times: 1 },
    ]);
  });

  it('says in its plan what settles under which name, and what is added', async () => {
    using workspace = new TestWorkspace(flow(polish));
    await workspace.parquet('in/1.parquet', orders(0, 5));
    const { plan } = await go(workspace, '--dry-run');
    expect(plan?.schema.map(({ name, source_name, source_type, store_type }) => [name, source_name, source_type, store_type])).toEqual([
      ['row_id', null, 'sha256 of "Order No", "Navn (kort)"', 'string'],
      ['order_no', 'Order No', expect.stringContaining('INT64'), 'int64'],
      ['navn_kort', 'Navn (kort)', expect.stringContaining('BYTE_ARRAY'), 'string'],
      ['changed_at', 'Changed At', expect.stringContaining('INT64'), 'timestamp[us]'],
      ['source_system', null, 'constant', 'string'],
      ['loaded_at', null, 'start of the run', 'timestamp[us, UTC]'],
      ['run_id', null, 'run id', 'string'],
      ['source_file', null, 'source file', 'string'],
    ]);
  });
});

describe('an incremental run whose watermark column is renamed', () => {
  it('goes on from what settled, replaces rows at the watermark, and keeps the statistics of the column', async () => {
    using workspace = new TestWorkspace(flow(incremental + polish));
    await workspace.parquet('in/1.parquet', orders(0, 98));
    expect((await go(workspace)).summary).toMatchObject({ pass: 1, rows: 98 });
    expect((await go(workspace)).summary).toMatchObject({ skip: 1, rows: 0 });
    // Rows 98 and 99 have the watermark's own value.
    await workspace.parquet('in/2.parquet', orders(98, 200));
    expect((await go(workspace)).summary).toMatchObject({ pass: 1, rows: 102 });
    expect(await settledRows(workspace)).toEqual(await duck(expected(workspace.path('in'))));
    const head = JSON.parse(readFileSync(workspace.path('lake/_hygge/f/f/current.json'), 'utf8')) as {
      files: { role: string; min?: string; max?: string }[];
    };
    expect(head.files.find(({ role }) => role === 'boundary')).toMatchObject({
      min: '2024-01-01T00:49:00.000000',
      max: '2024-01-01T00:49:00.000000',
    });
  });

  it.each([['case: snake', 'case: pascal', 'column OrderNo (int64) is new']])(
    'stops when polish says %s no longer, but %s',
    async (was, is, why) => {
      using workspace = new TestWorkspace(flow(incremental + polish));
      await workspace.parquet('in/1.parquet', orders(0, 8));
      await go(workspace);
      workspace.write(flow(incremental + polish.replace(was, is)));
      await workspace.parquet('in/2.parquet', orders(8, 12));
      const { error } = await go(workspace);
      expect(error).toMatchObject({ code: 'HYG-2012', what: expect.stringContaining('as polish leaves them') });
      expect(error?.why).toContain(why);
      expect((await go(workspace, '-d')).summary).toMatchObject({ pass: 1, rows: 12 });
    },
  );

  it('stops at another constant as well where schema_overrides says a type, and a full load takes the new shape', async () => {
    using workspace = new TestWorkspace(flow(incremental + polish + overrides));
    await workspace.parquet('in/1.parquet', orders(0, 8));
    await go(workspace);
    workspace.write(flow(incremental + polish.replace('name: source_system', 'name: system') + overrides));
    await workspace.parquet('in/2.parquet', orders(8, 12));
    const { error } = await go(workspace);
    expect(error).toMatchObject({ code: 'HYG-2012', why: expect.arrayContaining(['column source_system is gone']) });
    expect((await go(workspace, '-d')).summary).toMatchObject({ pass: 1, rows: 12 });
  });
});

describe('two columns that want one name', () => {
  const columns = 'polish: { columns: { case: snake } }\n';
  const namesIn = async (workspace: TestWorkspace) =>
    (await duck(`describe select * from '${workspace.path('lake')}/*.parquet'`)).map(({ column_name }) => column_name);

  it('warn once, and the one that settled first keeps its name wherever the other comes', async () => {
    using workspace = new TestWorkspace(flow(columns));
    await workspace.parquet('in/1.parquet', 'select 1 as "Order No", 2 as total');
    expect((await go(workspace)).summary).toMatchObject({ pass: 1 });
    await workspace.parquet('in/1.parquet', 'select 0 as order_no, 1 as "Order No", 2 as total');
    const { summary, plan } = await go(workspace);
    expect(summary).toMatchObject({ warn: 1 });
    expect(plan?.warnings).toContainEqual(
      expect.stringMatching(/^column "order_no" settles as order_no_[0-9a-f]{6}: another column has the name order_no$/),
    );
    expect(await namesIn(workspace)).toEqual(['order_no', 'total', expect.stringMatching(/^order_no_[0-9a-f]{6}$/)]);
    const again = await go(workspace);
    expect(again.summary).toMatchObject({ pass: 1, warn: 0 });
    expect(again.plan?.warnings.join()).toContain('another column has the name order_no');
  });
});

describe('polish that cannot be done stops the run before a row is read', () => {
  it.each([
    ['hash_ids: [{ name: id, from_columns: [Ordr No] }]', 'HYG-2021', 'Did you mean "Order No"?'],
    ['hash_ids: [{ name: order no, from_columns: [Order No] }]', 'HYG-2022', 'another name'],
    ['columns: { case: snake }, constants: [{ name: order_no, value: 1 }]', 'HYG-2022', 'another name'],
  ])('%s', async (text, code, fix) => {
    using workspace = new TestWorkspace(flow(`polish: { ${text} }\n`));
    await workspace.parquet('in/1.parquet', orders(0, 5));
    const before = workspace.tree('in');
    const { error, code: exit } = await go(workspace);
    expect([exit, error?.code, error?.tryThis.join(' ')]).toEqual([1, code, expect.stringContaining(fix)]);
    expect((await go(workspace, '--dry-run')).error?.code).toBe(code);
    expect([...workspace.tree().keys()].filter((path) => path.startsWith('lake'))).toEqual([]);
    expect(workspace.tree('in')).toEqual(before);
  });
});
