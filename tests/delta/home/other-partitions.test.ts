/** A table that is replaced by one with other partition columns, as CREATE OR REPLACE and overwriteSchema do: files of earlier versions have their values elsewhere. */
import { mkdirSync, statSync } from 'node:fs';
import { expect, it } from 'vitest';
import { duck } from '../../support/duck.ts';
import { TestWorkspace } from '../../support/workspace.ts';
import { errorOf } from './scene.ts';

const schemaString = JSON.stringify({
  type: 'struct',
  fields: ['id', 'p'].map((name) => ({ name, type: name === 'id' ? 'long' : 'string', nullable: true, metadata: {} })),
});

class HandMade {
  readonly #workspace: TestWorkspace;
  readonly #more: Readonly<Record<string, string>>;
  #version = 0;
  constructor(workspace: TestWorkspace, configuration: Readonly<Record<string, string>> = {}) {
    this.#workspace = workspace;
    this.#more = configuration;
    mkdirSync(workspace.path('orders/_delta_log'), { recursive: true });
  }

  async file(name: string, id: number, p: string, isPartitioned: boolean) {
    await this.#workspace.parquet(
      `orders/${name}`,
      isPartitioned ? `select ${id}::bigint as id` : `select ${id}::bigint as id, '${p}' as p`,
    );
    const size = statSync(this.#workspace.path('orders', name)).size;
    return { path: name, partitionValues: isPartitioned ? { p } : {}, size, modificationTime: 1, dataChange: true };
  }

  metaData(partitionColumns: readonly string[]) {
    return {
      metaData: {
        id: 'the-table',
        format: { provider: 'parquet', options: {} },
        schemaString,
        partitionColumns,
        configuration: this.#more,
      },
    };
  }

  commit(operation: string, ...actions: readonly object[]): void {
    const protocol = this.#version === 0 ? [{ protocol: { minReaderVersion: 2, minWriterVersion: 5 } }] : [];
    const lines = [{ commitInfo: { operation, timestamp: 1 } }, ...protocol, ...actions].map((action) => `${JSON.stringify(action)}\n`);
    this.#workspace.write({ [`orders/_delta_log/${String(this.#version++).padStart(20, '0')}.json`]: lines.join('') });
  }
}

const removeOf = ({ path, partitionValues, size }: { path: string; partitionValues: object; size: number }) => ({
  remove: { path, partitionValues, size, deletionTimestamp: 1, dataChange: true, extendedFileMetadata: true },
});

/** Partitioned by `p`, then not, or the reverse; between the first run and the second. */
async function replaced(workspace: TestWorkspace, isFirst: boolean, { configuration = {}, andBack = false } = {}) {
  const table = new HandMade(workspace, configuration);
  const columns = (isPartitioned: boolean) => table.metaData(isPartitioned ? ['p'] : []);
  const a = await table.file('a.parquet', 1, 'one', isFirst);
  table.commit('WRITE', columns(isFirst), { add: a });
  return async () => {
    const b = await table.file('b.parquet', 2, 'two', isFirst);
    table.commit('WRITE', { add: b });
    const c = await table.file('c.parquet', 3, 'three', !isFirst);
    table.commit('CREATE OR REPLACE TABLE AS SELECT', columns(!isFirst), removeOf(a), removeOf(b), { add: c });
    if (!andBack) return;
    const d = await table.file('d.parquet', 4, 'four', isFirst);
    table.commit('CREATE OR REPLACE TABLE AS SELECT', columns(isFirst), removeOf(c), { add: d });
  };
}

const flowOf = (more: string) => `home: { path: orders, format: delta }\nrun_type: incremental\n${more}`;
const rowsIn = async (workspace: TestWorkspace) => (await workspace.settled('out', 'f', 'f')).map(({ id, p }) => `${id} ${p}`);

for (const [isFirst, andBack] of [
  [true, false],
  [false, true],
] as const) {
  const what = `${isFirst ? 'partitioned at first' : 'partitioned later'}${andBack ? ', and back' : ''}`;

  it(`changed_files: append stops at it: ${what}`, async () => {
    using workspace = new TestWorkspace({ 'flows/f/flow.yml': flowOf('store: out\nchanged_files: append\n') });
    const later = await replaced(workspace, isFirst, { andBack });
    await workspace.run(['go', '--output', 'json']);
    expect(await rowsIn(workspace)).toEqual(['1 one']);
    await later();
    const stopped = errorOf(await workspace.run(['go', '--output', 'json']));
    expect(stopped).toMatchObject({ code: 'HYG-3903', why: [expect.stringContaining('partition')] });
    expect(await rowsIn(workspace)).toEqual(['1 one']);
  });

  it(`changed_files: replace takes its files: ${what}`, async () => {
    using workspace = new TestWorkspace({ 'flows/f/flow.yml': flowOf('store: out\nchanged_files: replace\n') });
    const later = await replaced(workspace, isFirst, { andBack });
    await workspace.run(['go', '--output', 'json']);
    await later();
    const run = await workspace.run(['go', '--output', 'json']);
    expect(errorOf(run)).toBeUndefined();
    expect(await rowsIn(workspace)).toEqual([andBack ? '4 four' : '3 three']);
  });
}

it('an increment stops where versions in between had other columns of the same names', async () => {
  using workspace = new TestWorkspace({ 'flows/f/flow.yml': flowOf('store: out\nchanged_files: append\n') });
  const table = new HandMade(workspace);
  const a = await table.file('a.parquet', 1, 'one', false);
  table.commit('WRITE', table.metaData([]), { add: a });
  await workspace.run(['go', '--output', 'json']);
  // Replaced by a table with column mapping, whose files have names of their own, and back.
  await workspace.parquet('orders/b.parquet', `select 2::bigint as "col-1", 'two' as "col-2"`);
  const b = { ...a, path: 'b.parquet', size: statSync(workspace.path('orders/b.parquet')).size };
  table.commit('CREATE OR REPLACE TABLE AS SELECT', mappedMetaData(table), removeOf(a), { add: b });
  const c = await table.file('c.parquet', 3, 'three', false);
  table.commit('CREATE OR REPLACE TABLE AS SELECT', table.metaData([]), removeOf(b), { add: c });
  const run = await workspace.run(['go', '--output', 'json']);
  expect(errorOf(run), run.stdout).toMatchObject({ code: 'HYG-3903', why: [expect.stringContaining('Column id')] });
  expect(await rowsIn(workspace)).toEqual(['1 one']);
});

it.each([
  ['by files', 'store: out\nchanged_files: append\n', {}],
  [
    'by the change feed',
    'store: { type: duckdb, path: out.duckdb }\nwatermark: { changes: change_feed, key: id }\n',
    { 'delta.enableChangeDataFeed': 'true' },
  ],
])(
  'an increment %s stops where a column of a version in between had a type that the column does not hold',
  async (_, more, configuration) => {
    using workspace = new TestWorkspace({ 'flows/f/flow.yml': flowOf(more) });
    const table = new HandMade(workspace);
    const metaData = (type: string) => {
      const made = table.metaData([]).metaData;
      const fields = [
        { name: 'id', type, nullable: true, metadata: {} },
        { name: 'p', type: 'string', nullable: true, metadata: {} },
      ];
      return { metaData: { ...made, configuration, schemaString: JSON.stringify({ type: 'struct', fields }) } };
    };
    const a = await table.file('a.parquet', 1, 'one', false);
    table.commit('WRITE', metaData('long'), { add: a });
    const first = await workspace.run(['go', '--output', 'json']);
    expect(errorOf(first), first.stdout).toBeUndefined();
    await workspace.parquet('orders/b.parquet', `select 'x2' as id, 'two' as p`);
    const b = { ...a, path: 'b.parquet', size: statSync(workspace.path('orders/b.parquet')).size };
    table.commit('CREATE OR REPLACE TABLE AS SELECT', metaData('string'), removeOf(a), { add: b });
    const c = await table.file('c.parquet', 3, 'three', false);
    table.commit('CREATE OR REPLACE TABLE AS SELECT', metaData('long'), removeOf(b), { add: c });
    const run = await workspace.run(['go', '--output', 'json']);
    expect(errorOf(run), run.stdout).toMatchObject({ code: 'HYG-3903', why: [expect.stringContaining('Column id was string')] });
  },
);

function mappedMetaData(table: HandMade) {
  const { metaData } = table.metaData([]);
  const fields = ['id', 'p'].map((name, i) => ({
    name,
    type: name === 'id' ? 'long' : 'string',
    nullable: true,
    metadata: { 'delta.columnMapping.id': i + 1, 'delta.columnMapping.physicalName': `col-${i + 1}` },
  }));
  const configuration = { ...metaData.configuration, 'delta.columnMapping.mode': 'name' };
  return { metaData: { ...metaData, configuration, schemaString: JSON.stringify({ type: 'struct', fields }) } };
}

it('the change feed stops at it', async () => {
  const feed = 'store: { type: duckdb, path: out.duckdb }\nwatermark: { changes: change_feed, key: id }\n';
  using workspace = new TestWorkspace({ 'flows/f/flow.yml': flowOf(feed) });
  const later = await replaced(workspace, true, { configuration: { 'delta.enableChangeDataFeed': 'true' } });
  expect(errorOf(await workspace.run(['go', '--output', 'json']))).toBeUndefined();
  await later();
  expect(errorOf(await workspace.run(['go', '--output', 'json']))).toMatchObject({ code: 'HYG-3903' });
  const [found] = await duck(`attach '${workspace.path('out.duckdb')}' as o (read_only)`, 'select count(*) as n from o.main.f');
  expect(Number(found?.n)).toBe(1);
});
