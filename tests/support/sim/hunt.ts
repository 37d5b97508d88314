import { planted, type Simulator } from './plant.ts';
import type { PlantedBug } from './planted-bug.ts';
import type { Case } from './sample.ts';

export interface Catch {
  /** `20261127.1x3f9a`: the seeded run that noticed. */
  readonly name: string;
  readonly scenario: string;
  readonly store: string;
  readonly violation: string;
  /** How many runs went by without a word, that one included. */
  readonly runs: number;
}

/** The first of these runs that notices the bug. By default they are all runs of a seed. */
export async function hunt(bug: PlantedBug, runs: number | ((simulator: Simulator) => Iterable<Case>)): Promise<Catch | undefined> {
  const simulator = await planted(bug.hole, bug.edits);
  let made = 0;
  for (const one of typeof runs === 'number' ? simulator.sample(runs, bug.in) : runs(simulator)) {
    made++;
    const violation = await simulator.violationOf(one, bug.ignoresStaging ? { ignoresStaging: true } : {});
    if (violation !== null) return { name: one.name, scenario: one.plot.scenario.name, store: one.plot.pair.store, violation, runs: made };
  }
  return undefined;
}
