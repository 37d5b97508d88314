import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { HyggeError } from '../../../src/errors/hygge-error.ts';
import { OutcomeUnknown } from '../../../src/ports/retry.ts';
import { begins, committed, finished, first, mayPass, second, ways } from '../../support/commits.ts';
import { day, sampled } from '../../support/day.ts';
import type { TableExtras } from '../../support/sqlserver-tables.ts';
import type { Answer, TdsRequest } from '../../support/tds/session.ts';
import { decided, type Load, loaded, staged } from '../postgres/support.ts';
import { type StoreServed, storeServed } from './support.ts';

interface Seen {
  readonly sql: string;
  /** From 1, since the rule was made. */
  readonly number: number;
}

describe('what goes wrong while SQL Server is written to', () => {
  let served: StoreServed;
  let rule: (seen: Seen) => 'before' | 'after' | Extract<Answer, { readonly error: unknown }> | undefined = () => undefined;
  let asked = 0;
  /** @param made from now on; without one all goes well. @returns how many messages came under the one before. */
  const ruled = (made: typeof rule = () => undefined): number => {
    const before = asked;
    [rule, asked] = [made, 0];
    return before;
  };
  const before = async (request: TdsRequest): Promise<Answer | undefined> => {
    const how = rule({ sql: request.sql, number: ++asked });
    if (how === undefined) return undefined;
    // It did what it was asked for, and its answer is lost.
    if (how === 'after') await served.tables.answer(request);
    if (typeof how === 'string') return { drop: 'reset' };
    // XACT_ABORT: the transaction is over.
    served.tables.closed(request.session);
    return [how, { transaction: 'rollback' }];
  };
  beforeAll(async () => {
    served = await storeServed({ tables: [], before });
  });
  beforeEach(() => {
    ruled();
    served.tables.clear();
  });
  afterAll(() => served[Symbol.asyncDispose]());

  const indexes: TableExtras['indexes'] = [{ name: 'ix', kind: '2', columns: ['id'] }];
  const [swaps = ways[0]] = ways.filter(([what]) => what === 'swaps');
  const cutWays: readonly (readonly [string, Load, readonly string[], TableExtras])[] = [
    ...ways.filter((one) => one !== swaps).map(([what, load, expected]) => [what, load, expected, {}] as const),
    ['switches', swaps[1], swaps[2], { indexes }],
    ['swaps', swaps[1], swaps[2], { unlike: [{ kind: 'filegroup', name: 'F' }] }],
  ];
  const settled = () =>
    served.tables
      .rows('dbo.e')
      .map(({ id, name }) => `${id} ${name}`)
      .sort();
  const stagedTables = () =>
    served.tables.sqlite.prepare(`select name from sys_tables where schema = 'hygge_staging'`).all() as readonly unknown[];

  describe.each(cutWays)('a commit that %s', (_, load, expected, extras) => {
    test.each(['before', 'after'] as const)(
      `is whole or not there at all when the connection is lost %s a message, and is finished by who asks again (SEED=${day})`,
      async (when) => {
        const whole = await lostAt({ load, extras }, expected, undefined);
        expect(whole).toBeGreaterThan(8);
        const every = Array.from({ length: whole }, (_, at) => at + 1);
        for (const number of sampled(every, 8)) await lostAt({ load, extras }, expected, { number, when });
      },
    );
  });

  /** @returns how many messages it took. */
  async function lostAt(
    { load, extras }: { readonly load: Load; readonly extras: TableExtras },
    expected: readonly string[],
    at: { readonly number: number; readonly when: 'before' | 'after' } | undefined,
  ): Promise<number> {
    served.tables.clear();
    if (load !== begins) await loaded(served.store(), first);
    served.tables.extras.set('dbo.e', extras);
    const intent = await decided(served.store(), load);
    const store = await served.store();
    let lost = 0;
    ruled(({ number }) => (number === at?.number && ++lost === 1 ? at.when : undefined));
    const outcome = await finished(store, intent);
    const sent = ruled();
    const round = at && `${at.when} message ${at.number}`;
    expect(lost, round).toBe(at === undefined ? 0 : 1);
    expect(outcome, round).toMatchObject({ counts: expect.anything() });
    expect(settled(), round).toEqual(expected);
    expect(await (await served.store()).head(), round).toMatchObject({ id: intent.id, rows: expected.length });
    expect(served.tables.rows('hygge_metadata.commits'), round).toHaveLength(load === begins ? 1 : 2);
    await (await served.store()).sweep({ lineage: 'l1', before: 99 });
    expect(stagedTables(), round).toEqual([]);
    return sent;
  }

  test('COMMIT whose answer is lost is found done, with its counts', async () => {
    const intent = await decided(served.store(), first);
    ruled(({ sql }) => (/COMMIT TRANSACTION/.test(sql) ? 'after' : undefined));
    await expect(committed(served.store(), intent)).rejects.toBeInstanceOf(OutcomeUnknown);
    ruled();
    expect(await committed(served.store(), intent)).toEqual({ outcome: 'already', counts: { inserted: 2, updated: 0, deleted: 0 } });
    expect(settled()).toEqual(['1 one', '2 two']);
  });

  test('COMMIT that never arrived is found undone, and is done by who asks again', async () => {
    const intent = await decided(served.store(), first);
    ruled(({ sql }) => (/COMMIT TRANSACTION/.test(sql) ? 'before' : undefined));
    await expect(committed(served.store(), intent)).rejects.toBeInstanceOf(OutcomeUnknown);
    ruled();
    expect(served.tables.columnsOf('dbo.e')).toEqual([]);
    expect(await committed(served.store(), intent)).toMatchObject({ outcome: 'committed' });
    expect(settled()).toEqual(['1 one', '2 two']);
  });

  test(`staging that is lost leaves nothing that counts, and is swept (SEED=${day})`, async () => {
    await loaded(served.store(), first);
    const stage = async () => staged(served.store(), { ...first, epoch: 2 }).catch((error: unknown) => error);
    ruled();
    expect(await stage()).toHaveLength(1);
    const every = Array.from({ length: ruled() }, (_, at) => at + 1);
    for (const number of sampled(every, 3)) {
      ruled((message) => (message.number === number ? 'after' : undefined));
      const parts = await stage();
      // A connection that turns out to be dead when it is taken is replaced.
      expect(Array.isArray(parts) || mayPass(parts), `message ${number}: ${parts}`).toBe(true);
      ruled();
      expect(settled()).toEqual(['1 one', '2 two']);
    }
    await (await served.store()).sweep({ lineage: 'l1', before: 99 });
    expect(stagedTables()).toEqual([]);
    expect(served.tables.rows('hygge_metadata.staged')).toEqual([]);
  });

  // Number, class, text as the server has it; what becomes of the commit; what a person reads.
  const errors: readonly (readonly [number, number, string, 'transient' | 'waits' | 'stops' | 'refused', string])[] = [
    [1205, 13, 'Transaction (Process ID 61) was deadlocked on lock resources with another process.', 'transient', 'HYG-4208'],
    [1222, 16, 'Lock request time out period exceeded.', 'waits', 'HYG-4207'],
    [3960, 16, 'Snapshot isolation transaction aborted due to update conflict.', 'transient', 'HYG-4208'],
    [40197, 20, 'The service has encountered an error processing your request.', 'transient', 'HYG-4208'],
    [40613, 14, 'Database erp on server s is not currently available.', 'transient', 'HYG-4208'],
    [10928, 16, 'Resource ID: 1. The request limit for the database is 30 and has been reached.', 'transient', 'HYG-4208'],
    [1105, 17, 'Could not allocate space for object dbo.e because the PRIMARY filegroup is full.', 'stops', 'HYG-4206'],
    [9002, 17, 'The transaction log for database erp is full.', 'stops', 'HYG-4206'],
    [3906, 16, 'Failed to update database erp because the database is read-only.', 'stops', 'HYG-4206'],
    [40544, 20, 'The database has reached its size quota.', 'stops', 'HYG-4206'],
    [40552, 20, 'The session has been terminated because of excessive transaction log space usage.', 'stops', 'HYG-4206'],
    [229, 14, "The INSERT permission was denied on the object 'e'.", 'refused', 'HYG-4205'],
    [2627, 14, 'Violation of PRIMARY KEY constraint pk. The duplicate key value is (secret).', 'refused', 'HYG-4204'],
    [2601, 14, 'Cannot insert duplicate key row. The duplicate key value is (secret).', 'refused', 'HYG-4204'],
    [547, 16, 'The INSERT statement conflicted with the CHECK constraint ck.', 'refused', 'HYG-4204'],
    [515, 16, "Cannot insert the value NULL into column 'x'.", 'refused', 'HYG-4204'],
    [8152, 16, 'String or binary data would be truncated.', 'refused', 'HYG-4204'],
    [2628, 16, "String or binary data would be truncated in table 'e', column 'name'. Truncated value: 'secret'.", 'refused', 'HYG-4204'],
  ];

  describe.each(errors)('error %i', (number, severity, message, meaning, code) => {
    const fails = { error: { number, class: severity, message } };

    test('in a commit leaves the table as it was, and says what it means', async () => {
      await loaded(served.store(), first);
      const intent = await decided(served.store(), second);
      const store = await served.store();
      let failed = 0;
      ruled(({ sql }) => (/^insert into \[dbo\]\.\[e\]/i.test(sql) && ++failed > 0 ? fails : undefined));
      const said = await store.commit(intent).catch((error: unknown) => error);
      ruled();
      expect(failed).toBe(1);
      expect(settled()).toEqual(['1 one', '2 two']);
      expect(JSON.stringify(said instanceof HyggeError ? said.toDetails() : said)).not.toContain('secret');
      if (meaning === 'waits') expect(said).toEqual({ again: { waited: true } });
      else if (meaning === 'refused') {
        const why = [expect.stringContaining(message.slice(0, 20))];
        expect(said).toMatchObject({ done: { outcome: 'refused', because: { code, why } } });
      } else expect(said).toMatchObject({ code, transient: meaning === 'transient' });
      // Nothing of it is lost: whatever it was, once it is over the same intent settles.
      expect(await committed(store, intent)).toMatchObject({ outcome: 'committed', counts: { inserted: 2 } });
      expect(settled()).toEqual(['1 one', '2 two', '2 zwei', '3 drei']);
    });

    test('while rows are staged is said as what it is, and nothing is staged', async () => {
      await loaded(served.store(), first);
      ruled(({ sql }) => (/^INSERT BULK/.test(sql) ? fails : undefined));
      await expect(staged(served.store(), second)).rejects.toMatchObject({ code });
      ruled();
      expect(stagedTables()).toEqual([]);
    });
  });
});
