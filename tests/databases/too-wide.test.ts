import { describe, expect, test } from 'vitest';
import { explainWritten as ofMysql } from '../../src/databases/mysql/errors.ts';
import { explainWritten as ofPostgres } from '../../src/databases/postgres/writing-errors.ts';
import { explainWritten as ofSqlServer } from '../../src/databases/sqlserver/errors.ts';
import { mariadbDatabase, noMariadb } from '../support/mariadb.ts';
import { noPostgres, postgresDatabase } from '../support/postgres.ts';
import { TestWorkspace } from '../support/workspace.ts';

const line = (columns: number, of: (n: number) => string) => Array.from({ length: columns }, (_, n) => of(n)).join(',');

interface Server extends AsyncDisposable {
  readonly store: string;
}

const servers: readonly {
  readonly system: string;
  readonly lacking: string;
  readonly columns: number;
  readonly open: () => Promise<Server>;
}[] = [
  {
    ...{ system: 'SQLite', lacking: '', columns: 2_100 },
    open: async () => ({ store: '{ type: sqlite, path: "out.db" }', [Symbol.asyncDispose]: async () => undefined }),
  },
  {
    ...{ system: 'PostgreSQL', lacking: noPostgres(), columns: 1_700 },
    async open() {
      const db = await postgresDatabase();
      const { host, port, database, user, password } = db;
      return {
        store: JSON.stringify({ type: 'postgres', host, port, database, user, password }),
        [Symbol.asyncDispose]: () => db[Symbol.asyncDispose](),
      };
    },
  },
  {
    ...{ system: 'MariaDB', lacking: noMariadb(), columns: 1_100 },
    async open() {
      const db = await mariadbDatabase();
      return { store: JSON.stringify({ type: 'mysql', ...(db.keys as object) }), [Symbol.asyncDispose]: () => db[Symbol.asyncDispose]() };
    },
  },
];

describe.each(servers)('a table that is too wide for $system', ({ lacking, columns, open }) => {
  test.skipIf(lacking !== '')('settles with fewer columns, as the error advises', async () => {
    await using server = await open();
    const flow = (more: string) => `home: { path: "in/{entity}.csv"${more} }\nstore: ${server.store}\nentities: [wide]\n`;
    using workspace = new TestWorkspace({
      'flows/w/flow.yml': flow(''),
      'in/wide.csv': `${line(columns, (n) => `c${n}`)}\n${line(columns, String)}\n`,
    });
    const { code, stdout, stderr } = await workspace.run(['go']);
    expect(code).toBe(1);
    expect(stdout + stderr).toContain('Settle fewer columns: columns or exclude of the home');
    workspace.write({ 'flows/w/flow.yml': flow(', columns: [c0, c1]') });
    expect((await workspace.run(['go'])).code).toBe(0);
  });
});

test.each([
  { system: 'PostgreSQL', explained: ofPostgres, code: '54000', message: 'row is too big: size 8640, maximum size 8160' },
  { system: 'MySQL', explained: ofMysql, code: '1118', message: 'Row size too large (> 8126)' },
  { system: 'MariaDB', explained: ofMysql, code: '1005', message: 'Can\'t create table `d`.`t` (errno: 139 "Too big row")' },
  { system: 'SQL Server', explained: ofSqlServer, code: '511', message: 'Cannot create a row of size 8400.' },
  { system: 'SQL Server', explained: ofSqlServer, code: '1702', message: 'CREATE TABLE failed: it exceeds the maximum of 1024 columns.' },
])('$system reports a row or table that is too wide with $code $message', ({ explained, code, message }) => {
  const { tryThis } = explained({ code, message } as never, 'here').toDetails();
  expect(tryThis[0]).toBe('Settle fewer columns: columns or exclude of the home');
});
