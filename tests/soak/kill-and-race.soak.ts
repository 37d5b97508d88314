import { describe, expect, it } from 'vitest';
import { growingFlow, killRounds, raceRounds, seeded } from '../support/kill-rounds.ts';
import { SEED } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { record } from './record.ts';

describe('real processes on a local disk', () => {
  it('killed 300 times at random moments', async () => {
    using workspace = new TestWorkspace(growingFlow);
    const { hit, kills, rows } = await killRounds(workspace, 300, seeded(SEED));
    record(
      'kill -9',
      `${kills} runs, ${hit} of them hit while at work (seed ${SEED}); ${rows.toLocaleString('en-US')} rows, equal as multisets, nothing left behind`,
    );
    expect(hit).toBeGreaterThan(100);
  });

  it('racing 200 times for one entity', async () => {
    using workspace = new TestWorkspace(growingFlow);
    const { held } = await raceRounds(workspace, 200);
    record('two at once', `200 races: one commit each, ${held} times the other was told who holds the entity; equal as multisets`);
    expect(held).toBeGreaterThan(20);
  });
});
