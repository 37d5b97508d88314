import { describe, expect, test } from 'vitest';
import { ProcessPools } from '../../src/adapters/process-pools.ts';
import { realClock } from '../../src/adapters/real-clock.ts';
import type { Home } from '../../src/engine/contracts/home.ts';
import { findConnector } from '../../src/registry.ts';
import { asked, mariadbDatabase, noMariadb } from '../support/mariadb.ts';
import { noPostgres, postgresDatabase } from '../support/postgres.ts';
import { framesOf, openingOfTests } from '../support/postgres-home.ts';
import { whole } from '../support/samples.ts';
import { served } from './sqlserver/support.ts';

/** A table `t` of ten rows. */
interface Given extends AsyncDisposable {
  readonly keys: Readonly<Record<string, unknown>>;
  /** Connections of ours that the server has. */
  connections(): Promise<number>;
}

const engines: Readonly<Record<string, { readonly missing: string; given(): Promise<Given> }>> = {
  postgres: {
    missing: noPostgres(),
    async given() {
      const db = await postgresDatabase();
      await db.sql('create table t as select i as id from generate_series(1, 10) i');
      const { host, port, user, password, database } = db;
      const ours = `select count(*) as n from pg_stat_activity where datname = '${database}' and application_name like 'hygge%'`;
      return {
        keys: { host, port, user, password, database },
        connections: async () => Number((await db.sql(ours))[0]?.n),
        [Symbol.asyncDispose]: () => db[Symbol.asyncDispose](),
      };
    },
  },
  mysql: {
    missing: noMariadb(),
    async given() {
      const db = await mariadbDatabase();
      await db.sql('create table t (id int primary key); insert into t select seq from seq_1_to_10');
      const ours = `select count(*) from information_schema.processlist where db = '${db.database}' and id <> connection_id()`;
      return {
        keys: db.keys,
        connections: async () => Number(await db.sql(ours)),
        [Symbol.asyncDispose]: () => db[Symbol.asyncDispose](),
      };
    },
  },
  sqlserver: {
    missing: '',
    async given() {
      const rows = Array.from({ length: 10 }, (_, id) => [String(id)]);
      const database = await served({ tables: [{ name: 'dbo.t', columns: { id: 'int not null' }, rows, keys: ['id'] }] });
      return {
        keys: database.keys,
        connections: async () => database.server.sessions.size,
        [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
      };
    },
  },
};

describe.each(asked(whole ? Object.keys(engines) : ['postgres']))('a pool of %s', (type) => {
  const { missing, given } = engines[type] as (typeof engines)[string];

  test.skipIf(missing !== '')('that is exhausted says which it is, who has its connections and what to try, and is as before', async () => {
    await using database = await given();
    const clock = realClock();
    // Whoever waits for a connection waits for a moment.
    await using pools = new ProcessPools({ ...clock, sleep: (_ms, signal) => clock.sleep(100, signal) });
    const side = (await findConnector(type))?.home;
    const homes: Home[] = [];
    const homeOf = async (entity: string): Promise<Home> => {
      const config = side?.config.parse({ ...database.keys, table: 't', pool_size: 3 }) as never;
      const home = await side?.open(config, { ...openingOfTests().opening, clock, pools, flow: 'shop', entity });
      if (!home) throw new Error('no home');
      homes.push(home);
      return home;
    };
    const begun = await Promise.all(
      ['orders', 'lines', 'items'].map(async (entity) => {
        const home = await homeOf(entity);
        await home.describe();
        const frames = framesOf(home);
        await frames.next();
        return frames;
      }),
    );
    const late = await homeOf('customers');
    const failed = await (async () => late.describe())().catch((error: unknown) => error);

    expect(failed).toMatchObject({
      code: 'HYG-6054',
      transient: true,
      what: expect.stringMatching(new RegExp(`^No connection to ${type} .+ became free within \\d+ s\\.$`)),
      why: [
        'This process opens at most 3, and all of them are in use.',
        expect.stringMatching(/^In use: hygge shop\.\w+, to read \(for \d+ s\)(; hygge shop\.\w+, to read \(for \d+ s\)){2}\.$/),
      ],
      tryThis: expect.arrayContaining([expect.stringContaining('options.concurrency'), expect.stringContaining('pool_size')]),
    });
    const said = String((failed as { readonly why: readonly string[] }).why[1]);
    for (const entity of ['orders', 'lines', 'items']) expect(said).toContain(`hygge shop.${entity}, to read`);
    expect(await database.connections()).toBe(3);
    for (const frames of begun) await frames.return(undefined);
    for (const home of homes.slice(0, 3)) await home[Symbol.asyncDispose]();
    expect(await late.describe()).toHaveProperty('done');
    expect(await database.connections()).toBeLessThanOrEqual(3);
    await late[Symbol.asyncDispose]();
    await pools[Symbol.asyncDispose]();
    await expect.poll(() => database.connections(), { timeout: 60_000 }).toBe(0);
  });
});
