import { describe, expect, it } from 'vitest';
import { growingFlow, killRounds, raceRounds, seeded } from '../support/kill-rounds.ts';
import { TestWorkspace } from '../support/workspace.ts';

// The full figures are in `npm run soak`.
describe('real processes', () => {
  it('killed at random moments lose nothing, double nothing and leave nothing behind', async () => {
    using workspace = new TestWorkspace(growingFlow);
    const { hit, kills } = await killRounds(workspace, 50, seeded(20261120));
    expect(kills).toBe(50);
    expect(hit).toBeGreaterThan(20);
  });

  it('racing for one entity end as one that runs and one that is told', async () => {
    using workspace = new TestWorkspace(growingFlow);
    const { held } = await raceRounds(workspace, 20);
    expect(held).toBeGreaterThan(0);
  });
});
