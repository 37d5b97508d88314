import { expect, test } from 'vitest';
import { isComparable } from '../../src/engine/verify/compared-columns.ts';
import { AllBucketSums, inSample, KeptRows } from '../../src/engine/verify/rows/bucket-sums.ts';
import { countKeyDifferences } from '../../src/engine/verify/rows/row-differences.ts';

/** Rows with one key, and the same hash. */
const rowsOf = (key: bigint, row: bigint, count: number) => ({
  keys: new BigInt64Array(count).fill(key),
  rows: new BigInt64Array(count).fill(row),
});

test('sums of one bucket are exact for more rows than a double can add up', () => {
  const [lowest, highest] = [-(2n ** 63n), 2n ** 63n - 1n];
  const count = 2 ** 20;
  for (const hash of [lowest, highest, -1n]) {
    const sums = new AllBucketSums();
    for (let times = 0; times < 5; times++) sums.add(rowsOf(7n, hash, count));
    expect(sums.sum()).toBe(hash * 5n * BigInt(count));
    const other = new AllBucketSums();
    for (let times = 0; times < 5; times++) other.add(rowsOf(7n, hash, count));
    expect(sums.differingFrom(other)).toEqual([]);
    other.add(rowsOf(7n, 1n, 1));
    expect(sums.differingFrom(other)).toHaveLength(1);
  }
});

test('rows are kept up to a number, and given back by bucket', () => {
  const kept = new KeptRows(3);
  kept.add(rowsOf(-1n, 5n, 2));
  kept.add(rowsOf(0n, 6n, 1));
  expect([...(kept.byBucket([0]).get(0)?.rows ?? [])]).toEqual([6n]);
  expect([...(kept.byBucket([32767]).get(32767)?.rows ?? [])]).toEqual([5n, 5n]);
  kept.add(rowsOf(0n, 6n, 1));
  expect(kept).toMatchObject({ overflowed: true, count: 4 });
});

test('a sample has about its share of the keys', () => {
  const keys = BigInt64Array.from({ length: 10_000 }, (_, n) => BigInt.asIntN(64, BigInt(n) * 0x9e3779b97f4a7c15n));
  const isSampled = inSample(0.1)(keys);
  const count = [...keys.keys()].filter((at) => isSampled(at)).length;
  expect(count).toBeGreaterThan(900);
  expect(count).toBeLessThan(1100);
});

test.each([
  ['equal', [1n, 2n], [2n, 1n], {}],
  ['lost here', [1n], [], { only_in_source: 1 }],
  ['gone there', [], [1n], { only_in_destination: 1 }],
  ['changed', [1n], [2n], { changed: 1 }],
  ['doubled here', [1n], [1n, 1n], { only_in_destination: 1 }],
  ['changed and doubled', [1n], [2n, 2n], { changed: 1, only_in_destination: 1 }],
] as const)('rows of one key are counted: %s', (_, source, destination, counts) => {
  expect(
    countKeyDifferences(
      { key: 1n, source, destination },
      {
        keyed: true,
        keepsVersions: false,
        keepsNewest: false,
        comparesDeletes: false,
        ignoresDeletes: false,
        knowsSettledVersions: false,
        leftOut: new Set(),
      },
    ),
  ).toEqual({
    ...{
      only_in_source: 0,
      only_in_destination: 0,
      changed: 0,
      earlier_versions: 0,
      deletes_due: 0,
      kept_as_newer: 0,
      last_good: 0,
      deletes_ignored: 0,
    },
    ...counts,
  });
});

test('earlier versions stay apart from a newest row that was changed or lost, once their watermarks are known', () => {
  const how = {
    keyed: true,
    keepsVersions: true,
    keepsNewest: false,
    comparesDeletes: false,
    ignoresDeletes: false,
    knowsSettledVersions: false,
    leftOut: new Set<bigint>(),
  };
  // The hash of a row says when it came.
  const isEarlier = (row: bigint, others: readonly bigint[]) => others.some((other) => row / 10n < other / 10n);
  expect(countKeyDifferences({ key: 1n, source: [31n], destination: [10n, 20n, 30n] }, how, isEarlier)).toMatchObject({
    ...{ changed: 1, only_in_destination: 0, only_in_source: 0, earlier_versions: 2 },
  });
  expect(countKeyDifferences({ key: 1n, source: [30n], destination: [10n, 20n] }, how, isEarlier)).toMatchObject({
    ...{ changed: 0, only_in_source: 1, only_in_destination: 0, earlier_versions: 2 },
  });
  expect(countKeyDifferences({ key: 1n, source: [30n], destination: [10n, 40n, 30n] }, how, isEarlier)).toMatchObject({
    ...{ only_in_destination: 1, earlier_versions: 1 },
  });
});

test('a settled row whose row in the source does not settle is not a difference', () => {
  const how = {
    keyed: true,
    keepsVersions: false,
    keepsNewest: false,
    comparesDeletes: false,
    ignoresDeletes: false,
    knowsSettledVersions: false,
    leftOut: new Set([1n]),
  };
  const none = { only_in_source: 0, only_in_destination: 0, changed: 0 };
  expect(countKeyDifferences({ key: 1n, source: [], destination: [7n] }, how)).toMatchObject({ ...none, last_good: 1 });
  expect(countKeyDifferences({ key: 1n, source: [], destination: [7n] }, { ...how, comparesDeletes: true })).toMatchObject({
    ...none,
    last_good: 1,
    deletes_due: 0,
  });
  // Another row of the key settles: what differs from it is a difference.
  expect(countKeyDifferences({ key: 1n, source: [8n], destination: [7n] }, how)).toMatchObject({ changed: 1, last_good: 0 });
  expect(countKeyDifferences({ key: 1n, source: [8n], destination: [] }, how)).toMatchObject({ only_in_source: 1, last_good: 0 });
  expect(countKeyDifferences({ key: 2n, source: [], destination: [7n] }, how)).toMatchObject({ only_in_destination: 1, last_good: 0 });
});

test('older rows of a key are versions only where the newest one is there as well', () => {
  const how = {
    keyed: true,
    keepsVersions: true,
    keepsNewest: false,
    comparesDeletes: false,
    ignoresDeletes: false,
    knowsSettledVersions: false,
    leftOut: new Set<bigint>(),
  };
  expect(countKeyDifferences({ key: 1n, source: [3n], destination: [1n, 2n, 3n] }, how)).toMatchObject({
    earlier_versions: 2,
    only_in_destination: 0,
  });
  expect(countKeyDifferences({ key: 1n, source: [3n], destination: [1n, 2n] }, how)).toMatchObject({ earlier_versions: 0, changed: 1 });
  expect(countKeyDifferences({ key: 1n, source: [3n], destination: [3n, 3n] }, how)).toMatchObject({
    earlier_versions: 0,
    only_in_destination: 1,
  });
});

test('types are compared where equal values have equal texts', () => {
  const decimal = { kind: 'decimal', precision: 10, scale: 2 } as const;
  expect(isComparable({ kind: 'int64' }, decimal)).toBe(true);
  expect(isComparable({ kind: 'float32' }, { kind: 'float64' })).toBe(true);
  expect(isComparable({ kind: 'float64' }, decimal)).toBe(false);
  expect(isComparable({ kind: 'string' }, { kind: 'int64' })).toBe(false);
  expect(isComparable({ kind: 'list', item: { kind: 'int8' } }, { kind: 'list', item: { kind: 'int64' } })).toBe(true);
});

test('settled rows that the source no longer has stay where deletes are ignored, unless their key is in quarantine', () => {
  const how = { ...plain, ignoresDeletes: true, leftOut: new Set([2n]) };
  expect(countKeyDifferences({ key: 1n, source: [], destination: [7n] }, how)).toMatchObject({
    only_in_destination: 0,
    deletes_ignored: 1,
  });
  expect(countKeyDifferences({ key: 1n, source: [6n], destination: [7n] }, how)).toMatchObject({ changed: 1, deletes_ignored: 0 });
  expect(countKeyDifferences({ key: 2n, source: [], destination: [7n] }, how)).toMatchObject({ last_good: 1, deletes_ignored: 0 });
});

test('settled rows of a change feed may be versions as long as theirs are not known, unless the source has another row', () => {
  const how = { ...plain, keepsVersions: true, knowsSettledVersions: true, leftOut: new Set<bigint>() };
  expect(countKeyDifferences({ key: 1n, source: [7n], destination: [6n, 7n] }, how)).toMatchObject({ earlier_versions: 1 });
  expect(countKeyDifferences({ key: 1n, source: [], destination: [6n, 7n] }, how)).toMatchObject({
    only_in_destination: 0,
    earlier_versions: 2,
  });
  expect(countKeyDifferences({ key: 1n, source: [8n], destination: [6n] }, how)).toMatchObject({ changed: 1 });
});

const plain = {
  ...{ keyed: true, keepsVersions: false, keepsNewest: false, comparesDeletes: false, ignoresDeletes: false, knowsSettledVersions: false },
} as const;
