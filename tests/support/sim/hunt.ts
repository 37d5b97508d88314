import type { Found } from './explore.ts';
import { planted, type Simulator } from './plant.ts';
import type { PlantedBug } from './planted-bug.ts';
import type { Pair } from './world.ts';

export interface Catch {
  readonly how: string;
  readonly violation: string;
  readonly runs: number;
  readonly trace: () => Promise<readonly string[]>;
}

const everyPair: readonly Pair[] = [
  { store: 'sql', state: 'memory' },
  { store: 'plain', state: 'memory' },
];

/** Fewest deviations first, on the scenarios meant for the bug; then at random. Undefined: not found. */
export async function hunt(bug: PlantedBug, limits: { readonly schedules: number; readonly seeds: number }): Promise<Catch | undefined> {
  const simulator = await planted(bug.hole, bug.edits);
  const plots = plotsFor(simulator, bug);
  let runs = 0;
  const look = async (how: string, search: (plot: (typeof plots)[number]) => Promise<Found>): Promise<Catch | undefined> => {
    for (const plot of plots) {
      const found = await search(plot);
      runs += found.runs;
      if (found.violation === undefined) continue;
      const { tape = [] } = found;
      const everything = found.seed !== undefined;
      const trace = () => simulator.explain(plot, simulator.following(tape), everything);
      return { how: `${how} on ${plot.pair.store}, ${plot.scenario.name}`, violation: found.violation, runs, trace };
    }
    return undefined;
  };
  const pauses = (count: number) => look('paused at random', (plot) => simulator.random(plot, { from: 1, count }, simulator.drowsy));
  const faults = (count: number) => look('at random', (plot) => simulator.random(plot, { from: 1, count }));
  const { moves } = bug;
  return (
    (moves && (await look('by hand', (plot) => simulator.once(plot, simulator.directing(moves))))) ??
    (await look('no deviation', (plot) => simulator.exhaustive(plot, 0))) ??
    (await pauses(limits.seeds / 5)) ??
    (await faults(limits.seeds / 5)) ??
    (await look('one deviation', (plot) => simulator.exhaustive(plot, 1))) ??
    (await pauses(limits.seeds)) ??
    (await faults(limits.seeds)) ??
    (await look('two deviations', (plot) => simulator.exhaustive(plot, 2, limits.schedules)))
  );
}

function plotsFor(simulator: Simulator, bug: PlantedBug) {
  const meant = [...simulator.scenarios, ...simulator.references].filter(({ name }) => bug.scenarios.some((part) => name.includes(part)));
  if (meant.length === 0) throw new Error(`no scenario is meant for ${bug.name}`);
  return meant.flatMap((scenario) =>
    (bug.pairs ?? everyPair).map((pair) => ({ scenario, pair, ...(bug.ignoresStaging ? { ignoresStaging: true as const } : {}) })),
  );
}
