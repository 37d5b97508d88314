import { expect, test } from 'vitest';
import { activities } from '../../functions/run-input.ts';
import { onRun } from '../../functions/triggers/run.ts';
import { AppOnAzurite } from '../functions/app-on-azurite.ts';
import { scriptedScene } from '../support/apis/scripted-scene.ts';
import { sharedAzurite } from '../support/azurite.ts';

const azurite = sharedAzurite();
const scene = scriptedScene();

test('an hour that an API asks to be left alone is a timer of the app, and no activity waits', async () => {
  const flow = `
home:
  type: rest_api
  base_url: ${scene.api.url}
  endpoint: "{entity}"
  records: data
  rate_limit: { at: [100/s, 1000/day], concurrency: 2 }
  pagination: { type: keyset, field: id, param: after }
store: { type: parquet, path: lake }
entities: [items]
`;
  using app = new AppOnAzurite(await azurite(), { 'flows/shop/flow.yml': flow });
  let refusals = 0;
  scene.api.script = ({ query }) => {
    const after = Number(query.after ?? 0);
    // The look at the source reads three pages.
    if (after === 4 && refusals++ === 0) return { status: 429, headers: { 'retry-after': '3600' } };
    return { body: JSON.stringify({ data: after >= 6 ? [] : [{ id: after + 1 }, { id: after + 2 }] }) };
  };
  const asked = Date.now();
  const answer = await onRun(app.app, { name: 'shop' }, app.asked('flows/shop/runs', {}), app.called);
  expect(answer.status).toBe(202);
  await app.ended('flow-shop');
  expect(await app.workspace.settled('lake', 'shop', 'items')).toHaveLength(6);
  expect(refusals).toBeGreaterThan(1);
  // The hour has passed for the app, and not for this machine.
  expect(app.replayer.now - asked).toBeGreaterThanOrEqual(3_590_000);
  expect(Date.now() - asked).toBeLessThan(3_000_000);
  const waited = app.replayer.calls.filter(({ name }) => name === activities.planEntity || name === activities.moveSlice);
  expect(waited.length).toBeLessThan(8);
});
