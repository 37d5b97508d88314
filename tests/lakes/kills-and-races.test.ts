import { describe, it } from 'vitest';
import { growingIn, killAndRaceRounds, seeded } from '../support/kill-rounds.ts';
import { sharedLakes } from '../support/lakes/test-lakes.ts';
import { SEED, sampled } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';

/** Two of the five each day; `npm run soak` has all of them, with the full figures. */
const all = sharedLakes();
const lakes = new Set([...sampled(all, 5), ...sampled(all, 5, SEED + 2)]);

describe.each([...lakes])('real processes on $name', (kind) => {
  it.skipIf(kind.missing !== undefined)('killed and racing settle the source once, and leave nothing behind or unfinished', async () => {
    await using lake = await kind.start();
    const { flow, growing } = growingIn(lake);
    using workspace = new TestWorkspace(flow);
    await killAndRaceRounds(workspace, { kills: 4, races: 1 }, seeded(SEED), growing);
  });
});
