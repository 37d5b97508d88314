import { expect, test } from 'vitest';
import { sharedAzurite } from '../support/azurite.ts';
import { startHyggeApp } from '../support/function-host/hygge-app.ts';
import { followed, killAppRounds } from '../support/function-host/kill-app-rounds.ts';
import { SEED } from '../support/samples.ts';

const azurite = sharedAzurite();

// Fifty in `npm run soak`.
test('host and worker killed at random lose nothing, double nothing and leave nothing behind', async () => {
  await using app = await startHyggeApp({ azurite: await azurite(), files: followed });
  const killed = await killAppRounds(app, 3, SEED);
  expect(killed.hosts).toBeGreaterThan(0);
  expect(killed.workers).toBeGreaterThan(0);
});
