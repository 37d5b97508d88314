import { expect, test } from 'vitest';
import { sharedAzurite } from '../support/azurite.ts';
import { day } from '../support/day.ts';
import { startHyggeApp } from '../support/function-host/hygge-app.ts';
import { followed, killAppRounds } from '../support/function-host/kill-app-rounds.ts';

const azurite = sharedAzurite();

// Fifty in `npm run soak`.
test(`host and worker killed at random lose nothing, double nothing and leave nothing behind (SEED=${day})`, async () => {
  await using app = await startHyggeApp({ azurite: await azurite(), files: followed });
  const killed = await killAppRounds(app, 4, day);
  expect(killed.hosts).toBeGreaterThan(0);
  expect(killed.workers).toBeGreaterThan(0);
});
