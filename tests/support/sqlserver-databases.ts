/** A server of the tests with databases that hygge writes to and reads again: those who administrate it make and drop them. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answersOf, type MemoryDatabase, type MemoryTable } from './sqlserver.ts';
import { adminProgram, adminStatements } from './sqlserver-admin.ts';
import { ServedTables } from './sqlserver-tables.ts';
import { type TdsServer, tdsServer } from './tds/server.ts';
import type { Answer, TdsRequest } from './tds/session.ts';
import type { Value } from './tds/values.ts';

export interface ServedDatabases extends AsyncDisposable {
  readonly server: TdsServer;
  /** As HYGGE_TEST_MSSQL has it. */
  readonly url: string;
}

type Answering = (request: TdsRequest) => Promise<Answer | undefined>;

/**
 * @param of.drains of the rows of bulk loads it is kept which values are NULL, and nothing else.
 * @param of.list `any`: statements of whole runs, whose columns the golden file does not have.
 */
export async function servedDatabases(of: { readonly drains?: boolean; readonly list?: 'golden' | 'any' } = {}): Promise<ServedDatabases> {
  const { drains = false, list = 'golden' } = of;
  const databases = new Map<string, { readonly tables: ServedTables; readonly answer: Answering }>();
  const sessions = () => [...server.sessions].filter(({ login }) => login.program === 'hygge').length;
  const create = (name: string): void => {
    const tables = new ServedTables(list);
    const read = readable(tables, () => [...tables.named(), ...stagedIn(tables)]);
    const memory: MemoryDatabase = {
      ...{ sessions, before: (request) => tables.answer(request) },
      get tables() {
        return read();
      },
    };
    databases.set(name, { tables, answer: answersOf(memory) });
  };
  const administrated = ({ sql, kind }: TdsRequest, database: string): Answer | undefined => {
    // What they load themselves is taken, and kept by nobody.
    if (kind === 'bulk') return undefined;
    if (/^insert bulk /i.test(sql)) return [];
    const text = (value: string): Answer => ({ columns: { value: 'nvarchar(4000)' }, rows: [[value]] });
    const [, made] = /^CREATE DATABASE \[(\w+)\]$/.exec(sql) ?? [];
    if (made !== undefined) create(made);
    const [, gone = ''] = /DROP DATABASE \[(\w+)\];$/.exec(sql) ?? [];
    databases.get(gone)?.tables[Symbol.dispose]();
    if (made !== undefined || databases.delete(gone)) return [];
    if (sql === adminStatements.connections) return text(String(sessions()));
    if (sql === adminStatements.version) return text('the test server of hygge, which is no SQL Server');
    const tables = databases.get(database)?.tables;
    if (sql === adminStatements.clear) return tables?.clear() ?? [];
    const [, schema] = /^(?:SELECT t\.name AS name FROM sys\.tables .*) = '(\w+)'$/.exec(sql) ?? [];
    if (schema !== undefined) return { columns: { name: 'sysname' }, rows: tables?.named(schema).map((name) => [name]) ?? [] };
    const [, from] = /^SELECT \* FROM (\S+)$/.exec(sql) ?? [];
    if (from !== undefined) return tables?.typed(from.replace(/[[\]]/g, ''));
    try {
      return tables?.run(sql) ?? [];
    } catch (error) {
      return { error: { number: 50_000, message: String(error) } };
    }
  };
  const server = await tdsServer({
    drains,
    async answers(request) {
      const { program, database } = request.session.login;
      return program === adminProgram ? administrated(request, database) : databases.get(database)?.answer(request);
    },
    closed: (session) => databases.get(session.login.database)?.tables.closed(session),
  });
  const folder = await mkdtemp(join(tmpdir(), 'hygge-sqlserver-'));
  const authority = join(folder, 'authority.pem');
  await writeFile(authority, server.authority);
  const { host, port, user, password } = server;
  return {
    server,
    url: `mssql://${user}:${password}@${host}:${port}?tls_ca_path=${encodeURIComponent(authority)}`,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      for (const { tables } of databases.values()) tables[Symbol.dispose]();
      await rm(folder, { recursive: true });
    },
  };
}

/** Tables that hygge stages rows in, and reads again. */
export const stagedIn = (tables: ServedTables): readonly string[] => tables.named('hygge_staging').map((name) => `hygge_staging.${name}`);

/** What was written, as homes find it; what they ask again while nobody writes is not looked up again. */
export function readable(tables: ServedTables, names: () => readonly string[]): () => MemoryTable[] {
  let [known, found]: [string, MemoryTable[]] = ['', []];
  return () => {
    const now = tables.version();
    if (now === known) return found;
    known = now;
    found = names().map((name): MemoryTable => {
      const columns = tables.columnsOf(name);
      let rows: Value[][] | undefined;
      return {
        name,
        columns: Object.fromEntries(columns.map((one) => [one.name, `${one.type}${one.nullable ? '' : ' not null'}`])),
        get rows() {
          rows ??= tables.typed(name).rows;
          return rows;
        },
      };
    });
    return found;
  };
}
