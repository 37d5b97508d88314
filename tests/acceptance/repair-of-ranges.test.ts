/** A repair of several ranges is one commit, in every kind of store: the rows between the ranges stay as they settled, and a repair that does not end has changed nothing. */
import { writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import type { Comparison } from '../../src/ports/answers/comparison.ts';
import type { Repair } from '../../src/ports/answers/repair.ts';
import { type DatabaseKind, placeIn, sqlite } from '../databases/databases.ts';
import { duck } from '../support/duck.ts';
import { TestWorkspace } from '../support/workspace.ts';

interface Scene extends AsyncDisposable {
  readonly workspace: TestWorkspace;
  /** All that settled, each row as a text with the run that brought it, in the order of the ids. */
  rows(): Promise<readonly string[]>;
}

interface Case {
  readonly name: string;
  readonly missing: string;
  /** An earlier version of a row stays beside the newer one. */
  readonly keepsVersions: boolean;
  open(): Promise<Scene>;
}

const columns = 'id, n, v, run_id';
const flowOf = (store: string, watermark: string) => `home: { type: sqlite, path: src.db, table: src }
store: ${store}
run_type: incremental
watermark: ${watermark}
polish: { columns_from: { run_id: run_id } }
entities: [e]
`;
const keyed = '{ column: n, key: [id] }';
const inFiles = (name: string, store: string, read: string, watermark: string): Case => ({
  ...{ name, missing: '', keepsVersions: true },
  async open() {
    const workspace = new TestWorkspace({
      'hygge.yml': 'name: w\n',
      'flows/f/flow.yml': flowOf(store, watermark),
      'flows/copied/flow.yml': 'home: { path: lake/e, format: delta }\nstore: { path: copied, format: csv }\n',
    });
    return {
      workspace,
      async rows() {
        if (read.includes('copied')) expect(await workspace.run(['go', '-d', '-f', 'copied'])).toMatchObject({ code: 0 });
        const rows = await duck(`select ${columns} from ${read.replace('{}', workspace.root)} order by id, n`);
        return rows.map((row) => Object.values(row).join(' '));
      },
      [Symbol.asyncDispose]: async () => workspace[Symbol.dispose](),
    };
  },
});
const inTable = (kind: DatabaseKind): Case => ({
  ...{ name: kind.name, missing: kind.missing, keepsVersions: false },
  async open() {
    const place = await placeIn(kind, ({ keys }) => ({ 'flows/f/flow.yml': flowOf(`{ connection: c, table: e${keys} }`, keyed) }));
    const { database, workspace } = place;
    return {
      workspace,
      rows: () => database.sql(`select ${columns} from e order by id, n`),
      [Symbol.asyncDispose]: () => place[Symbol.asyncDispose](),
    };
  },
});

const cases: readonly Case[] = [
  inFiles('a lake of Parquet files, partitioned', '{ path: lake, partition_by: [v] }', "'{}/lake/e/**/*.parquet'", '{ column: n }'),
  inFiles('a Delta table', '{ path: lake, format: delta }', "'{}/copied/**/*.csv'", '{ column: n }'),
  inTable(sqlite),
];

const sqlIn = (workspace: TestWorkspace, file: string) => (text: string) => {
  const database = new DatabaseSync(workspace.path(file));
  try {
    return database.prepare(text).all();
  } finally {
    database.close();
  }
};

const count = 90;
const filled = `with recursive c(x) as (select 1 union all select x + 1 from c where x < ${count}) insert into src select x, x, 'v' || (x % 2) from c`;

async function begun({ workspace }: Scene) {
  const source = sqlIn(workspace, 'src.db');
  source('create table src (id integer primary key, n integer not null, v text)');
  source(filled);
  const hygge = (...args: readonly string[]) => workspace.run(args);
  const go = async () => expect(await hygge('go', '-f', 'f')).toMatchObject({ code: 0 });
  await go();
  const json = async <T>(...args: readonly string[]): Promise<T> => {
    const { stdout, stderr } = await hygge('verify', 'f.e', '--output', 'json', '--pause', '0s', ...args);
    expect(stdout, stderr).not.toBe('');
    return JSON.parse(stdout) as T;
  };
  const state = async () => JSON.parse((await hygge('state', 'show', 'f.e', '--output', 'json')).stdout);
  return { source, hygge, go, json, state };
}

for (const { name, missing, keepsVersions, open } of cases)
  test.skipIf(missing !== '')(
    `a repair of three ranges in ${name} is one commit, and touches no other row`,
    async () => {
      await using scene = await open();
      const { source, hygge, go, json, state } = await begun(scene);
      // A row between the ranges moves on: where rows are added, its earlier version stays.
      source(`update src set n = ${count + 1} where id = 30`);
      await go();
      const before = await scene.rows();
      const was = await state();
      source("update src set v = 'v0' where id = 11");
      source('delete from src where id = 50');
      source(`insert into src values (${count + 10}, 70, 'v1')`);
      const repair = await json<Repair>('--repair', '--yes');
      expect(repair).toMatchObject({ verdict: 'mended', ok: true, done: 3, plan: { effect: { adds: 1, changes: 1, removes: 1 } } });
      expect(repair.plan?.ranges).toHaveLength(3);
      // A file with rows of several ranges is written anew once.
      expect(repair.plan?.settled_files).toBeLessThan(3);
      const is = await state();
      expect(is.epoch).toBe(was.epoch + 1);
      expect(is.settled.watermark).toEqual(was.settled.watermark);
      const { stdout } = await hygge('journal', '--output', 'json');
      expect(stdout.match(/"lane":"repair:/g)).toHaveLength(1);
      expect(await json<Comparison>()).toMatchObject({ verdict: 'same', rows: { earlier_versions: keepsVersions ? 1 : 0 } });
      // Each row that no range has is what the first runs brought, whole.
      const after = await scene.rows();
      const isMended = (row: string) => /^(11|50|70|100) /.test(row);
      expect(after.filter((row) => !isMended(row))).toEqual(before.filter((row) => !isMended(row)));
      expect(after.filter((row) => /^(11|50|100) /.test(row)).map((row) => row.replace(/ [^ ]+$/, ''))).toEqual(['11 11 v0', '100 70 v1']);
    },
    120_000,
  );

describe('a repair of three ranges that does not end', () => {
  test('in a table that refuses a row of the second one has changed nothing, says so, and is made again by the same command', async () => {
    await using place = await placeIn(sqlite, () => ({ 'flows/f/flow.yml': flowOf('{ type: sqlite, path: out.db, table: e }', keyed) }));
    const { workspace } = place;
    const { source, hygge, json } = await begun({ workspace } as Scene);
    const out = sqlIn(workspace, 'out.db');
    const changed = [10, 30, 50];
    source(`update src set v = 'changed' where id in (${changed.join(', ')})`);
    const rows = () => out("select id from e where v = 'changed' order by id").map(({ id }) => Number(id));
    out(`create trigger stops before insert on e when new.id = 30 begin select raise(abort, 'stopped here'); end`);
    expect(await json<Repair>('--repair', '--yes')).toMatchObject({
      verdict: 'differs',
      ok: false,
      done: 0,
      error: { code: expect.any(String) },
    });
    expect(rows()).toEqual([]);
    expect(out('select count(*) as n from e')).toEqual([{ n: count }]);
    expect((await hygge('verify', 'f.e', '--pause', '0s')).stdout).toContain('3 rows changed');
    out('drop trigger stops');
    expect(await json<Repair>('--repair', '--yes')).toMatchObject({ verdict: 'mended', done: 3 });
    expect(rows()).toEqual(changed);
  });
});

test('a row of a file that can’t be read is in quarantine once, though each of three ranges reads the file', async () => {
  using workspace = new TestWorkspace({
    'hygge.yml': 'name: w\n',
    'flows/f/flow.yml': `home: { path: in, format: csv, types: { id: int64, n: int64 }, bad_rows: quarantine }
store: { path: lake }
run_type: incremental
watermark: { column: n, key: [id] }
entities: [e]
`,
  });
  const csv = (changed: readonly number[]) =>
    ['id,n,v', ...Array.from({ length: 60 }, (_, at) => `${at},${at},${changed.includes(at) ? 'changed' : 'v'}`), '77,none,v'].join('\n');
  workspace.write({ 'in/e/1.csv': csv([]) });
  const hygge = (...args: readonly string[]) => workspace.run(args);
  expect(await hygge('go')).toMatchObject({ code: 0 });
  const quarantined = async () => (await hygge('quarantine', 'show', 'f.e', '--output', 'json')).stdout;
  const before = JSON.parse(await quarantined());
  writeFileSync(workspace.path('in/e/1.csv'), csv([10, 30, 50]));
  const { stdout } = await hygge('verify', 'f.e', '--repair', '--yes', '--pause', '0s', '--output', 'json');
  expect(JSON.parse(stdout)).toMatchObject({ verdict: 'mended', done: 3, plan: { ranges: [{}, {}, {}] } });
  const rowsOf = (answer: unknown) => JSON.stringify(answer).match(/77,none,v/g)?.length ?? 0;
  expect([rowsOf(before), rowsOf(JSON.parse(await quarantined()))]).toEqual([1, 1]);
});
