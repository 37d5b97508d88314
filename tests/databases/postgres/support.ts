import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from 'vitest';
import type { Opening } from '../../../src/engine/contracts/connector.ts';
import type { Store } from '../../../src/engine/contracts/store.ts';
import { findConnector } from '../../../src/registry.ts';
import { noPostgres, postgresDatabase, type TestDatabase } from '../../support/postgres.ts';
import { openingOfTests } from '../../support/postgres-home.ts';
import { TestWorkspace } from '../../support/workspace.ts';

export { committed, decided, type Load, loaded, type Rows, staged } from '../../support/commits.ts';

/** A `describe` with a real server, or none of it. */
export const onPostgres = describe.skipIf(noPostgres() !== '');

/** To the server, or to something before it. */
type Way = Pick<TestDatabase, 'host' | 'port'>;

export interface Opened extends AsyncDisposable {
  readonly db: TestDatabase;
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
    opening,
    config,
    store: (of = {}) => side.open(config(of) as never, { ...opening, entity: of.entity ?? 'e' }),
    async [Symbol.asyncDispose]() {
      await pools[Symbol.asyncDispose]();
      await db[Symbol.asyncDispose]();
    },
  };
}

/** A database of its own for the tests of a suite, empty before each of them. */
export function ownDatabase(): Opened {
  const opened = {} as Opened;
  beforeAll(async () => void Object.assign(opened, await openDatabase()));
  beforeEach(() => cleared(opened.db));
  afterAll(() => opened[Symbol.asyncDispose]());
  return opened;
}

/** A connection as hygge.yml has it. The password is the variable PG_SECRET. */
export const connectionTo = (
  { host, port, database, user }: Pick<TestDatabase, 'host' | 'port' | 'database' | 'user'>,
  more = '',
): string => `{ type: postgres, host: ${host}, port: ${port}, database: ${database}, user: ${user}, password: "\${PG_SECRET}"${more} }`;

/** A workspace for each test of a suite, in which `pg` is the connection to its database. */
export function ownWorkspace(opened: Opened) {
  let workspace: TestWorkspace;
  beforeEach(() => {
    workspace = new TestWorkspace({ 'hygge.yml': `name: w\nconnections: { pg: ${connectionTo(opened.db)} }\n`, 'in/.keep': '' });
  });
  afterEach(() => workspace[Symbol.dispose]());
  return {
    get workspace() {
      return workspace;
    },
    async hygge(...args: readonly string[]) {
      const run = await workspace.run(args, { env: { PG_SECRET: opened.db.password } });
      const text = `${run.stdout}${run.stderr}`;
      expect(text).not.toContain(opened.db.password);
      return { ...run, text };
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
