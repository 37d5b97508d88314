/** The suite of a database that runs in the process of hygge: crashes at each statement, and connections that are thrown away there. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { record } from '../soak/record.ts';
import { begins, decided, everything, finished, first, type Load, loaded, second, staged } from './commits.ts';
import { cutsCommits, cutsStaging, isWhole, ways as plain, stagings, swept, type Way } from './cut-commits.ts';
import { type Embedded, type Remains, remainsOf, rowsIn, type Stores, storesAfter, storesIn } from './embedded-crashes.ts';
import { sampled, spread, whole } from './samples.ts';

const before = ['1 one', '2 two'];

/** So many rows that some are on the disk before they are committed: DuckDB writes them in groups of 122,880, SQLite keeps 2 MB of them. */
const rowsOnDisk = { duckdb: 130_000, sqlite: 40_000 } as const;
const manyOf = ({ type }: Embedded) => Array.from({ length: rowsOnDisk[type] }, (_, at) => [BigInt(at + 10), `row ${at + 10}`] as const);
const linesOf = (rows: readonly (readonly [bigint, string])[]) => rows.map(([id, name]) => `${id} ${name}`);

/** @param of one in so many statements is cut, and one in so many crashes looked at, in `npm test`. What came of all of them is kept under the name. */
export function crashMatrix(name: string, engine: Embedded, of: { readonly cuts: number; readonly crashes: number }): void {
  const many = manyOf(engine);
  const large: Load = { ...second, rows: many };
  const ways: readonly Way[] = [...plain, ['adds many rows', large, [...before, ...linesOf(many)], first]];
  let stores: Stores;
  let [crashes, failures] = [0, 0];
  beforeAll(async () => {
    stores = await storesIn(engine);
  });
  afterEach(({ task }) => {
    if (task.result?.state === 'fail') failures++;
  });
  afterAll(async () => {
    await stores[Symbol.asyncDispose]();
    if (whole && failures === 0)
      record(
        `${name}, dying at each statement`,
        `${crashes} files as a commit or staging leaves them that dies there or in the middle of what it writes, each recovered and gone on with by the next run: rows and counts exact, nothing left in staging`,
      );
  });

  describe('whose connection is thrown away', () => {
    cutsCommits({ message: 'statement', of: of.cuts }, () => stores, sampled(plain, 4));
    cutsStaging({ message: 'statement', of: of.cuts }, () => stores);
  });

  /** Each of them anew, as the next run finds it. */
  async function each(
    all: readonly Remains[],
    turn: { readonly nth: number; readonly lists: number },
    next: (after: Stores, round: string) => Promise<void>,
  ): Promise<void> {
    expect(all.length).toBeGreaterThan(1);
    for (const remains of spread(all, of.crashes, turn)) {
      await using after = await storesAfter(engine, remains);
      await next(after, remains.at);
      crashes++;
    }
  }

  describe('whose process dies', () => {
    const looked = sampled(ways, 4);
    test.each(looked)('at any moment of a commit that %s: the next run ends it', async (what, load, expected, filled) => {
      await stores.cleared();
      if (load !== begins) await loaded(stores.store(), filled);
      const intent = await decided(stores.store(), load);
      const store = await stores.store();
      const all = await remainsOf(engine, stores, () => finished(store, intent));
      const turn = { nth: looked.findIndex(([one]) => one === what), lists: looked.length };
      await each(all, turn, async (after, round) => {
        // Whole, or not there at all.
        expect([expected, load === begins ? null : before], round).toContainEqual(await rowsIn(engine, after));
        expect(await finished(await after.store(), intent), round).toMatchObject({ counts: expect.anything() });
        await isWhole(after, { intent, load, expected, round });
      });
    });

    // A commit of many rows is looked at above.
    const staging = [...stagings, ...(whole ? [['of many rows', large] as const] : [])];
    test.each(staging)('at any moment of staging %s: the next run sweeps it and begins anew', async (what, load) => {
      await stores.cleared();
      await loaded(stores.store(), first);
      const store = await stores.store();
      const all = await remainsOf(engine, stores, () => staged(store, load));
      const turn = { nth: staging.findIndex(([one]) => one === what), lists: staging.length };
      await each(all, turn, async (after, round) => {
        expect(await rowsIn(engine, after), round).toEqual(before);
        expect(await swept(after), round).toMatchObject({ rows: before, left: [] });
        const isFull = load.writing?.mode === 'swap';
        await loaded(after.store(), { ...second, epoch: 3, ...(isFull ? { writing: load.writing, supersede: everything } : {}) });
        expect(await swept(after), round).toMatchObject({
          rows: isFull ? ['2 zwei', '3 drei'] : [...before, '2 zwei', '3 drei'],
          left: [],
        });
      });
    });
  });
}
