import { execFileSync } from 'node:child_process';
import { closeSync, cpSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test, vi } from 'vitest';
import { here } from '../../support/here.ts';
import { smallPlace } from '../../support/small-place.ts';
import { SqliteTestFile } from '../../support/sqlite-file.ts';
import { TestWorkspace } from '../../support/workspace.ts';

const noise = (from: number, to: number) => `select range as id, repeat(md5(range::varchar), 3) as noise from range(${from}, ${to})`;
const into = (path: string, more = '') => `home: in\nstore: { type: sqlite, path: ${path}, table: t }\n${more}`;
const follows = 'run_type: incremental\nwatermark: { column: id }\n';

const rowsIn = (path: string) => {
  using database = new DatabaseSync(path);
  return database.prepare('select count(*) as n, count(distinct id) as ids from t').get();
};
const stagedIn = (path: string) => {
  using database = new DatabaseSync(path);
  return database
    .prepare(`select name from sqlite_schema where name like 'hygge_staging%' union all select name from hygge_metadata_staged`)
    .all();
};

describe('a disk that is full', () => {
  const place = smallPlace(8);

  test.skipIf(place === undefined)('ends the run with what to do, leaves the table as it was, and the next run goes on', async () => {
    using workspace = new TestWorkspace();
    const path = join(place ?? '', 'full.db');
    workspace.write({ 'flows/f/flow.yml': into(path, follows) });
    await workspace.parquet('in/1.parquet', noise(0, 5_000));
    expect(await here(workspace, 'go')).toMatchObject({ code: 0 });
    await workspace.parquet('in/2.parquet', noise(5_000, 100_000));
    const full = await here(workspace, 'go');
    expect(full).toMatchObject({ code: 1, error: 'HYG-4206' });
    expect(JSON.stringify(full.events.find((event) => event.event === 'error'))).toMatch(/disk is full|disk I\/O error/i);
    expect(rowsIn(path)).toEqual({ n: 5_000, ids: 5_000 });
    execFileSync('mount', ['-o', 'remount,size=200m', place ?? '']);
    expect(await here(workspace, 'go')).toMatchObject({ code: 0 });
    expect(rowsIn(path)).toEqual({ n: 100_000, ids: 100_000 });
    expect(stagedIn(path)).toEqual([]);
  });
});

/** A file that another test has just written may keep the mount busy for a moment. */
async function remount(place: string | undefined, how: 'ro' | 'rw'): Promise<void> {
  await vi.waitFor(() => execFileSync('mount', ['-o', `remount,${how}`, place ?? '']), { timeout: 60_000, interval: 200 });
}

describe('a folder that is read-only', () => {
  const place = smallPlace(8);

  test.skipIf(place === undefined).each(['delete', 'wal'] as const)(
    'is read (journal mode %s), and a flow into it ends with what to do',
    async (mode) => {
      const path = join(place ?? '', `${mode}.db`);
      await remount(place, 'rw');
      {
        using database = new DatabaseSync(path);
        database.exec(`pragma journal_mode = ${mode}; create table t (id integer, noise text); insert into t values (1, 'one')`);
      }
      await remount(place, 'ro');
      using workspace = new TestWorkspace({
        'flows/down/flow.yml': `home: { type: sqlite, path: ${path}, table: t }\nstore: out\n`,
        'flows/up/flow.yml': into(path, 'if_exists: replace\n'),
      });
      await workspace.parquet('in/1.parquet', noise(0, 10));
      const down = await here(workspace, 'go', '--flow', 'down');
      // A log needs a place for the memory that readers share.
      expect({ code: down.code, error: down.error }).toEqual(
        mode === 'wal' ? { code: 1, error: 'HYG-6520' } : { code: 0, error: undefined },
      );
      const up = await here(workspace, 'go', '--flow', 'up');
      expect({ code: up.code, error: up.error }).toEqual({ code: 1, error: 'HYG-6520' });
    },
  );
});

describe('a file with a log in a folder that is read-only', () => {
  const place = smallPlace(8);

  const remounted = (how: 'ro' | 'rw') => remount(place, how);
  const advice = ({ events }: Awaited<ReturnType<typeof here>>) =>
    (events.find(({ event }) => event === 'error') as { readonly tryThis?: readonly string[] } | undefined)?.tryThis ?? [];

  test.skipIf(place === undefined)('is read as it is advised: copied with its log, or without a log', async () => {
    const path = join(place ?? '', 'logged.db');
    await remounted('rw');
    {
      using database = new DatabaseSync(path);
      database.exec('pragma journal_mode = wal; create table t (id integer); insert into t values (1)');
      // What a program that was killed leaves: the rows stand in the log alone.
      for (const end of ['', '-wal']) cpSync(`${path}${end}`, `${path}.kept${end}`);
    }
    for (const end of ['', '-wal']) cpSync(`${path}.kept${end}`, `${path}${end}`);
    await remounted('ro');
    using workspace = new TestWorkspace({ 'flows/f/flow.yml': `home: { type: sqlite, path: ${path}, table: t }\nstore: out\n` });
    const stopped = await here(workspace, 'go');
    expect(stopped).toMatchObject({ code: 1, error: 'HYG-6520' });
    const [copies = '', takesAway = ''] = advice(stopped);

    const [, command = ''] = /: (cp .* )FOLDER\/$/.exec(copies) ?? [];
    workspace.write({ 'copied/.keep': '' });
    execFileSync('sh', ['-c', `${command}${workspace.path('copied')}/`]);
    workspace.write({ 'flows/g/flow.yml': `home: { type: sqlite, path: copied/logged.db, table: t }\nstore: out2\n` });
    expect(await here(workspace, 'go', '--flow', 'g')).toMatchObject({ code: 0 });
    expect(await workspace.settled('out2', 'g', 'g')).toHaveLength(1);

    const [, pragma = ''] = /sqlite3 \S+ '(pragma [a-z_ =]+)'$/.exec(takesAway) ?? [];
    await remounted('rw');
    {
      using database = new DatabaseSync(path);
      expect(database.prepare(pragma).get()).toEqual({ journal_mode: 'delete' });
    }
    await remounted('ro');
    expect(await here(workspace, 'go', '--flow', 'f')).toMatchObject({ code: 0 });
    expect(await workspace.settled('out', 'f', 'f')).toHaveLength(1);
  });
});

describe('a file that', () => {
  test('was damaged since is told as such, and nothing settles in it', async () => {
    using file = new SqliteTestFile();
    using workspace = new TestWorkspace({ 'flows/f/flow.yml': into(file.path, follows) });
    await workspace.parquet('in/1.parquet', noise(0, 5_000));
    expect(await here(workspace, 'go')).toMatchObject({ code: 0 });
    file.sql('pragma wal_checkpoint(truncate)');
    const [root] = file.sql(`select rootpage from sqlite_schema where name = 't'`);
    const descriptor = openSync(file.path, 'r+');
    writeSync(descriptor, Buffer.alloc(4096, 0xff), 0, 4096, (Number(root?.rootpage) - 1) * 4096);
    closeSync(descriptor);
    await workspace.parquet('in/2.parquet', noise(5_000, 6_000));
    const { code, error } = await here(workspace, 'go');
    expect(code).toBe(1);
    expect(error).toMatch(/HYG-(4206|6522)/);
  });

  test('became a folder, or can not be opened, is told by its path', async () => {
    using file = new SqliteTestFile();
    using workspace = new TestWorkspace({ 'flows/f/flow.yml': into(file.root) });
    await workspace.parquet('in/1.parquet', noise(0, 5));
    expect(await here(workspace, 'go')).toMatchObject({ code: 1, error: 'HYG-6520' });
  });
});
