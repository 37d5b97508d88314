import { describe, expect, it } from 'vitest';
import { entityDefaults } from '../../src/engine/contracts/spec.ts';
import { countedRows, decideWrite, type WriteSituation } from '../../src/engine/plan/modes.ts';

const now = (change: Partial<WriteSituation>): WriteSituation => ({
  destination: 'ours',
  runType: 'full_drop',
  ifExists: 'fail',
  canContinue: true,
  fullNext: false,
  fullDue: false,
  key: 'none',
  strategy: null,
  canReplaceByKey: false,
  keepsForeignRows: false,
  swapWouldLose: false,
  ...change,
});
const outcome = (change: Partial<WriteSituation>) => {
  const decision = decideWrite(now(change));
  if (decision === 'refuse') return 'refuse';
  const { mode, supersede, write, why } = decision;
  const out = supersede.what === 'all' ? `all (foreign: ${supersede.foreign})` : supersede.what;
  return `${mode}: ${write} (${why}), ${out} goes`;
};

const ifExists = ['fail', 'append', 'replace'] as const;
const runTypes = ['full_drop', 'incremental'] as const;
const all = runTypes.flatMap((runType) => ifExists.map((exists) => [runType, exists] as const));

const anew = 'full: swap (full_load), all (foreign: keep) goes';
const instead = 'full: swap (full_load), all (foreign: replace) goes';

/** docs/incremental.md, a line a cell; where a run without a key does something else than one with a key in a store that merges, both. */
const cells = [
  ...all.map(([runType, exists]) => [
    { destination: 'empty', runType, ifExists: exists, canContinue: false },
    'full: append (creates), nothing goes',
    'full: merge (key), nothing goes',
  ]),
  [{ ifExists: 'fail' }, anew, anew],
  [{ ifExists: 'replace' }, instead, instead],
  [{ ifExists: 'append' }, 'full: append (adds), nothing goes', 'full: merge (key), nothing goes'],
  ...ifExists.map((exists) => [
    { runType: 'incremental', ifExists: exists },
    'incremental: append (new_rows), boundary goes',
    'incremental: merge (key), nothing goes',
  ]),
  [{ runType: 'incremental', canContinue: false }, anew, anew],
  ...runTypes.flatMap((runType) => [
    [{ destination: 'foreign', runType, canContinue: false }, 'refuse', 'refuse'],
    [
      { destination: 'foreign', runType, ifExists: 'append', canContinue: false },
      'full: append (adds), nothing goes',
      'full: merge (key), nothing goes',
    ],
    [{ destination: 'foreign', runType, ifExists: 'replace', canContinue: false }, instead, instead],
    [{ runType, fullNext: true }, anew, anew],
  ]),
] as readonly (readonly [Partial<WriteSituation>, string, string])[];

describe('what a run does to its destination', () => {
  it.each(cells)('%j: without a key %s; with one, where the store merges, %s', (change, without, merging) => {
    expect(outcome(change)).toBe(without);
    expect(outcome({ ...change, key: 'merges' })).toBe(merging);
  });

  it('is everything again after a reset, in place of what is there, also where rows are added without a key', () => {
    for (const runType of runTypes) expect(outcome({ runType, fullNext: true, ifExists: 'append' })).toBe(anew);
  });

  it('warns of the copies that full_drop with append makes, unless it merges', () => {
    expect(decideWrite(now({ ifExists: 'append' }))).toMatchObject({ warnings: [{ code: 'full_copy_each_run' }] });
    expect(decideWrite(now({ key: 'merges', ifExists: 'append' }))).toMatchObject({ warnings: [] });
  });
});

describe('what a run with a key does, where the store cannot merge', () => {
  const key = 'cannot merge' as const;

  it('adds, replacing the boundary group, and says that it does not merge', () => {
    expect(outcome({ key, runType: 'incremental' })).toBe('incremental: append (no_merge), boundary goes');
  });

  it.each(['empty', 'foreign', 'ours'] as const)('%s: does what it does without a key', (destination) => {
    for (const [runType, exists] of all) {
      if (destination === 'ours' && runType === 'incremental') continue;
      const change = { destination, runType, ifExists: exists, canContinue: false };
      expect(outcome({ ...change, key })).toBe(outcome(change));
    }
  });
});

describe('how a full load replaces the destination', () => {
  it.each([
    [null, 'swap (full_load)'],
    ['temp_swap', 'swap (full_load)'],
    ['direct_insert', 'delete_insert (direct_insert)'],
  ] as const)('write_strategy %s: %s', (strategy, expected) => {
    expect(outcome({ strategy })).toBe(`full: ${expected}, all (foreign: keep) goes`);
    expect(outcome({ strategy, key: 'merges' })).toBe(`full: ${expected}, all (foreign: keep) goes`);
  });

  it('write_strategy merge: rows are merged, and those that the load lacks go, once the store knows all keys', () => {
    const merging = { strategy: 'merge', key: 'merges' } as const;
    expect(outcome(merging)).toBe('full: swap (full_load), all (foreign: keep) goes');
    expect(outcome({ ...merging, canReplaceByKey: true })).toBe('full: merge (full_load), unmatched goes');
    expect(outcome({ ...merging, canReplaceByKey: true, ifExists: 'replace' })).toBe('full: merge (full_load), unmatched goes');
    expect(outcome({ ...merging, canReplaceByKey: true, ifExists: 'append' })).toBe('full: merge (key), nothing goes');
    expect(outcome({ ...merging, canReplaceByKey: true, fullNext: true })).toBe('full: swap (full_load), all (foreign: keep) goes');
    expect(outcome({ ...merging, canReplaceByKey: true, destination: 'empty' })).toBe('full: merge (key), nothing goes');
    expect(outcome({ ...merging, canReplaceByKey: true, destination: 'foreign' })).toBe('refuse');
  });

  it('beside rows of others: only what is ours is deleted', () => {
    expect(outcome({ keepsForeignRows: true })).toBe('full: delete_insert (beside_others), all (foreign: keep) goes');
    expect(outcome({ keepsForeignRows: true, strategy: 'temp_swap' })).toContain('delete_insert (beside_others)');
  });

  it('with something bound to the table: its rows are deleted and inserted, unless a swap is asked for', () => {
    expect(outcome({ swapWouldLose: true })).toBe('full: delete_insert (bound), all (foreign: keep) goes');
    expect(outcome({ swapWouldLose: true, ifExists: 'replace' })).toBe('full: delete_insert (bound), all (foreign: replace) goes');
    expect(outcome({ swapWouldLose: true, strategy: 'temp_swap' })).toBe('full: swap (full_load), all (foreign: keep) goes');
    expect(outcome({ swapWouldLose: true, runType: 'incremental' })).toBe('incremental: append (new_rows), boundary goes');
  });

  it('beside rows of others that go as well: all of the table is swapped', () => {
    expect(outcome({ keepsForeignRows: true, ifExists: 'replace' })).toBe('full: swap (full_load), all (foreign: replace) goes');
  });

  it.each(['direct_insert', 'temp_swap', 'merge'] as const)('%s changes nothing where rows are added', (strategy) => {
    expect(outcome({ strategy, runType: 'incremental' })).toBe(outcome({ runType: 'incremental' }));
    expect(outcome({ strategy, ifExists: 'append' })).toBe(outcome({ ifExists: 'append' }));
  });
});

describe('rows that settled are counted', () => {
  const never = entityDefaults.fullEveryMs;
  const settled = { watermark: { column: 'n', type: { kind: 'int64' }, text: '7' }, seen: null } as const;
  const asked = (change: Partial<Parameters<typeof countedRows>[0]>) =>
    countedRows({
      spec: { watermark: { overlapMs: 0 }, fullEveryMs: never },
      row: { settled, fullNext: false },
      runType: 'incremental',
      fullEveryApplies: true,
      isLive: true,
      ...change,
    });

  it('about, where an increment goes on', () => {
    expect(asked({})).toBe('about');
    expect(
      asked({
        spec: { watermark: null, fullEveryMs: never },
        row: { settled: { watermark: null, seen: 'a list' as never }, fullNext: false },
      }),
    ).toBe('about');
    expect(asked({ spec: { watermark: { overlapMs: 0 }, fullEveryMs: 1 }, fullEveryApplies: false })).toBe('about');
  });

  it.each<[string, Partial<Parameters<typeof countedRows>[0]>]>([
    ['a full load', { runType: 'full_drop' }],
    ['the first run', { row: undefined }],
    ['a run after a refused first load', { row: { settled: { ...settled, nothing: true }, fullNext: false } }],
    ['a run after a reset', { row: { settled, fullNext: true } }],
    ['a run without a watermark that settled', { row: { settled: { ...settled, watermark: null }, fullNext: false } }],
    ['a run that may be a full load by its age', { spec: { watermark: { overlapMs: 0 }, fullEveryMs: 1 } }],
    ['an overlap, whose range goes', { spec: { watermark: { overlapMs: 1 }, fullEveryMs: never } }],
    ['a backfill', { isLive: false }],
  ])('exactly, for %s', (_, change) => {
    expect(asked(change)).toBe('exactly');
  });
});
