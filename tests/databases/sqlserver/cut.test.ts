import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { begins, finished, first, ways } from '../../support/commits.ts';
import { day, sampled } from '../../support/day.ts';
import { type Cut, startTurnProxy, type TurnProxy } from '../../support/turn-proxy.ts';
import { decided, type Load, loaded } from '../postgres/support.ts';
import { type OpenedDatabase, ofSqlServer, openDatabase } from './support.ts';

describe(`commits over a connection that breaks, into ${ofSqlServer}`, () => {
  let opened: OpenedDatabase;
  let proxy: TurnProxy;
  beforeAll(async () => {
    opened = await openDatabase();
    proxy = await startTurnProxy(opened.db);
  });
  beforeEach(() => proxy.rule(() => undefined));
  afterAll(async () => {
    await proxy[Symbol.asyncDispose]();
    await opened[Symbol.asyncDispose]();
  });

  describe.each(ways)('one that %s', (_, load, expected) => {
    test.each(['before', 'after'] as const)(
      `is whole or not there at all when it is cut %s a message, and is finished by who asks again (SEED=${day})`,
      async (when) => {
        const whole = await cutAt(load, expected, undefined);
        expect(whole).toBeGreaterThan(8);
        const every = Array.from({ length: whole }, (_, at) => at + 1);
        for (const number of sampled(every, 24)) await cutAt(load, expected, { number, when });
      },
    );
  });

  /** @returns how many messages it took. */
  async function cutAt(
    load: Load,
    expected: readonly string[],
    at: { readonly number: number; readonly when: Cut } | undefined,
  ): Promise<number> {
    const { db } = opened;
    await db.clear();
    if (load !== begins) await loaded(opened.store(), first);
    const intent = await decided(opened.store(), load);
    const store = await opened.store({ through: proxy });
    // The sign-in is not counted.
    await store.head();
    let cuts = 0;
    proxy.rule(({ number }) => (number === at?.number && ++cuts === 1 ? at.when : undefined));
    const outcome = await finished(store, intent);
    const sent = proxy.seen.length;
    proxy.rule(() => undefined);
    const round = at && `${at.when} message ${at.number}`;
    expect(cuts, round).toBe(at === undefined ? 0 : 1);
    expect(outcome, round).toMatchObject({ counts: expect.anything() });
    const settled = (await db.rows('dbo.e')).map(({ id, name }) => `${id} ${name}`).sort();
    expect(settled, round).toEqual(expected);
    expect(await (await opened.store()).head(), round).toMatchObject({ id: intent.id, rows: expected.length });
    expect(await db.rows('hygge_metadata.commits'), round).toHaveLength(load === begins ? 1 : 2);
    await (await opened.store()).sweep({ lineage: 'l1', before: 99 });
    expect(await db.tables('hygge_staging'), round).toEqual([]);
    expect(await db.rows('hygge_metadata.staged'), round).toEqual([]);
    return sent;
  }
});
