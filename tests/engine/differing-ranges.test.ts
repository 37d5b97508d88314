import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { DifferingRangesGatherer, type ReplaceableRange } from '../../src/engine/verify/rows/differing-ranges.ts';

const numbers: ReplaceableRange = {
  column: 'n',
  type: { kind: 'int64' },
  precision: 'exact',
  mergesByKey: false,
  edge: { text: '1000', inclusive: false },
};

const none = { adds: 0, changes: 0, removes: 0, source: 0, destination: 0 };

function rangesOf(of: ReplaceableRange, marks: readonly (string | null)[]) {
  const found = new DifferingRangesGatherer(of);
  for (const mark of marks) found.add(mark);
  return found.found();
}

describe('the ranges that have all rows that differ', () => {
  it('are one for each value, and one for values next to each other', () => {
    expect(rangesOf(numbers, ['7', '30', '5', '6', '30'])).toEqual({
      column: 'n',
      ranges: [
        { from: '5', to: '8', to_included: false, rows: none },
        { from: '30', to: '31', to_included: false, rows: none },
      ],
      beyond: 0,
      unmarked: 0,
      held: 0,
      later: 0,
    });
  });

  it('are at most 32, and the widest gaps stay between them', () => {
    const marks = Array.from({ length: 900 }, (_, at) => `${at}`).filter((_, at) => at % 3 === 0);
    const { ranges } = rangesOf(numbers, [...marks, '950']);
    expect(ranges).toHaveLength(32);
    expect(ranges.at(-1)).toEqual({ from: '950', to: '951', to_included: false, rows: none });
    for (const mark of marks)
      expect(ranges.filter(({ from, to }) => Number(from) <= Number(mark) && Number(mark) < Number(to))).toHaveLength(1);
  });

  it.each(['ascending', 'descending', 'by hash'] as const)(
    'have all of many more values than are kept, each of three rows, %s',
    (order) => {
      const wide = { ...numbers, edge: { text: '10000000', inclusive: false } };
      const marks = Array.from({ length: 18_000 }, (_, at) => `${Math.floor(at / 3) * 7}`);
      if (order === 'descending') marks.reverse();
      const hash = (at: number) => createHash('md5').update(`${at}`).digest('hex');
      const hashes = marks.map((mark, at) => ({ mark, hash: hash(at) })).sort((a, b) => (a.hash < b.hash ? -1 : 1));
      const { ranges } = rangesOf(wide, order === 'by hash' ? hashes.map(({ mark }) => mark) : marks);
      expect(ranges.length).toBeLessThanOrEqual(32);
      for (const mark of marks) expect(ranges.some(({ from, to }) => Number(from) <= Number(mark) && Number(mark) < Number(to))).toBe(true);
    },
  );

  it('have no value of a row that stays, and count the rows that differ at it', () => {
    const held = (marks: readonly string[], stays: readonly (string | null)[] | null) => {
      const found = new DifferingRangesGatherer(numbers);
      for (const mark of marks) found.add(mark, { changes: 1 });
      found.hold(stays);
      const { ranges, held } = found.found();
      return [...ranges.map(({ from, to }) => `${from}..${to}`), held];
    };
    expect(held(['5', '6', '7', '8', '30'], ['7', null, '40'])).toEqual(['5..7', '8..9', '30..31', 1]);
    expect(held(['5', '30'], ['20'])).toEqual(['5..6', '30..31', 0]);
    expect(held(['5', '30'], null)).toEqual([2]);
    // A repair has so many ranges, and the next one the others.
    const [many, between] = [0, 1].map((first) => Array.from({ length: 40 }, (_, at) => `${at * 2 + first}`)) as [string[], string[]];
    expect(held(many, between)).toHaveLength(33);
    expect(held(many, between).at(-1)).toBe(0);
    const found = new DifferingRangesGatherer(numbers);
    for (const mark of many) found.add(mark, { changes: 1 });
    found.hold(between);
    expect(found.found().later).toBe(8);
  });

  it('have no settled row whose row in the source lies in no range: it stays until a run brings that one', () => {
    const found = new DifferingRangesGatherer(numbers);
    found.addKey({ source: [[null]], destination: [['4']] }, { only_in_source: 0, changed: 1, only_in_destination: 0 });
    found.addKey({ source: [['1001']], destination: [['6']] }, { only_in_source: 0, changed: 1, only_in_destination: 0 });
    found.addKey({ source: [['8']], destination: [['8']] }, { only_in_source: 0, changed: 1, only_in_destination: 0 });
    expect(found.found()).toMatchObject({ ranges: [{ from: '8', to: '9' }], beyond: 1, unmarked: 1, held: 0 });
  });

  it('end below the open group at the watermark; rows there, above it and without a watermark are counted', () => {
    expect(rangesOf(numbers, ['999', '1000', '1001', null])).toMatchObject({
      ranges: [{ from: '999', to: '1000' }],
      beyond: 2,
      unmarked: 1,
    });
    expect(rangesOf({ ...numbers, edge: { text: '1000', inclusive: true } }, ['1000', '1001'])).toMatchObject({
      ranges: [{ from: '1000', to: '1001' }],
      beyond: 1,
    });
  });

  it('go by the values that the destination keeps, so that no row of such a value is replaced and not read', () => {
    const at = (fraction: string) => `2026-01-01T00:00:00.${fraction}`;
    const coarse: ReplaceableRange = {
      column: 'at',
      type: { kind: 'timestamp', unit: 'us' },
      precision: { digits: 3 },
      mergesByKey: false,
      edge: { text: at('500500'), inclusive: false },
    };
    expect(rangesOf(coarse, [at('017051'), at('017'), at('5004')])).toEqual({
      column: 'at',
      ranges: [{ from: at('017000'), to: at('018000'), to_included: false, rows: none }],
      beyond: 1,
      unmarked: 0,
      held: 0,
      later: 0,
    });
  });

  it('have a row whose watermark was edited at the destination by the watermark of the source, where it is merged by key', () => {
    const found = (mergesByKey: boolean, source: readonly (string | null)[]) => {
      const ranges = new DifferingRangesGatherer({ ...numbers, mergesByKey });
      const counts = { only_in_source: 0, changed: source.length, only_in_destination: 3 - source.length };
      ranges.addKey({ source: source.map((mark) => [mark]), destination: [['5000'], [null], ['40']] }, counts);
      return ranges.found();
    };
    const two = [
      { from: '30', to: '31', to_included: false },
      { from: '40', to: '41', to_included: false },
    ];
    expect(found(true, ['30'])).toMatchObject({ ranges: two, beyond: 0, unmarked: 0 });
    expect(found(false, ['30'])).toMatchObject({ ranges: two, beyond: 1, unmarked: 1 });
    expect(found(true, [])).toMatchObject({ ranges: two.slice(1), beyond: 1, unmarked: 1 });
    // One of the source's rows lies in no range: the settled ones stay.
    expect(found(true, ['30', '1000'])).toMatchObject({ ranges: two.slice(0, 1), beyond: 1, unmarked: 0 });
  });

  it('count the rows that a repair adds, changes and removes in each, also where ranges are put together', () => {
    const found = new DifferingRangesGatherer({ ...numbers, edge: { text: '100000', inclusive: false } });
    const keys = Array.from({ length: 5000 }, (_, at) => `${at * 3}`);
    for (const [at, mark] of keys.entries()) {
      if (at % 3 === 0) found.addKey({ source: [], destination: [[mark]] }, { only_in_source: 0, changed: 0, only_in_destination: 1 });
      if (at % 3 === 1) found.addKey({ source: [[mark]], destination: [] }, { only_in_source: 1, changed: 0, only_in_destination: 0 });
      if (at % 3 === 2)
        found.addKey({ source: [['50000']], destination: [[mark]] }, { only_in_source: 0, changed: 1, only_in_destination: 0 });
    }
    const { ranges } = found.found();
    const sum = (of: 'adds' | 'changes' | 'removes') => ranges.reduce((total, { rows }) => total + rows[of], 0);
    expect(ranges).toHaveLength(32);
    expect([sum('adds'), sum('changes'), sum('removes')]).toEqual([1667, 1666, 1667]);
    expect(ranges.at(-1)).toMatchObject({ from: '50000', rows: { adds: 0, changes: 1666, removes: 0, source: 1666, destination: 0 } });
  });

  it('include their last value where a type has no next one', () => {
    const texts: ReplaceableRange = {
      column: 't',
      type: { kind: 'string' },
      precision: 'exact',
      mergesByKey: false,
      edge: { text: 'z', inclusive: false },
    };
    expect(rangesOf(texts, ['b', 'a', 'z'])).toMatchObject({
      ranges: [
        { from: 'a', to: 'a', to_included: true },
        { from: 'b', to: 'b', to_included: true },
      ],
      beyond: 1,
    });
    const largest = `${2n ** 63n - 1n}`;
    const open = { ...numbers, edge: { text: largest, inclusive: true } };
    expect(rangesOf(open, [largest]).ranges).toEqual([{ from: largest, to: largest, to_included: true, rows: none }]);
  });
});

it('the ranges of a comparison that is made in two steps are those of one in one', () => {
  const [first, second] = [new DifferingRangesGatherer(numbers), new DifferingRangesGatherer(numbers)];
  first.add(null);
  first.add('1001');
  first.add('5', { changes: 1 });
  first.hold(['6']);
  second.goOnFrom(JSON.parse(JSON.stringify(first.toJson())));
  for (const one of [first, second]) {
    one.add(null);
    one.add('7', { adds: 1 });
  }
  expect(second.found()).toEqual(first.found());
  expect(second.found()).toMatchObject({ ranges: [{ from: '5' }, { from: '7' }], beyond: 1, unmarked: 2 });
});
