import { describe, expect, it } from 'vitest';
import { sharedAzurite } from '../support/azurite.ts';
import { growingFlow, killRounds, raceRounds, seeded } from '../support/kill-rounds.ts';
import { objectPlace, objectWorkspace } from '../support/object-state.ts';
import { SEED } from '../support/samples.ts';
import { record } from './record.ts';

const azurite = sharedAzurite();

describe('real processes with their state beside the data (blobs of Azurite)', () => {
  it('killed 100 times at random moments', async () => {
    using workspace = objectWorkspace(await objectPlace(await azurite()), growingFlow);
    const { hit, kills, rows } = await killRounds(workspace, 100, seeded(SEED));
    record(
      'kill -9, state beside the data',
      `${kills} runs, ${hit} of them hit while at work (seed ${SEED}); ${rows.toLocaleString('en-US')} rows, equal as multisets, nothing left behind`,
    );
    expect(hit).toBeGreaterThan(30);
  });

  it('racing 200 times for one entity', async () => {
    using workspace = objectWorkspace(await objectPlace(await azurite()), growingFlow);
    const { held } = await raceRounds(workspace, 200);
    record('two at once, state beside the data', `200 races: one commit each, ${held} times the other was told who holds the entity`);
    expect(held).toBeGreaterThan(20);
  });
});
