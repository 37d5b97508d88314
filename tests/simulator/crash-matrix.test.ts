import { describe, expect, it } from 'vitest';
import { execute, explain, type Pick, type Plot, straight } from '../support/sim/explore.ts';
import { references } from '../support/sim/scenarios.ts';
import { pairName, pairs } from './pairs.ts';

/** The process dies at one call; everything else goes its normal course. */
function dyingAt(index: number, fault: 'crash' | 'crash after'): Pick {
  return (options, i) => (i === index ? options.findIndex((option) => option.what === 'fault' && option.fault === fault) : 0);
}

async function matrix(plot: Plot): Promise<{ deaths: number; wounds: readonly string[] }> {
  const { points, violation } = await execute(plot, straight, true);
  if (violation !== null) return { deaths: 0, wounds: [violation] };
  const wounds: string[] = [];
  for (let call = 0; call < points.length; call++) {
    for (const fault of ['crash', 'crash after'] as const) {
      const pick = dyingAt(call, fault);
      const died = await execute(plot, pick, true);
      if (died.violation !== null) wounds.push((await explain(plot, pick, true)).join('\n'));
    }
  }
  return { deaths: points.length * 2, wounds };
}

describe.each(pairs.map((pair) => ({ name: pairName(pair), pair })))('killed before and after every call: $name', ({ pair }) => {
  it.each(references.map((scenario) => ({ name: scenario.name, scenario })))(
    '$name loses nothing and doubles nothing',
    async ({ scenario }) => {
      const { deaths, wounds } = await matrix({ scenario, pair });
      expect(wounds).toEqual([]);
      expect(deaths).toBeGreaterThan(20);
    },
  );
});
