import { expect, test } from 'vitest';
import { realClock } from '../../src/adapters/real-clock.ts';
import { realScratch } from '../../src/adapters/real-scratch.ts';
import { restConfig } from '../../src/apis/rest/config.ts';
import { restHome } from '../../src/apis/rest/home.ts';
import { scriptedApi } from '../support/apis/scripted-api.ts';
import { testNetwork } from '../support/test-network.ts';

test.each([
  ['a list that ends below its cap', { window: { from: 'since', to: 'until', cap: 4 } }, 'names'],
  // More of it lies behind the cap: values of another kind than those that were seen are allowed there.
  ['a list that its cap ends', { window: { from: 'since', to: 'until', cap: 3 } }, 'names and kinds'],
  ['the first three pages of a longer list', { pagination: { type: 'page', start: 1 } }, 'names and kinds'],
])('a look at %s leaves open what the other records may have', async (_, more, left) => {
  await using api = await scriptedApi();
  api.script = () => ({ body: JSON.stringify([1, 2, 3].map((id) => ({ id, at: '2026-03-10T15:30:20Z' }))) });
  let page = 0;
  if ('pagination' in more) api.script = () => ({ body: JSON.stringify([{ id: ++page }]) });
  await using scratch = realScratch();
  const config = restConfig.parse({ base_url: api.url, endpoint: 'items', ...more });
  await using home = await restHome(config, { network: testNetwork, clock: realClock(), scratch, pinned: null });
  const step = await home.describe(undefined, 'for a run');
  expect('done' in step && step.done.pinned).toMatchObject({ partly: left });
});
