import { afterEach, beforeEach, expect, test } from 'vitest';
import { restFlow, settledRows } from '../support/apis/rest-flow.ts';
import { type ShiftingPages, startShiftingPages } from '../support/apis/shifting-pages.ts';
import { here } from '../support/here.ts';
import { TestWorkspace } from '../support/workspace.ts';

const hour = 3_600_000;
const now = () => Date.now() - 12 * hour;
let server: ShiftingPages;
let workspace: TestWorkspace;
beforeEach(async () => {
  server = await startShiftingPages({ position: 'page' }, { nowMs: now });
  workspace = new TestWorkspace();
});
afterEach(async () => {
  workspace[Symbol.dispose]();
  await server[Symbol.asyncDispose]();
});

test('records settle with every digit, decimals as declared, and members as columns', async () => {
  const raw = (text: string) => (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(text);
  const rows = server.rows('/items');
  rows.put(1, { price: raw('1234567890123456.7891'), at: { x: 1 } });
  rows.put(2, { price: null, at: { x: 2.5 }, big: raw('9007199254740993') });
  restFlow(workspace, server.url, {
    home: `records: data\npagination: { type: page }\ntypes: { price: "decimal(20,4)" }\nflatten: true`,
  });
  expect((await here(workspace, 'go')).code).toBe(0);
  expect(await settledRows(workspace, `concat_ws(' ', id, price, at_x, big)`)).toEqual([
    '1 1234567890123456.7891 1.0',
    '2 2.5 9007199254740993',
  ]);
});

test('an increment of a long window is read in slices, each with its own pages, and a backfill as well', async () => {
  const rows = server.rows('/items');
  const ids = Array.from({ length: 40 }, (_, i) => i + 1);
  for (const id of ids) rows.put(id, {}, { stampMs: now() - id * 6 * hour });
  const first = new Date(now() - 241 * hour).toISOString().slice(0, 19);
  restFlow(workspace, server.url, {
    home: 'records: data\npagination: { type: page }\nwindow: { from: updated_since, to: updated_until, format: iso_ms, slice: 2d }\ntypes: { updated_at: timestamptz }',
    flow: `run_type: incremental\nwatermark: { column: updated_at, initial: "${first}Z" }`,
  });
  expect((await here(workspace, 'go')).summary.rows).toBe(40);
  expect(await settledRows(workspace)).toEqual(ids.map(String));
  const windows = new Set(server.seen.map(({ query }) => `${query.updated_since} ${query.updated_until}`));
  // Six of the slices, three of the proof that the window works.
  expect([...windows].filter((one) => !one.includes('undefined')).length).toBe(9);
  rows.remove(20);
  const day = (before: number) => new Date(now() - before * 24 * hour).toISOString().slice(0, 10);
  const { code } = await here(workspace, 'backfill', 'f.items', '--from', day(9), '--to', day(1));
  expect(code).toBe(0);
  expect(await settledRows(workspace)).toEqual(ids.filter((id) => id !== 20).map(String));
});
