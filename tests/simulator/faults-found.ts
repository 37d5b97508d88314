import type { Pair } from '../support/sim/world.ts';

export interface FaultFound {
  readonly what: string;
  readonly scenario: string;
  readonly pair: Pair;
  readonly how: 'faults' | 'pauses';
  readonly seed: number;
}

const sql: Pair = { store: 'sql', state: 'memory' };
const plain: Pair = { store: 'plain', state: 'memory' };

/** Seeds that once showed a real fault of the engine. Scenarios may have changed since: what they visit now is close, not the same. */
export const faultsFound: readonly FaultFound[] = [
  {
    what: 'a commit that is delivered again answers how the run ended, not that it was fenced',
    scenario: 'one durable run, every step twice',
    pair: sql,
    how: 'pauses',
    seed: 4,
  },
  {
    what: 'a zombie whose list of files was replaced ends fenced, not as a defect',
    scenario: 'by file: changed and new files',
    pair: sql,
    how: 'pauses',
    seed: 18,
  },
  {
    what: 'a reset that was overtaken does not fence what the later run committed',
    scenario: 'reset while a run works',
    pair: sql,
    how: 'pauses',
    seed: 8,
  },
  {
    what: 'rows that come while an empty source is loaded are not settled twice',
    scenario: 'incremental: starts empty',
    pair: plain,
    how: 'pauses',
    seed: 279,
  },
  {
    what: 'a zombie of a lost lineage leaves the objects of the new one alone',
    scenario: 'zombie of a lost lineage',
    pair: sql,
    how: 'pauses',
    seed: 266,
  },
  {
    what: 'a run that somebody else finished is not journalled as failed',
    scenario: 'cancel races with commit',
    pair: sql,
    how: 'faults',
    seed: 7,
  },
];
