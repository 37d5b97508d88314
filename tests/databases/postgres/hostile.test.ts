import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Writing } from '../../../src/engine/contracts/writing.ts';
import type { Cell } from '../../../src/frames/cell.ts';
import type { Column, Schema } from '../../../src/frames/schema.ts';
import { pgLiteral, postgresDatabase, type TestDatabase } from '../../support/postgres.ts';
import { framesOf, postgresHomes } from '../../support/postgres-home.ts';
import { startPostgres } from '../../support/postgres-process.ts';
import { sampled, whole } from '../../support/samples.ts';
import { TestWorkspace } from '../../support/workspace.ts';
import { loaded, onPostgres, ownDatabase } from './support.ts';

onPostgres('as many columns as PostgreSQL has', () => {
  const opened = ownDatabase();

  const wide = (columns: number): Schema => ({
    columns: Array.from({ length: columns }, (_, at): Column => ({ name: `c${at}`, type: { kind: 'int16' }, nullable: at > 0 })),
  });
  const row = (columns: number, first: number): readonly Cell[] => Array.from({ length: columns }, (_, at) => (at === 0 ? first : at));
  const ways: readonly (readonly [string, Writing, readonly number[]])[] = [
    ['added', { mode: 'append', key: [], why: 'plain' } as unknown as Writing, [1, 2, 2, 3]],
    ['merged', { mode: 'merge', key: ['c0'], why: 'key' }, [1, 2, 3]],
    ['swapped', { mode: 'swap', key: [], why: 'full_load' }, [2, 3]],
    ['deleted and inserted', { mode: 'delete_insert', key: [], why: 'full_load' }, [2, 3]],
  ];

  test.each(sampled(ways, 4))('are %s and read', async (_, writing, expected) => {
    const schema = wide(1_600);
    const rows = (...first: readonly number[]) => first.map((one) => row(1_600, one));
    await loaded(opened.store(), { epoch: 1, schema, rows: rows(1, 2) });
    const all = { what: 'all', foreign: 'keep' } as const;
    const isFull = writing.why === 'full_load';
    await loaded(opened.store(), { epoch: 2, schema, rows: rows(2, 3), writing, ...(isFull ? { supersede: all } : {}) });
    const found = await opened.db.sql('select c0, c1599 from e order by c0');
    expect(found.map(({ c0 }) => Number(c0))).toEqual(expected);
    expect(new Set(found.map(({ c1599 }) => c1599))).toEqual(new Set(['1599']));
    await using homes = postgresHomes(opened.db);
    let read = 0;
    for await (const frame of framesOf(await homes.home({ table: 'e' }))) {
      expect(frame.schema.columns).toHaveLength(1_600);
      read += frame.rows;
    }
    expect(read).toBe(expected.length);
  });

  test('are told where there is one more', async () => {
    await expect(loaded(opened.store(), { epoch: 1, schema: wide(1_601), rows: [row(1_601, 1)] })).rejects.toMatchObject({
      code: expect.stringMatching(/^HYG-4/),
      why: [expect.stringContaining('1600 columns')],
    });
    expect(await opened.db.sql(`select tablename from pg_tables where schemaname in ('public', 'hygge_staging')`)).toEqual([]);
  });
});

onPostgres('a row of more than a gigabyte', () => {
  const connection = ({ host, port, database, user }: TestDatabase) =>
    `name: w\nconnections:\n  pg: { type: postgres, host: ${host}, port: ${port}, database: ${database}, user: ${user}, password: "\${PG_SECRET}" }\n`;

  /** So many MB; letter by letter it takes seconds. */
  const text = (letter: string, megabytes: number) => `repeat(repeat('${letter}', 1000000), ${megabytes})`;

  test('that PostgreSQL would keep is refused with its reason, and nothing settles', async () => {
    await using db = await postgresDatabase();
    using workspace = new TestWorkspace({
      'hygge.yml': connection(db),
      'flows/f/flow.yml': 'home: in\nstore: { type: postgres, connection: pg, table: t }\nif_exists: append\n',
    });
    await workspace.parquet('in/1.parquet', 'select 1 as id');
    // As the server says it of such a row, which it would take long to make; `npm run soak` makes one.
    const large = whole
      ? `new.a := ${text('x', 600)}; new.b := new.a; return new;`
      : `raise exception sqlstate '54000' using message = 'out of memory', detail = 'Cannot enlarge string buffer containing 600000012 bytes by 600000000 more bytes.';`;
    await db.sql(`create table t (id int, a text, b text); create function large() returns trigger language plpgsql as
      $$ begin ${large} end $$; create trigger large before insert on t for each row execute function large()`);
    const run = await workspace.run(['go'], { env: { PG_SECRET: db.password } });
    expect(run).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/HYG-4290 A row for .* has more bytes than PostgreSQL accepts in one piece/),
    });
    expect(await db.sql('select count(*) as n from t')).toEqual([{ n: '0' }]);
  });
});

onPostgres('a password', () => {
  let workspace: TestWorkspace;
  beforeEach(() => {
    workspace = new TestWorkspace();
  });
  afterEach(() => workspace[Symbol.dispose]());

  test('is in no log, of the server that logs all statements or of hygge, whatever goes wrong', async () => {
    await using server = await startPostgres({
      conf: [
        'logging_collector = on',
        `log_directory = '../log'`,
        'log_min_messages = debug1',
        'log_statement = all',
        'log_connections = on',
      ],
    });
    await using db: TestDatabase = await postgresDatabase(server);
    const secret = `$@%'canary"x`;
    const encoded = encodeURIComponent(secret);
    await db.sql('set log_statement = none; set log_min_messages = panic; set log_min_duration_statement = -1');
    await db.sql(
      `create role told login password ${pgLiteral(secret)}; grant create on database "${db.database}" to told; grant all on schema public to told`,
    );
    const at = `type: postgres, host: 127.0.0.1, port: ${db.port}, database: ${db.database}, user: told`;
    const url = `postgres://told:${encoded}@127.0.0.1:${db.port}/${db.database}?sslmode=disable`;
    workspace.write({
      'hygge.yml': `name: w\nconnections:\n  keys: { ${at}, password: "\${PG_SECRET}" }\n  url: { type: postgres, connection_string: "\${PG_URL}" }\n  wrong: { ${at}, password: "\${PG_WRONG}" }\n`,
      'flows/up/flow.yml': 'home: { type: parquet, path: in }\nstore: { connection: keys, table: t }\n',
      'flows/down/flow.yml': 'home: { connection: url, table: t }\nstore: { type: parquet, path: out }\n',
      'flows/no/flow.yml': 'home: { connection: wrong, table: t }\nstore: { type: parquet, path: no }\n',
      'flows/absent/flow.yml': 'home: { connection: url, table: nothing }\nstore: { type: parquet, path: absent }\n',
    });
    await workspace.parquet('in/1.parquet', 'select 1 as id');
    const env = { PG_SECRET: secret, PG_URL: url, PG_WRONG: `wrong ${secret}` };
    const said: string[] = [];
    const hygge = async (...args: readonly string[]) => {
      const run = await workspace.run(args, { env });
      said.push(run.stdout, run.stderr);
      return run.code;
    };
    expect(await hygge('go', '-f', 'up', '-v')).toBe(0);
    expect(await hygge('go', '-f', 'down', '--output', 'json')).toBe(0);
    await db.sql('alter table t add check (id < 0) not valid');
    expect(await hygge('go', '-f', 'up', '-v')).toBe(1);
    for (const flow of ['no', 'absent']) expect(await hygge('go', '-f', flow, '-v')).not.toBe(0);
    await hygge('debug');
    await hygge('preview', 'down.down');
    for (const code of ['HYG-4204', 'HYG-6502', 'HYG-3501']) expect(said.join('')).toContain(code);
    const kept = [...workspace.tree('.').keys()]
      .filter((path) => !path.endsWith('.parquet'))
      .map((path) => readFileSync(workspace.path(path), 'utf8'));
    const folder = join(server.folder, 'log');
    const logs = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
    expect(logs.join('')).toContain('hygge_metadata');
    for (const text of [...said, ...kept, ...logs]) for (const form of ['canary', encoded]) expect(text).not.toContain(form);
  });
});
