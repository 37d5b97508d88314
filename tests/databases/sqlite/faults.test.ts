import { execFileSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { here } from '../../support/here.ts';
import { remount, smallPlace } from '../../support/small-place.ts';
import { TestWorkspace } from '../../support/workspace.ts';

const noise = (from: number, to: number) => `select range as id, repeat(md5(range::varchar), 3) as noise from range(${from}, ${to})`;
const into = (path: string, more = '') => `home: in\nstore: { type: sqlite, path: ${path}, table: t }\n${more}`;

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

  const advice = ({ events }: Awaited<ReturnType<typeof here>>) =>
    (events.find(({ event }) => event === 'error') as { readonly tryThis?: readonly string[] } | undefined)?.tryThis ?? [];

  test.skipIf(place === undefined)('is read as it is advised: copied with its log, or without a log', async () => {
    const path = join(place ?? '', 'logged.db');
    await remount(place, 'rw');
    {
      using database = new DatabaseSync(path);
      database.exec('pragma journal_mode = wal; create table t (id integer); insert into t values (1)');
      // What a program that was killed leaves: the rows stand in the log alone.
      for (const end of ['', '-wal']) cpSync(`${path}${end}`, `${path}.kept${end}`);
    }
    for (const end of ['', '-wal']) cpSync(`${path}.kept${end}`, `${path}${end}`);
    await remount(place, 'ro');
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
    await remount(place, 'rw');
    {
      using database = new DatabaseSync(path);
      expect(database.prepare(pragma).get()).toEqual({ journal_mode: 'delete' });
    }
    await remount(place, 'ro');
    expect(await here(workspace, 'go', '--flow', 'f')).toMatchObject({ code: 0 });
    expect(await workspace.settled('out', 'f', 'f')).toHaveLength(1);
  });
});
