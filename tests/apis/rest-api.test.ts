import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ChangingRows } from '../support/apis/changing-rows.ts';
import { restFlow, settledRows } from '../support/apis/rest-flow.ts';
import { type PageTraits, type ShiftingPages, startShiftingPages } from '../support/apis/shifting-pages.ts';
import { here } from '../support/here.ts';
import { noteWithin } from '../support/raised-codes.ts';
import { sampled } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';

let server: ShiftingPages;
let rows: ChangingRows;
let workspace: TestWorkspace;
beforeEach(async () => {
  hoursAgo = 12;
  server = await startShiftingPages({}, { nowMs: now });
  rows = server.rows('/items');
  workspace = new TestWorkspace();
});
afterEach(async () => {
  workspace[Symbol.dispose]();
  await server[Symbol.asyncDispose]();
});

const hour = 3_600_000;
/** How far the server's clock is behind. */
let hoursAgo = 12;
const now = () => Date.now() - hoursAgo * hour;
const put = (...ids: readonly number[]) => {
  for (const id of ids) rows.put(id, { name: `n${id}` }, { stampMs: now() - hour + id * 1000 });
};
const ids = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
const texts = (numbers: readonly number[]) => numbers.map(String);
const go = async (...more: readonly string[]) => {
  const ran = await here(workspace, 'go', ...more);
  noteWithin(ran.events);
  return ran;
};

interface Kind {
  readonly name: string;
  readonly traits: Partial<PageTraits>;
  readonly pagination: string;
}

const kinds: readonly Kind[] = [
  { name: 'by number, until a page is empty', traits: { position: 'page' }, pagination: '{ type: page }' },
  {
    name: 'by number, until a page is short',
    traits: { position: 'page' },
    pagination: '{ type: page, page_size: 3, size_param: per_page, end: short }',
  },
  {
    name: 'by number, as many as the header counts, and a page behind the last is an error',
    traits: { position: 'page', total: 'header', behind: 'error' },
    pagination: '{ type: page, end: total, total_header: X-Total-Count }',
  },
  {
    name: 'by number, as long as more follows',
    traits: { position: 'page', more: true },
    pagination: '{ type: page, end: has_more, has_more_at: has_more }',
  },
  { name: 'by offset', traits: { position: 'offset' }, pagination: '{ type: offset }' },
  {
    name: 'by a cursor in the body',
    traits: { position: 'cursor', next: 'cursor' },
    pagination: '{ type: cursor, param: cursor, at: next_cursor }',
  },
  { name: 'by the address in the body', traits: { position: 'cursor', next: 'url' }, pagination: '{ type: next_url, at: next }' },
  { name: 'by the link in a header', traits: { position: 'page', next: 'link' }, pagination: '{ type: link_header }' },
  { name: 'after the last record', traits: { position: 'after', order: 'by_id' }, pagination: '{ type: keyset, param: after, field: id }' },
];

describe('all records settle once', () => {
  test.each(sampled(kinds, 2))('$name', async ({ traits, pagination }) => {
    server.traits = { ...server.traits, ...traits };
    put(...ids(1, 7));
    restFlow(workspace, server.url, { home: `records: data\npagination: ${pagination}` });
    const { code, summary } = await go();
    expect([code, summary.rows]).toEqual([0, 7]);
    expect(await settledRows(workspace)).toEqual(texts(ids(1, 7)));
  });

  test('of a list whose number of records is a multiple of the page', async () => {
    server.traits = { ...server.traits, position: 'offset' };
    put(...ids(1, 6));
    restFlow(workspace, server.url, { home: 'records: data\npagination: { type: offset }' });
    expect((await go()).code).toBe(0);
    expect(await settledRows(workspace)).toEqual(texts(ids(1, 6)));
  });

  test('with every digit, decimals as declared, and members as structs or columns', async () => {
    const raw = (text: string) => (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(text);
    rows.put(1, { price: raw('1234567890123456.7891'), at: { x: 1 } });
    rows.put(2, { price: null, at: { x: 2.5 }, big: raw('9007199254740993') });
    restFlow(workspace, server.url, {
      home: `records: data\npagination: { type: page }\ntypes: { price: "decimal(20,4)" }\nflatten: true`,
    });
    server.traits = { ...server.traits, position: 'page' };
    expect((await go()).code).toBe(0);
    expect(await settledRows(workspace, `concat_ws(' ', id, price, at_x, big)`)).toEqual([
      '1 1234567890123456.7891 1.0',
      '2 2.5 9007199254740993',
    ]);
  });
});

describe('an increment', () => {
  const incremental = `run_type: incremental\nwatermark: { column: updated_at }`;
  const home =
    'records: data\npagination: { type: page }\nwindow: { from: updated_since, to: updated_until, format: iso_ms }\ntypes: { updated_at: timestamptz }';
  beforeEach(() => {
    server.traits = { ...server.traits, position: 'page' };
  });

  test.each(['inclusive', 'strict'] as const)('settles what is new and what changed, where bounds are %s', async (bounds) => {
    server.traits = { ...server.traits, since: bounds, until: bounds };
    put(...ids(1, 4));
    restFlow(workspace, server.url, { home, flow: incremental });
    expect((await go()).summary.rows).toBe(4);
    // Within the minute that the API may be behind.
    rows.put(5, { name: 'young' });
    expect((await go()).summary.rows).toBe(0);
    hoursAgo -= 2;
    put(2, 6);
    expect((await go()).summary.rows).toBe(3);
    expect(await settledRows(workspace)).toEqual(texts([1, 2, 2, 3, 4, 5, 6]));
    expect((await go()).summary.rows).toBe(0);
  });

  test('of a long window is read in slices, each with its own pages, and a backfill as well', async () => {
    for (const id of ids(1, 40)) rows.put(id, {}, { stampMs: now() - id * 6 * hour });
    restFlow(workspace, server.url, {
      home: home.replace('format: iso_ms', 'format: iso_ms, slice: 2d'),
      flow: incremental.replace(' }', `, initial: "${new Date(now() - 241 * hour).toISOString().slice(0, 19)}Z" }`),
    });
    expect((await go()).summary.rows).toBe(40);
    expect(await settledRows(workspace)).toEqual(texts(ids(1, 40)));
    const windows = new Set(server.seen.map(({ query }) => `${query.updated_since} ${query.updated_until}`));
    // Six of the slices, three of the proof that the window works.
    expect([...windows].filter((one) => !one.includes('undefined')).length).toBe(9);
    rows.remove(20);
    const day = (before: number) => new Date(now() - before * 24 * hour).toISOString().slice(0, 10);
    const { code } = await here(workspace, 'backfill', 'f.items', '--from', day(9), '--to', day(1));
    expect(code).toBe(0);
    expect(await settledRows(workspace)).toEqual(texts(ids(1, 40).filter((id) => id !== 20)));
  });

  test('that finds nothing new asks for the empty page of its two windows, again, and for the page behind it', async () => {
    // Records of the same second as a run would leave it a window of one value, which is not proven.
    for (const id of ids(1, 4)) rows.put(id, {}, { stampMs: now() - id * hour });
    restFlow(workspace, server.url, { home, flow: incremental });
    await go();
    // The first increment proves its window, which has more than one second.
    hoursAgo = 11.5;
    await go();
    hoursAgo = 11;
    const before = server.seen.length;
    expect((await go()).code).toBe(0);
    expect(server.seen.length - before).toBeLessThanOrEqual(6);
  });
});

test('a cursor, an offset or a page that comes again is an error, and never a loop', async () => {
  put(...ids(1, 7));
  server.traits = { ...server.traits, position: 'page', behind: 'last' };
  restFlow(workspace, server.url, { home: 'records: data\npagination: { type: page }' });
  expect((await go()).error).toBe('HYG-3604');
  expect([...workspace.tree().keys()].filter((path) => /parquet$/.test(path))).toEqual([]);
});
