import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parentKeys } from '../../src/apis/parents/config.ts';
import { settledRows } from '../support/apis/rest-flow.ts';
import { goIn } from '../support/apis/rest-runs.ts';
import { type ShiftingPages, startShiftingPages } from '../support/apis/shifting-pages.ts';
import { here } from '../support/here.ts';
import { inProcess } from '../support/in-process.ts';
import { quickWaitsInEachTest } from '../support/quick-waits.ts';
import { asked } from '../support/sqlite-file.ts';
import { TestWorkspace } from '../support/workspace.ts';

quickWaitsInEachTest();

const hour = 3_600_000;
let hoursAgo: number;
const now = () => Date.parse('2026-11-26T12:00:00Z') - hoursAgo * hour;
let server: ShiftingPages;
let workspace: TestWorkspace;
beforeEach(async () => {
  hoursAgo = 24;
  server = await startShiftingPages({ position: 'page', total: 'header' }, { nowMs: now });
  workspace = new TestWorkspace();
});
afterEach(async () => {
  workspace[Symbol.dispose]();
  await server[Symbol.asyncDispose]();
});

const go = (...more: readonly string[]) => goIn(workspace, '-e', 'f.items', ...more);
/** A repository with so many issues, an hour old. */
const repo = (id: number, issues: number, first = 1, stampMs = now() - hour) => {
  const pushed_at = new Date(stampMs + (first + issues) * 1000).toISOString();
  server.rows('/repos').put(id, { name: `o/r${id}`, pushed_at }, { stampMs: 0 });
  const list = server.rows(`/repos/${id}/items`);
  for (let i = first; i < first + issues; i++) list.put(id * 1000 + i, {}, { stampMs: stampMs + i * 1000 });
};
const flow = (home = '', more = '') => ({
  'flows/f/flow.yml': `
home:
  type: rest_api
  base_url: ${server.url}
  endpoint: "{entity}"
  records: data
  pagination: { type: page, page_size: 3, size_param: per_page, end: short, total_header: X-Total-Count }
  types: { updated_at: timestamptz }
store: lake
entities:
  - repos
  - name: items
    home:
      from: repos
      endpoint: "repos/{id}/items"
      parent: { repo_id: id, repo: name }
      window: { from: updated_since, to: updated_until, format: iso_ms }
${home.replace(/^(?=.)/gm, '      ')}
${more.replace(/^(?=.)/gm, '    ')}
`,
});
const incremental = 'run_type: incremental\nwatermark: { column: updated_at }';
const settled = () => settledRows(workspace, `concat_ws(' ', repo_id, repo, id)`);
const rowsOf = (id: number, from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => `${id} o/r${id} ${id * 1000 + from + i}`);
const requests = () => server.seen.filter(({ path }) => path.endsWith('/items')).length;

describe('children', () => {
  test('of an increment are those that are new, and a run that finds none asks once a parent', async () => {
    for (const id of [1, 2, 3, 4]) repo(id, 4);
    workspace.write(flow('', incremental));
    expect((await go()).summary.rows).toBe(16);
    hoursAgo -= 3;
    repo(2, 2, 5);
    expect((await go()).summary.rows).toBe(2);
    const before = requests();
    expect((await go()).summary.rows).toBe(0);
    expect(requests() - before).toBe(4);
    expect(await settled()).toEqual([...rowsOf(1, 1, 4), ...rowsOf(2, 1, 6), ...rowsOf(3, 1, 4), ...rowsOf(4, 1, 4)]);
  });

  test('of a new parent are read from their beginning, or from initial', async () => {
    repo(1, 2);
    workspace.write(flow('', incremental.replace(' }', ', initial: 2026-11-20 }')));
    expect((await go()).code).toBe(0);
    hoursAgo -= 3;
    repo(2, 3, 1, now() - 48 * hour);
    repo(2, 1, 4, now() - 400 * hour);
    repo(1, 1, 3);
    expect((await go()).summary.rows).toBe(4);
    expect(await settled()).toEqual([...rowsOf(1, 1, 3), ...rowsOf(2, 1, 3)]);
    hoursAgo -= 3;
    expect((await go()).summary.rows).toBe(0);
  });

  test('of a parent that was gone or forbidden continue where they ended', async () => {
    repo(1, 2);
    repo(2, 2);
    workspace.write(flow('', incremental));
    expect((await go()).code).toBe(0);
    for (const leave of [() => server.refused.set('/repos/2/items', 403), () => server.rows('/repos').remove(2)]) {
      leave();
      hoursAgo -= 3;
      repo(1, 1, 30 - hoursAgo);
      server.rows('/repos/2/items').put(2000 + 30 - hoursAgo, {}, { stampMs: now() - hour });
      const { summary, code, events } = await go();
      expect([code, summary.rows]).toEqual([0, 1]);
      const isTold = JSON.stringify(events).includes('the rows of the parent 2 could not be read (the API answered 403');
      expect(isTold).toBe(server.rows('/repos').all().length === 2);
    }
    hoursAgo -= 3;
    server.refused.clear();
    repo(2, 1, 30 - hoursAgo);
    expect((await go()).summary.rows).toBe(3);
    expect((await go()).summary.rows).toBe(0);
    const [one, two] = [await settled(), server.rows('/repos/2/items').all()];
    expect(one.filter((row) => row.startsWith('2 '))).toEqual(two.map(({ id }) => `2 o/r2 ${id}`));
  });

  test('a list of parents that has become empty is told', async () => {
    repo(1, 2);
    workspace.write(flow('', incremental));
    expect((await go()).code).toBe(0);
    server.rows('/repos').remove(1);
    hoursAgo -= 3;
    const { summary, events } = await go();
    expect([summary.rows, summary.warn, JSON.stringify(events)]).toEqual([0, 1, expect.stringContaining('/repos lists no record')]);
    expect(await settled()).toEqual(rowsOf(1, 1, 2));
  });

  test('that can not be read of any parent fail the run, and so does one with missing: fail', async () => {
    repo(1, 2);
    repo(2, 2);
    server.refused.set('/repos/2/items', 404);
    workspace.write(flow('missing: fail'));
    expect((await go()).error).toBe('HYG-3640');
    workspace.write(flow('missing: ignore'));
    expect((await go()).summary).toMatchObject({ rows: 2, pass: 1 });
    workspace.write(flow());
    expect((await go()).summary).toMatchObject({ rows: 2, warn: 1 });
    server.refused.set('/repos/1/items', 451);
    expect((await go()).error).toBe('HYG-3640');
  });

  test('are settled whole or not at all where the refusal comes in the middle of the pages', async () => {
    repo(1, 2);
    repo(2, 5);
    workspace.write(flow());
    server.between = () => {
      if (server.seen.some(({ path, query }) => path === '/repos/2/items' && query.page === '1')) server.refused.set('/repos/2/items', 403);
    };
    const { error } = await go();
    expect([error, [...workspace.tree().keys()].filter((name) => name.endsWith('.parquet'))]).toEqual(['HYG-6401', []]);
    server.between = () => undefined;
    expect((await go()).summary).toMatchObject({ rows: 2, warn: 1 });
  });

  test('are not asked for where the parent shows that none is new', async () => {
    for (const id of [1, 2, 3]) repo(id, 2);
    workspace.write(flow('changed_by: pushed_at', incremental));
    expect((await go()).summary.rows).toBe(6);
    // The first increment proves the window.
    expect((await go()).summary.rows).toBe(0);
    const before = requests();
    hoursAgo -= 3;
    repo(3, 1, 3);
    expect((await go()).summary.rows).toBe(1);
    // One of them, and the page once more that is empty.
    expect(requests() - before).toBe(2);
  });

  test('of a renamed parent continue where they ended, and without parent_key are read again', async () => {
    const named = (name: string, issues: number) => {
      server.rows('/repos').put(1, { name }, { stampMs: 0 });
      for (let i = 1; i <= issues; i++) server.rows(`/repos/${name}/items`).put(i, {}, { stampMs: Date.parse('2026-11-25') + i * 1000 });
    };
    const written = (key: string) => flow(key, incremental)['flows/f/flow.yml'].replace('repos/{id}/items', 'repos/{name}/items');
    workspace.write({ 'flows/f/flow.yml': written('parent_key: id') });
    named('o/web', 2);
    const first = await go();
    expect([first.summary.rows, JSON.stringify(first.events).includes('counts as a new parent')]).toEqual([2, false]);
    hoursAgo -= 3;
    named('o/website', 2);
    expect((await go()).summary.rows).toBe(0);
    expect(await settled()).toEqual(['1 o/web 1', '1 o/web 2']);
    // Another identity is another source.
    workspace.write({ 'flows/f/flow.yml': written('') });
    expect((await go()).error).toBe('HYG-2007');
    workspace.write({ 'flows/g/flow.yml': written('').replace('store: lake', 'store: other') });
    const goOther = () => here(workspace, 'go', '-e', 'g.items');
    expect((await goOther()).summary.rows).toBe(2);
    hoursAgo -= 3;
    named('o/site', 2);
    const again = await goOther();
    expect([again.summary.rows, JSON.stringify(again.events)]).toEqual([
      2,
      expect.stringContaining('whose name changes counts as a new parent'),
    ]);
  });

  test('of two parents with one request are of both with parent_key, and of none without', async () => {
    for (const id of [1, 2]) server.rows('/repos').put(id, { name: 'shoe' }, { stampMs: 0 });
    server.rows('/repos/shoe/items').put(7, {}, { stampMs: 0 });
    const written = (key: string) => ({
      'flows/f/flow.yml': flow(key)['flows/f/flow.yml'].replace('repos/{id}/items', 'repos/{name}/items'),
    });
    workspace.write(written(''));
    expect((await go()).error).toBe('HYG-3643');
    workspace.write(written('parent_key: id'));
    expect((await go()).code).toBe(0);
    expect(await settled()).toEqual(['1 shoe 7', '2 shoe 7']);
  });

  test('that settled stay, where a full load is refused them', async () => {
    for (const id of [1, 2, 3]) repo(id, 2);
    workspace.write(flow());
    server.refused.set('/repos/3/items', 403);
    expect((await go()).summary).toMatchObject({ rows: 4, warn: 1 });
    server.refused.set('/repos/2/items', 403);
    expect((await go()).error).toBe('HYG-3640');
    expect(await settled()).toEqual([...rowsOf(1, 1, 2), ...rowsOf(2, 1, 2)]);
    server.refused.set('/repos/2/items', 404);
    expect((await go()).summary).toMatchObject({ rows: 2, warn: 1 });
    server.refused.set('/repos/2/items', 403);
    expect((await go()).summary).toMatchObject({ rows: 2, warn: 1 });
    server.refused.delete('/repos/2/items');
    expect((await go()).summary.rows).toBe(4);
    server.refused.set('/repos/2/items', 451);
    workspace.write(flow('missing: ignore'));
    expect((await go()).summary).toMatchObject({ rows: 2, pass: 1 });
  });

  test('are backfilled parent by parent, and not at all where one can not be read', async () => {
    repo(1, 3, 1, now() - 72 * hour);
    repo(2, 3, 1, now() - 72 * hour);
    workspace.write(flow('', incremental));
    expect((await go()).code).toBe(0);
    server.rows('/repos/1/items').remove(1002);
    const backfill = () => here(workspace, 'backfill', 'f.items', '--from', '2026-11-20', '--to', '2026-11-24');
    server.refused.set('/repos/2/items', 403);
    expect((await backfill()).error).toBe('HYG-3640');
    server.refused.clear();
    expect((await backfill()).code).toBe(0);
    expect(await settled()).toEqual([...rowsOf(1, 1, 1), ...rowsOf(1, 3, 3), ...rowsOf(2, 1, 3)]);
  });

  test('continue after an adoption, where the state is lost as if all parents had been read', async () => {
    repo(1, 2);
    workspace.write(flow('', incremental));
    expect((await go()).code).toBe(0);
    const adopt = () => inProcess(['reset', 'f.items', '--adopt', '--yes'], workspace.root, {});
    expect((await adopt()).code).toBe(0);
    hoursAgo -= 3;
    repo(2, 2, 1, now() - 48 * hour);
    expect((await go()).summary.rows).toBe(2);
    rmSync(workspace.path('.hygge'), { recursive: true });
    expect((await adopt()).code).toBe(0);
    hoursAgo -= 3;
    repo(3, 2, 1, now() - 48 * hour);
    repo(2, 1, 3);
    expect((await go()).summary.rows).toBe(1);
    expect(await settled()).toEqual([...rowsOf(1, 1, 2), ...rowsOf(2, 1, 3)]);
  });

  test('of a parent that is gone go by a comparison of keys, and not where it can not be read', async () => {
    // Neither the oldest nor the newest row is of the one that goes: such rows stay.
    for (const id of [1, 2, 3]) repo(id, 4, 1, now() - (5 - id) * hour);
    const path = workspace.path('out.db');
    const more = incremental.replace(' }', ', key: [repo_id, id] }\ndeletes: { compare: 1d, pause: 0s, max: 90% }');
    const written = flow('', more)['flows/f/flow.yml'];
    workspace.write({ 'flows/f/flow.yml': written.replace('store: lake', `store: { type: sqlite, path: ${path}, table: "{entity}" }`) });
    expect((await go()).summary.rows).toBe(12);
    server.refused.set('/repos/2/items', 403);
    expect((await go('--compare-deletes')).error).toBe('HYG-3640');
    server.refused.clear();
    server.rows('/repos').remove(2);
    expect((await go('--compare-deletes')).code).toBe(0);
    const [left] = asked(path, 'select distinct repo_id as id from items order by id');
    expect(left).toEqual([{ id: 1n }, { id: 3n }]);
  });

  test('have one plan for thousands of parents, and a walk of their own for each of a block', async () => {
    for (let id = 1; id <= 900; id++) repo(id, id <= 4 ? 5 : 0);
    server.traits = { ...server.traits, pageSize: 100 };
    const home = flow('pagination: { page_size: 3 }')['flows/f/flow.yml'];
    workspace.write({ 'flows/f/flow.yml': home.replace('page_size: 3', 'page_size: 100') });
    const { summary, events } = await go();
    expect(summary.rows).toBe(20);
    expect(await settled()).toEqual([1, 2, 3, 4].flatMap((id) => rowsOf(id, 1, 5)));
    expect(events.find(({ event }) => event === 'plan')).toMatchObject({ slices: 60 });
  });
});

describe('lists of parents that end at a cap', () => {
  const read = () => {
    workspace.write({ 'flows/f/flow.yml': flow('', incremental)['flows/f/flow.yml'].replace('iso_ms }', 'iso, cap: 9 }') });
  };
  beforeEach(() => {
    server.traits = { ...server.traits, stamp: 'iso_seconds', cap: { rows: 9, ends: 'end' } };
  });

  test('are read in halves of the window of each parent, and from a new parent all', async () => {
    repo(1, 40);
    repo(2, 5);
    read();
    expect((await go()).summary.rows).toBe(45);
    hoursAgo -= 3;
    repo(2, 20, 6);
    repo(3, 30);
    expect((await go()).summary.rows).toBe(50);
    expect(await settled()).toEqual([...rowsOf(1, 1, 40), ...rowsOf(2, 1, 25), ...rowsOf(3, 1, 30)]);
    hoursAgo -= 3;
    const before = requests();
    expect((await go()).summary.rows).toBe(0);
    expect(requests() - before).toBe(3);
  });

  test('stop the run where one disappears between two of its parts', async () => {
    repo(1, 2);
    repo(2, 40);
    read();
    server.between = () => {
      if (server.seen.some(({ path, ids }) => path === '/repos/2/items' && ids.includes(2001))) server.refused.set('/repos/2/items', 404);
    };
    expect((await go()).code).not.toBe(0);
    expect(await settled().catch(() => [])).toEqual([]);
  });
});

describe('lists of parents without a filter that begin with the newest row', () => {
  test('are read down to where each ended, and those of a new parent whole', async () => {
    server.traits = { ...server.traits, order: 'newest_first', since: 'none', until: 'none' };
    for (const id of [1, 2]) repo(id, 30);
    workspace.write({
      'flows/f/flow.yml': flow('order: newest_first', incremental)['flows/f/flow.yml'].replace(/window: .*/, ''),
    });
    expect((await go()).summary.rows).toBe(60);
    hoursAgo -= 3;
    repo(2, 4, 31);
    repo(3, 10);
    const before = server.seen.length;
    expect((await go()).summary.rows).toBe(14);
    const asked = (id: number) => server.seen.slice(before).filter(({ path }) => path === `/repos/${id}/items`).length;
    // The first page of 1 is older than the watermark; of 2 there is one page more than that.
    expect([asked(1), asked(2), asked(3)]).toEqual([1, 3, 4]);
    expect(await settled()).toEqual([...rowsOf(1, 1, 30), ...rowsOf(2, 1, 34), ...rowsOf(3, 1, 10)]);
  });
});

test.each([
  [
    [400, 404, 409, 410, 499],
    [399, 401, 403, 408, 429, 500],
  ],
])('no_rows takes %j, which say that there is nothing, and none of %j', (taken, refused) => {
  const takes = (status: number) => parentKeys.no_rows.safeParse([status]).success;
  expect(taken.filter(takes)).toEqual(taken);
  expect(refused.filter(takes)).toEqual([]);
});

describe('refused are', () => {
  test.each([
    ['an entity that is not there', 'from: nothing'],
    ['the entity itself', 'from: items'],
  ])('%s as a parent', async (_, from) => {
    workspace.write({ 'flows/f/flow.yml': flow()['flows/f/flow.yml'].replace('from: repos', from) });
    expect((await go()).error).toBe('HYG-1013');
  });

  test('a field that a parent lacks, and a column that the rows have', async () => {
    repo(1, 1);
    workspace.write(flow('params: { owner: "{owner.login}" }'));
    expect((await go()).error).toBe('HYG-3641');
    workspace.write({ 'flows/f/flow.yml': flow()['flows/f/flow.yml'].replace('repo_id: id', 'updated_at: id') });
    expect((await go()).error).toBe('HYG-3641');
  });

  test('a path that a value would lead out of', async () => {
    server.rows('/repos').put(1, { name: '..' }, { stampMs: 0 });
    workspace.write({ 'flows/f/flow.yml': flow()['flows/f/flow.yml'].replace('repos/{id}/items', 'repos/{name}/items') });
    expect((await go()).error).toBe('HYG-3641');
  });

  test('a closed boundary', async () => {
    repo(1, 1);
    workspace.write(flow('', incremental.replace(' }', ', boundary: closed }')));
    expect((await go()).error).toBe('HYG-2014');
  });
});
