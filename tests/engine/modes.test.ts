import { describe, expect, it } from 'vitest';
import { decide, type Situation } from '../../src/engine/plan/modes.ts';

const now = (change: Partial<Situation>): Situation => ({
  destination: 'ours',
  runType: 'full_drop',
  ifExists: 'fail',
  canContinue: true,
  fullNext: false,
  ...change,
});
const outcome = (change: Partial<Situation>) => {
  const decision = decide(now(change));
  return decision === 'refuse'
    ? 'refuse'
    : `${decision.mode} ${decision.supersede.what}${decision.supersede.what === 'all' ? ` (foreign: ${decision.supersede.foreign})` : ''}`;
};

/** docs/incremental.md, a line a cell. */
describe('what a run does to its destination', () => {
  const ifExists = ['fail', 'append', 'replace'] as const;
  const runTypes = ['full_drop', 'incremental'] as const;

  it.each(runTypes.flatMap((runType) => ifExists.map((exists) => [runType, exists] as const)))(
    'absent or empty, %s, %s: creates it',
    (runType, exists) => {
      expect(outcome({ destination: 'empty', runType, ifExists: exists, canContinue: false })).toBe('full nothing');
    },
  );

  it.each([
    ['fail', 'full all (foreign: keep)'],
    ['replace', 'full all (foreign: replace)'],
    ['append', 'full nothing'],
  ] as const)('ours, full_drop, %s: %s', (exists, expected) => {
    expect(outcome({ ifExists: exists })).toBe(expected);
  });

  it('warns of the copies that full_drop with append makes', () => {
    expect(decide(now({ ifExists: 'append' }))).toMatchObject({ warnings: [expect.stringContaining('full copy')] });
  });

  it.each(ifExists)('ours, incremental, %s: adds, replacing the boundary group', (exists) => {
    expect(outcome({ runType: 'incremental', ifExists: exists })).toBe('incremental boundary');
  });

  it('ours, incremental, nothing settled to go on from: loads everything in place of what is there', () => {
    expect(outcome({ runType: 'incremental', canContinue: false })).toBe('full all (foreign: keep)');
  });

  it.each(runTypes)('foreign, %s, fail: refuses', (runType) => {
    expect(outcome({ destination: 'foreign', runType, canContinue: false })).toBe('refuse');
  });

  it.each(runTypes)('foreign, %s, append: adds', (runType) => {
    expect(outcome({ destination: 'foreign', runType, ifExists: 'append', canContinue: false })).toBe('full nothing');
  });

  it.each(runTypes)('foreign, %s, replace: the first run takes its place', (runType) => {
    expect(outcome({ destination: 'foreign', runType, ifExists: 'replace', canContinue: false })).toBe('full all (foreign: replace)');
  });

  it.each(runTypes)('after a reset, %s: everything again, in place of what is there', (runType) => {
    expect(outcome({ runType, fullNext: true })).toBe('full all (foreign: keep)');
    expect(outcome({ runType, fullNext: true, ifExists: 'append' })).toBe('full all (foreign: keep)');
  });
});
