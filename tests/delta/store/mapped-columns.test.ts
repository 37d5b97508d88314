/** A store that is a Delta table with column mapping: files have other names for the columns than the table. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { localTable, noChdb, startChdb } from '../../support/delta/chdb/reader.ts';
import { duck } from '../../support/duck.ts';
import { codeOf, errorOf, flowOf, byTime, csv, StoreScene } from './store-scene.ts';

const mapped = ', column_mapping: name';

interface Field {
  readonly name: string;
  readonly type: unknown;
  readonly metadata: Readonly<Record<string, unknown>>;
}
interface Metadata {
  readonly schemaString: string;
  readonly configuration: Readonly<Record<string, string>>;
  readonly partitionColumns: readonly string[];
}

function metadataOf(scene: StoreScene): { readonly fields: readonly Field[]; readonly configuration: Metadata['configuration'] } {
  const { version } = scene.others.state();
  const lines = Array.from({ length: version + 1 }, (_, at) =>
    readFileSync(join(scene.table, '_delta_log', `${String(at).padStart(20, '0')}.json`), 'utf8').split('\n').filter(Boolean),
  ).flat();
  const found = lines.map((line) => (JSON.parse(line) as { metaData?: Metadata }).metaData).findLast((one) => one !== undefined);
  const { schemaString, configuration } = found as Metadata;
  return { fields: (JSON.parse(schemaString) as { fields: Field[] }).fields, configuration };
}

const physical = (scene: StoreScene) =>
  Object.fromEntries(metadataOf(scene).fields.map(({ name, metadata }) => [name, String(metadata['delta.columnMapping.physicalName'])]));

/** The columns of each file with their ids, by a reader that is not ours. */
async function columnsInFiles(scene: StoreScene) {
  const files = scene.others.state().files.map(({ path }) => join(scene.table, decodeURIComponent(path)));
  return Promise.all(
    files.map(async (path) => {
      const rows = await duck(`select name, field_id::varchar as id from parquet_schema('${path}') where field_id is not null`);
      return rows.map(({ name, id }) => [name, id]);
    }),
  );
}

const last = (run: { readonly events: readonly unknown[] }) => run.events.at(-1);

/** By the reader of hygge. */
async function read(scene: StoreScene, sql = 'select * from back.orders_source order by 1'): Promise<readonly unknown[]> {
  scene.workspace.write({ 'flows/back/flow.yml': `home: { path: lake, format: delta }\nstore: out\nentities: [orders]\n` });
  const run = await scene.workspace.run(['query', sql, '--output', 'json']);
  expect(run.code, run.stdout + run.stderr).toBe(0);
  return run.stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line) as unknown);
}

describe('a Delta table that maps its columns', () => {
  it('gets files, statistics and ids by physical names', async () => {
    using scene = new StoreScene(flowOf(byTime, mapped), csv([1, 1, 'a'], [2, 2, 'b']));
    expect(last(await scene.run('go'))).toMatchObject({ pass: 1, rows: 2 });
    const names = physical(scene);
    expect(Object.values(names).every((name) => /^col-[0-9a-f-]{36}$/.test(name))).toBe(true);
    const { fields, configuration } = metadataOf(scene);
    expect(configuration).toMatchObject({ 'delta.columnMapping.mode': 'name', 'delta.columnMapping.maxColumnId': '3' });
    const ids = fields.map(({ name, metadata }) => [names[name], String(metadata['delta.columnMapping.id'])]);
    for (const columns of await columnsInFiles(scene)) expect(columns).toEqual(ids);
    const [{ stats } = { stats: '' }] = scene.others.state().files;
    expect(Object.keys((JSON.parse(stats) as { nullCount: object }).nullCount)).toEqual(Object.values(names));
    console.log(JSON.stringify(await read(scene)));
  });
});
