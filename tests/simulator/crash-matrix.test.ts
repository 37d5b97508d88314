import { describe, expect, it } from 'vitest';
import { SEED, whole } from '../support/samples.ts';
import { deaths, matrix } from '../support/sim/deaths.ts';
import { isFor, references, type Scenario } from '../support/sim/scenarios.ts';
import { validationScenarios } from '../support/sim/validation-scenarios.ts';
import type { Pair } from '../support/sim/world.ts';
import { inMemory, pairName, pairs } from './pairs.ts';

const kinds = Object.keys(deaths).length;
/** Coprime with the number of deaths, so that each of them comes up. `npm run soak` goes through all calls. */
const strides = { memory: 32 * kinds + 1, files: 64 * kinds + 1, objects: 64 * kinds + 1 };

/** By turns the modelled table and one kind of files; each eighth scenario, also state that is kept in files or in objects. */
function pairsOf(scenario: Scenario, i: number): readonly Pair[] {
  const possible = (all: readonly Pair[]) => all.filter((pair) => isFor(scenario, pair));
  if (whole) return possible(pairs);
  const [table = [], files = []] = [possible(inMemory.slice(0, 1)), possible(inMemory.slice(1))];
  const durable = possible(pairs.filter(({ state }) => state !== 'memory'));
  return [
    ...(i % 2 === 0 && table.length > 0 ? table : files.slice((i >> 1) % files.length).slice(0, 1)),
    ...(i % 8 === 0 ? durable.slice((i / 8) % durable.length).slice(0, 1) : []),
  ];
}

const cells = [...references, ...validationScenarios].flatMap((scenario, i) =>
  pairsOf(scenario, i).map((pair) => ({ name: `${scenario.name}, ${pairName(pair)}`, scenario, pair, i })),
);

describe('killed or refused at a call', () => {
  it.each(cells)('$name loses nothing and doubles nothing', async ({ scenario, pair, i }) => {
    const { calls, runs, wounds } = await matrix({ scenario, pair }, { stride: strides[pair.state], first: SEED + i });
    expect(wounds).toEqual([]);
    expect(calls).toBeGreaterThan(4);
    expect(runs).toBeGreaterThan(0);
  });
});
