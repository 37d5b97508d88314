import { expect, test } from 'vitest';
import { sharedAzurite } from '../support/azurite.ts';
import { startHyggeApp } from '../support/function-host/hygge-app.ts';
import { followed, killAppRounds } from '../support/function-host/kill-app-rounds.ts';

const azurite = sharedAzurite();

test('host and worker killed at random lose nothing, double nothing and leave nothing behind', async () => {
  await using app = await startHyggeApp({ azurite: await azurite(), files: followed });
  const killed = await killAppRounds(app, 6, 5);
  expect(killed.hosts).toBeGreaterThan(0);
  expect(killed.workers).toBeGreaterThan(0);
});
