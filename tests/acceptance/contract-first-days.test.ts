/** The first days of a source under a contract: columns without a value, columns that the contract does not name, another order, another case. */
import { rmSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { duck } from '../support/duck.ts';
import { TestWorkspace } from '../support/workspace.ts';

interface Days {
  readonly contract: string;
  readonly format: 'csv' | 'ndjson';
  readonly runType?: string;
}

function workspaceOf({ contract, format, runType = 'full_drop' }: Days): TestWorkspace {
  return new TestWorkspace({
    'flows/f/flow.yml': `home: { path: in, format: ${format} }\nstore: lake\nrun_type: ${runType}\nvalidation: { contract: c.yml, mode: quarantine }\n`,
    'c.yml': contract,
  });
}

async function wentWell(workspace: TestWorkspace): Promise<void> {
  for (const command of ['go', 'verify']) {
    const { code, stdout, stderr } = await workspace.run([command]);
    expect(code, stdout + stderr).toBe(0);
  }
}

const rowsOf = (workspace: TestWorkspace, order = 'id') =>
  duck(`select * from read_parquet('${workspace.path('lake')}/*.parquet', union_by_name = true) order by ${order}`);

const types: Readonly<Record<string, string>> = {
  b: 'bool',
  i1: 'int8',
  i8: 'int64',
  u8: 'uint64',
  f4: 'float32',
  f8: 'float64',
  de: 'decimal(10,2)',
  s: 'string',
  u: 'uuid',
  d: 'date',
  ti: 'time[us]',
  t: 'timestamp[us]',
  tz: 'timestamp[us, UTC]',
  du: 'duration[us]',
  bi: 'binary',
  j: 'json',
  l: 'list<int64>',
  st: 'struct<a: int64>',
};
const names = Object.keys(types);
const each = `columns:\n  id: int64\n${Object.entries(types)
  .map(([name, type]) => `  ${name}: ${JSON.stringify(type)}\n`)
  .join('')}`;

test.each([
  ['csv', `id,${names.join(',')}\n1${','.repeat(names.length)}\n`],
  ['ndjson', `${JSON.stringify({ id: 1, ...Object.fromEntries(names.map((name) => [name, null])) })}\n`],
] as const)('a column of %s without a value is of whatever type the contract says', async (format, file) => {
  using workspace = workspaceOf({ contract: each, format });
  workspace.write({ [`in/1.${format}`]: file });
  await wentWell(workspace);
  workspace.write({ [`in/2.${format}`]: file.replace('1', '2') });
  await wentWell(workspace);
  const settled = await duck(`describe select * from '${workspace.path('lake')}/*.parquet'`);
  expect(settled.find(({ column_name: name }) => name === 'de')).toMatchObject({ column_type: 'DECIMAL(10,2)' });
  expect(await rowsOf(workspace)).toHaveLength(2);
});

test('columns that the contract does not name settle on each day, in any order', async () => {
  using workspace = workspaceOf({
    contract: 'columns: { amount: { type: int64, min: 0 } }\n',
    format: 'csv',
    runType: 'incremental',
  });
  workspace.write({ 'in/1.csv': 'id,amount\n1,5\n' });
  await wentWell(workspace);
  workspace.write({ 'in/2.csv': 'amount,id\n6,2\n' });
  await wentWell(workspace);
  expect((await rowsOf(workspace)).map(({ id, amount }) => `${String(id)} ${String(amount)}`)).toEqual(['1 5', '2 6']);
});

test('a column that the contract does not name keeps the type that it settled with', async () => {
  using workspace = workspaceOf({ contract: 'columns: { amount: int64 }\n', format: 'ndjson', runType: 'incremental' });
  workspace.write({ 'in/1.ndjson': '{"amount":1,"id":1}\n' });
  await wentWell(workspace);
  workspace.write({ 'in/2.ndjson': '{"amount":2,"id":"two"}\n' });
  const { code, stdout } = await workspace.run(['go', '--output', 'json']);
  expect([code, /"code":"HYG-\d+"/.exec(stdout)?.[0]]).toEqual([1, expect.any(String)]);
});

test('a name of the contract in another case than the source has it stops the run, and each remedy ends well', async () => {
  const differs = async (contract: string) => {
    const workspace = workspaceOf({ contract, format: 'csv' });
    workspace.write({ 'in/1.csv': 'id,amount\n1,5\n' });
    return { workspace, ...(await workspace.run(['go', '--output', 'json'])) };
  };
  const contract = (name: string) => `columns: { id: int64, ${name}: { type: int64, min: 0 } }\n`;
  const { workspace, code, stdout } = await differs(contract('Amount'));
  using _ = workspace;
  expect([code, stdout]).toEqual([1, expect.stringContaining('"code":"HYG-3313"')]);
  expect(stdout).toContain('in c.yml: \\"amount\\"');
  workspace.write({ 'c.yml': contract('amount') });
  await wentWell(workspace);
  const renamed = (await differs(contract('Amount'))).workspace;
  using __ = renamed;
  renamed.write({
    'flows/f/flow.yml':
      'home: { path: in, format: csv }\nstore: lake\nvalidation: { contract: c.yml, mode: quarantine }\nmigrations: [{ rename: { "amount": "Amount" } }]\n',
  });
  await wentWell(renamed);
  expect(await rowsOf(renamed)).toMatchObject([{ Amount: '5' }]);
});

test('a column next to the contract has values in all rows of the first load, and null in the rows before it later on', async () => {
  using workspace = workspaceOf({ contract: 'columns: { id: int64 }\n', format: 'ndjson', runType: 'incremental' });
  workspace.write({ 'in/1.ndjson': '{"id":1,"a":1}\n' });
  const first = await workspace.run(['go']);
  expect([first.code, first.stdout]).toEqual([0, expect.stringContaining('+ a int64: it settles from now on (add_columns: auto)')]);
  workspace.write({ 'in/2.ndjson': '{"id":2,"a":1,"b":2}\n' });
  const second = await workspace.run(['go']);
  expect([second.code, second.stdout]).toEqual([
    0,
    expect.stringContaining('+ b int64: it settles from now on; rows settled before have null'),
  ]);
});

describe('a column next to the contract that the source no longer has', () => {
  const days = async (runType: string, policy: string) => {
    const workspace = workspaceOf({ contract: 'columns: { id: int64 }\n', format: 'csv', runType });
    workspace.write({
      'flows/f/flow.yml': `home: { path: in, format: csv }\nstore: lake\nrun_type: ${runType}\nschema_evolution: { ${policy} }\nvalidation: { contract: c.yml, mode: quarantine }\n`,
      'in/1.csv': 'id,amount,a\n1,5,x\n',
    });
    await wentWell(workspace);
    rmSync(workspace.path('in/1.csv'));
    workspace.write({ 'in/2.csv': 'id,amount\n2,6\n' });
    const { code, stdout } = await workspace.run(['go']);
    return { workspace, code, stdout };
  };

  test('stays with nulls, and each run says so, until it is back', async () => {
    const { workspace, code, stdout } = await days('incremental', '');
    using _ = workspace;
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/- a gone: it stays, and new rows have null there \(remove_columns: warn\)[\s\S]*WARN=1/),
    ]);
    expect((await rowsOf(workspace)).at(-1)).toMatchObject({ id: '2', a: null });
    rmSync(workspace.path('in/2.csv'));
    workspace.write({ 'in/3.csv': 'id,amount\n3,7\n' });
    expect((await workspace.run(['go'])).stdout).toContain('remove_columns: warn');
    rmSync(workspace.path('in/3.csv'));
    workspace.write({ 'in/4.csv': 'id,amount,a\n4,7,y\n' });
    expect((await workspace.run(['go'])).code).toBe(0);
    expect((await rowsOf(workspace)).at(-1)).toMatchObject({ id: '4', a: 'y' });
  });

  test.each([
    ['remove_columns: fail', 1, /HYG-2012[\s\S]*remove_columns/],
    ['remove_columns: ignore', 0, /PASS=1/],
  ])('with %s ends with %i', async (policy, wanted, said) => {
    const { workspace, code, stdout } = await days('full_drop', policy);
    using _ = workspace;
    expect([code, stdout]).toEqual([wanted, expect.stringMatching(said)]);
    const columns = Object.keys((await rowsOf(workspace))[0] ?? {});
    expect(columns).toEqual(wanted === 1 ? ['id', 'amount', 'a'] : ['id', 'amount']);
  });
});

test.each([
  ['ndjson', '{"id":1}\n', '{"id":2,"x":3}\n'],
  ['csv', 'id\n1\n', 'id\n2\n'],
] as const)('a source of %s without most of its optional columns is no other source: %j', async (format, first, second) => {
  const optional = ['a', 'b', 'c', 'd'].map((name) => `${name}: { type: string, optional: true }`).join(', ');
  using workspace = workspaceOf({ contract: `columns: { id: int64, ${optional} }\n`, format, runType: 'incremental' });
  workspace.write({ [`in/1.${format}`]: first });
  await wentWell(workspace);
  workspace.write({ [`in/2.${format}`]: second });
  await wentWell(workspace);
  expect((await rowsOf(workspace)).map(({ id }) => id)).toEqual(['1', '2']);
  workspace.write({ [`in/3.${format}`]: format === 'csv' ? '<html>\n<p>\n' : '{"error":"none"}\n' });
  expect((await workspace.run(['go'])).code).toBe(1);
});
