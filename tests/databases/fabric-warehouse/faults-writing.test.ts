import { beforeEach, describe, expect, test } from 'vitest';
import type { CommitOutcome } from '../../../src/engine/contracts/intent.ts';
import { HyggeError } from '../../../src/errors/hygge-error.ts';
import { committed, decided, finished, first, loaded, second, staged } from '../../support/commits.ts';
import { type Cuttable, cutsCommits, cutsStaging, type Way, ways } from '../../support/cut-commits.ts';
import type { Fate } from '../../support/fabric-warehouse/writing.ts';
import { openedOnce } from '../../support/opened-once.ts';
import { sampled } from '../../support/samples.ts';
import type { Answer, TdsRequest } from '../../support/tds/session.ts';
import { type WarehouseStores, warehouseStores } from './stores.ts';

type Ruled = 'before' | 'after' | Extract<Answer, { readonly error: unknown }> | undefined;

describe('what goes wrong while a Warehouse is written to', () => {
  let rule: (seen: { readonly sql: string; readonly number: number }) => Ruled = () => undefined;
  let asked = 0;
  let isOurs = false;
  const ruled = (made: typeof rule = () => undefined) => {
    [rule, asked] = [made, 0];
  };
  const before = async (request: TdsRequest): Promise<Answer | undefined> => {
    if (isOurs) return undefined;
    const how = rule({ sql: request.sql, number: ++asked });
    if (how === undefined) return undefined;
    if (typeof how !== 'string') {
      served.warehouse.closed(request.session);
      return [how, { transaction: 'rollback' }];
    }
    // It did what it was asked for, and its answer is lost.
    isOurs = true;
    if (how === 'after') await served.warehouse.answer(request);
    isOurs = false;
    return { drop: 'reset' };
  };
  const served: WarehouseStores = openedOnce(() => warehouseStores({ before }));
  const tablesOf = (beginning: string) => served.warehouse.tables.filter((name) => name.startsWith(beginning));
  const rowsOf = (beginning: string) => tablesOf(beginning).flatMap((name) => served.warehouse.rows(name));
  const settled = () =>
    (served.warehouse.tables.includes('dbo.e') ? served.warehouse.rows('dbo.e') : []).map(({ id, name }) => `${id} ${name}`).sort();
  beforeEach(async () => {
    ruled();
    served.fates.length = 0;
    await served.cleared();
  });

  const cuttable = (): Cuttable => {
    let seen: string[] = [];
    return {
      store: () => served.store(),
      cleared: () => served.cleared(),
      look: async () => ({
        rows: settled(),
        commits: rowsOf('hygge_metadata.commits'),
        left: [...tablesOf('hygge_staging'), ...rowsOf('hygge_metadata.staged'), ...served.staged()],
      }),
      cut(at) {
        seen = [];
        ruled(({ sql, number }) => {
          seen.push(sql);
          return number === at?.number ? (at.when as Ruled) : undefined;
        });
        return served.store();
      },
      healed() {
        ruled();
        return seen;
      },
    };
  };
  const swaps = ways.find(([what]) => what === 'swaps') as Way;
  cutsCommits(
    { message: 'statement', of: 60, least: 6 },
    cuttable,
    sampled(
      ways.filter((one) => one !== swaps),
      2,
    ),
  );
  cutsStaging({ message: 'statement', of: 24 }, cuttable);

  test.each([
    ['lost before it is applied', 'committed'],
    ['lost after it is applied', 'already'],
  ] as const)('a COMMIT that is %s is asked for again, and happens once', async (fate, outcome) => {
    await loaded(served.store(), first);
    const store = await served.store();
    const intent = await decided(store, second);
    served.fates.push(fate);
    expect(await finished(store, intent)).toMatchObject({ outcome });
    expect(settled()).toEqual(['1 one', '2 two', '2 zwei', '3 drei']);
  });

  test('a COMMIT that the server carries out late, after the same one was sent again, is refused: of the two one is carried out', async () => {
    await loaded(served.store(), first);
    const store = await served.store();
    const intent = await decided(store, second);
    served.fates.push('late' satisfies Fate);
    expect(await finished(store, intent)).toMatchObject({ outcome: 'committed' });
    expect(served.warehouse.settle()).toEqual([24556]);
    expect(settled()).toEqual(['1 one', '2 two', '2 zwei', '3 drei']);
    expect(rowsOf('hygge_metadata.commits')).toHaveLength(2);
  });

  test('a COMMIT in doubt that is carried out while the same one continues again is found to have happened', async () => {
    await loaded(served.store(), first);
    const store = await served.store();
    const intent = await decided(store, second);
    served.fates.push('late');
    let isLate = false;
    ruled(({ sql }) => {
      // In front of the second COMMIT the first one is carried out.
      if (sql.startsWith('COMMIT') && isLate) expect(served.warehouse.settle()).toEqual([]);
      isLate ||= sql.startsWith('COMMIT') && served.fates.length > 0;
      return undefined;
    });
    expect(await finished(store, intent)).toMatchObject({ outcome: 'already' });
    expect(settled()).toEqual(['1 one', '2 two', '2 zwei', '3 drei']);
    expect(rowsOf('hygge_metadata.commits')).toHaveLength(2);
  });

  test('an intent that is given up is not committed by a COMMIT in doubt, nor the other way round', async () => {
    await loaded(served.store(), first);
    const store = await served.store();
    const intent = await decided(store, second);
    served.fates.push('late');
    await expect(committed(store, intent)).rejects.toThrow();
    expect(await store.giveUp(intent, { code: 'HYG-4204', reason: 'refused' }, 'unseen')).toMatchObject({ removed: [] });
    expect(served.warehouse.settle()).toEqual([24556]);
    expect(settled()).toEqual(['1 one', '2 two']);
    expect(await finished(store, intent)).toBe('given up');
  });

  test('a conflict is tried again, with pauses, and then told as one that may pass', async () => {
    await loaded(served.store(), first);
    const store = await served.store();
    const intent = await decided(store, second);
    const conflict = { error: { number: 24556, message: 'Snapshot isolation transaction aborted due to update conflict.' } };
    let commits = 0;
    ruled(({ sql }) => (sql.startsWith('COMMIT') && ++commits <= 2 ? conflict : undefined));
    expect(await committed(store, intent)).toMatchObject({ outcome: 'committed' });
    expect(commits).toBeGreaterThan(2);
    const next = await decided(store, { ...second, epoch: 3 });
    let refused = 0;
    ruled(({ sql }) => (sql.startsWith('COMMIT') && ++refused > 0 ? conflict : undefined));
    const told = await committed(store, next).catch((error: unknown) => error);
    expect(told).toBeInstanceOf(HyggeError);
    expect(told).toMatchObject({ code: 'HYG-4208', transient: true });
    expect(refused).toBe(6);
  });

  const both = async (outcomes: readonly Promise<CommitOutcome>[]) =>
    (await Promise.all(outcomes)).map((one) => (typeof one === 'string' ? one : one.outcome)).sort();

  test('two entities, and two finishers of one intent, commit at once: none is lost, and entities hinder no other one', async () => {
    const stores = await Promise.all(['a', 'b', 'c'].map((entity) => served.store({ entity, table: `dbo.${entity}` })));
    for (const store of stores) await loaded(store, first);
    const intents = await Promise.all(stores.map((store) => decided(store, { ...second, epoch: 2 })));
    let conflicts = 0;
    const commits = () => served.warehouse.count('COMMIT');
    const before = commits();
    expect(await both(stores.map((store, at) => committed(store, intents[at] as never)))).toEqual(['committed', 'committed', 'committed']);
    // One for each commit, and one for what goes with its staged tables: nothing was refused and sent again.
    conflicts = commits() - before - 2 * stores.length;
    expect(conflicts).toBe(0);
    const [one] = stores;
    const again = await decided(one as never, { ...second, epoch: 3, rows: [[7n, 'seven']] });
    expect(await both([committed(await served.store({ entity: 'a', table: 'dbo.a' }), again), committed(one as never, again)])).toEqual([
      'already',
      'committed',
    ]);
    expect(served.warehouse.rows('dbo.a').map(({ id }) => Number(id))).toEqual([1, 2, 2, 3, 7]);
  });

  test('COPY INTO that is refused leaves nothing that counts, and its files go with the next sweep', async () => {
    await loaded(served.store(), first);
    const store = await served.store();
    ruled(({ sql }) =>
      sql.startsWith('COPY INTO') ? { error: { number: 13807, message: 'Content of directory cannot be listed.' } } : undefined,
    );
    await expect(staged(store, second)).rejects.toMatchObject({ code: 'HYG-4204' });
    ruled();
    await store.sweep({ lineage: 'l1', before: 99 });
    expect([...tablesOf('hygge_staging'), ...rowsOf('hygge_metadata.staged'), ...served.staged()]).toEqual([]);
  });
});
