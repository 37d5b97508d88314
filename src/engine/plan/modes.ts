/** The truth table of docs/incremental.md, as a pure function: what a run does to a destination. One test per cell. */
import type { Supersede } from '../contracts/contracts.ts';
import type { EntitySpec } from '../contracts/spec.ts';

export interface Situation {
  readonly destination: 'empty' | 'ours' | 'foreign';
  readonly runType: EntitySpec['runType'];
  readonly ifExists: EntitySpec['ifExists'];
  /** A watermark or a list of files is settled: an incremental run can go on from it. */
  readonly canContinue: boolean;
  /** `reset` asked for a full load that replaces. */
  readonly fullNext: boolean;
}

export interface Decision {
  readonly mode: 'full' | 'incremental';
  readonly supersede: Supersede;
  readonly warnings: readonly string[];
}

const nothing: Supersede = { what: 'nothing' };

/** `refuse`: the destination holds foreign data and if_exists is fail. */
export function decide(now: Situation): Decision | 'refuse' {
  if (now.destination === 'empty') return { mode: 'full', supersede: nothing, warnings: [] };
  const foreign = now.ifExists === 'replace' ? 'replace' : 'keep';
  const everything: Supersede = { what: 'all', foreign };
  if (now.destination === 'foreign') {
    if (now.ifExists === 'fail') return 'refuse';
    return { mode: 'full', supersede: now.ifExists === 'replace' ? everything : nothing, warnings: [] };
  }
  if (now.fullNext) return { mode: 'full', supersede: everything, warnings: [] };
  if (now.runType === 'incremental') {
    return now.canContinue
      ? { mode: 'incremental', supersede: { what: 'boundary' }, warnings: [] }
      : { mode: 'full', supersede: everything, warnings: [] };
  }
  if (now.ifExists === 'append') {
    return {
      mode: 'full',
      supersede: nothing,
      warnings: ['if_exists: append with run_type: full_drop adds a full copy of the source at every run'],
    };
  }
  return { mode: 'full', supersede: everything, warnings: [] };
}
