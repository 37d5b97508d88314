/** Databases that whole runs settle in, in a table `e` of the connection `c`: one test says for all of them what holds. */
import { rmSync } from 'node:fs';
import { describe } from 'vitest';
import { threads } from '../support/duck.ts';
import { DuckdbTestFile } from '../support/duckdb-file.ts';
import { firstOfServer, isMysql, noMariadb } from '../support/mariadb.ts';
import { openedOnce } from '../support/opened-once.ts';
import { noPostgres } from '../support/postgres.ts';
import { SqliteTestFile } from '../support/sqlite-file.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { connectionTo, openDatabase as openMariadb } from './mysql/support.ts';
import { cleared, openDatabase as openPostgres } from './postgres/support.ts';
import { openDatabase as openSqlServer } from './sqlserver/support.ts';

export interface Database extends AsyncDisposable {
  readonly connection: string;
  /** Of the store's own. */
  readonly keys: string;
  readonly password: string;
  /** Takes away all that a test left. */
  cleared(): Promise<void>;
  /** Rows of the last statement, with blanks between values. */
  sql(...statements: readonly string[]): Promise<readonly string[]>;
}

export interface DatabaseKind {
  readonly name: 'PostgreSQL' | 'MariaDB' | 'SQLite' | 'DuckDB' | 'SQL Server';
  /** Why there is none here; '': there is. */
  readonly missing: string;
  open(): Promise<Database>;
}

/** A `describe` for each kind, with a database that its tests share; none of it where there is none. */
export function onEach<K extends Pick<DatabaseKind, 'missing' | 'open'> & { readonly name: string }>(
  kinds: readonly K[],
  title: string,
  tests: (database: Database, kind: K) => void,
): void {
  for (const kind of kinds)
    describe.skipIf(kind.missing !== '')(title.replace('$name', kind.name), () => {
      tests(
        openedOnce(() => kind.open()),
        kind,
      );
    });
}

/** A database of its own, which the config of a workspace calls `c`. */
export interface Place extends AsyncDisposable {
  readonly database: Database;
  readonly workspace: TestWorkspace;
  /** A command line there: its exit code, and all that it printed. */
  run(...args: readonly string[]): Promise<{ readonly code: number | null; readonly text: string }>;
  go(...args: readonly string[]): ReturnType<Place['run']>;
}

export async function placeIn(
  { open }: Pick<DatabaseKind, 'open'>,
  files: (database: Database) => Readonly<Record<string, string>>,
): Promise<Place> {
  const database = await open();
  const workspace = new TestWorkspace({
    'hygge.yml': `name: w\nconnections: { c: ${database.connection} }\n`,
    '.env': `SHOP_SECRET=${database.password}\n`,
    ...files(database),
  });
  const run = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await workspace.run(args);
    return { code, text: stdout + stderr };
  };
  return {
    ...{ database, workspace, run, go: (...args) => run('go', ...args) },
    async [Symbol.asyncDispose]() {
      workspace[Symbol.dispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

const names: readonly DatabaseKind['name'][] = ['PostgreSQL', 'MariaDB', 'SQLite', 'DuckDB', 'SQL Server'];

/** First of a sample on each kind of database, and on MySQL's server beside MariaDB's: what one leaves out the next one has. */
export const firstOf = ({ name }: Pick<DatabaseKind, 'name'>): number => firstOfServer + names.indexOf(name);

/** Files that run once more, against MySQL's own server, ask nothing else again. */
const before = isMysql ? 'asked before' : '';

const shown = (rows: readonly object[]): readonly string[] => rows.map((row) => Object.values(row).join(' '));

export const postgres: DatabaseKind = {
  ...{ name: 'PostgreSQL', missing: noPostgres() },
  async open() {
    const opened = await openPostgres();
    const { host, port, database, user, password } = opened.db;
    return {
      ...{ connection: JSON.stringify({ type: 'postgres', host, port, database, user, password: `\${SHOP_SECRET}` }), keys: '', password },
      cleared: () => cleared(opened.db),
      async sql(...statements) {
        let rows: readonly object[] = [];
        for (const statement of statements) rows = await opened.db.sql(statement);
        return shown(rows);
      },
      [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
    };
  },
};

export const mariadb: DatabaseKind = {
  ...{ name: 'MariaDB', missing: noMariadb() },
  async open() {
    const opened = await openMariadb();
    const { staging, metadata } = opened;
    return {
      ...{ connection: connectionTo(opened.db), keys: `, staging_schema: ${staging}, metadata_schema: ${metadata}` },
      password: opened.db.password,
      cleared: () => opened.cleared(),
      sql: async (...statements) => (await opened.lines(statements.join(';\n'))).map((line) => line.replaceAll('\t', ' ')),
      [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
    };
  },
};

export const sqlite: DatabaseKind = {
  ...{ name: 'SQLite', missing: before },
  async open() {
    const file = new SqliteTestFile();
    const { path } = file;
    return {
      ...{ connection: JSON.stringify({ type: 'sqlite', path }), keys: '', password: 'none' },
      async cleared() {
        const names = file.sql(`select name from sqlite_schema where type = 'table' and name not like 'sqlite%'`);
        file.sql('pragma foreign_keys = off', ...names.map(({ name }) => `drop table "${name}"`));
      },
      sql: async (...statements) => shown(file.sql('select 1', ...statements)),
      [Symbol.asyncDispose]: async () => file[Symbol.dispose](),
    };
  },
};

export const duckdb: DatabaseKind = {
  ...{ name: 'DuckDB', missing: before },
  async open() {
    const file = new DuckdbTestFile();
    const { path } = file;
    return {
      ...{ connection: JSON.stringify({ type: 'duckdb', path, threads }), keys: '', password: 'none' },
      cleared: async () => rmSync(path, { force: true }),
      sql: async (...statements) => shown(await file.sql(...statements)),
      [Symbol.asyncDispose]: async () => file[Symbol.dispose](),
    };
  },
};

/** On the server of the tests that speaks its protocol, unless HYGGE_TEST_MSSQL names one. */
export const sqlserver: DatabaseKind = {
  ...{ name: 'SQL Server', missing: before },
  async open() {
    const { db, ...opened } = await openSqlServer('any');
    const { password, ...keys } = db.keys;
    return {
      ...{ connection: JSON.stringify({ type: 'sqlserver', ...keys, password: `\${SHOP_SECRET}` }), keys: '' },
      password: String(password),
      cleared: () => db.clear(),
      // The server of the tests knows no default schema.
      sql: async (...statements) => shown(await db.run(...statements.map((one) => one.replaceAll(/\bfrom e\b/g, 'from [dbo].[e]')))),
      [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
    };
  },
};
