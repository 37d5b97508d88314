import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ChangingRows } from '../support/apis/changing-rows.ts';
import { restFlow, settledRows } from '../support/apis/rest-flow.ts';
import { goIn } from '../support/apis/rest-runs.ts';
import { type PageTraits, type ShiftingPages, startShiftingPages } from '../support/apis/shifting-pages.ts';
import { quickWaitsInEachTest } from '../support/quick-waits.ts';
import { TestWorkspace } from '../support/workspace.ts';

let server: ShiftingPages;
let rows: ChangingRows;
let workspace: TestWorkspace;
quickWaitsInEachTest();
beforeEach(async () => {
  server = await startShiftingPages();
  rows = server.rows('/items');
  workspace = new TestWorkspace();
});
afterEach(async () => {
  workspace[Symbol.dispose]();
  await server[Symbol.asyncDispose]();
});

const start = Date.now() - 86_400_000;
const put = (...ids: readonly number[]) => {
  for (const id of ids) rows.put(id, {}, { stampMs: start + id * 1000 });
};
const ids = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

/** Runs a full load of ten records, three a page; `change` comes before the request of this number of each attempt. */
async function loaded(traits: Partial<PageTraits>, pagination: string, change: (request: number) => void) {
  server.traits = { ...server.traits, order: 'by_id', ...traits };
  put(...ids(11, 20));
  server.between = (number) => change(number);
  restFlow(workspace, server.url, { home: `records: data\npagination: ${pagination}` });
  const ran = await goIn(workspace);
  return { ...ran, ids: ran.code === 0 ? (await settledRows(workspace)).map(Number) : null };
}

/** Before the third page; those before are in the description, whose first one is not asked for again. */
const once = (change: () => void, at = 3) => {
  let done = false;
  return (request: number) => {
    if (request < at + 2 || done) return;
    done = true;
    change();
  };
};

const offset = { traits: { position: 'offset' }, pagination: '{ type: offset, page_size: 3, size_param: per_page }' } as const;
const page = {
  traits: { position: 'page', total: 'header' },
  pagination: '{ type: page, start: 1, total_header: X-Total-Count }',
} as const;

describe('offset pages of a list that shifts', () => {
  test('continue behind the last record where rows before it were removed', async () => {
    const { ids: found, code } = await loaded(
      offset.traits,
      offset.pagination,
      once(() => [11, 12, 13, 14].forEach((id) => void rows.remove(id))),
    );
    expect([code, found]).toEqual([0, ids(11, 20)]);
  });

  test('continue behind the last record where rows came before it', async () => {
    const { ids: found, code } = await loaded(
      offset.traits,
      offset.pagination,
      once(() => put(1)),
    );
    expect([code, found]).toEqual([0, ids(11, 20)]);
  });

  test.each([
    ['came before it', () => put(1), [1, ...ids(11, 20)]],
    [
      'moved before it',
      () => {
        rows.remove(20);
        put(1);
      },
      [1, ...ids(11, 19)],
    ],
  ])('are read again where a record %s, and the total ends the list', async (_, change, whole) => {
    const traits = { ...offset.traits, total: 'header' } as const;
    const pagination = offset.pagination.replace(' }', ', end: total, total_header: X-Total-Count }');
    const { ids: found, error } = await loaded(traits, pagination, once(change));
    expect([error, found]).toEqual([undefined, whole]);
  });

  test('stop where the last record of each page is gone before the next', async () => {
    let next = 100;
    const { error } = await loaded(offset.traits, offset.pagination, () => {
      const last = server.seen.at(-1)?.ids.at(-1);
      if (last === undefined) return;
      rows.remove(last);
      put(next++);
    });
    expect(error).toBe('HYG-3605');
  });
});

test('pages behind the last record are read again where that record is removed meanwhile', async () => {
  const change = once(() => void rows.remove(16));
  const { ids: found, code } = await loaded(
    { position: 'after' },
    '{ type: keyset, param: after, field: id, page_size: 3, size_param: per_page }',
    change,
  );
  expect([code, found]).toEqual([0, [...ids(11, 15), ...ids(17, 20)]]);
});

describe('numbered pages of a list that tells its total', () => {
  test('are read again where it changed once', async () => {
    const { ids: found, code } = await loaded(
      page.traits,
      page.pagination,
      once(() => void rows.remove(11)),
    );
    expect([code, found]).toEqual([0, ids(12, 20)]);
  });

  test('miss a record where one goes and another comes, and the plan says so', async () => {
    const change = once(() => {
      rows.remove(11);
      put(21);
    });
    const { ids: found, events } = await loaded(page.traits, page.pagination, change);
    expect(found).toEqual([...ids(11, 16), ...ids(18, 21)]);
    expect(JSON.stringify(events)).toContain('in a full load, the total stays the same');
  });

  test('stop where it changes all the time', async () => {
    let next = 100;
    const { error, events } = await loaded(page.traits, page.pagination, () => put(next++));
    expect([error, JSON.stringify(events)]).toEqual(['HYG-3605', expect.stringMatching(/counted \d+ records on the first page/)]);
  });
});

describe.each([
  ['page', '{ type: page }'],
  ['next_url', '{ type: next_url, at: next }'],
] as const)('pages by %s of a list whose total the config does not name', (type, pagination) => {
  const traits = { position: 'page', total: 'body', next: type === 'page' ? 'none' : 'url' } as const;

  test('are read again where it became smaller once', async () => {
    const change = once(() => void rows.remove(11));
    const { ids: found, code } = await loaded(traits, pagination, change);
    expect([code, found]).toEqual([0, ids(12, 20)]);
  });

  test('stop where it becomes smaller in each attempt, and settle as they are where the config ignores it', async () => {
    put(...ids(21, 40));
    let next = 11;
    const change = () => {
      if (server.seen.at(-1)?.query.page === '2') rows.remove(next++);
    };
    const { error, events } = await loaded(traits, pagination, change);
    const ignore = pagination.replace(' }', ', ignore: [total] }');
    expect([error, JSON.stringify(events)]).toEqual(['HYG-3605', expect.stringContaining(`pagination: ${ignore}`)]);
    expect((await loaded(traits, ignore, () => undefined)).code).toBe(0);
  });
});

test('more records of one time than a page has, without links from page to page, stop a run, and what the message advises reads them', async () => {
  for (const id of ids(1, 8)) rows.put(id, {}, { stampMs: start });
  const pagination = 'pagination: { type: anchored, param: updated_since, field: updated_at, key: id, page_size: 3, size_param: per_page }';
  const flow = (more: string) =>
    workspace.write({
      'apis/list.yml': `type: rest_api\nsystem: list\nbase_url: ${server.url}\ndefaults:\n  records: data\n  ${pagination}\n  window: { from: updated_since, to: updated_until, format: iso_ms }\n  types: { updated_at: timestamptz }\n  watermark: { column: updated_at }\nentities: { items: { endpoint: items } }\n`,
      'flows/f/flow.yml': `home: { type: list${more} }\nstore: lake\nrun_type: incremental\nentities: [items]\n`,
    });
  flow('');
  const { error, all } = await goIn(workspace);
  expect([error, all]).toEqual(['HYG-3670', expect.stringContaining('pagination: { type: page, param: page }')]);
  flow(', pagination: { type: page, param: page }');
  expect(await goIn(workspace)).toMatchObject({ code: 0, summary: { rows: 8 } });
  expect(server.seen.map(({ query }) => query)).toContainEqual(expect.objectContaining({ per_page: '3', page: '5' }));
});
