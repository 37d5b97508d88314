import { describe, expect, it } from 'vitest';
import { drowsy, execute, explain, type Pick, type Plot, seeded, straight } from '../support/sim/explore.ts';
import { isFor, references, scenarios } from '../support/sim/scenarios.ts';

const pair = { store: 'plain', state: 'objects' } as const;
const seeds = 24;
const some = scenarios.filter((scenario) => isFor(scenario, pair));

function dyingAfter(index: number): Pick {
  return (options, i) => (i === index ? options.findIndex((option) => option.what === 'fault' && option.fault === 'crash after') : 0);
}

async function woundOf(plot: Plot, pick: Pick): Promise<readonly string[]> {
  const { violation } = await execute(plot, pick, true);
  return violation === null ? [] : [(await explain(plot, pick, true)).join('\n')];
}

/** Dying before a call leaves the world as dying after the one before it does. */
describe('state beside the data', () => {
  it(`settles the source in ${seeds} seeded runs, whatever goes wrong`, async () => {
    const wounds: string[] = [];
    for (let seed = 1; seed <= seeds; seed++) {
      const scenario = some[seed % some.length];
      if (scenario) wounds.push(...(await woundOf({ scenario, pair }, seed % 2 === 1 ? seeded(seed) : drowsy(seed))));
    }
    expect(wounds).toEqual([]);
  });

  it.each(references.filter(({ name }) => name === 'incremental with a tie change').map((scenario) => ({ name: scenario.name, scenario })))(
    '$name, killed after every call, loses nothing and doubles nothing',
    async ({ scenario }) => {
      const { points, violation } = await execute({ scenario, pair }, straight, true);
      expect(violation).toBeNull();
      const wounds: string[] = [];
      for (let call = 0; call < points.length; call++) wounds.push(...(await woundOf({ scenario, pair }, dyingAfter(call))));
      expect(points.length).toBeGreaterThan(20);
      expect(wounds).toEqual([]);
    },
  );
});
