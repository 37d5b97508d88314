import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { inProcess } from '../../support/in-process.ts';
import { SqliteTestFile } from '../../support/sqlite-file.ts';
import { TestWorkspace } from '../../support/workspace.ts';

/** Where two connections close at the same moment, neither is the last one for SQLite, and an empty log stays: it says nothing, and the next connection takes it away. */
const isEmptyLog = (folder: string, name: string): boolean =>
  /-(wal|shm)$/.test(name) && statSync(join(folder, name.replace(/-shm$/, '-wal')), { throwIfNoEntry: false })?.size === 0;

/** Everything in a folder, by its bytes. */
const hashed = (folder: string) =>
  readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !isEmptyLog(folder, name))
    .map(
      (entry) =>
        `${entry.name} ${
          entry.isFile()
            ? createHash('sha256')
                .update(readFileSync(join(folder, entry.name)))
                .digest('hex')
            : ''
        }`,
    )
    .sort();

const looks = [
  ['go', '--dry-run', '--count'],
  ['debug'],
  ['preview', 'f.t'],
  ['status'],
  ['journal'],
  ['generate', 'ddl', '--metadata'],
] as const;

/** By each of them alone. @returns what each of them ended with. */
async function lookedAt(workspace: TestWorkspace, folder: string): Promise<readonly number[]> {
  const before = hashed(folder);
  const codes: number[] = [];
  for (const args of looks) {
    const { code, stdout, stderr } = await inProcess([...args], workspace.root, {});
    expect({ args, left: hashed(folder) }).toEqual({ args, left: before });
    expect({ args, said: stdout + stderr }).not.toMatchObject({ said: expect.stringMatching(/HYG-9|internal/i) });
    codes.push(code);
  }
  return codes;
}

const flow = (store: string) => `home: "in/{entity}/*.csv"\nstore: ${store}\nentities: [t]\n`;
const rows = { 'in/t/1.csv': 'id,name\n1,one\n2,two\n' };

describe('a command that only looks leaves a file of SQLite and its folder as they are', () => {
  const into = (file: SqliteTestFile) =>
    new TestWorkspace({
      ...rows,
      'hygge.yml': `name: w\nconnections:\n  one: { type: sqlite, path: ${file.path} }\nstate: { type: sql, connection: one }\n`,
      'flows/f/flow.yml': 'home: "in/{entity}/*.csv"\nstore: { connection: one, table: t }\nentities: [t]\n',
    });

  test('where there is none yet, with the state in it', async () => {
    using file = new SqliteTestFile();
    using workspace = into(file);
    const codes = await lookedAt(workspace, file.root);
    expect(codes.slice(0, 3)).toEqual([0, 0, 0]);
    expect(existsSync(file.path)).toBe(false);
    expect(await inProcess(['go'], workspace.root, {})).toMatchObject({ code: 0 });
    expect(file.sql('select count(*) as n from t')).toEqual([{ n: 2n }]);
  });

  test.each(['delete', 'wal'] as const)('in journal mode %s, before and after the first run', async (mode) => {
    using file = new SqliteTestFile();
    file.sql(`pragma journal_mode = ${mode}`, 'create table t (id integer, name text)');
    using workspace = into(file);
    expect((await lookedAt(workspace, file.root)).slice(0, 3)).toEqual([0, 0, 0]);
    expect(file.sql('pragma journal_mode')).toEqual([{ journal_mode: mode }]);
    expect(await inProcess(['go'], workspace.root, {})).toMatchObject({ code: 0 });
    // Where the run's own connections closed at the same moment, its log is left: this one takes it away.
    file.sql('select count(*) from t');
    expect((await lookedAt(workspace, file.root)).slice(0, 3)).toEqual([0, 0, 0]);
  });

  test('as a home', async () => {
    using file = new SqliteTestFile();
    file.sql('pragma journal_mode = delete', 'create table t (id integer, name text)');
    using workspace = new TestWorkspace({
      'flows/f/flow.yml': `home: { type: sqlite, path: ${file.path}, table: t }\nstore: lake\nentities: [t]\n`,
    });
    expect((await lookedAt(workspace, file.root)).slice(0, 3)).toEqual([0, 0, 0]);
    expect(await inProcess(['go'], workspace.root, {})).toMatchObject({ code: 0 });
    expect((await lookedAt(workspace, file.root)).slice(0, 3)).toEqual([0, 0, 0]);
  });

  test('but for debug, which says that the file could not be made', async () => {
    using file = new SqliteTestFile();
    file.sql('pragma user_version');
    using workspace = new TestWorkspace({
      ...rows,
      'flows/f/flow.yml': flow(`{ type: sqlite, path: ${file.path}/no/folder.db, table: t }`),
    });
    const { code, stdout } = await inProcess(['debug'], workspace.root, {});
    expect(code).toBe(1);
    expect(stdout).toMatch(/can't be opened[\s\S]*ENOTDIR/);
  });
});
