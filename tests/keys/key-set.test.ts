import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KeySet, TooManyKeys } from '../../src/keys/key-set.ts';
import { KeyTable } from '../../src/keys/key-table.ts';
import { cases } from '../support/samples.ts';

/** Hashes that share words and bits, and some that are like no other. */
const hash = fc
  .oneof(
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.tuple(fc.nat(3), fc.nat(3)).map(([high, low]) => (BigInt(high) << 62n) | BigInt(low)),
  )
  .map((any) => BigInt.asIntN(64, any));
const hashes = fc.array(hash, { maxLength: 200 });

/** @param of how many, which are in no order. */
const spread = (of: number) => BigInt64Array.from({ length: of }, (_, n) => BigInt.asIntN(64, BigInt(n) * 0x9e3779b97f4a7c15n));

describe('a set of keys', () => {
  test('has the keys that were added, and no other', () => {
    fc.assert(
      fc.property(hashes, hashes, (added, asked) => {
        const [set, model] = [new KeySet(), new Set(added)];
        set.add(BigInt64Array.from(added));
        expect(set.size).toBe(model.size);
        const all = [...added, ...asked];
        expect([...set.missing(BigInt64Array.from(all)).marks]).toEqual(all.map((one) => (model.has(one) ? 0 : 1)));
        expect(all.map((one) => set.has(one))).toEqual(all.map((one) => model.has(one)));
      }),
      cases(100),
    );
  });

  test('grows to any size', () => {
    const set = new KeySet();
    set.add(spread(100_000));
    expect(set.size).toBe(100_000);
    expect(set.missing(spread(150_000)).count).toBe(50_000);
  });

  test('is the same after it was a text', () => {
    fc.assert(
      fc.property(hashes, (added) => {
        const set = new KeySet();
        set.add(BigInt64Array.from(added));
        const again = KeySet.fromText(set.toText());
        expect(again.size).toBe(set.size);
        expect(again.missing(BigInt64Array.from(added)).count).toBe(0);
      }),
      cases(50),
    );
  });

  test('of a share takes and misses keys of that share alone', () => {
    const [all, asked] = [spread(1000), spread(2000)];
    const shares = [0, 1, 2].map((n) => new KeySet({ share: { n, of: 3 } }));
    for (const set of shares) set.add(all);
    expect(shares.reduce((sum, { size }) => sum + size, 0)).toBe(1000);
    expect(shares.reduce((sum, set) => sum + set.missing(asked).count, 0)).toBe(1000);
  });

  test('refuses one key more than it may have, and none that it has', () => {
    const set = new KeySet({ most: 10 });
    set.add(spread(10));
    set.add(spread(10));
    expect(() => set.add(spread(11))).toThrow(TooManyKeys);
  });
});

describe('a table of keys', () => {
  const wide = fc.tuple(...[0, 1, 2, 3].map(() => fc.oneof(fc.integer(), fc.nat(1))));

  test('counts hashes of 128 bits that share some of their words', () => {
    fc.assert(
      fc.property(fc.array(wide, { maxLength: 100 }), (all) => {
        const [table, model] = [new KeyTable({ hash: 4 }), new Map<string, number>()];
        for (const words of all) {
          const before = model.get(String(words)) ?? 0;
          expect(table.count(...(words as [number, number, number, number]))).toBe(before);
          model.set(String(words), before + 1);
        }
        expect(table.size).toBe(model.size);
      }),
      cases(100),
    );
  });

  test('keeps the last number of a hash until it is cleared', () => {
    const table = new KeyTable({ hash: 2 });
    const all = Array.from({ length: 5000 }, (_, n) => n + 1);
    expect(all.filter((n) => table.put(n, n, -n) !== 0)).toEqual([]);
    expect(all.filter((n) => table.put(-n, n, -n) !== n)).toEqual([]);
    expect(table.get(7, -7)).toBe(-7);
    table.clear();
    expect([table.size, table.get(7, -7)]).toEqual([0, 0]);
  });
});
