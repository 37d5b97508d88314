/** Events that show a part of a record which never settled: nothing is known of its other fields, so the run leaves them out and says how many. */
import { expect, test } from 'vitest';
import { scriptedApi } from '../support/apis/scripted-api.ts';
import { inProcess } from '../support/in-process.ts';
import { asked } from '../support/sqlite-file.ts';
import { TestWorkspace } from '../support/workspace.ts';

test('changes of rows that never settled are left out and counted, and the command that is named settles the rows whole', async () => {
  let now = 1_790_000_000;
  let listed: readonly object[] = [
    { id: 1, tiers: 'gold', name: 'a' },
    { id: 2, tiers: null, name: 'x' },
  ];
  let events: readonly { readonly at: number; readonly item: object }[] = [];
  await using api = await scriptedApi(({ path, query }) => {
    const data = path === '/events' ? events.filter(({ at }) => at >= Number(query.from) && at <= Number(query.to ?? now)) : listed;
    return { headers: { date: new Date(now * 1000).toUTCString() }, body: JSON.stringify({ data, has_more: false }) };
  });
  using workspace = new TestWorkspace({
    'flows/f/flow.yml': `home:
  type: rest_api
  base_url: "${api.url}"
  endpoint: items
  records: data
  pagination: { type: keyset, param: after, field: id, has_more_at: has_more, page_size: 100, size_param: limit }
  events: { endpoint: events, from: from, to: to, format: epoch_s, at: at, record: item, key: [id], kept: 30d }
store: { type: sqlite, path: out.db }
run_type: incremental
watermark: { changes: events, key: [id] }
entities: [items]
`,
  });
  const hygge = (...args: readonly string[]) => inProcess(args, workspace.root, {});
  const rows = () => {
    const sql = `select id || ' ' || coalesce(tiers, '-') || ' ' || coalesce(name, '-') as one from items order by id`;
    return (asked(workspace.path('out.db'), sql)[0] ?? []).map(({ one }) => one);
  };
  now += 120;
  expect((await hygge('go')).code).toBe(0);
  const told = [
    { id: 7, name: 'seven' },
    { id: 7, tiers: 'iron' },
    { id: 8, tiers: 'tin', name: 'eight' },
    { id: 1, name: 'b' },
  ];
  events = told.map((item) => ({ at: ++now, item })).toReversed();
  now += 120;
  const ran = await hygge('go');
  expect(ran.code, ran.stdout + ran.stderr).toBe(0);
  expect(ran.stdout).toContain('2 changes were left out');
  expect(rows()).toEqual(['1 gold b', '2 - x', '8 tin eight']);
  listed = [...listed, { id: 7, tiers: 'iron', name: 'seven' }];
  const named = /hygge (go -d -e \S+)/.exec(ran.stdout)?.[1] ?? '';
  expect((await hygge(...named.split(' '))).code).toBe(0);
  expect(rows()).toContain('7 iron seven');
});
