import { describe, expect, test } from 'vitest';
import { ProcessPools } from '../../src/adapters/process-pools.ts';
import { realClock } from '../../src/adapters/real-clock.ts';
import type { Home } from '../../src/engine/contracts/home.ts';
import { findConnector } from '../../src/registry.ts';
import { framesOf, openingOfTests } from '../support/postgres-home.ts';
import { served } from './sqlserver/support.ts';

// Every database that has connections shares the pool: the server of the tests starts at once.
describe('a pool of SQL Server', () => {
  test('that is exhausted says which it is, who has its connections and what to try, and is as before', async () => {
    const rows = Array.from({ length: 10 }, (_, id) => [String(id)]);
    await using database = await served({ tables: [{ name: 'dbo.t', columns: { id: 'int not null' }, rows, keys: ['id'] }] });
    const connections = () => database.server.sessions.size;
    const clock = realClock();
    // Whoever waits for a connection waits for a moment.
    await using pools = new ProcessPools({ ...clock, sleep: (_ms, signal) => clock.sleep(100, signal) });
    const side = (await findConnector('sqlserver'))?.home;
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
      what: expect.stringMatching(/^No connection to sqlserver .+ became free within \d+ s\.$/),
      why: [
        'This process opens at most 3, and all of them are in use.',
        expect.stringMatching(/^In use: hygge shop\.\w+, to read \(for \d+ s\)(; hygge shop\.\w+, to read \(for \d+ s\)){2}\.$/),
      ],
      tryThis: expect.arrayContaining([expect.stringContaining('options.concurrency'), expect.stringContaining('pool_size')]),
    });
    const said = String((failed as { readonly why: readonly string[] }).why[1]);
    for (const entity of ['orders', 'lines', 'items']) expect(said).toContain(`hygge shop.${entity}, to read`);
    expect(connections()).toBe(3);
    for (const frames of begun) await frames.return(undefined);
    for (const home of homes.slice(0, 3)) await home[Symbol.asyncDispose]();
    expect(await late.describe()).toHaveProperty('done');
    expect(connections()).toBeLessThanOrEqual(3);
    await late[Symbol.asyncDispose]();
    await pools[Symbol.asyncDispose]();
    await expect.poll(connections, { timeout: 60_000 }).toBe(0);
  });
});
