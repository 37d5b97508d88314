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

/** docs/incremental.md, a line a cell. */
describe('what a run without a key does to its destination', () => {
  it.each(all)('absent or empty, %s, %s: creates it', (runType, exists) => {
    expect(outcome({ destination: 'empty', runType, ifExists: exists, canContinue: false })).toBe('full: append (creates), nothing goes');
  });

  it.each([
    ['fail', 'full: swap (full_load), all (foreign: keep) goes'],
    ['replace', 'full: swap (full_load), all (foreign: replace) goes'],
    ['append', 'full: append (adds), nothing goes'],
  ] as const)('ours, full_drop, %s: %s', (exists, expected) => {
    expect(outcome({ ifExists: exists })).toBe(expected);
  });

  it('warns of the copies that full_drop with append makes', () => {
    expect(decideWrite(now({ ifExists: 'append' }))).toMatchObject({ warnings: [{ code: 'full_copy_each_run' }] });
  });

  it.each(ifExists)('ours, incremental, %s: adds, replacing the boundary group', (exists) => {
    expect(outcome({ runType: 'incremental', ifExists: exists })).toBe('incremental: append (new_rows), boundary goes');
  });

  it('ours, incremental, nothing settled to go on from: loads everything in place of what is there', () => {
    expect(outcome({ runType: 'incremental', canContinue: false })).toBe('full: swap (full_load), all (foreign: keep) goes');
  });

  it.each(runTypes)('foreign, %s, fail: refuses', (runType) => {
    expect(outcome({ destination: 'foreign', runType, canContinue: false })).toBe('refuse');
  });

  it.each(runTypes)('foreign, %s, append: adds', (runType) => {
    const found = outcome({ destination: 'foreign', runType, ifExists: 'append', canContinue: false });
    expect(found).toBe('full: append (adds), nothing goes');
  });

  it.each(runTypes)('foreign, %s, replace: the first run takes its place', (runType) => {
    const found = outcome({ destination: 'foreign', runType, ifExists: 'replace', canContinue: false });
    expect(found).toBe('full: swap (full_load), all (foreign: replace) goes');
  });

  it.each(runTypes)('after a reset, %s: everything again, in place of what is there', (runType) => {
    const anew = 'full: swap (full_load), all (foreign: keep) goes';
    expect(outcome({ runType, fullNext: true })).toBe(anew);
    expect(outcome({ runType, fullNext: true, ifExists: 'append' })).toBe(anew);
  });
});

describe('what a run with a key does, where the store merges', () => {
  const key = 'merges' as const;

  it.each(all)('absent or empty, %s, %s: creates it, a row a key', (runType, exists) => {
    const found = outcome({ key, destination: 'empty', runType, ifExists: exists, canContinue: false });
    expect(found).toBe('full: merge (key), nothing goes');
  });

  it.each([
    ['fail', 'full: swap (full_load), all (foreign: keep) goes'],
    ['replace', 'full: swap (full_load), all (foreign: replace) goes'],
    ['append', 'full: merge (key), nothing goes'],
  ] as const)('ours, full_drop, %s: %s', (exists, expected) => {
    expect(outcome({ key, ifExists: exists })).toBe(expected);
  });

  it('does not warn of copies where full_drop with append merges', () => {
    expect(decideWrite(now({ key, ifExists: 'append' }))).toMatchObject({ warnings: [] });
  });

  it.each(ifExists)('ours, incremental, %s: merges, and nothing goes before', (exists) => {
    expect(outcome({ key, runType: 'incremental', ifExists: exists })).toBe('incremental: merge (key), nothing goes');
  });

  it('ours, incremental, nothing settled to go on from: loads everything in place of what is there', () => {
    expect(outcome({ key, runType: 'incremental', canContinue: false })).toBe('full: swap (full_load), all (foreign: keep) goes');
  });

  it.each(runTypes)('foreign, %s, fail: refuses', (runType) => {
    expect(outcome({ key, destination: 'foreign', runType, canContinue: false })).toBe('refuse');
  });

  it.each(runTypes)('foreign, %s, append: merges', (runType) => {
    const found = outcome({ key, destination: 'foreign', runType, ifExists: 'append', canContinue: false });
    expect(found).toBe('full: merge (key), nothing goes');
  });

  it.each(runTypes)('foreign, %s, replace: the first run takes its place', (runType) => {
    const found = outcome({ key, destination: 'foreign', runType, ifExists: 'replace', canContinue: false });
    expect(found).toBe('full: swap (full_load), all (foreign: replace) goes');
  });

  it.each(runTypes)('after a reset, %s: everything again, in place of what is there', (runType) => {
    expect(outcome({ key, runType, fullNext: true })).toBe('full: swap (full_load), all (foreign: keep) goes');
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

describe('how a full load takes the place of what is there', () => {
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
