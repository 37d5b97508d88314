import { describe, expect, it, vi } from 'vitest';
import { frameTools } from '../../src/assembly/frame-tools.ts';
import type { Frame } from '../../src/engine/contracts/frame.ts';
import { type Home, type KeyTexts, usualReading } from '../../src/engine/contracts/home.ts';
import type { Head, Store } from '../../src/engine/contracts/store.ts';
import { type ComparisonRequest, compareKeys, type KeyColumn } from '../../src/engine/keys/compare-keys.ts';
import { mostGone } from '../../src/engine/keys/comparison.ts';
import { CorrectedKeys } from '../../src/engine/keys/corrected-keys.ts';
import { comparedInTime } from '../../src/engine/move/move-comparison.ts';
import type { Cell } from '../../src/frames/cell.ts';
import { canonicalTexts } from '../../src/frames/row-sum/row-hashes.ts';
import type { DataType, Schema } from '../../src/frames/schema.ts';
import { frameBuilder } from '../../src/frames/values/builders.ts';
import { specOf } from '../support/sim/world.ts';

type Rows = readonly (readonly Cell[])[];

const int: DataType = { kind: 'int64' };
const text: DataType = { kind: 'string' };

const schemaOf = (types: readonly DataType[]): Schema => ({
  columns: types.map((type, at) => ({ name: `k${at}`, type, nullable: true })),
});

async function frameOf(schema: Schema, rows: Rows): Promise<Frame> {
  const builder = await frameBuilder(schema);
  for (const row of rows) builder.append(row);
  return builder.take();
}

interface HomeScene {
  /** Whether the source has one of the keys by its own equality. */
  readonly has?: (keys: KeyTexts) => boolean;
  readonly rejects?: true;
  /** So many rows are in a frame. */
  readonly inFrame?: number | undefined;
}

function homeOf(schema: Schema, rows: Rows, more: HomeScene = {}): Home {
  const { has, inFrame = 3 } = more;
  return {
    reading: usualReading,
    rowCondition: '',
    place: 'here',
    describe: async () => ({ done: { schema, rows: undefined, bytes: undefined, summary: '' } }),
    bound: async () => ({ done: undefined }),
    future: async () => ({ done: { rows: 0, latest: null, until: null } }),
    nulls: async () => ({ done: 0 }),
    plan: async () => ({ done: { slices: [{ ref: {}, rows: null, bytes: null }] } }),
    async *read() {
      for (let at = 0; at < rows.length; at += inFrame) yield await frameOf(schema, rows.slice(at, at + inFrame));
      if (more.rejects) yield { rejected: [{ text: '?', reason: '?' }] } as never;
    },
    ...(has ? { system: { count: async () => rows.length, hasAnyOf: async (keys) => has(keys), sums: { by: 'none' } } } : {}),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

interface Scene {
  /** What each opening of the source sees; the last one stays. */
  readonly sees: readonly (Rows | Home)[];
  readonly settled: Rows;
  /** As the head counts them; absent: each once. */
  readonly published?: number;
  readonly types?: readonly DataType[];
  readonly settledTypes?: readonly DataType[];
  readonly mostPercent?: number;
  readonly mostRows?: number;
  readonly isComplete?: true;
  readonly pauseMs?: number;
  readonly rowsBefore?: number;
  readonly mostHeld?: number;
  readonly looksAgain?: boolean;
  /** The column of the watermark; absent: there is none. */
  readonly mark?: string;
  readonly corrected?: CorrectedKeys | null;
  /** So many settled rows are in a frame; absent: three. */
  readonly inFrame?: number;
}

async function gone({
  sees,
  settled,
  published = settled.length,
  types = [int],
  settledTypes = types,
  mostPercent = 50,
  mostHeld,
  looksAgain = true,
  mark,
  corrected = null,
  inFrame,
  ...more
}: Scene) {
  const schema = schemaOf(types);
  let opened = 0;
  let sleptMs = 0;
  const sleep = async (ms: number) => {
    sleptMs += ms;
  };
  const head = { id: 'h', rows: published } as Head;
  const store = {
    where: 'there',
    distinguishesOwnRows: true,
    settled: { gives: 'rows', open: async () => homeOf(schemaOf(settledTypes), settled, { inFrame }) },
  } as unknown as Store;
  const key: readonly KeyColumn[] = settledTypes.map((type, at) => ({ source: `k${at}`, settled: `k${at}`, type }));
  const request: ComparisonRequest = {
    ports: { frames: frameTools, clock: { now: () => '2026-11-20T08:00:00.000Z', sleep } as never },
    spec: specOf({}),
    comparison: { everyMs: 0, action: 'apply', mostPercent, ...more },
    rowsBefore: more.rowsBefore,
    ...{
      store,
      head,
      key,
      corrected,
      mark: mark === undefined ? null : { source: mark, settled: mark },
      signal: new AbortController().signal,
    },
    openSource: async () => {
      const seen = sees[Math.min(opened++, sees.length - 1)] ?? [];
      return 'place' in seen ? seen : homeOf(schema, seen);
    },
    ...(mostHeld === undefined ? {} : { mostHeld }),
  };
  const { compared, rows } = await compareKeys(request, { looksAgain });
  const { columns } = schemaOf(settledTypes);
  const texts = await Promise.all(rows.map((frame) => canonicalTexts(frame, columns)));
  return { compared, opened, sleptMs, keys: texts.flat().map((row) => row.join(' ')) };
}

const ids = (...all: readonly number[]): Rows => all.map((id) => [BigInt(id)]);
const names = (...all: readonly string[]): Rows => all.map((name) => [name]);

describe('a settled row is gone if two reads of the source lack its key', () => {
  it('and not one that is there, or came back between the reads', async () => {
    const settled = ids(1, 2, 3, 4, 5, 6, 7, 8);
    expect(await gone({ sees: [ids(1, 2, 3, 4, 5, 6, 7, 8, 9)], settled })).toMatchObject({ keys: [], opened: 1 });
    const found = await gone({ sees: [ids(1, 2, 4, 5, 6, 8), ids(1, 2, 4, 5, 6, 7, 8)], settled });
    expect(found).toMatchObject({ keys: ['3'], opened: 2, compared: { source: 7, settled: 8, gone: 1, stay: 1, older: 0 } });
  });

  it('and not one that a person gave another key, as long as the source has the row', async () => {
    const corrected = () =>
      new CorrectedKeys(
        new Map([
          ['["-7"]', ['["7"]']],
          ['["7"]', ['["8"]']],
          ['["-9"]', ['["9"]']],
        ]),
      );
    const settled = ids(1, 2, 3, 4, 5, 8, 9);
    expect(await gone({ sees: [ids(1, 2, 3, 4, 5, -7)], settled, corrected: corrected() })).toMatchObject({ keys: ['9'] });
    expect(await gone({ sees: [ids(1, 2, 3, 4, 5, -7, -9)], settled, corrected: corrected() })).toMatchObject({ keys: [], opened: 1 });
    expect(await gone({ sees: [ids(1, 2, 3, 4, 5)], settled, corrected: corrected() })).toMatchObject({ keys: ['8', '9'] });
  });

  it('also where the keys do not fit into memory at once', async () => {
    const settled = ids(...Array.from({ length: 40 }, (_, i) => i));
    const source = settled.filter((_, i) => i % 5 > 0);
    const found = await gone({ sees: [source], settled, mostHeld: 6 });
    expect(found.keys.map(Number).sort((a, b) => a - b)).toEqual([0, 5, 10, 15, 20, 25, 30, 35]);
    expect(found.compared).toMatchObject({ source: 32, settled: 40, gone: 8 });
  });

  it('and lies below the newest watermark of the source, which may be behind', async () => {
    const settled = ids(1, 2, 3, 4, 5, 6, 7, 8);
    const found = await gone({ sees: [ids(1, 3, 4, 5, 6)], settled, mark: 'k0' });
    expect(found).toMatchObject({ keys: ['2'], compared: { source: 5, settled: 8, gone: 1, stay: 2 } });
    expect(await gone({ sees: [ids(1, 3, 4, 5, 6)], settled, mark: 'k0', mostHeld: 2 })).toMatchObject({
      keys: ['2'],
      compared: { gone: 1, stay: 2 },
    });
    expect(await gone({ sees: [ids(1, 2, 3, 4, 5, 6)], settled, mark: 'k0' })).toMatchObject({ keys: [], compared: { gone: 0, stay: 2 } });
  });

  it('and is not older than all rows of the source, which may forget old rows, unless it is said to forget none', async () => {
    const settled: Rows = [[1n], [2n], [3n], [4n], [5n], [6n], [7n], [8n], [null]];
    const scene = { sees: [ids(3, 5, 6, 7, 8)], settled, mark: 'k0' };
    expect(await gone(scene)).toMatchObject({ keys: ['4', ''], compared: { gone: 2, stay: 0, older: 2 } });
    expect(await gone({ ...scene, isComplete: true })).toMatchObject({
      keys: ['1', '2', '4', ''],
      compared: { gone: 4, stay: 0, older: 0 },
    });
  });

  it('by two reads that lie apart, where any is missing', async () => {
    const settled = ids(1, 2, 3, 4);
    expect(await gone({ sees: [ids(1, 2, 3)], settled, pauseMs: 70_000 })).toMatchObject({ keys: ['4'], sleptMs: 70_000 });
    expect(await gone({ sees: [ids(1, 2, 3, 4)], settled, pauseMs: 70_000 })).toMatchObject({ keys: [], sleptMs: 0 });
  });

  it('by one read where nothing is removed', async () => {
    expect(await gone({ sees: [ids(1, 2, 3)], settled: ids(1, 2, 3, 4), looksAgain: false })).toMatchObject({ keys: ['4'], opened: 1 });
  });
});

describe('a key is the same by its value', () => {
  it('whatever the width and the scale of its numbers', async () => {
    const cents: DataType = { kind: 'decimal', precision: 10, scale: 3 };
    const found = await gone({
      types: [{ kind: 'int32' }],
      settledTypes: [cents],
      sees: [[[5], [6], [8]]],
      settled: [[5000n], [6000n], [7000n], [8000n]],
    });
    expect(found.keys).toEqual(['7']);
  });

  it.each([
    ['case', 'Straße', 'STRASSE'],
    ['blanks at its end', 'a', 'a  '],
    ['accents', 'Crème', 'creme'],
    ['how an accent is written', 'é', 'e\u0301'],
    ['width and kana', 'ｶﾅ', 'かな'],
    ['signs without a width', 'ab', 'a\u200bb'],
    ['a UUID in capitals', '0F8FAD5B-D9CB-469F-A165-70867728950E', '0f8fad5b-d9cb-469f-a165-70867728950e'],
  ])('and as far as a collation goes: %s', async (_, source, settled) => {
    const rows = { types: [text], sees: [names(source, 'y', 'z')], settled: names(settled, 'x', 'y', 'z') };
    expect(await gone(rows)).toMatchObject({ keys: ['x'], compared: { gone: 1, stay: 1 } });
  });

  it('and many keys that differ in case alone are no sign of a reload', async () => {
    const kept = Array.from({ length: 30 }, (_, i) => `k${i}`);
    const cased = Array.from({ length: 14 }, (_, i) => `n${i}`);
    const source = names(...kept, ...cased.map((key) => key.toUpperCase()));
    const found = await gone({ types: [text], sees: [source], settled: names(...kept, ...cased, 'x') });
    expect(found).toMatchObject({ keys: ['x'], compared: { gone: 1, stay: 14 } });
  });

  it('and as the source itself says, which is asked about many at once and then about ever fewer', async () => {
    let questions = 0;
    const has = ({ rows }: KeyTexts) => {
      questions++;
      return rows.some(([key]) => key === 'n7');
    };
    const kept = Array.from({ length: 30 }, (_, i) => `k${i}`);
    const lost = Array.from({ length: 20 }, (_, i) => `n${i}`);
    const source = homeOf(schemaOf([text]), names(...kept), { has });
    const found = await gone({ types: [text], sees: [source], settled: names(...kept, ...lost), mostPercent: 50 });
    expect(found.keys).toEqual(lost.filter((key) => key !== 'n7'));
    expect(questions).toBeLessThan(7 * 4);
  });

  it('in several columns, nulls among them', async () => {
    const rows: Rows = [
      ['a', 1n],
      ['a', null],
      ['b', 1n],
      ['c', 2n],
    ];
    expect((await gone({ types: [text, int], sees: [rows.filter((_, i) => i !== 1)], settled: rows })).keys).toEqual(['a ']);
  });

  it.each<[DataType, DataType]>([
    [
      { kind: 'timestamp', unit: 'us' },
      { kind: 'timestamp', unit: 'ms' },
    ],
    [
      { kind: 'timestamp', unit: 'us' },
      { kind: 'timestamp', unit: 'us', zone: 'UTC' },
    ],
    [{ kind: 'float64' }, { kind: 'float64' }],
    [
      { kind: 'time', unit: 'us' },
      { kind: 'time', unit: 'us' },
    ],
    [int, text],
  ])('and is refused where values may differ: %j and %j', async (source, settled) => {
    const row = (type: DataType): Cell => (type.kind === 'string' ? '1' : type.kind === 'float64' ? 1 : 1n);
    await expect(
      gone({ types: [source], settledTypes: [settled], sees: [[[row(source)]]], settled: [[row(settled)]] }),
    ).rejects.toMatchObject({ code: 'HYG-2087' });
  });
});

describe('nothing is removed', () => {
  const settled = ids(1, 2, 3, 4, 5, 6, 7, 8);
  it.each<[string, Partial<Scene>, string]>([
    ['where more are gone than may be', { sees: [ids(1, 2, 3, 4, 5)], mostPercent: 37 }, 'HYG-2088'],
    ['where the source is empty', { sees: [[]], mostPercent: 100 }, 'HYG-2089'],
    ['where none of the settled keys is in the source', { sees: [ids(11, 12, 13)], mostPercent: 100 }, 'HYG-2089'],
    ['where the source shrinks by more than may be gone', { sees: [ids(1, 2, 3, 4, 5, 6, 7), ids(1, 2, 3)], mostPercent: 20 }, 'HYG-2089'],
    ['where the source has far fewer rows than at the last comparison', { sees: [ids(1, 2, 3, 4, 5, 6, 7)], rowsBefore: 15 }, 'HYG-2089'],
    ['where one row of two is gone, and no share of them is allowed', { settled: ids(1, 2), sees: [ids(1)], mostPercent: 5 }, 'HYG-2088'],
    ['where more than half of a few rows are gone', { settled: ids(1, 2, 3), sees: [ids(1)], mostPercent: 5, mostRows: 10 }, 'HYG-2088'],
    [
      'where most of the rows that were missed come back between the reads',
      {
        settled: ids(...Array.from({ length: 50 }, (_, i) => i)),
        sees: [ids(...Array.from({ length: 26 }, (_, i) => i)), ids(...Array.from({ length: 42 }, (_, i) => i))],
      },
      'HYG-2089',
    ],
    ['where the source has rows that can not be read', { sees: [homeOf(schemaOf([int]), ids(1, 2), { rejects: true })] }, 'HYG-2089'],
  ])('%s', async (_, changes, code) => {
    await expect(gone({ settled, sees: [], ...changes })).rejects.toMatchObject({ code });
  });

  it('where the source is empty, whose settled rows count once, however often they were published', async () => {
    const what = expect.stringContaining('has no rows, and 2 rows are settled');
    await expect(gone({ settled: ids(1, 2), published: 40, sees: [[]] })).rejects.toMatchObject({ what });
    expect((await gone({ settled: [], published: 40, sees: [[]] })).compared).toMatchObject({ source: 0, settled: 0, gone: 0 });
  });

  it.each([
    [5, 10, 12, 6],
    [5, 10, 100, 10],
    [5, 10, 1000, 50],
    [5, 0, 19, 0],
    [0.57, 0, 10_000, 57],
    [5, 10, 1, 0],
    [100, 0, 3, 3],
  ])('beyond %s%% and %s rows: of %s rows at most %s', (mostPercent, mostRows, of, most) => {
    expect(mostGone({ mostPercent, mostRows }, of)).toBe(most);
  });

  it('as long as exactly `max` are gone it goes on', async () => {
    expect((await gone({ settled, sees: [ids(1, 2, 3, 4, 5, 6)], mostPercent: 25 })).keys).toEqual(['7', '8']);
  });
});

it('a comparison in a function app ends with its time, and decides nothing', async () => {
  const schema = schemaOf([int]);
  const endless: Home = {
    ...homeOf(schema, []),
    async *read() {
      for (;;) {
        yield await frameOf(schema, ids(1));
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
  const spec = specOf({
    watermark: { key: ['k0'] },
    compareDeletes: { everyMs: 0, action: 'apply', mostPercent: 5 },
  });
  const store = {
    where: 'there',
    head: async () => ({ id: 'h', rows: 1 }),
    settled: { gives: 'rows', open: async () => homeOf(schema, ids(1)) },
  };
  const staged = vi.fn();
  const compared = comparedInTime({
    spec,
    ports: {
      frames: frameTools,
      clock: { now: () => '2026-11-20T08:00:00.000Z', monotonicMs: () => 0, sleep: async () => undefined },
      store: async () => ({ ...store, stage: staged }),
      home: async () => endless,
      state: { read: async () => undefined },
    } as never,
    plan: { prev: 'h', schema, writing: { key: ['k0'] }, watermarkAs: null, pinned: null } as never,
    slice: { ref: {}, rows: null, bytes: null },
    request: { comparesWithinMs: 480_000 } as never,
    watching: { signal: new AbortController().signal, onRows: () => undefined },
  });
  await expect(compared).rejects.toMatchObject({ code: 'HYG-2090', what: expect.stringContaining('8 minutes') });
  expect(staged).not.toHaveBeenCalled();
});

it('a source is asked for each of many keys, and keeps those that it has in another spelling', async () => {
  const missing = Array.from({ length: 1_101 }, (_, at) => `name ${at}`);
  const kept = ['name 0', 'name 499', 'name 500', 'name 1000', 'name 1100'];
  const source = homeOf(schemaOf([text]), names('there'), { has: ({ rows }) => rows.some(([name]) => kept.includes(name ?? '')) });
  const { keys } = await gone({ sees: [source], settled: names(...missing, 'there'), types: [text], mostPercent: 100, inFrame: 2_000 });
  expect(missing.filter((name) => !keys.includes(name))).toEqual(kept);
});
