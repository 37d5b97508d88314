import { describe, expect, it } from 'vitest';
import { drowsy, execute, explain, type Pick, type Plot, seeded, straight } from '../support/sim/explore.ts';
import { references, scenarios } from '../support/sim/scenarios.ts';
import type { Pair } from '../support/sim/world.ts';

const seeds = 200;

const kinds: readonly { readonly name: string; readonly pair: Pair }[] = [
  { name: 'rows that settle in folders of their watermark', pair: { store: 'partitioned', state: 'memory' } },
  { name: 'rows that are staged as open uploads', pair: { store: 'uploads', state: 'memory' } },
];

function dyingAt(index: number, fault: 'crash' | 'crash after'): Pick {
  return (options, i) => (i === index ? options.findIndex((option) => option.what === 'fault' && option.fault === fault) : 0);
}

async function woundOf(plot: Plot, pick: Pick): Promise<readonly string[]> {
  const { violation } = await execute(plot, pick, true);
  return violation === null ? [] : [(await explain(plot, pick, true)).join('\n')];
}

describe.each(kinds)('$name', ({ pair }) => {
  it(`settle the source in ${seeds} seeded runs, whatever goes wrong`, async () => {
    const wounds: string[] = [];
    for (let seed = 1; seed <= seeds; seed++) {
      const scenario = scenarios[seed % scenarios.length];
      if (scenario) wounds.push(...(await woundOf({ scenario, pair }, seed % 2 === 1 ? seeded(seed) : drowsy(seed))));
    }
    expect(wounds).toEqual([]);
  });

  it.each(references.map((scenario) => ({ name: scenario.name, scenario })))(
    '$name, killed before and after every call, loses nothing and doubles nothing',
    async ({ scenario }) => {
      const { points, violation } = await execute({ scenario, pair }, straight, true);
      expect(violation).toBeNull();
      const wounds: string[] = [];
      for (let call = 0; call < points.length; call++)
        for (const fault of ['crash', 'crash after'] as const) wounds.push(...(await woundOf({ scenario, pair }, dyingAt(call, fault))));
      expect(wounds).toEqual([]);
    },
  );
});
