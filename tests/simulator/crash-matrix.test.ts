import { describe, expect, it } from 'vitest';
import { execute, explain, type Pick, type Plot, straight } from '../support/sim/explore.ts';
import { references } from '../support/sim/scenarios.ts';
import { pairName, pairs } from './pairs.ts';

/** The process dies at one call; everything else goes its normal course. */
function dyingAt(index: number, fault: 'crash' | 'crash after'): Pick {
  return (options, i) => (i === index ? options.findIndex((option) => option.what === 'fault' && option.fault === fault) : 0);
}

/**
 * Dying before a call leaves the world as dying after the call before it does: only the memory of the process is another. Where the state is in
 * files, which costs ten times as much, each such world is looked at once.
 */
function deathsAt(call: number, { pair }: Plot): readonly ('crash' | 'crash after')[] {
  return pair.state === 'files' && call > 0 ? ['crash after'] : ['crash', 'crash after'];
}

async function matrix(plot: Plot): Promise<{ calls: number; wounds: readonly string[] }> {
  const { points, violation } = await execute(plot, straight, true);
  if (violation !== null) return { calls: 0, wounds: [violation] };
  const wounds: string[] = [];
  for (let call = 0; call < points.length; call++) {
    for (const fault of deathsAt(call, plot)) {
      const pick = dyingAt(call, fault);
      const died = await execute(plot, pick, true);
      if (died.violation !== null) wounds.push((await explain(plot, pick, true)).join('\n'));
    }
  }
  return { calls: points.length, wounds };
}

describe.each(pairs.map((pair) => ({ name: pairName(pair), pair })))('killed before and after every call: $name', ({ pair }) => {
  it.each(references.map((scenario) => ({ name: scenario.name, scenario })))(
    '$name loses nothing and doubles nothing',
    async ({ scenario }) => {
      const { calls, wounds } = await matrix({ scenario, pair });
      expect(wounds).toEqual([]);
      expect(calls).toBeGreaterThan(10);
    },
  );
});
