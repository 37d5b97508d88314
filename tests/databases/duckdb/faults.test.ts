import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, test } from 'vitest';
import { DuckdbTestFile, duckdbHomes } from '../../support/duckdb-file.ts';
import { here } from '../../support/here.ts';
import { framesOf, rowsOf } from '../../support/postgres-home.ts';
import { remount, smallPlace } from '../../support/small-place.ts';
import { TestWorkspace } from '../../support/workspace.ts';

const noise = (from: number, to: number) => `select range as id, repeat(md5(range::varchar), 3) as noise from range(${from}, ${to})`;
const into = (path: string, more = '') => `home: in\nstore: { type: duckdb, path: ${path}, table: t }\n${more}`;
const follows = 'run_type: incremental\nwatermark: { column: id }\n';
const stagedIn = (file: Pick<DuckdbTestFile, 'sql'>) =>
  file.sql(`select table_name as t from duckdb_tables() where schema_name <> 'hygge_metadata' and table_name <> 't'`);

describe('a disk that is full', () => {
  const place = smallPlace(12);

  test.skipIf(place === undefined)('ends the run with what to do, leaves the table as it was, and the next run goes on', async () => {
    using workspace = new TestWorkspace();
    const path = join(place ?? '', 'full.duckdb');
    using other = new DuckdbTestFile();
    const file = { sql: (...statements: readonly string[]) => other.sql(`attach '${path}' as f`, 'use f', ...statements) };
    workspace.write({ 'flows/f/flow.yml': into(path, follows) });
    await workspace.parquet('in/1.parquet', noise(0, 10_000));
    expect(await here(workspace, 'go')).toMatchObject({ code: 0 });
    await workspace.parquet('in/2.parquet', noise(10_000, 300_000));
    const full = await here(workspace, 'go');
    expect(full).toMatchObject({ code: 1, error: 'HYG-4206' });
    const error = full.events.find((event) => event.event === 'error');
    expect(JSON.stringify(error)).toMatch(/No space left|could not write/i);
    expect(await file.sql('select count(*)::int as n from t')).toEqual([{ n: 10_000 }]);
    execFileSync('mount', ['-o', 'remount,size=200m', place ?? '']);
    expect(await here(workspace, 'go')).toMatchObject({ code: 0 });
    expect(await file.sql('select count(*)::int as n, count(distinct id)::int as ids from t')).toEqual([{ n: 300_000, ids: 300_000 }]);
    expect(await stagedIn(file)).toEqual([]);
  });
});

describe('a process that dies while it writes the log of a commit', () => {
  // DuckDB 1.5.6 by itself takes large parts of a table that it finds there, though it forgets the rest of the transaction.
  test('leaves no row of it, and the next run begins where it was', async () => {
    using file = new DuckdbTestFile();
    using memory = new DuckdbTestFile();
    const kept = join(memory.root, 'kept.duckdb');
    const looked = () => [readFileSync(kept), readFileSync(`${kept}.wal`)] as const;
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    await connection.run(`attach '${kept}' as f (storage_version 'v1.5.0'); use f; create table t as select 1::bigint as id; checkpoint f;
      create table other (id int); insert into other values (7)`);
    const [, before] = looked();
    await connection.run('begin; insert into t select * from range(10, 130000); insert into other values (8); commit');
    const [whole, log] = looked();
    connection.closeSync();
    instance.closeSync();
    const left = (bytes: number) => {
      writeFileSync(file.path, whole);
      writeFileSync(`${file.path}.wal`, log.subarray(0, bytes));
    };
    const query = `select (select count(*) from t) as rows, (select count(*) from other) as others`;
    const seen = async () => {
      await using homes = duckdbHomes(file);
      const [row] = await rowsOf(framesOf(await homes.home({ query })));
      return [Number(row?.rows), Number(row?.others)];
    };
    for (const bytes of [log.length - 1, log.length - 21, before.length + 10, before.length]) {
      left(bytes);
      expect([bytes, ...(await seen())]).toEqual([bytes, 1, 1]);
    }
    left(log.length);
    expect(await seen()).toEqual([129_991, 2]);
    // And who writes.
    left(log.length - 1);
    using workspace = new TestWorkspace({ 'flows/f/flow.yml': into(file.path, `${follows}if_exists: append\n`) });
    await workspace.parquet('in/1.parquet', 'select 5::bigint as id');
    expect((await here(workspace, 'go')).events.filter(({ event }) => event === 'error')).toEqual([]);
    expect(await file.sql('select count(*)::int as n from t')).toEqual([{ n: 2 }]);
  });
});

describe('a file in a place that is read-only', () => {
  const place = smallPlace(8);

  test.skipIf(place === undefined)('is read, and a flow into it ends with what to do', async () => {
    const path = join(place ?? '', 'test.duckdb');
    await DuckdbTestFile.ask(path, 'create table t as select 1::bigint as id');
    using workspace = new TestWorkspace({
      'flows/down/flow.yml': `home: { type: duckdb, path: ${path}, table: t }\nstore: out\n`,
      'flows/up/flow.yml': into(path),
    });
    await workspace.parquet('in/1.parquet', 'select 2::bigint as id');
    await remount(place, 'ro');
    expect(await here(workspace, 'go', '-f', 'down')).toMatchObject({ code: 0 });
    expect(await here(workspace, 'go', '-f', 'up')).toMatchObject({ code: 1, error: 'HYG-6568' });
    await remount(place, 'rw');
    expect(await DuckdbTestFile.ask(path, 'from t')).toEqual([[{ id: '1' }]]);
  });
});

/** The header of a file of DuckDB, with the version of its format changed; its first 8 bytes are the checksum of the rest. */
function ofVersion(path: string, version: bigint): void {
  const bytes = readFileSync(path);
  bytes.writeBigUInt64LE(version, 12);
  let sum = 5381n;
  for (let at = 8; at < 4096; at += 8) sum ^= BigInt.asUintN(64, bytes.readBigUInt64LE(at) * 0xbf58476d1ce4e5b9n);
  bytes.writeBigUInt64LE(sum, 0);
  writeFileSync(path, bytes);
}

describe('a file that this DuckDB does not read', () => {
  test.each([
    ['of a newer version', 999_999n, /newer/],
    ['of an older version', 63n, /older/],
  ])('%s says so, with what to do, and is not touched', async (_, version, advice) => {
    using file = new DuckdbTestFile();
    await file.sql('create table t as select 1::bigint as id');
    ofVersion(file.path, version);
    const before = readFileSync(file.path);
    using workspace = new TestWorkspace({ 'flows/f/flow.yml': into(file.path) });
    await workspace.parquet('in/1.parquet', 'select 2::bigint as id');
    const run = await here(workspace, 'go');
    expect(run).toMatchObject({ code: 1, error: 'HYG-6567' });
    const error = run.events.find((event) => event.event === 'error');
    expect(error?.event === 'error' ? error.tryThis.join(' ') : '').toMatch(advice);
    expect(readFileSync(file.path).equals(before)).toBe(true);
  });

  test('with a header that is damaged, or that is something else, is not overwritten by a store', async () => {
    using file = new DuckdbTestFile();
    await file.sql('create table t as select 1::bigint as id');
    const bytes = readFileSync(file.path);
    bytes[100] = (bytes[100] ?? 0) ^ 0xff;
    for (const content of [bytes, Buffer.from('name,value\n1,2\n'.repeat(2_000))]) {
      writeFileSync(file.path, content);
      using workspace = new TestWorkspace({ 'flows/f/flow.yml': into(file.path) });
      await workspace.parquet('in/1.parquet', 'select 2::bigint as id');
      expect(await here(workspace, 'go')).toMatchObject({ code: 1, error: 'HYG-6567' });
      expect(readFileSync(file.path).equals(content)).toBe(true);
    }
  });
});

describe('a statement that fails when many rows have been read', () => {
  test('is an error, and never the rows that came before it', async () => {
    using file = new DuckdbTestFile();
    await file.sql('create table t as select i as id from range(200000) r(i)');
    await using homes = duckdbHomes(file);
    const query = `select id, case when id = 199999 then error('no') else 1 end as x from t`;
    await expect(rowsOf(framesOf(await homes.home({ query })))).rejects.toMatchObject({ code: 'HYG-3511' });
  });

  test('can not be hidden by a stream: nothing of ours streams', () => {
    const folder = join(import.meta.dirname, '../../../src');
    const found = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      // Its streamed results end without an error where the statement fails in the middle.
      .filter((name) => /\b(stream|streamAndRead\w*|streamAndReadUntil)\(/.test(readFileSync(join(folder, name), 'utf8')))
      .filter((name) => /@duckdb\/node-api/.test(readFileSync(join(folder, name), 'utf8')));
    expect(found).toEqual([]);
  });
});
