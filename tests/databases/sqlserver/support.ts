import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StoreSide } from '../../../src/engine/contracts/connector.ts';
import type { Home } from '../../../src/engine/contracts/home.ts';
import type { Store } from '../../../src/engine/contracts/store.ts';
import { findConnector } from '../../../src/registry.ts';
import { namedServer } from '../../support/named-servers.ts';
import type { OpenedHomes } from '../../support/postgres-home.ts';
import { answersOf, keysOf, type MemoryDatabase, sqlServerHomes } from '../../support/sqlserver.ts';
import { type SqlServerDatabase, sqlServerDatabase } from '../../support/sqlserver-admin.ts';
import { readable, servedDatabases, stagedIn } from '../../support/sqlserver-databases.ts';
import { ServedTables } from '../../support/sqlserver-tables.ts';
import { type TdsServer, type TdsServerOptions, tdsServer } from '../../support/tds/server.ts';
import type { TdsRequest } from '../../support/tds/session.ts';

/** What a store is told of a place where nothing lies, and nothing goes. */
export const anew = { supersede: { what: 'nothing' }, target: { content: 'empty' } } as const;

export interface Served extends AsyncDisposable, Pick<OpenedHomes, 'home' | 'opening'> {
  readonly server: TdsServer;
  readonly keys: Readonly<Record<string, unknown>>;
}

/** A database in memory behind a server of its own, and homes over it. */
export async function served(
  database: MemoryDatabase,
  options: Omit<TdsServerOptions, 'answers'> = {},
  more: Readonly<Record<string, unknown>> = {},
): Promise<Served> {
  const server = await tdsServer({ ...options, answers: answersOf(database) });
  database.sessions ??= () => [...server.sessions].filter(({ login }) => login.program === 'hygge').length;
  const folder = await mkdtemp(join(tmpdir(), 'hygge-sqlserver-'));
  const authority = join(folder, 'authority.pem');
  await writeFile(authority, server.authority);
  const keys = { ...keysOf(server, authority), ...more };
  const homes = sqlServerHomes(keys);
  return {
    ...{ server, keys, home: homes.home, opening: homes.opening },
    async [Symbol.asyncDispose]() {
      await homes[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

export interface StoreServed extends Served {
  readonly tables: ServedTables;
  readonly side: StoreSide<unknown>;
  store(of?: StoreOf): Promise<Store>;
}

export interface StoreOf {
  readonly table?: string;
  readonly markColumn?: string;
  readonly entity?: string;
  /** Keys of SQL Server's own. */
  readonly own?: Readonly<Record<string, unknown>>;
}

/** Tables that are written, behind a server of their own, and stores in them. */
export async function storeServed(
  database: MemoryDatabase = { tables: [] },
  { list, ...options }: Omit<TdsServerOptions, 'answers'> & { readonly list?: 'golden' | 'any' } = {},
): Promise<StoreServed> {
  const tables = new ServedTables(list);
  const { before } = database;
  const staged = readable(tables, () => stagedIn(tables));
  const memory: MemoryDatabase = {
    ...database,
    get tables() {
      return [...database.tables, ...staged()];
    },
    before: async (request: TdsRequest) => (await before?.(request)) ?? tables.answer(request),
  };
  const database_ = await served(memory, { ...options, closed: (session) => tables.closed(session) });
  const side = (await findConnector('sqlserver'))?.store;
  if (!side) throw new Error('no store');
  return {
    ...database_,
    ...{ tables, side },
    store({ table = 'dbo.e', markColumn, entity = 'e', own = {} } = {}) {
      const config = side.config.parse({
        ...database_.keys,
        ...own,
        table,
        ...(markColumn === undefined ? {} : { mark_column: markColumn }),
      });
      return side.open(config as never, { ...database_.opening, entity });
    },
    async [Symbol.asyncDispose]() {
      await database_[Symbol.asyncDispose]();
      tables[Symbol.dispose]();
    },
  };
}

export interface OpenedDatabase extends AsyncDisposable {
  readonly db: SqlServerDatabase;
  home(config: Readonly<Record<string, unknown>>, steps?: 'here' | 'anywhere'): Promise<Home>;
  /** @param of.through what stands between us and the server. */
  store(of?: StoreOf & { readonly through?: Pick<SqlServerDatabase, 'host' | 'port'> }): Promise<Store>;
}

const isNamed = namedServer('HYGGE_TEST_MSSQL') !== undefined;

/** Where the suites run that need no more than a server. */
export const ofSqlServer = isNamed
  ? 'SQL Server, as HYGGE_TEST_MSSQL names it'
  : 'SQL Server, on a server of the tests that speaks its protocol';

/** A database of its own there. */
export async function openDatabase(list: 'golden' | 'any' = 'golden'): Promise<OpenedDatabase> {
  const ours = isNamed ? undefined : await servedDatabases({ list });
  const db = await sqlServerDatabase(ours?.url ?? process.env.HYGGE_TEST_MSSQL ?? '');
  const homes = sqlServerHomes(db.keys);
  const side = (await findConnector('sqlserver'))?.store;
  if (!side) throw new Error('no store');
  return {
    ...{ db, home: homes.home },
    store({ table = 'dbo.e', markColumn, entity = 'e', through } = {}) {
      // Its certificate is of another name.
      const way = through && { server: through.host, port: through.port, tls_ca_path: undefined, trust_server_certificate: true };
      const config = side.config.parse({ ...db.keys, ...way, table, ...(markColumn === undefined ? {} : { mark_column: markColumn }) });
      return side.open(config as never, { ...homes.opening, entity });
    },
    async [Symbol.asyncDispose]() {
      await homes[Symbol.asyncDispose]();
      await db[Symbol.asyncDispose]();
      await ours?.[Symbol.asyncDispose]();
    },
  };
}

/** The connection `erp` of a workspace. */
export function connectionOf({ keys }: Pick<Served, 'keys'>): string {
  const written = Object.entries(keys).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  return `connections:\n  erp: { type: sqlserver, ${written.join(', ')} }\n`;
}
