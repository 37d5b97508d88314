import { expect, test } from 'vitest';
import { scriptedScene } from '../support/apis/scripted-scene.ts';

const scene = scriptedScene();

/** Flows of two entities each, that read lists of so many pages by one connection. */
function flows(names: readonly string[], { rateLimit, pages = 4, more = '' }: { rateLimit: string; pages?: number; more?: string }): void {
  const flow = `
home:
  connection: shop
  endpoint: "{entity}"
  records: data
  pagination: { type: page, start: 1, end: short, page_size: 2, size_param: per_page${more} }
store: lake/{flow}
entities: [orders, customers]
`;
  scene.workspace.write({
    'hygge.yml': `
name: test
connections:
  shop: { type: rest_api, base_url: ${scene.api.url}, rate_limit: ${rateLimit} }
`,
    ...Object.fromEntries(names.map((name) => [`flows/${name}/flow.yml`, flow])),
  });
  scene.api.script = ({ query }) => {
    const page = Number(query.page);
    const data = page < pages ? [{ id: 2 * page }, { id: 2 * page + 1 }] : [{ id: 2 * page }];
    return { body: JSON.stringify({ data, total: 2 * pages - 1 }) };
  };
}

/** The objects of what is used up, the newest last. */
function records(): readonly string[] {
  return [...scene.workspace.tree().keys()].filter((path) => path.includes('/ledger/')).sort();
}

test('two processes with a flow each stay below the rate of their connection by the count of the API, and say what they wait for', async () => {
  // Each process alone needs more requests than an hour has: whichever is the first one, all have to wait.
  flows(['a', 'b'], { rateLimit: '15/h', pages: 10 });
  {
    await using running = new AsyncDisposableStack();
    const started = ['a', 'b'].map((flow) => running.use(scene.workspace.start(['go', '--flow', flow, '--output', 'json'])));
    const said = await Promise.all(started.map((run) => run.says(/"stage":"paused"[^\n]*"not_before":"[^"]+"/)));
    const waits = said.map((text) => Date.parse(/"not_before":"([^"]+)"/.exec(text)?.[1] ?? '') - Date.now());
    expect(waits.map((ms) => ms > 50 * 60_000 && ms < 63 * 60_000)).toEqual([true, true]);
    // A process may wait with one entity while a request of its other one is on its way.
    await expect.poll(() => scene.api.seen.length).toBeGreaterThanOrEqual(15);
  }
  expect(scene.api.seen.length).toBe(15);
  // What is used up lies in the state: the next process asks for nothing, either.
  await using next = scene.workspace.start(['go', 'a.customers', '--output', 'json']);
  await next.says(/"stage":"paused"/);
  expect(scene.api.seen.length).toBe(15);
});

test('a dry run says how many requests are expected, and writes nothing to the state', async () => {
  flows(['a'], { rateLimit: '{ at: [100/s, 1000/day], concurrency: 2 }', more: ', total_at: total' });
  const { code, stdout } = await scene.workspace.run(['go', '--dry-run']);
  expect(stdout).toContain('about 4 requests for 7 records');
  expect([code, records()]).toEqual([0, []]);
});
