import { describe, expect, it } from 'vitest';
import { sharedAzurite } from '../support/azurite.ts';
import { growingFlow, killRounds, raceRounds, seeded } from '../support/kill-rounds.ts';
import { SEED } from '../support/samples.ts';
import { cloudWorkspace, placeOfItsOwn } from '../support/table-state.ts';
import { record } from './record.ts';

const azurite = sharedAzurite();

describe('real processes with their state in Table Storage (Azurite)', () => {
  it('killed 100 times at random moments', async () => {
    using workspace = cloudWorkspace({ ...(await azurite()), ...placeOfItsOwn() }, growingFlow);
    const { hit, kills, rows } = await killRounds(workspace, 100, seeded(SEED));
    record(
      'kill -9, state in Table Storage',
      `${kills} runs, ${hit} of them hit while at work (seed ${SEED}); ${rows.toLocaleString('en-US')} rows, equal as multisets, nothing left behind`,
    );
    expect(hit).toBeGreaterThan(30);
  });

  it('racing 200 times for one entity', async () => {
    using workspace = cloudWorkspace({ ...(await azurite()), ...placeOfItsOwn() }, growingFlow);
    const { held } = await raceRounds(workspace, 200);
    record('two at once, state in Table Storage', `200 races: one commit each, ${held} times the other was told who holds the entity`);
    expect(held).toBeGreaterThan(20);
  });
});
