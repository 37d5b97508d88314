/** A database of its own in a server that speaks TDS, whoever started it, and Microsoft's client in it, which is not hygge's. */

import { readFile } from 'node:fs/promises';
import { type NamedServer, serverAt } from './named-servers.ts';
import { tediousTo } from './tedious.ts';

export type TextRow = Readonly<Record<string, string | null>>;

export interface SqlServerDatabase extends AsyncDisposable {
  /** Who and where, as a config has it. */
  readonly keys: Readonly<Record<string, unknown>>;
  readonly host: string;
  readonly port: number;
  /** All of a table, each value as a text. */
  rows(table: string): Promise<readonly TextRow[]>;
  /** Rows of the last statement. */
  run(...statements: readonly string[]): Promise<readonly TextRow[]>;
  /** Tables of a schema. */
  tables(schema: string): Promise<readonly string[]>;
  /** As if nobody had ever written to it. */
  clear(): Promise<void>;
  /** Connections of hygge's, as the server counts them. */
  connections(): Promise<number>;
  version(): Promise<string>;
  /** Connections that the server takes for hygge's, until they are disposed of. */
  hold(connections: number): Promise<AsyncDisposable>;
}

/** Who these statements come from: the server of the tests takes them from nobody else. */
export const adminProgram = 'hygge tests';

/** All that is asked beside T-SQL of a test. */
export const adminStatements = {
  connections: "SELECT CONVERT(varchar(12), COUNT(*)) AS n FROM sys.dm_exec_sessions WHERE program_name = 'hygge'",
  version: 'SELECT @@VERSION AS version',
  tables: 'SELECT t.name AS name FROM sys.tables AS t JOIN sys.schemas AS s ON s.schema_id = t.schema_id WHERE s.name = ',
  clear: `DECLARE @gone nvarchar(max) = N'';
SELECT @gone += N'DROP TABLE ' + QUOTENAME(s.name) + N'.' + QUOTENAME(t.name) + N';' FROM sys.tables AS t JOIN sys.schemas AS s ON s.schema_id = t.schema_id;
EXEC(@gone);`,
  create: 'CREATE DATABASE ',
  drop: (name: string) => `ALTER DATABASE [${name}] SET SINGLE_USER WITH ROLLBACK IMMEDIATE; DROP DATABASE [${name}];`,
} as const;

let made = 0;

/** @param url `mssql://user:password@host:port?key=value`, with the keys of hygge's connection. */
export async function sqlServerDatabase(url: string): Promise<SqlServerDatabase> {
  const server = serverAt(url, 'HYGGE_TEST_MSSQL');
  const name = `test_${process.pid}_${++made}`;
  const master = await clientOf(server, 'master');
  await master.ask(`${adminStatements.create}[${name}]`);
  const client = await clientOf(server, name);
  const { host, port, user, password, more } = server;
  const quoted = (table: string) =>
    table
      .split('.')
      .map((part) => `[${part}]`)
      .join('.');
  const texts = async (sql: string, of: Asking = client) => (await of.ask(sql)).map((row) => Object.values(row)[0] ?? '');
  return {
    keys: { server: host, port, database: name, user, password, ...more },
    ...{ host, port },
    rows: async (table) => client.ask(`SELECT * FROM ${quoted(table)}`),
    async run(...statements) {
      let rows: readonly TextRow[] = [];
      for (const statement of statements) rows = await client.ask(statement);
      return rows;
    },
    tables: (schema) => texts(`${adminStatements.tables}'${schema}'`),
    async clear() {
      await client.ask(adminStatements.clear);
    },
    connections: async () => Number((await texts(adminStatements.connections, master))[0]),
    version: async () => (await texts(adminStatements.version))[0]?.split('\n')[0] ?? '',
    async hold(connections) {
      const held = await Promise.all(Array.from({ length: connections }, () => clientOf(server, name, 'hygge')));
      return { [Symbol.asyncDispose]: async () => void (await Promise.all(held.map((one) => one.close()))) };
    },
    async [Symbol.asyncDispose]() {
      await client.close();
      await master.ask(adminStatements.drop(name));
      await master.close();
    },
  };
}

interface Asking {
  ask(sql: string): Promise<readonly TextRow[]>;
  close(): Promise<void>;
}

async function clientOf(server: NamedServer, database: string, appName = adminProgram): Promise<Asking> {
  const { more } = server;
  const authority = typeof more.tls_ca_path === 'string' ? await readFile(more.tls_ca_path, 'utf8') : undefined;
  const trusts = { trustServerCertificate: more.trust_server_certificate === true };
  const client = await tediousTo({ ...server, authority }, { options: { database, appName, requestTimeout: 0, ...trusts } });
  const asking = async (sql: string): Promise<readonly TextRow[]> => {
    const { rows, names } = await client.batch(sql);
    return rows.map((row) => Object.fromEntries(names.map((name, at) => [name, textOf(row[at])])));
  };
  // The client takes one at a time.
  let last: Promise<unknown> = Promise.resolve();
  return {
    ask(sql) {
      const now = last.then(() => asking(sql));
      last = now.catch(() => undefined);
      return now;
    },
    async close() {
      const ended = new Promise((done) => client.connection.once('end', done));
      await client[Symbol.asyncDispose]();
      await ended;
    },
  };
}

function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return value instanceof Date ? value.toISOString() : String(value);
}
