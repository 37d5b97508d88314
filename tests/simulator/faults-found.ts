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

/**
 * Real faults of the engine that the simulator found, each with seeds that show it when the mending line is taken out again (the planted bugs
 * do so at every run, whatever schedules the seeds come to stand for later).
 */
export const faultsFound: readonly FaultFound[] = [
  {
    what: 'a commit that is delivered again answers how the run ended, not that it was fenced',
    scenario: 'one durable run, every step twice',
    pair: sql,
    how: 'pauses',
    seed: 32,
  },
  {
    what: 'the same, with faults',
    scenario: 'one durable run, every step twice',
    pair: plain,
    how: 'faults',
    seed: 19,
  },
  {
    what: 'a zombie whose list of files was replaced ends fenced, not as damage',
    scenario: 'by file: changed and new files',
    pair: sql,
    how: 'pauses',
    seed: 31,
  },
  {
    what: 'a reset that was overtaken does not fence what the later run committed',
    scenario: 'reset while a run works',
    pair: sql,
    how: 'pauses',
    seed: 17,
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
    pair: plain,
    how: 'pauses',
    seed: 42,
  },
];
