import { afterAll, beforeAll, beforeEach, describe, test } from 'vitest';
import type { Opening, StoreSide } from '../../../src/engine/contracts/connector.ts';
import type { Store } from '../../../src/engine/contracts/store.ts';
import { findConnector } from '../../../src/registry.ts';
import { isMysql, mariadbDatabase, noMariadb, type TestDatabase } from '../../support/mariadb.ts';
import type { MariadbAddress } from '../../support/mariadb-process.ts';
import { type MysqlProxy, startMysqlProxy } from '../../support/mysql-proxy.ts';
import { homesBy, type OpenedHomes, openingOfTests } from '../../support/postgres-home.ts';
import { whole } from '../../support/samples.ts';

/** What a workspace says of a connection to a database of the tests; its password comes from the environment. */
export function connectionTo({ keys }: Pick<TestDatabase, 'keys'>, more: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({ type: 'mysql', ...keys, password: `\${SHOP_SECRET}`, ...more });
}

/** Homes over one database of the tests, in one process. */
export const mysqlHomes = (of: TestDatabase, more: Readonly<Record<string, unknown>> = {}): OpenedHomes =>
  homesBy('mysql', { ...of.keys, safe_wait: '200ms', ...more });

/** A `describe` with a real server, or none of it. */
export const onMariadb = describe.skipIf(noMariadb() !== '');

/** A test that meets the same in both servers: of it MySQL's round has nothing but in a soak. */
export const alike = test.skipIf(isMysql && !whole);

/** To the server, or to something before it. */
type Way = Pick<TestDatabase, 'host' | 'port'>;

export interface StoreOf {
  readonly table?: string;
  readonly user?: string;
  readonly password?: string;
  readonly markColumn?: string;
  readonly entity?: string;
  readonly through?: Way;
}

export interface Opened extends AsyncDisposable {
  readonly db: TestDatabase;
  readonly side: StoreSide<unknown>;
  readonly opening: Opening;
  /** Of hygge's own: tests of one server must not meet. */
  readonly staging: string;
  readonly metadata: string;
  config(of?: StoreOf): unknown;
  store(of?: StoreOf): Promise<Store>;
  /** The rows of a SELECT, each with tabs between its values. */
  lines(sql: string): Promise<readonly string[]>;
  /** Takes away all that a test left. */
  cleared(): Promise<void>;
}

/** For the tests of a `describe`: a database of its own, empty before each, and what stands before it and cuts nothing until it is told. */
export function throughProxy(take: (of: { readonly opened: Opened; readonly proxy: MysqlProxy }) => void): void {
  let of: { readonly opened: Opened; readonly proxy: MysqlProxy };
  beforeAll(async () => {
    const opened = await openDatabase();
    of = { opened, proxy: await startMysqlProxy({ host: '127.0.0.1', port: opened.db.port }) };
    take(of);
  });
  beforeEach(async () => {
    of.proxy.rule(() => undefined);
    await of.opened.cleared();
  });
  afterAll(async () => {
    await of.proxy[Symbol.asyncDispose]();
    await of.opened[Symbol.asyncDispose]();
  });
}

/** A database of its own, and stores in it as entity runs open them, in one process. */
export async function openDatabase(of?: MariadbAddress): Promise<Opened> {
  const db = await mariadbDatabase(of);
  const { opening, pools } = openingOfTests();
  const side = (await findConnector('mysql'))?.store;
  if (!side) throw new Error('no store');
  const [staging, metadata] = [`${db.database}_stg`, `${db.database}_own`];
  const config: Opened['config'] = ({ table = 'e', user = db.user, password = db.password, markColumn, through } = {}) =>
    side.config.parse({
      // What stands in between understands no TLS.
      ...(through === undefined ? db.keys : { host: through.host, port: through.port, database: db.database, tls: 'disable' }),
      ...{ user, password, table, pool_size: 8 },
      ...{ staging_schema: staging, metadata_schema: metadata },
      ...(markColumn === undefined ? {} : { mark_column: markColumn }),
    });
  const lines: Opened['lines'] = async (sql) => (await db.sql(sql)).split('\n').filter((line) => line !== '');
  return {
    ...{ db, side, opening, config, staging, metadata, lines },
    store: (of = {}) => side.open(config(of) as never, { ...opening, entity: of.entity ?? 'e' }),
    async cleared() {
      const { database } = db;
      await db.sql(
        `drop database if exists ${staging}; drop database if exists ${metadata}; drop database ${database}; create database ${database} character set utf8mb4`,
      );
    },
    async [Symbol.asyncDispose]() {
      await pools[Symbol.asyncDispose]();
      await db.sql(`drop database if exists ${staging}; drop database if exists ${metadata}`);
      await db[Symbol.asyncDispose]();
    },
  };
}
