import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { restFlow, settledRows } from '../support/apis/rest-flow.ts';
import { goIn } from '../support/apis/rest-runs.ts';
import { type ScriptedApi, scriptedApi } from '../support/apis/scripted-api.ts';
import { asked } from '../support/sqlite-file.ts';
import { TestWorkspace } from '../support/workspace.ts';

let api: ScriptedApi;
let workspace: TestWorkspace;
beforeEach(async () => {
  api = await scriptedApi();
  workspace = new TestWorkspace();
});
afterEach(async () => {
  workspace[Symbol.dispose]();
  await api[Symbol.asyncDispose]();
});

const go = () => goIn(workspace);
const date = 'Thu, 26 Nov 2026 12:00:00 GMT';
const answers = (text: string, at = date) => {
  api.script = () => ({ body: text, headers: { date: at } });
};

describe('an array inside the records', () => {
  const home = 'records: data\neach: lines\nparent: { order_id: id, ordered_at: updated_at }\ntypes: { ordered_at: timestamptz }';

  test('is an entity of its own, with the key of its record', async () => {
    answers(`{"data":[
      {"id":9007199254740993,"updated_at":"2026-11-01T00:00:00Z","lines":[{"sku":"a","n":1},{"sku":"b","n":2}]},
      {"id":2,"updated_at":"2026-11-01T00:00:00Z","lines":null},{"id":3,"updated_at":"2026-11-01T00:00:00Z"},
      {"id":4,"updated_at":"2026-11-01T00:00:00Z","lines":[]},{"id":5,"updated_at":"2026-11-02T00:00:00Z","lines":[{"sku":"c","n":3}]}]}`);
    restFlow(workspace, api.url, { home });
    expect((await go()).summary.rows).toBe(3);
    expect(await settledRows(workspace, `concat_ws(' ', order_id, sku, n, ordered_at::date)`, 'n')).toEqual([
      '9007199254740993 a 1 2026-11-01',
      '9007199254740993 b 2 2026-11-01',
      '5 c 3 2026-11-02',
    ]);
  });

  test('has the watermark of its record', async () => {
    const order = (id: number, at: string) => `{"id":${id},"updated_at":"${at}","lines":[{"sku":"s${id}"}]}`;
    answers(`{"data":[${order(1, '2026-11-01T00:00:00Z')}]}`);
    restFlow(workspace, api.url, {
      home: `${home}\nwindow: { from: since }`,
      flow: 'run_type: incremental\nwatermark: { column: ordered_at }',
    });
    expect((await go()).summary.rows).toBe(1);
    answers(`{"data":[${order(1, '2026-11-01T00:00:00Z')},${order(2, '2026-11-26T12:30:00Z')}]}`, 'Thu, 26 Nov 2026 13:00:00 GMT');
    expect((await go()).summary.rows).toBe(1);
    expect(await settledRows(workspace, 'sku', 'sku')).toEqual(['s1', 's2']);
  });

  test.each(['7', '"text"', '{"sku":"a"}', '[7]'])('that is %s is a bad record', async (lines) => {
    answers(`{"data":[{"id":1,"lines":[{"sku":"a"}]},{"id":2,"lines":${lines}}]}`);
    restFlow(workspace, api.url, { home: 'records: data\neach: lines\nparent: { order_id: id }' });
    expect((await go()).error).toMatch(/^HYG-3/);
    restFlow(workspace, api.url, { home: 'records: data\neach: lines\nparent: { order_id: id }\nbad_rows: skip' });
    expect((await go()).summary).toMatchObject({ rows: 1, warn: 1 });
  });

  test('in a record that has a name twice is one bad record', async () => {
    answers('{"data":[{"id":1,"lines":[{"sku":"a"}]},{"id":2,"id":3,"lines":[{"sku":"b"}]}]}');
    restFlow(workspace, api.url, { home: 'records: data\neach: lines\nparent: { order_id: id }' });
    expect((await go()).error).toMatch(/^HYG-3(?!602)/);
    restFlow(workspace, api.url, { home: 'records: data\neach: lines\nparent: { order_id: id }\nbad_rows: skip' });
    expect((await go()).summary).toMatchObject({ rows: 1, warn: 1 });
  });

  test('has no column of its own by the name of one of its record', async () => {
    answers('{"data":[{"id":1,"lines":[{"order_id":"a"}]}]}');
    restFlow(workspace, api.url, { home: 'records: data\neach: lines\nparent: { order_id: id }' });
    const { error, events } = await go();
    expect([error, JSON.stringify(events)]).toEqual([expect.stringMatching(/^HYG-3/), expect.stringContaining('order_id')]);
  });
});

describe('records that are marked as deleted', () => {
  const flow = (more: string) => `
home:
  type: rest_api
  base_url: ${api.url}
  endpoint: items
  window: { from: since }
  types: { updated_at: timestamptz }
  deleted: { at: archived, is: true }
${more}
run_type: incremental
entities: [items]
`;
  const item = (id: number, at: string, more = '') => `{"id":${id},"updated_at":"${at}"${more}}`;

  test('settle with the mark, in files', async () => {
    answers(`[${item(1, '2026-11-01T00:00:00Z')},${item(2, '2026-11-02T00:00:00Z', ',"archived":true')}]`);
    workspace.write({ 'flows/f/flow.yml': flow('store: lake\nwatermark: { column: updated_at }') });
    expect((await go()).code).toBe(0);
    expect(await settledRows(workspace, `concat_ws(' ', id, _deleted)`)).toEqual(['1 false', '2 true']);
  });

  test('are judged by no rule: what is left of a deleted record may be its key', async () => {
    answers(`[${item(1, '2026-11-01T00:00:00Z', ',"name":"a"')},${item(2, '2026-11-02T00:00:00Z', ',"name":null,"archived":true')},
      ${item(3, '2026-11-03T00:00:00Z', ',"name":null,"archived":false')}]`);
    workspace.write({
      'flows/f/flow.yml': flow('store: lake\nwatermark: { column: updated_at }\nvalidation: { contract: c.yml, mode: quarantine }'),
      'c.yml': 'columns: { name: { type: string, nullable: false } }\ncomplete: false\n',
    });
    expect((await go()).code).toBe(0);
    expect(await settledRows(workspace, `concat_ws(' ', id, _deleted)`)).toEqual(['1 false', '2 true']);
  });

  test('are not told by 0 and 1, unless is says which of them is the mark', async () => {
    answers(`[${item(1, '2026-11-01T00:00:00Z', ',"archived":0')},${item(2, '2026-11-02T00:00:00Z', ',"archived":1')}]`);
    const written = (is: string) => flow('store: lake\nwatermark: { column: updated_at }').replace(', is: true', is);
    workspace.write({ 'flows/f/flow.yml': written('') });
    expect((await go()).error).toBe('HYG-3642');
    workspace.write({ 'flows/f/flow.yml': written(', is: 1') });
    expect((await go()).code).toBe(0);
    expect(await settledRows(workspace, `concat_ws(' ', id, _deleted)`)).toEqual(['1 false', '2 true']);
  });

  test('go, where rows are merged by their key', async () => {
    answers(`[${item(1, '2026-11-01T00:00:00Z')},${item(2, '2026-11-02T00:00:00Z')}]`);
    const path = workspace.path('out.db');
    workspace.write({
      'flows/f/flow.yml': flow(
        `store: { type: sqlite, path: ${path}, table: items }\nwrite_strategy: merge\ndeletes: apply\nwatermark: { column: updated_at, key: [id] }`,
      ),
    });
    const settled = () => (asked(path, 'select * from items order by id')[0] ?? []) as { id: unknown }[];
    expect((await go()).code).toBe(0);
    expect(settled().map(({ id }) => String(id))).toEqual(['1', '2']);
    answers(`[${item(2, '2026-11-26T12:10:00Z', ',"archived":true')}]`, 'Thu, 26 Nov 2026 13:00:00 GMT');
    expect((await go()).code).toBe(0);
    const left = settled();
    expect([left.length, Object.keys(left[0] ?? {}).includes('_deleted')]).toEqual([1, false]);
  });

  test('have the column in a list without a record, too', async () => {
    answers('[]');
    workspace.write({ 'flows/f/flow.yml': flow('store: lake\ndeletes: mark\nwatermark: { column: updated_at }') });
    expect((await go()).code).toBe(0);
  });
});
