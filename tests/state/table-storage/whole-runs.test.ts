import { describe, expect, test } from 'vitest';
import { sharedAzurite } from '../../support/azurite.ts';
import { growingFlow, killRounds, seeded } from '../../support/kill-rounds.ts';
import { SEED } from '../../support/samples.ts';
import { cloudWorkspace, placeOfItsOwn, tableStateAt } from '../../support/table-state.ts';

const azurite = sharedAzurite();

describe('hygge go with its state in Table Storage', () => {
  test('killed at random moments, it loses nothing, doubles nothing and leaves nothing behind', async () => {
    const server = await azurite();
    const place = placeOfItsOwn();
    using workspace = cloudWorkspace({ ...server, ...place }, growingFlow);
    const { hit } = await killRounds(workspace, 4, seeded(SEED));
    expect(hit).toBeGreaterThan(0);
    const state = await tableStateAt({ connectionString: server.connectionString, ...place });
    const left = await Promise.all(
      ['plans/', 'receipts/', 'intents/'].map((prefix) => state.listObjects({ flow: 'f', entity: 'f' }, prefix)),
    );
    expect(left.flat()).toEqual([]);
  });
});
