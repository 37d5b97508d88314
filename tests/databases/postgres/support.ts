import { describe } from 'vitest';
import type { PlannedChange } from '../../../src/engine/contracts/catalog.ts';
import type { Opening, StoreSide } from '../../../src/engine/contracts/connector.ts';
import type { CommitOutcome, Intent } from '../../../src/engine/contracts/intent.ts';
import type { Part, Role, Store, Supersede } from '../../../src/engine/contracts/store.ts';
import type { Writing } from '../../../src/engine/contracts/writing.ts';
import { frameBuilder } from '../../../src/frames/builders.ts';
import type { Cell } from '../../../src/frames/cell.ts';
import type { Schema } from '../../../src/frames/schema.ts';
import { findConnector } from '../../../src/registry.ts';
import { committed } from '../../support/commits.ts';
import { run } from '../../support/connector-conformance/bench.ts';
import { decisionOver } from '../../support/connector-conformance/decision.ts';
import { noPostgres, postgresDatabase, type TestDatabase } from '../../support/postgres.ts';
import { openingOfTests } from '../../support/postgres-home.ts';
import { adding } from '../../support/sim/rows.ts';

export { committed };

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

type Given = Store | Promise<Store>;

export type Rows = readonly (readonly Cell[])[];

export interface Load {
  readonly epoch: number;
  readonly schema: Schema;
  readonly rows?: Rows;
  readonly roles?: Readonly<Partial<Record<Role, Rows>>>;
  readonly supersede?: Supersede;
  readonly writing?: Writing;
  readonly changes?: readonly PlannedChange[];
  readonly mark?: string;
}

const never = new AbortController().signal;

export async function staged(given: Given, { epoch, schema, rows, roles = {}, writing = adding, mark }: Load): Promise<readonly Part[]> {
  const store = await given;
  const column = schema.columns.find(({ name }) => name === mark);
  const frames = (async function* () {
    for (const [role, of] of Object.entries({ ...(rows ? { data: rows } : {}), ...roles })) {
      const builder = await frameBuilder(schema);
      for (const row of of) builder.append(row);
      yield { role: role as Role, frame: await builder.take() };
    }
  })();
  const watermark = column ? { column: column.name, type: column.type } : null;
  return store.stage({ run: run(epoch), writing, slice: 0, schema, watermark, emptyPart: false }, frames, never);
}

export async function decided(given: Given, load: Load): Promise<Intent> {
  const store = await given;
  const { epoch, schema, supersede = { what: 'nothing' }, writing = adding, changes = [] } = load;
  return decisionOver(store, { run: run(epoch), parts: await staged(store, load), supersede, writing, schema, changes });
}

/** Stages, decides and commits. */
export async function loaded(store: Given, load: Load): Promise<CommitOutcome> {
  return committed(store, await decided(store, load));
}
