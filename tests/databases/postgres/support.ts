import { describe } from 'vitest';
import type { Opening, StoreSide } from '../../../src/engine/contracts/connector.ts';
import type { Store } from '../../../src/engine/contracts/store.ts';
import { findConnector } from '../../../src/registry.ts';
import { noPostgres, postgresDatabase, type TestDatabase } from '../../support/postgres.ts';
import { openingOfTests } from '../../support/postgres-home.ts';

export { committed, decided, type Load, loaded, type Rows, staged } from '../../support/commits.ts';

/** A `describe` with a real server, or none of it. */
export const onPostgres = describe.skipIf(noPostgres() !== '');

/** To the server, or to something before it. */
type Way = Pick<TestDatabase, 'host' | 'port'>;

export interface Opened extends AsyncDisposable {
  readonly db: TestDatabase;
  readonly side: StoreSide<unknown>;
  readonly opening: Opening;
  config(of?: StoreOf): unknown;
  store(of?: StoreOf): Promise<Store>;
}

export interface StoreOf {
  readonly table?: string;
  readonly user?: string;
  readonly markColumn?: string;
  readonly entity?: string;
  readonly through?: Way;
}

/** A database of its own, and stores in it as entity runs open them, in one process. */
export async function openDatabase(): Promise<Opened> {
  const db = await postgresDatabase();
  const { opening, pools } = openingOfTests();
  const side = (await findConnector('postgres'))?.store;
  if (!side) throw new Error('no store');
  const config: Opened['config'] = ({ table = 'public.e', user = db.user, markColumn, through = db } = {}) =>
    side.config.parse({
      ...{ host: through.host, port: through.port, database: db.database, user, password: db.password, table, pool_size: 8 },
      ...(markColumn === undefined ? {} : { mark_column: markColumn }),
    });
  return {
    db,
    side,
    opening,
    config,
    store: (of = {}) => side.open(config(of) as never, { ...opening, entity: of.entity ?? 'e' }),
    async [Symbol.asyncDispose]() {
      await pools[Symbol.asyncDispose]();
      await db[Symbol.asyncDispose]();
    },
  };
}

/** Takes away all that a test left. */
export async function cleared({ sql }: TestDatabase, schemas: readonly string[] = all, tables: readonly string[] = []): Promise<void> {
  const gone = tables.map((name) => `; drop table if exists ${name} cascade`).join('');
  const anew = schemas.includes('public') ? '; create schema public; grant all on schema public to public' : '';
  await sql(`drop schema if exists ${schemas.join(', ')} cascade${anew}${gone}`);
}

const all = ['hygge_metadata', 'hygge_staging', 'public'];
