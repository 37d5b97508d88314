import { beforeEach, describe, expect, test } from 'vitest';
import { HyggeError } from '../../../src/errors/hygge-error.ts';
import { OutcomeUnknown } from '../../../src/ports/retry.ts';
import { committed, decided, first, loaded, second, staged } from '../../support/commits.ts';
import { type Cuttable, cutsCommits, cutsStaging, type Way, ways } from '../../support/cut-commits.ts';
import { openedOnce } from '../../support/opened-once.ts';
import { sampled, whole } from '../../support/samples.ts';
import type { TableExtras } from '../../support/sqlserver-tables.ts';
import type { Answer, TdsRequest } from '../../support/tds/session.ts';
import { storeServed } from './support.ts';

interface Seen {
  readonly sql: string;
  /** From 1, since the rule was made. */
  readonly number: number;
}

describe('what goes wrong while SQL Server is written to', () => {
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
  const served = openedOnce(() => storeServed({ tables: [], before }));
  beforeEach(() => {
    ruled();
    served.tables.clear();
  });

  const indexes: TableExtras['indexes'] = [{ name: 'ix', kind: '2', columns: ['id'] }];
  const swaps = ways.find(([what]) => what === 'swaps') as Way;
  const rest = ways.filter((one) => one !== swaps);
  const settled = () =>
    served.tables
      .rows('dbo.e')
      .map(({ id, name }) => `${id} ${name}`)
      .sort();
  const stagedTables = () =>
    served.tables.sqlite.prepare(`select name from sys_tables where schema = 'hygge_staging'`).all() as readonly unknown[];

  const cuttable = (extras: TableExtras): Cuttable => {
    let seen: string[] = [];
    return {
      store: () => served.store(),
      async cleared() {
        served.tables.clear();
        served.tables.extras.set('dbo.e', extras);
      },
      look: async () => ({
        rows: settled(),
        commits: served.tables.rows('hygge_metadata.commits'),
        left: [...stagedTables(), ...served.tables.rows('hygge_metadata.staged')],
      }),
      cut(at) {
        seen = [];
        ruled(({ sql, number }) => {
          seen.push(sql);
          return number === at?.number ? at.when : undefined;
        });
        return served.store();
      },
      healed() {
        ruled();
        return seen;
      },
    };
  };
  const every = { message: 'message', of: 72, least: 8 };
  cutsCommits(every, () => cuttable({}), sampled(rest, 4));
  cutsCommits(every, () => cuttable({ indexes }), [['switches', swaps[1], swaps[2], swaps[3]]]);
  cutsCommits(every, () => cuttable({ unlike: [{ kind: 'filegroup', name: 'F' }] }), [swaps]);
  cutsStaging({ message: 'message', of: 18 }, () => cuttable({}));

  test('COMMIT whose answer is lost is found done, with its counts', async () => {
    const intent = await decided(served.store(), first);
    ruled(({ sql }) => (/COMMIT TRANSACTION/.test(sql) ? 'after' : undefined));
    await expect(committed(served.store(), intent)).rejects.toBeInstanceOf(OutcomeUnknown);
    ruled();
    expect(await committed(served.store(), intent)).toEqual({ outcome: 'already', counts: { inserted: 2, updated: 0, deleted: 0 } });
    expect(settled()).toEqual(['1 one', '2 two']);
  });

  // One of each meaning, the others are in error-classes.test.ts: number, class, text as the server has it; what becomes of the commit; what a person reads.
  const errors: readonly (readonly [number, number, string, 'transient' | 'waits' | 'stops' | 'refused', string])[] = [
    [1205, 13, 'Transaction (Process ID 61) was deadlocked on lock resources with another process.', 'transient', 'HYG-4208'],
    [1222, 16, 'Lock request time out period exceeded.', 'waits', 'HYG-4207'],
    [9002, 17, 'The transaction log for database erp is full.', 'stops', 'HYG-4206'],
    [229, 14, "The INSERT permission was denied on the object 'e'.", 'refused', 'HYG-4205'],
    [2627, 14, 'Violation of PRIMARY KEY constraint pk. The duplicate key value is (secret).', 'refused', 'HYG-4204'],
    [2628, 16, "String or binary data would be truncated in table 'e', column 'name'. Truncated value: 'secret'.", 'refused', 'HYG-4204'],
  ];

  describe.each(errors)('error %i', (number, severity, message, meaning, code) => {
    const fails = { error: { number, class: severity, message } };

    test('in a commit leaves the table unchanged, and says what it means', async () => {
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

    test.runIf(whole || number === 1205 || number === 2628)(
      'while rows are staged is said as what it is, and nothing is staged',
      async () => {
        await loaded(served.store(), first);
        ruled(({ sql }) => (/^INSERT BULK/.test(sql) ? fails : undefined));
        await expect(staged(served.store(), second)).rejects.toMatchObject({ code });
        ruled();
        expect(stagedTables()).toEqual([]);
      },
    );
  });
});
