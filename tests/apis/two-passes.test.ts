import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { beginning, type Page, turn, type Walk } from '../../src/apis/lists/pages.ts';
import type { ChangingRows } from '../support/apis/changing-rows.ts';
import { restFlow, settledRows } from '../support/apis/rest-flow.ts';
import { type ShiftingPages, startShiftingPages } from '../support/apis/shifting-pages.ts';
import { here } from '../support/here.ts';
import { quickWaitsInEachTest } from '../support/quick-waits.ts';
import { TestWorkspace } from '../support/workspace.ts';

quickWaitsInEachTest();

let server: ShiftingPages;
let rows: ChangingRows;
let workspace: TestWorkspace;
beforeEach(async () => {
  server = await startShiftingPages({ position: 'page', order: 'by_id' });
  rows = server.rows('/items');
  workspace = new TestWorkspace();
});
afterEach(async () => {
  workspace[Symbol.dispose]();
  await server[Symbol.asyncDispose]();
});

const ids = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

async function loaded(whole: 'two_passes' | 'unproven', change: (request: number) => void = () => undefined) {
  for (const id of ids(11, 20)) rows.put(id, {}, { stampMs: Date.now() - 86_400_000 });
  server.between = change;
  restFlow(workspace, server.url, { home: `records: data\npagination: { type: page, start: 1 }\nwhole: ${whole}` });
  const ran = await here(workspace, 'go');
  return { ...ran, all: JSON.stringify(ran.events), ids: ran.code === 0 ? (await settledRows(workspace)).map(Number) : null };
}

describe('a list that is read twice', () => {
  test('settles once, and needs no note', async () => {
    const ran = await loaded('two_passes');
    expect([ran.code, ran.ids]).toEqual([0, ids(11, 20)]);
    expect(ran.all).not.toContain('whole_unproven');
    // Three of the look, the first of which the first pass takes, and both passes with their empty last pages.
    expect(server.seen.length).toBe(3 + 4 + 5);
  });

  test('and shifted in one of the two is read twice again', async () => {
    let isDone = false;
    const ran = await loaded('two_passes', (request) => {
      // In the second pass one goes and another one comes: a record is on no page, and as many are read.
      if (request < 3 + 4 + 3 || isDone) return;
      isDone = true;
      rows.remove(11);
      rows.put(21, {}, { stampMs: Date.now() - 86_400_000 });
    });
    expect([ran.code, ran.ids]).toEqual([0, ids(12, 21)]);
  });

  test('and changes all the time stops the run', async () => {
    let next = 100;
    const ran = await loaded('two_passes', () => rows.put(next++, {}, { stampMs: Date.now() - 86_400_000 }));
    expect([ran.error, ran.all]).toEqual(['HYG-3605', expect.stringContaining('The list was read twice')]);
  });
});

test('a list that nothing proves is told as such by the plan, and by the journal of a run that passes', async () => {
  const ran = await loaded('unproven');
  expect([ran.code, ran.ids]).toEqual([0, ids(11, 20)]);
  const folder = workspace.path('.hygge', 'journal');
  const journal = readdirSync(folder).map((name) => readFileSync(`${folder}/${name}`, 'utf8'));
  expect(journal.join('')).toMatch(/"status":"pass".*"api.whole_unproven"|"api.whole_unproven".*"status":"pass"/);
});

test('an API that ignores the number of the page and lists in another order each time comes to an end', () => {
  const names = ids(1, 50).map((id) => JSON.stringify({ id }));
  const shuffled = (seed: number) => {
    const left = [...names];
    return ids(1, 10).map((i) => left.splice((seed * 31 + i * i * 17) % left.length, 1)[0] ?? '');
  };
  const page = (records: readonly string[]): Page => {
    const text = `[${records.join(',')}]`;
    const spans = records.map((record, i) => {
      const start = 1 + records.slice(0, i).reduce((sum, one) => sum + one.length + 1, 0);
      return { start, end: start + record.length };
    });
    const url = new URL('https://api.example.com/items');
    return {
      body: { bytes: Buffer.from(text), length: text.length },
      url,
      records: spans,
      values: new Map(),
      name: 'items',
      header: () => undefined,
    };
  };
  const walk = (pages: number, records: (number: number) => readonly string[]) => {
    let at: Walk | null = beginning;
    for (let number = 1; number <= pages && at !== null; number++) {
      at = turn({ type: 'page', param: 'page', start: 1, end: 'empty' }, at, page(records(number))).next;
      expect(JSON.stringify(at).length).toBeLessThan(2_048);
    }
    return at;
  };
  expect(() => walk(20_000, shuffled)).toThrow('HYG-3604');
  // A long list of its own records goes on.
  expect(walk(3_000, (number) => ids(1, 10).map((i) => JSON.stringify({ id: number * 10 + i })))?.pages).toBe(3_000);
});
