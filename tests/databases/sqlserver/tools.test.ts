import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DuckdbTestFile } from '../../support/duckdb-file.ts';
import { inProcess } from '../../support/in-process.ts';
import type { MemoryDatabase } from '../../support/sqlserver.ts';
import type { Answer, TdsRequest } from '../../support/tds/session.ts';
import { TestWorkspace } from '../../support/workspace.ts';
import { connectionOf, served } from './support.ts';

let workspace: TestWorkspace;
beforeEach(() => {
  workspace = new TestWorkspace();
});
afterEach(() => workspace[Symbol.dispose]());

const hygge = async (...args: readonly string[]) => {
  const { code, stdout, stderr } = await inProcess(args, workspace.root, {});
  return { code, stdout, text: stdout + stderr };
};

const orders: MemoryDatabase['tables'][number] = {
  name: 'sales.orders',
  columns: { id: 'int not null', updated_at: 'datetime2(7) not null', placed: 'datetime', version: 'rowversion not null' },
  rows: [['1', '2026-01-01 00:00:00.1234567', '2026-01-01 00:00:00.000', Buffer.from('00000000000007d0', 'hex')]],
  keys: ['id'],
  indexed: ['updated_at'],
};

test('entities of its tables, with keys and what may tell new rows; and a run of them settles', async () => {
  await using database = await served({
    tables: [
      orders,
      { name: 'dbo.totals', columns: { a: 'int' }, rows: [], kind: 'V' },
      { name: 'sales.returns', columns: { a: 'int' }, rows: [], unreadable: true },
    ],
  });
  workspace.write({
    'hygge.yml': `name: w\n${connectionOf(database)}`,
    'flows/f/flow.yml': 'home: { connection: erp }\nstore: out\n',
  });
  const made = await hygge('generate', 'entities', '--flow', 'f', '--schema', 'sales');
  expect(made).toMatchObject({ code: 0 });
  expect(made.text).toContain('! 1 of 2 tables can be read; left out: sales.returns (no right to read).');
  expect(readFileSync(workspace.path('flows/f/entities/orders.yml'), 'utf8').split('\n').slice(1)).toEqual([
    ...['name: orders', 'home: { table: "sales.orders" }', '', expect.stringMatching(/^# table sales\.orders, ~1 row, ~100 bytes$/)],
    ...['# primary key: id', '', '# Only new rows, by a column whose values increase:', '# run_type: incremental'],
    '# watermark: { column: version, key: [id] }',
    '#   version: rowversion, without an index: each run reads the whole table; the database updates it when the row changes',
    '#   or updated_at: datetime2(7), indexed; by its name, it is updated when the row changes',
    '#   or placed: datetime, without an index: each run reads the whole table; may be null; a time: each change of a row must update this time too',
    '',
  ]);
  expect(await hygge('go')).toMatchObject({ code: 0, text: expect.stringContaining('PASS=1') });
  expect(await hygge('init', '--from', 'erp', '--tables', 'sales.*', '--yes')).toMatchObject({ code: 0 });
  expect(readFileSync(workspace.path('flows/erp/entities/orders.yml'), 'utf8')).toContain(
    'run_type: incremental\nwatermark: { column: version, key: [id] }\n# or by updated_at: datetime2(7), indexed; by its name',
  );
  expect(await hygge('go', '-f', 'erp')).toMatchObject({ code: 0, text: expect.stringContaining('PASS=1') });
});

test('the DDL of a file and of an entity is what a table for its columns needs, with a key where one can be', async () => {
  using file = new DuckdbTestFile();
  await file.sql('create table others (a int)');
  await workspace.parquet(
    'in/a.parquet',
    `select 1::bigint as id, 'a' as code, 1.5::decimal(18,4) as amount, timestamp '2026-01-01' as at, timestamptz '2026-01-01' as seen, true as open, 'x'::blob as raw`,
  );
  const columns = ['[amount] decimal(18,4)', '[at] datetime2(6)', '[seen] datetimeoffset(6)', '[open] bit', '[raw] varbinary(max)'];
  const made = (...lines: readonly string[]) => `create table [sales].[orders] (\n  ${lines.join(',\n  ')}\n);\n`;
  const ofFile = await hygge('generate', 'ddl', '--input', 'in/a.parquet', '--table', 'sales.orders', '--dialect', 'sqlserver');
  expect(ofFile).toMatchObject({ code: 0, stdout: made('[id] bigint', '[code] nvarchar(max)', ...columns) });
  const flow = (key: string) =>
    workspace.write({
      'hygge.yml': 'name: w\n',
      'flows/f/flow.yml': `home: in\nstore: { type: duckdb, path: ${file.path} }\nrun_type: incremental\nwatermark: { column: at, key: [${key}] }\n`,
    });
  const ofEntity = async () =>
    (await hygge('generate', 'ddl', '--entity', 'f.f', '--table', 'sales.orders', '--dialect', 'sqlserver')).stdout;
  flow('id');
  expect(await ofEntity()).toBe(made('[id] bigint', '[code] nvarchar(max)', ...columns, 'unique ([id])'));
  flow('code');
  expect(await ofEntity()).toBe(
    `-- No key: nvarchar(max) can’t be in a key. Name its length: schema_overrides: { code: … }\n${made('[id] bigint', '[code] nvarchar(max)', ...columns)}`,
  );
});

/** Takes every statement of a file, but those that say fail. */
const taking =
  (seen: string[]) =>
  ({ sql }: TdsRequest): Answer | undefined => {
    if (/^(SET XACT|IF @@TRANCOUNT|COMMIT TRAN|SELECT CONVERT)/.test(sql)) {
      if (/^(IF @@TRANCOUNT > 0 ROLLBACK|COMMIT)/.test(sql)) seen.push(sql);
      return sql.includes('ROLLBACK') ? { transaction: 'rollback' } : undefined;
    }
    if (/^set (ansi|quoted|textsize|dateformat)/i.test(sql)) return undefined;
    seen.push(sql);
    return sql.includes('fail') ? { error: { number: 208, message: "Invalid object name 'fail'." } } : { columns: {}, rows: [] };
  };

test('a file goes batch by batch, in one transaction or not at all', async () => {
  const seen: string[] = [];
  await using database = await served({ tables: [], before: taking(seen) });
  workspace.write({
    'hygge.yml': `name: w\n${connectionOf(database)}`,
    'a.sql': 'create table dbo.a (id int);\ninsert into dbo.a values (1)\nGO\ncreate view dbo.v as select 1 as one\nGO\n',
    'b.sql': 'create table dbo.a (id int)\nGO\nselect * from fail\nGO\nselect 3',
  });
  const done = await hygge('apply', 'a.sql', '--connection', 'erp');
  expect(done).toMatchObject({ code: 0, text: expect.stringContaining('2 statements done, in one transaction.') });
  expect(seen).toEqual([
    'create table dbo.a (id int);\ninsert into dbo.a values (1)',
    'create view dbo.v as select 1 as one',
    'COMMIT TRANSACTION;',
  ]);
  seen.length = 0;
  const failed = await hygge('apply', 'b.sql', '--connection', 'erp');
  expect(failed).toMatchObject({
    code: 1,
    text: expect.stringContaining('HYG-4260 Statement 2 of 3 failed, in line 3: select * from fail'),
  });
  expect(failed.text).toContain('Everything was rolled back: nothing is done.');
  expect(seen).toEqual(['create table dbo.a (id int)', 'select * from fail', expect.stringContaining('ROLLBACK')]);
});
