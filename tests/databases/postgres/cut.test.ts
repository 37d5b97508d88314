import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CommitOutcome, Intent } from '../../../src/engine/contracts/intent.ts';
import { HyggeError } from '../../../src/errors/hygge-error.ts';
import { OutcomeUnknown } from '../../../src/ports/retry.ts';
import { begins, committed, finished, first, second, ways } from '../../support/commits.ts';
import { day, sampled } from '../../support/day.ts';
import { type Cut, type PostgresProxy, startPostgresProxy } from '../../support/postgres-proxy.ts';
import { cleared, decided, type Load, loaded, type Opened, onPostgres, openDatabase, staged } from './support.ts';

onPostgres('PostgreSQL over a connection that breaks', () => {
  let opened: Opened;
  let proxy: PostgresProxy;
  beforeAll(async () => {
    opened = await openDatabase();
    proxy = await startPostgresProxy(opened.db);
  });
  beforeEach(async () => {
    proxy.rule(() => undefined);
    await cleared(opened.db);
  });
  afterAll(async () => {
    await proxy[Symbol.asyncDispose]();
    await opened[Symbol.asyncDispose]();
  });

  const rows = async () => (await opened.db.sql('select id, name from e order by id, name')).map(({ id, name }) => `${id} ${name}`);

  describe.each(ways)('a commit that %s', (_, load, expected) => {
    test.each(['before', 'after'] as const)(
      `is whole or not there at all when it is cut %s a message, and is finished by who asks again (SEED=${day})`,
      async (when) => {
        // Which messages there are, of a commit that nothing cuts.
        const all = Array.from({ length: await cutAt(load, expected, undefined) }, (_, at) => at + 1);
        for (const number of sampled(all, 16)) await cutAt(load, expected, { number, when });
      },
    );
  });

  /** @returns how many messages it took. */
  async function cutAt(
    load: Load,
    expected: readonly string[],
    at: { readonly number: number; readonly when: Cut['when'] } | undefined,
  ): Promise<number> {
    await cleared(opened.db);
    if (load !== begins) await loaded(opened.store(), first);
    const intent = await decided(opened.store(), load);
    proxy.rule(({ number }) => (number === at?.number ? { when: at.when } : undefined));
    const outcome = await finished(await opened.store({ through: proxy }), intent);
    const sent = proxy.seen.length;
    proxy.rule(() => undefined);
    const round = at && `${at.when} message ${at.number}`;
    expect(outcome, round).toMatchObject({ counts: expect.anything() });
    expect(await rows(), round).toEqual(expected);
    expect(await (await opened.store()).head(), round).toMatchObject({ id: intent.id, rows: expected.length });
    expect(await opened.db.sql('select count(*) as n from hygge_metadata.commits'), round).toEqual([{ n: load === begins ? '1' : '2' }]);
    await (await opened.store()).sweep({ lineage: 'l1', before: 99 });
    expect(await opened.db.sql(`select tablename from pg_tables where schemaname = 'hygge_staging'`), round).toEqual([]);
    return sent;
  }

  test('COMMIT whose answer is lost is found done, with its counts', async () => {
    const store = await opened.store({ through: proxy });
    const intent = await decided(store, first);
    proxy.rule(({ text }) => (text === 'COMMIT' ? { when: 'after' } : undefined));
    await expect(committed(store, intent)).rejects.toBeInstanceOf(OutcomeUnknown);
    proxy.rule(() => undefined);
    expect(await committed(store, intent)).toEqual({ outcome: 'already', counts: { inserted: 2, updated: 0, deleted: 0 } });
    expect(await rows()).toEqual(['1 one', '2 two']);
  });

  test('a commit is durable where the server says of others that they need not be', async () => {
    await loaded(opened.store(), first);
    expect(await opened.db.sql('show synchronous_commit')).toEqual([{ synchronous_commit: 'off' }]);
    await opened.db.sql(`alter table e add column how text default current_setting('synchronous_commit')`);
    await loaded(opened.store(), second);
    expect(await opened.db.sql('select distinct how from e where id = 3')).toEqual([{ how: 'local' }]);
  });

  test('staging that is cut leaves nothing that counts, and is swept', async () => {
    const store = await opened.store({ through: proxy });
    await staged(store, first);
    for (let number = 1; ; number++) {
      proxy.rule((message) => (message.number === number ? { when: 'after' } : undefined));
      const parts = await staged(store, { ...first, epoch: 2 }).catch((error: unknown) => error);
      const isOver = proxy.seen.length < number;
      proxy.rule(() => undefined);
      if (isOver) break;
      // A connection that turns out to be dead when it is taken is replaced.
      if (Array.isArray(parts)) continue;
      expect(parts instanceof OutcomeUnknown || (parts instanceof HyggeError && parts.transient), `message ${number}: ${parts}`).toBe(true);
    }
    await store.sweep({ lineage: 'l1', before: 99 });
    expect(await opened.db.sql(`select tablename from pg_tables where schemaname = 'hygge_staging'`)).toEqual([]);
    expect(await opened.db.sql('select * from hygge_metadata.staged')).toEqual([]);
  });

  test('of two that commit at once on one predecessor one does, and the other is fenced', async () => {
    const store = await opened.store();
    await loaded(store, first);
    let epoch = 1;
    for (const _ of sampled(Array(200).keys(), 13)) {
      const [a, b] = [await decided(store, { ...second, epoch: ++epoch }), await decided(opened.store(), { ...second, epoch: ++epoch })];
      const before = (await rows()).length;
      const outcomes = await Promise.all([committed(store, a), committed(opened.store(), b)]);
      const words = outcomes.map((outcome) => (typeof outcome === 'string' ? outcome : outcome.outcome));
      expect(words.sort()).toEqual(['committed', 'fenced']);
      expect((await rows()).length).toBe(before + 2);
    }
  });

  test('backends that are killed in the middle of commits lose nothing and double nothing', async () => {
    const store = await opened.store();
    const many = (from: number) => Array.from({ length: 3_000 }, (_, at) => [BigInt(from + at), 'x'.repeat(100)]);
    await loaded(store, first);
    const kills = `select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and application_name like 'hygge f.e%'`;
    for (let epoch = 2; epoch <= 6; epoch++) {
      let left = 3;
      // Each try of a step is killed once, until they are used up.
      const disturbed = <T>(step: Promise<T>) => {
        if (left-- > 0) void opened.db.sql(kills);
        return step.catch(passing);
      };
      let intent: Intent | undefined;
      while (!intent) intent = await disturbed(decided(store, { ...second, epoch, rows: many(epoch * 10_000) }));
      left = 3;
      let outcome: CommitOutcome | undefined;
      while (!outcome) outcome = await disturbed(committed(store, intent));
      expect(outcome).toMatchObject({ counts: { inserted: 3_000 } });
    }
    const [found] = await opened.db.sql('select count(*) as n, count(distinct id) as d from e');
    expect(found).toEqual({ n: '15002', d: '15002' });
    await store.sweep({ lineage: 'l1', before: 99 });
    expect(await opened.db.sql(`select tablename from pg_tables where schemaname = 'hygge_staging'`)).toEqual([]);
  });

  function passing(error: unknown): undefined {
    if (error instanceof OutcomeUnknown || (error instanceof HyggeError && error.transient)) return undefined;
    throw error;
  }
});
