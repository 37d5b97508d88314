/** Values inside lists, structs and maps are compared wherever they settle: documents, ids, times of day, intervals, and what is empty. */
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { TestWorkspace } from '../support/workspace.ts';

const stores = {
  parquet: '{ path: lake, format: parquet }',
  ndjson: '{ path: lake, format: ndjson }',
  sqlite: '{ type: sqlite, path: d.sqlite, table: "{entity}" }',
};
const id = '7f3a4b1e-6a60-4d6c-9c11-0123456789ab';

async function settlesAsItIs(workspace: TestWorkspace): Promise<void> {
  const settled = await workspace.run(['go']);
  expect(settled.code, settled.stdout + settled.stderr).toBe(0);
  const { code, stdout, stderr } = await workspace.run(['verify', '--output', 'json']);
  expect(code, stdout + stderr).toBe(0);
  expect(stdout).not.toContain('HYG-9001');
  const event = stdout.split('\n').find((line) => line.includes('"event":"verify"')) ?? stdout;
  expect(event).toContain('"same"');
}

/** One store keeps what is nested as it is, the other one as text. */
test.each([stores.parquet, stores.sqlite])('documents of JSON, in %s', async (store) => {
  using workspace = new TestWorkspace({ 'flows/f/flow.yml': `home: { path: "in/{entity}.ndjson" }\nstore: ${store}\nentities: [e]\n` });
  const rows = [
    { id: 1, a: [{}], b: { c: {} }, d: [[{}]], e: [null], g: { l: [] }, h: { i: { j: [{ k: null }] } } },
    { id: 2, a: [], b: { c: null }, d: [[{ x: 1 }], []], e: [], g: { l: [1] }, h: { i: null } },
    { id: 3, a: null, b: {}, d: null, e: null, g: null, h: { i: { j: [{ k: 1 }, {}] } } },
  ];
  workspace.write({ 'in/e.ndjson': rows.map((row) => `${JSON.stringify(row)}\n`).join('') });
  await settlesAsItIs(workspace);
});

const values: Readonly<Record<string, string>> = {
  uuid: `uuid '${id}'`,
  uuids: `[uuid '${id}', null]`,
  spell: `interval '13 months -3 days 2 hours'`,
  spells: `[interval 1 day]`,
  map: `map {uuid '${id}': interval 1 day}`,
  maps: `[map {'a': 1}]`,
  decimals: '[1.25::decimal(38,10)]',
  time: `time '12:00:00.123456'`,
  times: `[time '12:00:00.123456']`,
  moments: `[timestamp '2026-01-01 00:00:00', null]`,
  document: `'{"b": 1, "a": [1]}'::json`,
  documents: `['{"a":1}'::json]`,
  inside: `{'d': '{"a":1}'::json, 'u': [uuid '${id}'], 't': time '01:02:03', 'n': null::int}`,
  nothing: '[null]',
};
const bytes: Readonly<Record<string, string>> = { bytes: `'\\xAA'::blob`, blobs: `['\\xAA'::blob]`, blob: `{'b': '\\xAA'::blob}` };

test.each([...Object.entries(stores)].filter(([name]) => name !== 'ndjson'))('columns of DuckDB, in %s', async (name, store) => {
  using workspace = new TestWorkspace({
    'flows/f/flow.yml': `home: { type: duckdb, path: s.duckdb, table: e }\nstore: ${store}\nentities: [e]\n`,
  });
  const all = Object.entries(name === 'ndjson' || name === 'sqlite' ? values : { ...values, ...bytes });
  const instance = await DuckDBInstance.create(workspace.path('s.duckdb'));
  const connection = await instance.connect();
  const columns = all.map(([column, value]) => `${value} as "${column}"`).join(', ');
  await connection.run(`create table e as select 1 as id, ${columns}`);
  await connection.run('insert into e (id) values (2)');
  connection.closeSync();
  instance.closeSync();
  await settlesAsItIs(workspace);
});
