import { expect, test } from 'vitest';
import { scriptedScene } from '../support/apis/scripted-scene.ts';

const scene = scriptedScene();

test('two flows in ten processes stay below the rate of their connection by the count of the API', async () => {
  const entities = ['one', 'two', 'three', 'four', 'five'];
  const flow = `
home:
  connection: shop
  endpoint: "{entity}"
  records: data
  pagination: { type: keyset, field: id, param: after }
store: lake/{flow}
entities: [${entities.join(', ')}]
`;
  scene.workspace.write({
    'hygge.yml': `
name: test
connections:
  shop: { type: rest_api, base_url: ${scene.api.url}, rate_limit: { at: [20/s, 60/h], concurrency: 3 } }
`,
    'flows/a/flow.yml': flow,
    'flows/b/flow.yml': flow,
  });
  let [underWay, most] = [0, 0];
  scene.api.script = async ({ query }) => {
    most = Math.max(most, ++underWay);
    await new Promise((go) => setTimeout(go, 50));
    underWay--;
    const after = Number(query.after ?? 0);
    return { body: JSON.stringify({ data: after >= 20 ? [] : [{ id: after + 1 }, { id: after + 2 }] }) };
  };
  const names = ['a', 'b'].flatMap((name) => entities.map((entity) => `${name}.${entity}`));
  await using running = new AsyncDisposableStack();
  const started = names.map((name) => running.use(scene.workspace.start(['go', name, '--output', 'json'])));
  await Promise.all(started.map((run) => run.says(/"not_before":"[^"]+"|"event":"summary"/)));
  // What others had at one time comes free in turns of half a minute.
  await new Promise((go) => setTimeout(go, 40_000));
  await running.disposeAsync();
  expect(scene.api.seen.length).toBeLessThanOrEqual(60);
  expect(scene.api.seen.length).toBeGreaterThan(20);
  expect(most).toBeLessThanOrEqual(3);
});
