import { describe, expect, it } from 'vitest';
import { growingFlow, killRounds, raceRounds, seeded } from '../support/kill-rounds.ts';
import { SEED } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';

// The full figures are in `npm run soak`.
describe('real processes', () => {
  it('killed at random moments lose nothing, double nothing and leave nothing behind', async () => {
    using workspace = new TestWorkspace(growingFlow);
    const { hit } = await killRounds(workspace, 3, seeded(SEED));
    expect(hit).toBeGreaterThan(0);
  });

  it('racing for one entity end as one that runs and one that is told', async () => {
    using workspace = new TestWorkspace(growingFlow);
    const { held } = await raceRounds(workspace, 2);
    expect(held).toBeGreaterThan(0);
  });
});
