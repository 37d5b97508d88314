/** What HYG-2106 advises is typed as it stands, as a command or as a line of the flow, and the next run settles. */
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ScriptedApi, scriptedApi } from '../support/apis/scripted-api.ts';
import { here } from '../support/here.ts';
import { inProcess } from '../support/in-process.ts';
import { TestWorkspace } from '../support/workspace.ts';

let api: ScriptedApi;
let now = 0;
let listed: readonly object[] = [];
let events: readonly { readonly at: number; readonly item: object }[] = [];

beforeEach(async () => {
  now = 1_790_000_000;
  listed = [
    { id: 1, tiers: 'gold', name: 'a' },
    { id: 2, tiers: null, name: 'x' },
  ];
  events = [];
  api = await scriptedApi(({ path, query }) => {
    const data = path === '/events' ? events.filter(({ at }) => at >= Number(query.from) && at <= Number(query.to ?? now)) : listed;
    return { headers: { date: new Date(now * 1000).toUTCString() }, body: JSON.stringify({ data, has_more: false }) };
  });
});
afterEach(async () => {
  await api[Symbol.asyncDispose]();
});

async function refused(store: string, more = '', key = ', key: [id]') {
  const workspace = new TestWorkspace({
    'flows/f/flow.yml': `home:
  type: rest_api
  base_url: "${api.url}"
  endpoint: items
  records: data
  pagination: { type: keyset, param: after, field: id, has_more_at: has_more, page_size: 100, size_param: limit }
  events:
    endpoint: events
    from: from
    to: to
    format: epoch_s
    at: at
    record: item
    key: [id]
    kept: 30d
store: ${store}
run_type: incremental
watermark: { changes: events${key} }
${more}
entities: [items]
`,
  });
  now += 120;
  expect((await here(workspace, 'go')).error).toBeUndefined();
  now += 60;
  events = [{ at: now, item: { id: 1, name: 'b' } }];
  listed = [{ id: 1, tiers: 'gold', name: 'b' }, listed[1] as object];
  now += 120;
  const ran = await inProcess(['go', '--output', 'json'], workspace.root, {});
  const advice = ran.stdout
    .split('\n')
    .flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []))
    .flatMap(({ error, tryThis, code }) => (code === 'HYG-2106' ? tryThis : error?.code === 'HYG-2106' ? error.tryThis : []));
  expect(advice.length, ran.stdout).toBeGreaterThan(1);
  return { workspace, advice: [...new Set<string>(advice)] };
}

const command = (advice: readonly string[]) =>
  (/hygge (go .*)$/.exec(advice.find((one) => one.includes('hygge go')) ?? '')?.[1] ?? '').split(' ');

test.each([
  ['files', 'lake', '', ''],
  ['a hash of a part', '{ type: sqlite, path: out.db }', 'polish: { hash_ids: [{ name: h, from_columns: [tiers, name] }] }', ', key: [id]'],
])('the command: %s', async (_, store, more, key) => {
  const { workspace, advice } = await refused(store, more, key);
  using _ws = workspace;
  expect((await inProcess(command(advice), workspace.root, {})).code).toBe(0);
  now += 60;
  expect((await here(workspace, 'go')).error).toBeUndefined();
});

test('the line of what empty members mean, below the events of the flow that it names', async () => {
  const { workspace, advice } = await refused('lake', '', '');
  using _ws = workspace;
  const [, file = '', line = ''] = /below `events:` of the home in (\S+): (.+)$/.exec(advice[1] ?? '') ?? [];
  expect([file, line]).toEqual(['flows/f/flow.yml', 'left_out: "null"']);
  const text = readFileSync(workspace.path(file), 'utf8');
  workspace.write({ [file]: text.replace('  events:\n', `  events:\n    ${line}\n`) });
  expect((await here(workspace, 'go')).error).toBeUndefined();
});

test('the line of a hash, in the flow that it names', async () => {
  const { workspace, advice } = await refused(
    '{ type: sqlite, path: out.db }',
    'polish: { hash_ids: [{ name: h, from_columns: [tiers, name] }] }',
  );
  using _ws = workspace;
  const [, file = '', line = ''] = / in (\S+): (polish: .+)$/.exec(advice[1] ?? '') ?? [];
  const text = readFileSync(workspace.path(file), 'utf8');
  workspace.write({ [file]: text.replace(/^polish: .*$/m, line) });
  expect((await inProcess(command(advice), workspace.root, {})).code).toBe(0);
  now += 60;
  events = [{ at: now, item: { id: 1, name: 'c' } }];
  now += 120;
  expect((await here(workspace, 'go')).error).toBeUndefined();
});
