import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import { duckdb } from '../../../src/databases/duckdb/duckdb.ts';
import { DatabaseError } from '../../../src/databases/engine.ts';
import { poolOf, Sessions } from '../../../src/databases/sessions.ts';
import { explain } from '../../../src/databases/sqlite/errors.ts';
import { sqlite } from '../../../src/databases/sqlite/sqlite.ts';
import { type Answer, connectionOfHygge, type OpenRequest, type Question, url } from '../../../src/databases/sqlite/thread.ts';
import { DuckdbTestFile } from '../../support/duckdb-file.ts';
import { here } from '../../support/here.ts';
import { inProcess } from '../../support/in-process.ts';
import { openingOfTests } from '../../support/postgres-home.ts';
import { SqliteTestFile } from '../../support/sqlite-file.ts';
import { TestWorkspace } from '../../support/workspace.ts';

const rows = 10_000;
/** More than one transaction's worth of pages. */
const filled = `insert into s with recursive r(i) as (select 1 union all select i + 1 from r where i < ${rows}) select i, 'text ' || i from r`;

function sourceIn(file: SqliteTestFile, mode: 'delete' | 'wal'): void {
  file.sql(`pragma journal_mode = ${mode}`, 'create table s (id integer primary key, t text)');
  file.sql('pragma user_version = 1', filled);
  expect(file.sql('pragma journal_mode')).toEqual([{ journal_mode: mode }]);
}

const within = (file: SqliteTestFile, more = '') => `home: { type: sqlite, path: ${file.path}, table: s${more} }
store: { type: sqlite, path: ${file.path}, table: t${more} }
`;
const settled = (file: SqliteTestFile, table = 't') =>
  file.sql('pragma user_version', `select count(*) as n, count(distinct id) as ids from ${table}`)[0];
const all = { n: BigInt(rows), ids: BigInt(rows) };

describe('a file of SQLite that is source and store at once', () => {
  test.each(['delete', 'wal'] as const)('is read and written by one run, with journal mode %s before it', async (mode) => {
    using file = new SqliteTestFile();
    sourceIn(file, mode);
    using workspace = new TestWorkspace({ 'flows/f/flow.yml': within(file, ', busy_timeout: 600') });
    // One that stalls waits as long as busy_timeout says, and longer than the test has.
    expect(await here(workspace, 'go')).toMatchObject({ code: 0 });
    expect(settled(file)).toEqual(all);
    expect(await here(workspace, 'go')).toMatchObject({ code: 0 });
    expect(settled(file)).toEqual(all);
    expect(file.sql('pragma journal_mode')).toEqual([{ journal_mode: 'wal' }]);
  });

  test('keeps the state as well, and is read by one flow while another one makes its log', async () => {
    using file = new SqliteTestFile();
    sourceIn(file, 'delete');
    using workspace = new TestWorkspace({
      'hygge.yml': `name: w\nconnections:\n  one: { type: sqlite, path: ${file.path} }\nstate: { type: sql, connection: one }\noptions: { concurrency: 4 }\n`,
      'flows/out/flow.yml': `home: { connection: one, table: s, batch_size: 500 }\nstore: lake\n`,
      'flows/f/flow.yml': 'home: { connection: one, table: s }\nstore: { connection: one, table: t }\n',
      'flows/g/flow.yml': 'home: { connection: one, table: s }\nstore: { connection: one, table: u }\n',
    });
    expect(await here(workspace, 'go')).toMatchObject({ code: 0, summary: { pass: 3 } });
    expect([settled(file), settled(file, 'u')]).toEqual([all, all]);
  });

  test('is waited for while another program writes, and then written', async () => {
    using file = new SqliteTestFile();
    sourceIn(file, 'wal');
    const writer = spawn(process.execPath, [
      '-e',
      `const { DatabaseSync } = require('node:sqlite');
      const db = new DatabaseSync(${JSON.stringify(file.path)}, { timeout: 20000 });
      db.exec('create table theirs (n)');
      const until = Date.now() + 400;
      for (let n = 0; Date.now() < until; n++) db.exec('begin immediate; insert into theirs values (' + n + '); commit');`,
    ]);
    const ended = once(writer, 'exit');
    using workspace = new TestWorkspace({ 'flows/f/flow.yml': within(file) });
    expect(await here(workspace, 'go')).toMatchObject({ code: 0 });
    expect((await ended)[0]).toBe(0);
    expect(settled(file)).toEqual(all);
  });

  test.each([
    ['reads it without a log', 'delete', 'begin; select count(*) from s'],
    ['writes to it for too long', 'wal', 'begin immediate'],
  ] as const)('ends the run where another program %s, and nothing is changed', async (_, mode, held) => {
    using file = new SqliteTestFile();
    sourceIn(file, mode);
    using workspace = new TestWorkspace({ 'flows/f/flow.yml': within(file, ', busy_timeout: 1') });
    {
      using other = new DatabaseSync(file.path);
      for (const statement of held.split('; ')) other.prepare(statement).all();
      const { code, error } = await here(workspace, 'go');
      expect({ code, error }).toEqual({ code: 1, error: 'HYG-6521' });
      other.exec('rollback');
    }
    expect(file.sql('pragma user_version', `select count(*) as n from sqlite_schema where name = 't'`)).toEqual([{ n: 0n }]);
    expect(await here(workspace, 'go')).toMatchObject({ code: 0 });
    expect(settled(file)).toEqual(all);
  });
});

test('a file on a disk that can have no log is refused by name, whatever writes to it', async () => {
  using file = new SqliteTestFile();
  file.sql('pragma journal_mode = delete', 'create table t (id)');
  // As on a drive of the network: this way to its files shares no memory.
  const workerData: OpenRequest = { as: connectionOfHygge, path: `file:${file.path}?vfs=unix-dotfile`, busyMs: 1_000, makes: false };
  const thread = new Worker(new URL(url), { workerData });
  const asked = async (question: Question): Promise<Answer> => {
    thread.postMessage(question);
    return (await once(thread, 'message'))[0];
  };
  try {
    const [sql, values] = ['BEGIN IMMEDIATE', []];
    for (const question of [
      { kind: 'log', sql, values },
      { kind: 'begin', sql, values, purpose: 'writing' },
    ] as const) {
      const answer = await asked(question);
      expect(answer).toMatchObject({ code: 'NO_WAL', failed: 'The journal mode stays delete.' });
    }
    const said = explain(new DatabaseError('The journal mode stays delete.', { code: 'NO_WAL' }), { place: 'sqlite x', doing: 'connect' });
    expect(said).toMatchObject({ code: 'HYG-4273' });
    await asked({ kind: 'close', sql: '', values: [] });
  } finally {
    await thread.terminate();
  }
  expect(file.sql('pragma journal_mode')).toEqual([{ journal_mode: 'delete' }]);
});

test('that is read and written over one connection is refused, and what is advised lets rows in', async () => {
  using file = new SqliteTestFile();
  file.sql('create table s (id integer primary key, v text)', `insert into s values (1, 'a'), (2, 'b')`);
  const flow = (size: number) => `home: { type: sqlite, path: ${file.path}, table: s, pool_size: ${size} }
store: { type: sqlite, path: ${file.path}, table: t, pool_size: ${size} }
run_type: incremental
watermark: { column: id }
`;
  using workspace = new TestWorkspace({ 'flows/f/flow.yml': flow(1) });
  const { code, stdout } = await inProcess(['go'], workspace.root, {});
  expect({ code, stdout }).toMatchObject({ code: 1, stdout: expect.stringContaining('HYG-4243') });
  expect(stdout).toContain('f.f reads from and writes to one database, sqlite ');
  workspace.write({ 'flows/f/flow.yml': flow(2) });
  expect(await inProcess(['go'], workspace.root, {})).toMatchObject({ code: 0 });
  expect(file.sql('select count(*) as n from t')).toEqual([{ n: 2n }]);
});

test.each([
  ['sqlite', () => new SqliteTestFile()],
  ['duckdb', () => new DuckdbTestFile()],
] as const)(
  'one who waits for another of this process to write to a file of %s is let go at once, and the next one has its turn',
  async (type, made) => {
    using file = made();
    const { opening, pools } = openingOfTests();
    await using _ = pools;
    const engine = type === 'sqlite' ? sqlite : duckdb;
    const pool = poolOf(
      engine as never,
      { path: file.path, pool_size: 4, memory_limit: '100MB', threads: 1, busy_timeout: 30 } as never,
      opening,
    );
    const sessions = new Sessions({ engine: engine as never, pool: pool.forWriting(), label: 'hygge f.e', place: 'here' });
    const writing = { mode: 'write', isolation: 'statement' } as const;
    const first = await sessions.open(writing);
    const stop = new AbortController();
    const second = sessions.open(writing, stop.signal);
    const third = sessions.open(writing);
    stop.abort(new Error('enough'));
    await expect(second).rejects.toThrow('enough');
    await first.commit();
    await first[Symbol.asyncDispose]();
    const last = await third;
    await last.commit();
    await last[Symbol.asyncDispose]();
  },
);
