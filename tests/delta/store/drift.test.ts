/** Each kind of drift under each policy, into each kind of Delta table: what another reader reads afterwards is what the documents promise. */
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { commitPath } from '../../../src/delta/log/listing.ts';
import { localTable, noChdb, startChdb } from '../../support/delta/chdb/reader.ts';
import {
  after,
  before,
  decides,
  drifts,
  type Load,
  policies,
  type SourceColumn,
  settled,
  type Table,
  type TableNow,
  theirs,
} from '../../support/delta/drift-model.ts';
import { duck } from '../../support/duck.ts';
import { here } from '../../support/here.ts';
import { sampled } from '../../support/samples.ts';
import { StoreScene } from './store-scene.ts';

const select = (columns: readonly SourceColumn[], from: number, to: number) =>
  `select ${columns.map(({ name, sql }) => `${sql} as "${name}"`).join(', ')} from range(${from}, ${to + 1}) as r(k)`;

/** A table that another program made, with a row and a column of its own. */
async function plantForeign({ table }: StoreScene): Promise<void> {
  const path = 'theirs.parquet';
  mkdirSync(join(table, '_delta_log'), { recursive: true });
  await duck(`copy (${select([...settled, theirs], 90, 90)}) to '${join(table, path)}' (format parquet)`);
  const field = (name: string, type: unknown, nullable = true) => ({ name, type, nullable, metadata: {} });
  const struct = (...fields: readonly object[]) => ({ type: 'struct', fields });
  const numbers = [field('id', 'long'), field('at', 'long'), field('a', 'integer', false)];
  const others = [field('s', 'string'), field('d', 'decimal(9,2)'), field('st', struct(field('x', 'integer'), field('y', 'string')))];
  const schemaString = JSON.stringify(struct(...numbers, ...others, field(theirs.name, 'string')));
  const format = { provider: 'parquet', options: {} };
  const { size } = statSync(join(table, path));
  const lines = [
    { commitInfo: { operation: 'CREATE TABLE AS SELECT' } },
    { protocol: { minReaderVersion: 1, minWriterVersion: 2 } },
    { metaData: { id: 'theirs', format, schemaString, partitionColumns: [], configuration: {} } },
    { add: { path, partitionValues: {}, size, modificationTime: 1, dataChange: true, stats: '{"numRecords":1}' } },
  ];
  writeFileSync(join(table, commitPath(0)), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

const chdb = startChdb();
afterAll(() => chdb[Symbol.asyncDispose]());

async function tableNow({ table }: StoreScene): Promise<TableNow> {
  const columns = await chdb.query(`describe ${localTable(table)}`);
  const rows = await chdb.query(`select * from ${localTable(table)} order by id`);
  // ClickHouse breaks the lines of a type with fields.
  const type = (text: unknown) => String(text).replaceAll(/\s+/g, ' ').replaceAll('( ', '(');
  return { columns: columns.map((one) => [String(one.name), type(one.type)]), rows };
}

/** Rows with one id come in no order. */
const inOrder = ({ columns, rows }: TableNow): TableNow => {
  const texts = rows.map((row) => JSON.stringify(Object.fromEntries(columns.map(([name]) => [name, row[name]]))));
  return { columns, rows: texts.sort().map((text) => JSON.parse(text)) };
};

const kinds: readonly (readonly [Table, Load])[] = [
  ['own', 'incremental'],
  ['own', 'full'],
  ['mapped', 'incremental'],
  ['mapped', 'full'],
  ['foreign', 'incremental'],
  ['foreign', 'keep'],
];
const cells = kinds.flatMap(([table, load]) =>
  Object.entries(drifts).flatMap(([drift, what]) =>
    Object.entries(policies)
      .filter(([, how]) => decides(how, what))
      .map(([policy, how]) => ({ table, load, drift, policy, what, how })),
  ),
);

it.skipIf(noChdb() !== '').each(sampled(cells, 79))('$table table, $load load, $drift, $policy', async ({ table, load, what, how }) => {
  const more = { own: '', mapped: ', column_mapping: name', foreign: '' }[table];
  const byTime = load === 'incremental' ? 'run_type: incremental\nwatermark: { column: at }\n' : '';
  const exists = table === 'foreign' ? 'if_exists: append\n' : '';
  const store = `home: { path: in.parquet }\nstore: { type: local, path: lake/orders, format: delta${more} }`;
  using scene = new StoreScene(`${store}\n${byTime}${exists}${how.yaml}\n`);
  if (table === 'foreign') await plantForeign(scene);
  await scene.workspace.parquet('in.parquet', select(settled, 1, 2));
  expect((await here(scene.workspace, 'go')).error).toBeUndefined();
  const { version } = scene.others.state();
  await scene.workspace.parquet('in.parquet', select(what.columns, 1, 4));
  const { error } = await here(scene.workspace, 'go');
  const wanted = after({ table, load, drift: what, policy: how });
  expect(error).toBe(typeof wanted === 'string' ? wanted : undefined);
  const [last, there] = typeof wanted === 'string' ? [version, before(table)] : [version + 1, wanted];
  expect([scene.others.state().version, inOrder(await tableNow(scene))]).toEqual([last, inOrder(there)]);
});
