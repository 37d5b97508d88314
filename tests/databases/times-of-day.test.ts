import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { duck } from '../support/duck.ts';
import { noPostgres, postgresDatabase, type TestDatabase } from '../support/postgres.ts';
import type { Run } from '../support/run-hygge.ts';
import { SqliteTestFile } from '../support/sqlite-file.ts';
import { TestWorkspace } from '../support/workspace.ts';

const go = (workspace: TestWorkspace, ...args: string[]) => workspace.run(['go', '--output', 'json', ...args]);
const last = (run: Run) => run.events.at(-1);
const errorOf = (run: Run) => run.events.find((event) => event.event === 'error');
const settled = (workspace: TestWorkspace, columns = 'v::varchar as v') =>
  duck(`select ${columns} from read_parquet('${workspace.path('lake')}/**/*.parquet') order by id`);

const at = (db: TestDatabase) =>
  `type: postgres, host: ${db.host}, port: ${db.port}, user: ${db.user}, password: ${db.password}, database: ${db.database}`;

describe('a time of day of SQLite', () => {
  it('settles in parquet, full loads and increments, and comes back', async () => {
    using file = new SqliteTestFile();
    file.sql('create table t (id integer primary key, v time, w time(9))');
    file.sql(`insert into t values (1, '10:00', '10:00:00.123456789'), (2, '23:59:59.999999', null), (3, null, '00:00:00')`);
    using workspace = new TestWorkspace({
      'flows/f/flow.yml': `home: { type: sqlite, path: ${file.path}, table: t }\nstore: lake\nrun_type: incremental\nwatermark: { column: id }\nentities: [t]\n`,
    });
    expect(last(await go(workspace))).toMatchObject({ error: 0, rows: 3 });
    file.sql(`insert into t values (4, '00:00:00.000001', null)`);
    expect(last(await go(workspace))).toMatchObject({ error: 0, rows: 1 });
    expect(last(await go(workspace, '-d'))).toMatchObject({ error: 0, rows: 4 });
    expect(await settled(workspace, 'v::varchar as v, w::varchar as w')).toEqual([
      { v: '10:00:00', w: '10:00:00.123456789' },
      { v: '23:59:59.999999', w: null },
      { v: null, w: '00:00:00' },
      { v: '00:00:00.000001', w: null },
    ]);
  });
});

describe.skipIf(noPostgres() !== '')('a time of day of PostgreSQL', () => {
  const made = async (db: TestDatabase, table = 't') => {
    await db.sql(`create table ${table} (id int primary key, v time, l time[])`);
    await db.sql(`insert into ${table} values (1, '10:00', '{10:00,NULL}'), (2, '23:59:59.999999', null), (3, null, '{}')`);
  };

  it('that settled in nanoseconds goes on without drift, and its folder has one type', async () => {
    await using db = await postgresDatabase();
    await made(db);
    const flow = `home: { ${at(db)} }\nstore: lake\nrun_type: incremental\nwatermark: { column: id }\nentities: [t]\n`;
    using workspace = new TestWorkspace({ 'flows/f/flow.yml': flow });
    expect(last(await go(workspace))).toMatchObject({ error: 0, rows: 3 });
    expect(settledInNanoseconds(workspace)).toBeGreaterThan(1);
    await db.sql(`insert into t values (4, '00:00:00.000001', '{00:00:00.000001}')`);
    const run = await go(workspace);
    expect(last(run)).toMatchObject({ pass: 1, warn: 0, rows: 1 });
    const head = readFileSync(workspace.path('lake/_hygge/f/t/current.json'), 'utf8');
    expect([...head.matchAll(/"kind":\s*"time",\s*"unit":\s*"(..)"/g)].map(([, unit]) => unit)).toEqual(['ns', 'ns']);
    for (const [column, type] of [
      ['v', 'TIME_NS'],
      ['l', 'TIME_NS[]'],
    ])
      expect(await settled(workspace, `typeof(${column}) as type`)).toEqual(Array.from({ length: 4 }, () => ({ type })));
    expect(await settled(workspace)).toEqual([{ v: '10:00:00' }, { v: '23:59:59.999999' }, { v: null }, { v: '00:00:00.000001' }]);
    expect(last(await go(workspace, '-d'))).toMatchObject({ error: 0, rows: 4 });
    expect(last(await go(workspace))).toMatchObject({ skip: 1 });
  });

  it('in nanoseconds is refused, and the advice names the type that leads on', async () => {
    await using db = await postgresDatabase();
    using workspace = new TestWorkspace({ 'flows/f/flow.yml': `home: in/{entity}\nstore: { ${at(db)} }\nentities: [t]\n` });
    await workspace.parquet(
      'in/t/1.parquet',
      `select 1 as id, time '10:00:00.000001' as v, timestamp_ns '2024-01-01 00:00:00.000001' as w`,
    );
    const columns: string[] = [];
    for (let stops = 0; stops < 3; stops++) {
      const error = errorOf(await go(workspace));
      if (error === undefined) break;
      expect(error).toMatchObject({ code: 'HYG-2078' });
      const [, column = ''] = /schema_overrides: \{ (.*) \}/.exec(String((error.tryThis as readonly string[])[0])) ?? [];
      columns.push(column);
      workspace.write({
        'flows/f/flow.yml': `home: in/{entity}\nstore: { ${at(db)} }\nentities: [t]\nschema_overrides: { ${columns.join(', ')} }\n`,
      });
    }
    expect(columns).toEqual(['v: "time[us]"', 'w: "timestamp[us]"']);
    expect(await db.sql('select v::text, w::text from t')).toEqual([{ v: '10:00:00.000001', w: '2024-01-01 00:00:00.000001' }]);
  });
});

/** Makes of what settled what an earlier version would have remembered of it: the files are the same. Answers how many records changed. */
function settledInNanoseconds(workspace: TestWorkspace): number {
  let changed = 0;
  for (const folder of ['.hygge', 'lake/_hygge'])
    for (const path of readdirSync(workspace.path(folder), { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.json'),
    )) {
      const file = join(workspace.path(folder), path);
      const before = readFileSync(file, 'utf8');
      const after = before.replaceAll(/("kind":\s*"time",\s*"unit":\s*)"us"/g, '$1"ns"');
      if (after === before) continue;
      writeFileSync(file, after);
      changed++;
    }
  return changed;
}
