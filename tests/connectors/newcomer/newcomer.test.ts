import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { registerConnector } from '../../../src/registry.ts';
import { here } from '../../support/here.ts';
import { TestWorkspace } from '../../support/workspace.ts';
import { PagedApi } from './api-like/api.ts';
import { apiLike } from './api-like/connector.ts';

const hour = 3_600_000;
let now: number;
let api: PagedApi;
let workspace: TestWorkspace;
let registered: Disposable;

beforeEach(() => {
  now = Date.now();
  api = new PagedApi(() => Date.now());
  workspace = new TestWorkspace();
  registered = registerConnector(apiLike(api, { kind: 'timestamp', unit: 'us', zone: 'UTC' }));
});
afterEach(() => {
  registered[Symbol.dispose]();
  workspace[Symbol.dispose]();
});

const at = (hoursAgo: number) => BigInt(now - hoursAgo * hour) * 1000n;
const put = (id: number, hoursAgo: number, name: string) => api.put({ id, mark: at(hoursAgo), name });

function rows(): readonly string[] {
  using db = new DatabaseSync(workspace.path('out.db'));
  const all = db.prepare('select id, name from items order by id').all();
  return all.map(({ id, name }) => `${id} ${name}`);
}

const flow = (more: string) => ({
  'flows/f/flow.yml': `
home: { type: api_like, url: https://api.example/items, page: 3 }
store: { type: sqlite, path: out.db, table: items }
entities: [items]
${more}`,
});

const merging = 'run_type: incremental\nwrite_strategy: merge\nwatermark: { column: mark, key: [id], nulls: exclude, lag: 1h }';

describe('a whole entity, from an API that a newcomer wrote into a database', () => {
  test('is read page by page, and what changed is updated', async () => {
    workspace.write(flow(merging));
    for (let id = 1; id <= 10; id++) put(id, 100 - id, 'first');
    api.patience = 2;
    const first = await here(workspace, 'go');
    expect([first.code, first.summary.rows]).toEqual([0, 10]);
    expect(rows()).toEqual(Array.from({ length: 10 }, (_, i) => `${i + 1} first`));
    put(3, 20, 'second');
    put(11, 10, 'second');
    const second = await here(workspace, 'go');
    expect(second.code).toBe(0);
    expect(rows()).toEqual([...Array.from({ length: 10 }, (_, i) => `${i + 1} ${i === 2 ? 'second' : 'first'}`), '11 second']);
    const journal = second.events.filter(({ event }) => event === 'entity_done');
    expect(journal).toHaveLength(1);
  });
});
