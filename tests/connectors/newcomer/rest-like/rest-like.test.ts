import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { realScratch } from '../../../../src/adapters/real-scratch.ts';
import type { Json } from '../../../../src/ports/values.ts';
import { registerConnector } from '../../../../src/registry.ts';
import { homeConformance } from '../../../support/connector-conformance/home.ts';
import { plainFrame, plainRows } from '../../../support/connector-conformance/plain-rows.ts';
import { duck } from '../../../support/duck.ts';
import { here } from '../../../support/here.ts';
import { TestWorkspace } from '../../../support/workspace.ts';
import { RestApi } from './api.ts';
import { restHome, restLike } from './connector.ts';

homeConformance('a home of a REST API that a newcomer wrote, over the JSON format', async () => {
  const api = new RestApi();
  const scratch = realScratch();
  for (const { id, mark } of plainRows) api.items.push(JSON.stringify({ id, mark, name: `n${id}` }));
  const opened = (pinned: Json | null) =>
    restHome(api, { url: 'https://api.example/items', page: 3, records: 'data.items' }, { scratch, pinned });
  const described = await (await opened(null)).describe(undefined, 'for a run');
  return {
    open: () => opened('done' in described ? (described.done.pinned ?? null) : null),
    rows: plainRows,
    read: plainFrame,
    [Symbol.asyncDispose]: () => scratch[Symbol.asyncDispose](),
  };
});

describe('pages that the JSON format reads', () => {
  let api: RestApi;
  let workspace: TestWorkspace;
  let registered: Disposable;
  beforeEach(() => {
    api = new RestApi();
    workspace = new TestWorkspace();
    registered = registerConnector(restLike(api));
  });
  afterEach(() => {
    registered[Symbol.dispose]();
    workspace[Symbol.dispose]();
  });

  const flow = (more: string) =>
    workspace.write({
      'flows/f/flow.yml': `
home: { type: rest_like, url: https://api.example/items, page: 2, records: data.items${more} }
store: lake
entities: [items]
`,
    });
  const columns = async () => {
    const found = await duck(`describe select * from '${workspace.path('lake/items/*.parquet')}'`);
    return found.map(({ column_name: name, column_type: type }) => `${name} ${type}`);
  };
  const rows = async (columns: string) =>
    (await duck(`select ${columns} as row from '${workspace.path('lake/items/*.parquet')}' order by id`)).map(({ row }) => row);

  test('settle with types that only all of them tell, and keep every digit', async () => {
    flow(`, types: { price: 'decimal(20,4)' }`);
    api.items.push('{"id": 1, "price": 0.1, "at": {"x": 1}}', '{"id": 2, "price": null}');
    api.items.push('{"id": 9007199254740993, "price": 1234567890123456.7891, "at": {"x": 1.5, "y": "north"}}');
    expect((await here(workspace, 'go')).code).toBe(0);
    expect(await columns()).toEqual(['id BIGINT', 'price DECIMAL(20,4)', 'at STRUCT(x DOUBLE, y VARCHAR)']);
    expect(await rows(`id || ' ' || coalesce(price::varchar, '-')`)).toEqual(['1 0.1000', '2 -', '9007199254740993 1234567890123456.7891']);
  });

  test('flatten as files of JSON do', async () => {
    flow(', flatten: true');
    api.items.push('{"id": 1, "at": {"x": 1, "y": 2}}');
    expect((await here(workspace, 'go')).code).toBe(0);
    expect(await columns()).toEqual(['id BIGINT', 'at_x BIGINT', 'at_y BIGINT']);
  });

  test('are looked at again where an item that came after the look has a column that none had', async () => {
    flow('');
    api.items.push('{"id": 1}', '{"id": 2}', '{"id": 3}');
    // Two pages are looked at, and two are read.
    api.onPage = (before) => void (before === 3 && api.items.push('{"id": 4, "late": true}'));
    expect((await here(workspace, 'go')).code).toBe(0);
    expect([await columns(), api.pages]).toEqual([['id BIGINT', 'late BOOLEAN'], 8]);
    expect(await rows(`id || coalesce(' ' || late::varchar, '')`)).toEqual(['1', '2', '3', '4 true']);
  });

  test('stop the run with the name of the page that is no document', async () => {
    flow('');
    api.items.push('{"id": 1}', '{"id": 2}', '{"id": 3');
    const { error, events } = await here(workspace, 'go');
    expect([error, JSON.stringify(events)]).toEqual(['HYG-3401', expect.stringContaining('https://api.example/items?after=2')]);
  });
});
