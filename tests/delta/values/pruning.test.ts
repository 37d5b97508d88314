import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DeltaFile, DeltaType } from '../../../src/delta/table.ts';
import { boundsOf, mayHold } from '../../../src/delta/values/pruning.ts';
import type { Edge, Window } from '../../../src/engine/contracts/home.ts';
import type { DataType } from '../../../src/frames/schema.ts';
import { compareWatermarks, watermarkText } from '../../../src/frames/watermark-text.ts';
import { wholeFile } from '../../support/parquet-files.ts';
import { field, mappedTo, tableOf } from './made-tables.ts';
import { limitText, type Manner } from './written-statistics.ts';

const fileWith = (stats: string | null, more: Partial<DeltaFile> = {}): DeltaFile => ({
  path: 'f',
  partitionValues: {},
  bytes: 1,
  modificationTime: 0,
  vector: null,
  stats,
  ...more,
});

const vector: DeltaFile['vector'] = { storageType: 'i', pathOrInlineDv: '', offset: null, sizeInBytes: 0, cardinality: 1 };

const edge = (text: string | null, inclusive = true): Edge | null => (text === null ? null : { text, inclusive });
const windowOf = (type: DataType, lower: string | null, upper: string | null, nulls: Window['nulls'] = 'exclude'): Window => ({
  ...wholeFile,
  column: { column: 'v', type },
  lower: edge(lower),
  upper: edge(upper),
  nulls,
});

interface Kind {
  readonly delta: DeltaType;
  readonly type: DataType;
  /** Values that lie near one another and far apart. */
  readonly value: fc.Arbitrary<string>;
}

const bigs = (min: bigint, max: bigint): fc.Arbitrary<bigint> =>
  fc.oneof(fc.bigInt({ min, max }), fc.bigInt({ min: -5_000n, max: 5_000n }));
const keyed = (delta: DeltaType, type: DataType, key: fc.Arbitrary<bigint>): Kind => ({
  delta,
  type,
  value: key.map((one) => watermarkText(type, one)),
});
const microseconds = 86_400_000_000n;
const times = fc.oneof(
  fc.bigInt({ min: -719_162n * microseconds, max: 2_932_896n * microseconds }),
  fc.bigInt({ min: -5_000n, max: 5_000n }),
  fc.bigInt({ min: 1_700_000_000_000_000n, max: 1_700_000_000_005_000n }),
);
const letters = fc.constantFrom('a', 'b', '?', '~', '\u007f', 'é', '\ud7ff', '\ufffd', '\uffff', '😀', '\u{10ffff}');
const prefix = fc.constantFrom(
  '',
  'a'.repeat(31),
  'a'.repeat(32),
  'é'.repeat(31),
  '😀'.repeat(15),
  '\u{10ffff}'.repeat(16),
  `${'a'.repeat(30)}😀`,
);
const kinds: readonly Kind[] = [
  keyed('long', { kind: 'int64' }, bigs(-(2n ** 63n), 2n ** 63n - 1n)),
  keyed('date', { kind: 'date' }, fc.bigInt({ min: -719_162n, max: 2_932_896n })),
  keyed('decimal(15,2)', { kind: 'decimal', precision: 15, scale: 2 }, bigs(-(10n ** 15n) + 1n, 10n ** 15n - 1n)),
  keyed('decimal(18,0)', { kind: 'decimal', precision: 18, scale: 0 }, bigs(-(10n ** 18n) + 1n, 10n ** 18n - 1n)),
  keyed(
    'decimal(38,18)',
    { kind: 'decimal', precision: 38, scale: 18 },
    fc.oneof(bigs(-(10n ** 38n) + 1n, 10n ** 38n - 1n), fc.bigInt({ min: 10n ** 18n - 50n, max: 10n ** 18n + 50n })),
  ),
  keyed('timestamp', { kind: 'timestamp', unit: 'us', zone: 'UTC' }, times),
  keyed('timestamp_ntz', { kind: 'timestamp', unit: 'us' }, times),
  {
    delta: 'string',
    type: { kind: 'string' },
    value: fc.tuple(prefix, fc.array(letters, { maxLength: 4 })).map(([start, end]) => start + end.join('')),
  },
];

const scenario = (kind: Kind) =>
  fc.record({
    rows: fc.array(fc.option(kind.value, { freq: 5 }), { minLength: 1, maxLength: 4 }),
    deleted: fc.nat({ max: 3 }),
    manner: fc.constantFrom<Manner>('spark', 'older spark', 'delta-rs'),
    isMapped: fc.boolean(),
    leaves: fc.constantFrom('all', 'all', 'all', 'min', 'max', 'nullCount', 'numRecords'),
    lower: fc.option(kind.value, { freq: 3 }),
    upper: fc.option(kind.value, { freq: 3 }),
    own: fc.constantFrom('lower', 'upper', 'both', 'none'),
    inclusive: fc.tuple(fc.boolean(), fc.boolean()),
    nulls: fc.constantFrom<Window['nulls']>('include', 'exclude'),
  });

const compare = (type: DataType, a: string, b: string): number => compareWatermarks({ type, text: a }, { type, text: b });

describe.each(kinds)('statistics of $delta', (kind) => {
  const { delta, type } = kind;

  test('never leave out a file with a row of the window, whoever wrote them', () => {
    let left = 0;
    let runs = 0;
    fc.assert(
      fc.property(scenario(kind), ({ rows, deleted, manner, isMapped, leaves, own, inclusive, nulls, ...edges }) => {
        const values = rows.filter((row) => row !== null).sort((a, b) => compare(type, a, b));
        const [min, max] = [values[0], values.at(-1)];
        const name = isMapped ? 'p' : 'v';
        const limits = (which: 'min' | 'max', text: string | undefined) => {
          const written = text === undefined || leaves === which ? undefined : limitText(manner, type, text, which);
          return written === undefined ? '{}' : `{"${name}":${written}}`;
        };
        const isDeleting = deleted > 0 && deleted < rows.length;
        const stats = `{${leaves === 'numRecords' ? '' : `"numRecords":${rows.length},`}"minValues":${limits('min', min)},"maxValues":${limits('max', max)},"nullCount":${
          leaves === 'nullCount' ? '{}' : `{"${name}":${rows.length - values.length}}`
        }${isDeleting ? ',"tightBounds":false' : ''}}`;
        const file = fileWith(stats, { vector: isDeleting ? vector : null });
        const table = tableOf({ fields: [field('v', delta, isMapped ? mappedTo('p', 1) : {})], ...(isMapped ? { mode: 'name' } : {}) });
        // Edges at the values themselves are where a bound that was cut shows.
        const lower = own === 'lower' || own === 'both' ? (max ?? edges.lower) : edges.lower;
        const upper = own === 'upper' || own === 'both' ? (min ?? edges.upper) : edges.upper;
        const window: Window = { ...windowOf(type, null, null, nulls), lower: edge(lower, inclusive[0]), upper: edge(upper, inclusive[1]) };
        const stays = isDeleting ? rows.slice(deleted) : rows;
        const isIn = (row: string | null): boolean => {
          if (row === null) return nulls === 'include';
          const [below, above] = [lower === null ? 1 : compare(type, row, lower), upper === null ? -1 : compare(type, row, upper)];
          return (below > 0 || (below === 0 && inclusive[0])) && (above < 0 || (above === 0 && inclusive[1]));
        };
        const held = mayHold(file, window, table);
        runs++;
        if (!held) left++;
        if (stays.some(isIn)) expect(held).toBe(true);
        const bounds = boundsOf(file, 'v', table);
        for (const row of stays) {
          if (row === null) continue;
          for (const bound of [bounds.min, bounds.max]) expect(bound.kind).not.toBe('nulls');
          if ('text' in bounds.max) expect(compare(type, row, bounds.max.text)).toBeLessThanOrEqual(0);
          if ('text' in bounds.min) expect(compare(type, row, bounds.min.text)).toBeGreaterThanOrEqual(0);
        }
        if (bounds.max.kind === 'exact') expect(stays).toContain(bounds.max.text);
        if (bounds.min.kind === 'exact') expect(stays).toContain(bounds.min.text);
      }),
      { seed: 63_003, numRuns: 500 },
    );
    // Bounds that are never used would hold as well.
    expect(left / runs).toBeGreaterThan(0.1);
  });
});

describe('what the log says of a file', () => {
  const table = tableOf({ fields: [field('v', 'long'), field('p', 'date')], partitionColumns: ['p'] });
  const int: DataType = { kind: 'int64' };
  const stats = (min: string, max: string, more = '') =>
    `{"numRecords":3,"minValues":{"v":${min}},"maxValues":{"v":${max}},"nullCount":{"v":0}${more}}`;

  test('texts of CHAR(n) have blanks behind that the log does not say', () => {
    const char = { ...field('v', 'string'), metadata: { __CHAR_VARCHAR_TYPE_STRING: 'char(5)' } };
    const file = fileWith(stats('"ab"', '"ab"'));
    const window = windowOf({ kind: 'string' }, 'ab   ', 'ab   ');
    expect(mayHold(file, window, tableOf({ fields: [char], partitionColumns: [] }))).toBe(true);
    expect(mayHold(file, window, tableOf({ fields: [field('v', 'string')], partitionColumns: [] }))).toBe(false);
  });

  test('numbers beyond 2^53 are exact', () => {
    const file = fileWith(stats('9007199254740993', '9007199254740993'));
    expect(mayHold(file, windowOf(int, null, '9007199254740992'), table)).toBe(false);
    expect(mayHold(file, windowOf(int, '9007199254740993', null), table)).toBe(true);
    expect(boundsOf(file, 'v', table).max).toEqual({ kind: 'exact', text: '9007199254740993' });
  });

  test.each([
    ['no statistics', null],
    ['no JSON', '{"numRecords":'],
    ['no object', '[1]'],
    ['an empty text', ''],
    ['numbers as texts', '{"numRecords":"three","minValues":{"v":"1"},"maxValues":{"v":"2"},"nullCount":{"v":"none"}}'],
    ['numbers of another type', '{"numRecords":3,"minValues":{"v":0.5},"maxValues":{"v":1e300}}'],
    ['objects for numbers', '{"numRecords":3,"minValues":{"v":{"x":1}},"maxValues":[2]}'],
    ['other columns', '{"numRecords":3,"minValues":{"w":1},"maxValues":{"w":2},"nullCount":{"w":3}}'],
    ['bounds that are null', '{"numRecords":3,"minValues":{"v":null},"maxValues":{"v":null},"nullCount":{"v":1}}'],
  ])('%s: the file may hold any row', (_, of) => {
    for (const window of [windowOf(int, '100', null), windowOf(int, null, '-100'), windowOf(int, null, null, 'exclude')])
      expect(mayHold(fileWith(of), window, table)).toBe(true);
    expect(boundsOf(fileWith(of), 'v', table)).toEqual({ min: { kind: 'unknown' }, max: { kind: 'unknown' } });
  });

  test('a column of nothing but nulls is wanted for its nulls alone', () => {
    const file = fileWith('{"numRecords":3,"nullCount":{"v":3}}');
    expect(mayHold(file, windowOf(int, '1', null, 'exclude'), table)).toBe(false);
    expect(mayHold(file, windowOf(int, '1', null, 'include'), table)).toBe(true);
    expect(boundsOf(file, 'v', table).max).toEqual({ kind: 'nulls' });
  });

  test('nulls are wanted although the values are not', () => {
    const file = fileWith('{"numRecords":3,"minValues":{"v":1},"maxValues":{"v":2},"nullCount":{"v":1}}');
    expect(mayHold(file, windowOf(int, '5', null, 'include'), table)).toBe(true);
    expect(mayHold(file, windowOf(int, '5', null, 'exclude'), table)).toBe(false);
  });

  test('a bound may have been deleted since', () => {
    expect(boundsOf(fileWith(stats('1', '9')), 'v', table)).toEqual({
      min: { kind: 'exact', text: '1' },
      max: { kind: 'exact', text: '9' },
    });
    const limits = { min: { kind: 'limit', text: '1' }, max: { kind: 'limit', text: '9' } };
    expect(boundsOf(fileWith(stats('1', '9'), { vector }), 'v', table)).toEqual(limits);
    expect(boundsOf(fileWith(stats('1', '9', ',"tightBounds":false')), 'v', table)).toEqual(limits);
  });

  test('partition values are exact, and one that can not be read leaves the file in', () => {
    const day: DataType = { kind: 'date' };
    const of = (p: string | null) => fileWith(null, { partitionValues: { p } });
    const window = (lower: string, nulls: Window['nulls'] = 'exclude'): Window => ({
      ...windowOf(day, lower, null, nulls),
      column: { column: 'p', type: day },
    });
    expect(mayHold(of('2024-01-02'), window('2024-01-02'), table)).toBe(true);
    expect(mayHold(of('2024-01-01'), window('2024-01-02'), table)).toBe(false);
    expect(mayHold(of(null), window('2024-01-02'), table)).toBe(false);
    expect(mayHold(of(null), window('2024-01-02', 'include'), table)).toBe(true);
    expect(mayHold(of('no day'), window('2024-01-02'), table)).toBe(true);
    expect(boundsOf(of('2024-01-01'), 'p', table).max).toEqual({ kind: 'exact', text: '2024-01-01' });
    expect(boundsOf(of(null), 'p', table).max).toEqual({ kind: 'nulls' });
    expect(boundsOf(of('no day'), 'p', table).max).toEqual({ kind: 'unknown' });
  });

  test('a window of another type than the table has now leaves out nothing', () => {
    expect(mayHold(fileWith(stats('1', '2')), windowOf({ kind: 'int32' }, '5', null), table)).toBe(true);
  });

  test('floats have no bounds', () => {
    const floats = tableOf({ fields: [field('v', 'double')] });
    expect(boundsOf(fileWith(stats('1', '"NaN"')), 'v', floats).max).toEqual({ kind: 'unknown' });
  });

  test('times are cut to milliseconds: the largest may be later than the log says', () => {
    const timed = tableOf({ fields: [field('v', 'timestamp')] });
    const type: DataType = { kind: 'timestamp', unit: 'us', zone: 'UTC' };
    const file = fileWith(stats('"2024-01-01T00:00:00.123Z"', '"2024-01-01T00:00:00.123Z"'));
    expect(mayHold(file, windowOf(type, '2024-01-01T00:00:00.123999Z', null), timed)).toBe(true);
    expect(mayHold(file, windowOf(type, '2024-01-01T00:00:00.125000Z', null), timed)).toBe(false);
    expect(boundsOf(file, 'v', timed).max.kind).toBe('limit');
    const unzoned = fileWith(stats('"2024-01-01T00:00:00.123"', '"2024-01-01T00:00:00.123"'));
    expect(boundsOf(unzoned, 'v', timed).max).toEqual({ kind: 'unknown' });
  });
});
