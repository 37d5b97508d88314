import { planted } from './plant.ts';
import type { PlantedBug } from './planted-bug.ts';

export interface Catch {
  /** `20261122.417`: the seeded run that noticed. */
  readonly name: string;
  readonly scenario: string;
  readonly store: string;
  readonly violation: string;
  /** How many runs went by without a word, that one included. */
  readonly runs: number;
}

/** Whether the seeded runs that `npm test` makes on that day notice the bug: the very same runs, in the same order. */
export async function hunt(bug: PlantedBug, day: number): Promise<Catch | undefined> {
  const simulator = await planted(bug.hole, bug.edits);
  let runs = 0;
  const { sample, sampleOfDatabases, sampleOfMirror, sampleOfValidation } = simulator;
  const samples = { everywhere: sample, databases: sampleOfDatabases, mirror: sampleOfMirror, validation: sampleOfValidation };
  for (const { name, plot, pick } of samples[bug.in ?? 'everywhere'](day)) {
    runs++;
    const seen = { ...plot, ...(bug.ignoresStaging ? { ignoresStaging: true as const } : {}) };
    const { violation } = await simulator.execute(seen, await pick(), true);
    if (violation !== null) return { name, scenario: plot.scenario.name, store: plot.pair.store, violation, runs };
  }
  return undefined;
}
