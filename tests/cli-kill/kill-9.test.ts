import { describe, expect, it } from 'vitest';
import { day } from '../support/day.ts';
import { growingFlow, killRounds, raceRounds, seeded } from '../support/kill-rounds.ts';
import { takeTurns } from '../support/turns.ts';
import { TestWorkspace } from '../support/workspace.ts';

takeTurns();

// The full figures are in `npm run soak`.
describe(`real processes (SEED=${day})`, () => {
  it('killed at random moments lose nothing, double nothing and leave nothing behind', async () => {
    using workspace = new TestWorkspace(growingFlow);
    const { hit } = await killRounds(workspace, 9, seeded(day));
    expect(hit).toBeGreaterThan(2);
  });

  it('racing for one entity end as one that runs and one that is told', async () => {
    using workspace = new TestWorkspace(growingFlow);
    const { held } = await raceRounds(workspace, 5);
    expect(held).toBeGreaterThan(0);
  });
});
