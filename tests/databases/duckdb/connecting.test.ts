import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { DuckDBConnection } from '@duckdb/node-api';
import { describe, expect, test, vi } from 'vitest';
import { ProcessPools } from '../../../src/adapters/process-pools.ts';
import { realClock } from '../../../src/adapters/real-clock.ts';
import { duckdb } from '../../../src/databases/duckdb/duckdb.ts';
import { databaseError, notInstalled } from '../../../src/databases/duckdb/errors.ts';
import { poolOf, Sessions } from '../../../src/databases/sessions.ts';
import { DuckdbTestFile, duckdbHomes } from '../../support/duckdb-file.ts';
import { framesOf, openingOfTests, rowsOf } from '../../support/postgres-home.ts';

/** Another program that has a file open, until it is let go. */
async function holder(path: string, mode: 'READ_ONLY' | 'READ_WRITE'): Promise<ChildProcess & AsyncDisposable> {
  const api = import.meta.resolve('@duckdb/node-api');
  const held = spawn(process.execPath, [
    '--input-type=module',
    '-e',
    `const { DuckDBInstance } = (await import(${JSON.stringify(api)})).default;
     globalThis.db = await DuckDBInstance.create(${JSON.stringify(path)}, { access_mode: '${mode}' });
     console.log('open'); setInterval(() => {}, 1000);`,
  ]);
  await new Promise<void>((resolve, reject) => {
    held.stdout.once('data', () => resolve());
    held.once('exit', () => reject(new Error('it did not open')));
  });
  return Object.assign(held, {
    [Symbol.asyncDispose]: async () => {
      const gone = new Promise((resolve) => held.once('exit', resolve));
      held.kill('SIGKILL');
      await gone;
    },
  });
}

describe('a file of DuckDB', () => {
  test('that another program writes names that program; one that others only read is read next to them', async () => {
    using file = new DuckdbTestFile();
    await file.sql('create table t as select 1 as id');
    await using homes = duckdbHomes(file);
    {
      await using other = await holder(file.path, 'READ_WRITE');
      await expect((await homes.home({ table: 't' })).describe()).rejects.toMatchObject({
        ...{ code: 'HYG-6565', transient: true, why: [expect.stringContaining(`process ${other.pid}`)] },
        tryThis: expect.arrayContaining([expect.stringContaining(`ps -p ${other.pid}`)]),
      });
    }
    await using _ = await holder(file.path, 'READ_ONLY');
    expect(await rowsOf(framesOf(await homes.home({ table: 't' })))).toEqual([{ id: 1 }]);
  });

  test('is nowhere, is something else, or can not be opened: each with what to do', async () => {
    using file = new DuckdbTestFile();
    writeFileSync(join(file.root, 'text.duckdb'), 'no database at all, but long enough to have a header in it, one would think');
    mkdirSync(join(file.root, 'folder.duckdb'));
    await using homes = duckdbHomes(file);
    const failed = async (path: string) => (await homes.home({ path, table: 't' })).describe();
    await expect(failed('none.duckdb')).rejects.toMatchObject({ code: 'HYG-6566' });
    expect(existsSync(join(file.root, 'none.duckdb'))).toBe(false);
    await expect(failed('text.duckdb')).rejects.toMatchObject({ code: 'HYG-6567' });
    await expect(failed('folder.duckdb')).rejects.toMatchObject({ code: 'HYG-6568' });
  });

  test('is let go of soon after its last use, so that others may write it', async () => {
    using file = new DuckdbTestFile();
    await file.sql('create table t as select 1 as id');
    await using homes = duckdbHomes(file);
    await (await homes.home({ table: 't' })).describe();
    // It stays open for a second, and a try is a process.
    await wait(1_000);
    for (let tries = 0; ; tries++) {
      const other = await holder(file.path, 'READ_WRITE').catch(() => undefined);
      await other?.[Symbol.asyncDispose]();
      if (other !== undefined) break;
      expect(tries).toBeLessThan(50);
    }
  });

  test('is one for the whole process, by whatever path: a writer waits for readers and opens it again', async () => {
    using file = new DuckdbTestFile();
    await file.sql('create table t as select 1 as id');
    symlinkSync(file.path, join(file.root, 'link.duckdb'));
    await using pools = new ProcessPools(realClock());
    const opening = { ...openingOfTests().opening, pools, root: file.root };
    const sessions = (path: string, writes: boolean) => {
      const keys = { path, memory_limit: '100MB', threads: 1, pool_size: 4 };
      const pool = poolOf(duckdb, keys, opening);
      return new Sessions({ engine: duckdb as never, pool: writes ? pool.forWriting() : pool, label: 'hygge f.e', place: path });
    };
    const read = { mode: 'read', isolation: 'snapshot' } as const;
    const reader = await sessions(file.path, false).open(read);
    const order: string[] = [];
    const writing = sessions('./link.duckdb', true).transaction({ ...read, mode: 'write' }, async (session) => {
      order.push('written');
      await session.run('insert into t values (2)');
      // What is open for writing is told to whoever looks for late rows.
      const others = await sessions(file.path, false).transaction(read, (other) =>
        duckdb.late.openTransactions(other as never, {} as never),
      );
      expect(others).toMatchObject([{ shown: 'hygge f.e of this process' }]);
    });
    expect(await reader.session.query('select count(*) as n from t')).toEqual([{ n: '1' }]);
    order.push('read');
    await reader.commit();
    await reader[Symbol.asyncDispose]();
    await writing;
    expect(order).toEqual(['read', 'written']);
    expect(await sessions(file.path, false).transaction(read, (session) => session.query('select count(*) as n from t'))).toEqual([
      { n: '2' },
    ]);
    expect(
      await sessions(file.path, false).transaction(read, (session) => duckdb.late.openTransactions(session as never, {} as never)),
    ).toEqual([]);
  });

  test('is written to for an entity of any name: what ends a comment ends none of ours', async () => {
    using file = new DuckdbTestFile();
    await file.sql('create table t (id bigint)');
    await using pools = new ProcessPools(realClock());
    const opening = { ...openingOfTests().opening, pools, root: file.root };
    const pool = poolOf(duckdb, { path: file.path, memory_limit: '100MB', threads: 1, pool_size: 4 }, opening).forWriting();
    for (const label of ['hygge f.a*/; drop table t; /*', 'hygge f.a/*b', 'hygge f.*/*/']) {
      const sessions = new Sessions({ engine: duckdb, pool, label, place: file.path });
      await sessions.transaction({ mode: 'write', isolation: 'statement' }, (session) => session.run('insert into t values (1)'));
    }
    expect(await file.sql('select count(*) as n from t')).toEqual([{ n: '3' }]);
  });

  test('is not closed under a statement whose caller has left, nor under a caller about to be connected', async () => {
    using file = new DuckdbTestFile();
    await file.sql('create table t as select 1 as id');
    await using pools = new ProcessPools(realClock());
    const opening = { ...openingOfTests().opening, pools, root: file.root };
    const pool = poolOf(duckdb, { path: file.path, memory_limit: '100MB', threads: 1, pool_size: 4 }, opening);
    const sessions = new Sessions({ engine: duckdb, pool, label: 'hygge f.e', place: file.path });
    const read = { mode: 'read', isolation: 'statement' } as const;
    const order: string[] = [];
    const left = await sessions.open(read);
    const { runAndReadAll } = DuckDBConnection.prototype;
    let own: DuckDBConnection | undefined;
    using _asked = vi.spyOn(DuckDBConnection.prototype, 'runAndReadAll').mockImplementation(async function (this: DuckDBConnection, sql) {
      own ??= this;
      return runAndReadAll.call(this, sql).finally(() => {
        if (this === own) order.push('answered');
      });
    });
    using _closed = vi.spyOn(DuckDBConnection.prototype, 'closeSync').mockImplementation(function (this: DuckDBConnection) {
      if (this === own) order.push('closed');
      this.disconnectSync();
    });
    const counted = left.session.query('select count(*) as n from range(4000000000) r(i) where hash(i) = 7');
    const stopped = expect(counted).rejects.toMatchObject({ name: 'DatabaseError' });
    // By now it is at work.
    await new Promise((resolve) => setImmediate(resolve));
    // A session that is broken is given back without a word to its database.
    left.session.destroy();
    await left[Symbol.asyncDispose]();
    const coming = sessions.transaction(read, (session) => session.query('select id from t'));
    await pools[Symbol.asyncDispose]();
    expect(await coming).toEqual([{ id: '1' }]);
    await stopped;
    await expect.poll(() => order).toContain('closed');
    expect(order).toEqual(['answered', 'closed']);
  });

  test('of MotherDuck needs a name, and no file a token', () => {
    expect(duckdb.keyConflict({ path: 'md:', memory_limit: '1GB', threads: 1, pool_size: 2 })).toMatchObject({ key: 'path' });
    expect(duckdb.keyConflict({ path: 'md:sales', memory_limit: '1GB', threads: 1, pool_size: 2 })).toBeUndefined();
    expect(duckdb.keyConflict({ path: 's3://b/a.duckdb', memory_limit: '1GB', threads: 1, pool_size: 2 })).toMatchObject({ key: 'path' });
  });

  test('that is damaged in the middle is an error, and never fewer rows', async () => {
    using file = new DuckdbTestFile();
    await file.sql('create table t as select md5(i::varchar) as a from range(60000) r(i)');
    const bytes = readFileSync(file.path);
    for (let at = Math.floor(bytes.length / 2); at < bytes.length - 100_000; at += 4096) bytes[at] = (bytes[at] as number) ^ 0xff;
    writeFileSync(file.path, bytes);
    await using homes = duckdbHomes(file);
    await expect(rowsOf(framesOf(await homes.home({ table: 't' })))).rejects.toMatchObject({ code: 'HYG-3569' });
  });

  test('where DuckDB is not installed says where it is', () => {
    expect(notInstalled(new Error('Cannot find package'))).toMatchObject({
      code: 'HYG-6570',
      why: expect.arrayContaining(['Cannot find package']),
    });
  });

  test('of MotherDuck that can not be reached says what it needs', () => {
    const said = databaseError(new Error('Invalid Input Error: Request failed: check your MotherDuck token'));
    expect(duckdb.explain(said, { place: 'duckdb md:sales', doing: 'connect' })).toMatchObject({
      ...{ code: 'HYG-6569', tryThis: expect.arrayContaining([expect.stringContaining('MOTHERDUCK_TOKEN')]) },
    });
  });
});
