import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ChangingRows } from '../support/apis/changing-rows.ts';
import { restFlow, settledRows } from '../support/apis/rest-flow.ts';
import { goIn } from '../support/apis/rest-runs.ts';
import { type PageTraits, type ShiftingPages, startShiftingPages } from '../support/apis/shifting-pages.ts';
import { quickWaitsInEachTest } from '../support/quick-waits.ts';
import { TestWorkspace } from '../support/workspace.ts';

quickWaitsInEachTest();

let server: ShiftingPages;
let rows: ChangingRows;
let workspace: TestWorkspace;
let now = Date.parse('2026-03-01T12:00:00.000Z');
beforeEach(async () => {
  server = await startShiftingPages({}, { nowMs: () => now });
  rows = server.rows('/items');
  workspace = new TestWorkspace();
});
afterEach(async () => {
  workspace[Symbol.dispose]();
  await server[Symbol.asyncDispose]();
});

/** A row a second, the last one two minutes ago. */
const put = (from: number, to: number, everyMs = 1_000) => {
  for (let id = from; id <= to; id++) rows.put(id, {}, { stampMs: now - 120_000 - (to - id) * everyMs });
};
const ids = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

async function go() {
  const before = server.seen.length;
  const ran = await goIn(workspace);
  return { ...ran, asked: server.seen.slice(before).map(({ query }) => query) };
}

function flow(traits: Partial<PageTraits>, home: string, more = 'run_type: incremental') {
  server.traits = { ...server.traits, ...traits };
  const rest = `records: data\ntypes: { id: int64, updated_at: timestamptz }\n${home}`;
  restFlow(workspace, server.url, { home: rest, flow: `${more}\nwatermark: { column: updated_at }` });
}

describe('a list without a filter that begins with the newest record', () => {
  const newest = { position: 'offset', order: 'newest_first', since: 'none', until: 'none' } as const;
  const home = 'order: newest_first\npagination: { type: offset, page_size: 3, size_param: per_page }';

  test('is read down to the first page below the watermark', async () => {
    flow(newest, home);
    put(1, 30);
    expect((await go()).code).toBe(0);
    now += 600_000;
    put(31, 33);
    const ran = await go();
    expect([ran.code, (await settledRows(workspace)).map(Number)]).toEqual([0, ids(1, 33)]);
    expect(ran.asked.length).toBeLessThan(8);
    now += 600_000;
    // Nothing new: one call.
    expect((await go()).asked).toEqual([{ per_page: '3' }]);
    expect((await settledRows(workspace)).map(Number)).toEqual(ids(1, 33));
  });

  test('stops the run where it is in another order', async () => {
    flow({ ...newest, order: 'by_id' }, home);
    put(1, 9);
    expect((await go()).error).toBe('HYG-3631');
  });
});

describe('a list that ends at a cap', () => {
  const capped = { position: 'page', total: 'body', stamp: 'iso_seconds', cap: { rows: 9, ends: 'error' } } as const;
  const home = (cap: string) =>
    `window: { from: updated_since, to: updated_until${cap} }\npagination: { type: page, page_size: 3, size_param: per_page, end: total, total_at: total }`;

  test('is read in halves of its window', async () => {
    flow(capped, home(', cap: 9'));
    put(1, 40);
    expect((await go()).code).toBe(0);
    expect((await settledRows(workspace)).map(Number)).toEqual(ids(1, 40));
  });

  test('and does not say so is never taken for whole', async () => {
    flow({ ...capped, total: 'none', cap: { rows: 9, ends: 'end' } }, home(', cap: 9').replace(', end: total, total_at: total', ''));
    put(1, 40);
    expect((await go()).code).toBe(0);
    expect((await settledRows(workspace)).map(Number)).toEqual(ids(1, 40));
  });

  test('stops the run where a second has more records than that', async () => {
    flow(capped, home(', cap: 9'));
    put(1, 40, 0);
    expect((await go()).error).toBe('HYG-3632');
  });

  test('stops a full load that has no window to halve', async () => {
    flow(capped, home(', cap: 9'), 'run_type: full_drop');
    workspace.write({
      'flows/f/flow.yml': `home: { type: rest_api, base_url: "${server.url}", endpoint: items, records: data, window: { from: updated_since, to: updated_until, cap: 9 }, pagination: { type: page, page_size: 3, size_param: per_page, end: total, total_at: total } }\nstore: lake\nentities: [items]\n`,
    });
    put(1, 40);
    expect((await go()).error).toBe('HYG-3632');
  });

  test.each<[string, Partial<PageTraits>]>([
    ['HYG-3601', { total: 'none', pageSize: 20, cap: { rows: 100, ends: 'error' } }],
    ['HYG-3612', { total: 'body', pageSize: 20, cap: { rows: 100, ends: 'end' } }],
  ])('of pages stops the run with the line that reads it: %s', async (code, traits) => {
    const plain = home('').replace(', end: total, total_at: total', '').replace('page_size: 3', 'page_size: 20');
    flow({ ...capped, ...traits }, plain);
    put(1, 140);
    const ran = await go();
    expect(ran.error).toBe(code);
    const line = /window: \{ from: updated_since, to: updated_until, cap: 100 \}/.exec(ran.all)?.[0] ?? '';
    const total = code === 'HYG-3601' ? '' : ', end: total, total_at: total';
    flow({ ...capped, ...traits }, `${line}\n${plain.split('\n')[1]?.replace(' }', `${total} }`)}`);
    expect((await go()).code).toBe(0);
    expect((await settledRows(workspace)).map(Number)).toEqual(ids(1, 140));
  });
});
