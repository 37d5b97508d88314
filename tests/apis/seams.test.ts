/** Pages that repeat records of the page before: each record settles once, whatever leads to the pages, and after an interruption as well. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { realClock } from '../../src/adapters/real-clock.ts';
import { realScratch } from '../../src/adapters/real-scratch.ts';
import { restConfig } from '../../src/apis/rest/config.ts';
import { restHome } from '../../src/apis/rest/home.ts';
import { everything, type Window } from '../../src/engine/contracts/home.ts';
import { HyggeError } from '../../src/errors/hygge-error.ts';
import { asPolars } from '../../src/frames/values/polars-frame.ts';
import type { Json } from '../../src/ports/values.ts';
import { advisedPages } from '../support/apis/advised.ts';
import { restFlow, settledRows } from '../support/apis/rest-flow.ts';
import { type ScriptedApi, scriptedApi } from '../support/apis/scripted-api.ts';
import { here } from '../support/here.ts';
import { testNetwork } from '../support/test-network.ts';
import { TestWorkspace } from '../support/workspace.ts';

type Records = readonly Readonly<Record<string, unknown>>[];

let api: ScriptedApi;
beforeEach(async () => {
  api = await scriptedApi();
});
afterEach(() => api[Symbol.asyncDispose]());

type PageType = 'page' | 'cursor' | 'next_url' | 'link_header';

const paginationOf = (type: PageType, more: object = {}) => ({
  type,
  ...(type === 'cursor'
    ? { param: 'p', at: 'next' }
    : type === 'next_url'
      ? { at: 'next' }
      : type === 'page'
        ? { param: 'p', start: 0 }
        : {}),
  ...more,
});

/** The pages of a list; `at` is asked for by its number. */
function serve(type: PageType, pages: readonly Records[], more: Readonly<Record<string, unknown>> = {}): void {
  api.script = ({ query }) => {
    const at = Number(query.p ?? 0);
    const isLast = at >= pages.length - 1;
    const next = `${api.url}/items?p=${at + 1}`;
    const data = pages[at] ?? [];
    if (isLast) return { body: JSON.stringify({ data, ...more }) };
    if (type === 'link_header') return { headers: { link: `<${next}>; rel="next"` }, body: JSON.stringify({ data, ...more }) };
    return { body: JSON.stringify({ data, ...more, ...(type === 'page' ? {} : { next: type === 'cursor' ? String(at + 1) : next }) }) };
  };
}

interface Reading {
  readonly key?: readonly string[];
  readonly isMerged?: boolean;
  readonly more?: object;
  readonly config?: object;
  /** The reading dies behind its first checkpoint, which comes behind this page, and another home goes on from it. */
  readonly diesBehind?: number;
  readonly window?: Window;
}

async function read(
  type: PageType,
  { key, isMerged = false, more = {}, config = {}, diesBehind, window = everything }: Reading = {},
): Promise<Records> {
  await using scratch = realScratch();
  const parsed = restConfig.parse({
    base_url: api.url,
    endpoint: 'items',
    records: 'data',
    pagination: paginationOf(type, more),
    ...config,
  });
  const rowKey = key === undefined ? {} : { rowKey: { columns: key, isMerged } };
  const open = (pinned: Json | null) => restHome(parsed, { network: testNetwork, clock: realClock(), scratch, pinned, ...rowKey });
  await using described = await open(null);
  const step = await described.describe(undefined, 'briefly');
  const pinned = 'done' in step ? (step.done.pinned ?? null) : null;
  const slice = { ref: {}, rows: null, bytes: null };
  const never = new AbortController().signal;
  const found: Readonly<Record<string, unknown>>[] = [];
  let checkpoint: Json | undefined;
  const listed = api.script;
  if (diesBehind !== undefined)
    api.script = (request) =>
      Number(request.query.p ?? 0) > diesBehind ? { status: 429, headers: { 'retry-after': '3600' } } : listed(request);
  for (const attempt of diesBehind === undefined ? [1] : [1, 2]) {
    await using home = await open(pinned);
    for await (const item of home.read(slice, window, checkpoint, never)) {
      if ('fingerprint' in item) found.push(...((await asPolars(item).collect()).toRecords() as Records));
      if (!('checkpoint' in item) || attempt === 2) continue;
      expect(JSON.stringify(item.checkpoint).length).toBeLessThan(2_048);
      checkpoint = JSON.parse(JSON.stringify(item.checkpoint)) as Json;
      break;
    }
    api.script = listed;
  }
  return found;
}

const records = (from: number, to: number, of: (n: number) => object = (id) => ({ id })): Records =>
  Array.from({ length: to - from + 1 }, (_, i) => ({ ...of(from + i) }));
const idsOf = (rows: Records) => rows.map(({ id }) => Number(id)).sort((a, b) => a - b);
const ids = (from: number, to: number) => records(from, to).map(({ id }) => Number(id));
const coded = (n: number) => ({ code: `c${n}` });

async function refusal(type: PageType, reading?: Reading): Promise<HyggeError> {
  const error: unknown = await read(type, reading).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(HyggeError);
  return error as HyggeError;
}

/** How many records each line reads that the error prints. */
async function readAsAdvised(type: PageType, error: HyggeError): Promise<readonly number[]> {
  const counts: number[] = [];
  for (const more of advisedPages(error)) counts.push((await read(type, { more })).length);
  return counts;
}

describe.each(['page', 'next_url'] as const)('pages by %s', (type) => {
  test.each([
    ['a key', { key: ['id'] }],
    ['an id of their own', {}],
    ['a key that a pagination names, or an id', { more: type === 'page' ? { key: 'id' } : {} }],
    ['equal records that are the same ones', { more: { overlap: 'records' } }],
    ['a key in a store that merges', { key: ['id'], isMerged: true }],
  ])('give each record once by %s', async (_, reading) => {
    serve(type, [records(1, 4), records(4, 7), records(5, 9), records(10, 12), []]);
    expect(idsOf(await read(type, reading))).toEqual(ids(1, 12));
  });
});

// By an address or the header Link nothing more differs than the way to the next page.
describe.each(['page', 'cursor'] as const)('pages by %s', (type) => {
  test.each([
    ['a key', { key: ['id'] }],
    ['an id of their own', {}],
    ['equal records', { more: { overlap: 'records' } }],
  ])('give each record once by %s, behind a checkpoint between two pages', async (_, reading) => {
    for (const diesBehind of [0, 1, 2]) {
      serve(type, [records(1, 40), records(31, 50), records(50, 60), records(60, 61), []]);
      expect(idsOf(await read(type, { ...reading, diesBehind })), `${diesBehind}`).toEqual(ids(1, 61));
    }
  });

  test('give the newer version of a record that changed between them', async () => {
    const v = (n: string) => (id: number) => ({ id, v: n });
    serve(type, [records(1, 3, v('old')), [...records(3, 3, v('new')), ...records(4, 5, v('old'))], records(6, 6, v('old')), []]);
    const rows = await read(type, { key: ['id'] });
    expect(rows.map(({ id, v }) => `${String(id)} ${String(v)}`).sort()).toEqual(['1 old', '2 old', '3 new', '4 old', '5 old', '6 old']);
  });

  test('keep equal records of one page, and versions of a list of versions', async () => {
    const twice = [coded(1), coded(1), coded(2)] as Records;
    serve(type, [twice, [coded(3), coded(3)], []]);
    expect(await read(type)).toHaveLength(5);
    serve(type, [
      [
        { id: 1, v: 1 },
        { id: 1, v: 2 },
      ],
      [
        { id: 1, v: 3 },
        { id: 2, v: 1 },
      ],
      [],
    ]);
    expect(await read(type, { key: ['id'] })).toHaveLength(4);
  });

  test('stop where equal neighbours of two pages have neither key nor id, and do what the config says of them', async () => {
    const pages = [[coded(1), coded(2)], [coded(2), coded(3)], []] as readonly Records[];
    serve(type, pages);
    const error = await refusal(type);
    expect(error.code).toBe('HYG-3644');
    // overlap: records, and none.
    expect(await readAsAdvised(type, error)).toEqual([3, 4]);
    expect(await read(type, { key: ['code'] })).toHaveLength(3);
  });

  test('stop where a record with an id of its own has other values, and do what the config says of it', async () => {
    const v = (n: string) => (id: number) => ({ id, v: n });
    serve(type, [records(1, 3, v('old')), [...records(3, 3, v('new')), ...records(4, 5, v('old'))], []]);
    for (const more of [{}, { overlap: 'records' }]) {
      const error = await refusal(type, { more });
      expect(error.code).toBe('HYG-3646');
      // key: id, and overlap: none.
      expect(await readAsAdvised(type, error)).toEqual([5, 6]);
    }
    const newer = await read(type, { more: { key: 'id' } });
    expect(newer.map(({ id, v: of }) => `${String(id)} ${String(of)}`).sort()).toEqual(['1 old', '2 old', '3 new', '4 old', '5 old']);
  });

  test('give the version of a record that the run reads, where a later one is above its bound', async () => {
    const at = (second: number) => (id: number) => ({ id, at: `2026-01-01T00:00:0${second}Z` });
    serve(type, [records(1, 3, at(1)), [...records(3, 3, at(9)), ...records(4, 4, at(1))], []]);
    const timed = { kind: 'timestamp', unit: 'us', zone: 'UTC' } as const;
    const upper = { text: '2026-01-01T00:00:05.000000Z', inclusive: true };
    const window = { ...everything, column: { column: 'at', type: timed }, upper };
    for (const key of [['id'], undefined]) {
      const rows = await read(type, { ...(key && { key }), config: { types: { at: 'timestamptz' } }, window });
      expect(rows.map(({ id }) => Number(id)).sort()).toEqual([1, 2, 3, 4]);
    }
  });

  test('have as many records as the API counts, each once', async () => {
    serve(type, [records(1, 4), records(4, 7), records(7, 8), []], { total: 8 });
    expect(idsOf(await read(type, { key: ['id'], more: { total_at: 'total' } }))).toEqual(ids(1, 8));
    serve(type, [[coded(1), coded(2)], [coded(2), coded(3)], []], { total: 4 });
    expect(await read(type, { more: { total_at: 'total' } })).toHaveLength(4);
  });

  test('print the line for equal records that the API counts one by one, and it reads them all', async () => {
    const counted = [[{ id: 1 }, { id: 2 }], [{ id: 2 }, { id: 3 }], []];
    for (const ends of [{ total_at: 'total' }, ...(type === 'page' ? [{ total_at: 'total', end: 'total' }] : [])]) {
      serve(type, counted, { total: 4 });
      const error = await refusal(type, { more: ends });
      expect(error.code).toBe('HYG-3605');
      expect(await readAsAdvised(type, error)).toEqual([4]);
    }
  });

  test('give rows inside records once', async () => {
    const order = (id: number) => ({ id, lines: [{ line: 1 }, { line: 2 }] });
    serve(type, [records(1, 2, order), records(2, 3, order), []]);
    expect(await read(type, { key: ['order_id', 'line'], config: { each: 'lines', parent: { order_id: 'id' } } })).toHaveLength(6);
  });
});

test('a record that changed where its page was written already stops the attempt, or is merged', async () => {
  const v = (n: string) => (id: number) => ({ id, v: n });
  serve('cursor', [records(1, 3, v('old')), records(3, 4, v('new'))]);
  await expect(read('cursor', { key: ['id'], diesBehind: 0 })).rejects.toMatchObject({ code: 'HYG-3645', transient: true });
  expect(await read('cursor', { key: ['id'], diesBehind: 0, isMerged: true })).toHaveLength(5);
  expect(await read('cursor', { key: ['id'], diesBehind: 0, more: { overlap: 'none' } })).toHaveLength(5);
});

test.each([
  ['a full load', '', ['1', '2', '3 new', '4', '5'], true],
  ['an increment, whose bound the change is above,', 'run_type: incremental\nwatermark: { column: at }', ['1', '2', '3', '4', '5'], false],
])('%s settles each record once where one changed while the list was read', async (_, flow, settled, isStopped) => {
  const now = Date.UTC(2026, 2, 1, 12);
  const old = records(1, 5, (id) => ({ id, at: new Date(now - 3_600_000).toISOString() }));
  const changed = { id: 3, at: new Date(now).toISOString(), is: 'new' };
  const during = [old.slice(0, 3), [changed, ...old.slice(3)]];
  const later = [[...old.slice(0, 2), changed], old.slice(3)];
  let readings = 0;
  api.script = ({ query }) => {
    const isFirst = query.p === undefined;
    if (isFirst) readings++;
    const data = (readings === 1 ? during : later)[isFirst ? 0 : 1];
    return { headers: { date: new Date(now).toUTCString() }, body: JSON.stringify({ data, ...(isFirst ? { next: '1' } : {}) }) };
  };
  using workspace = new TestWorkspace();
  const home = 'records: data\npagination: { type: cursor, param: p, at: next }\ntypes: { at: timestamptz }';
  restFlow(workspace, api.url, { endpoint: 'items', home: isStopped ? home : `${home}\nwindow: { from: since }`, flow });
  const { code, events } = await here(workspace, 'go');
  expect([code, JSON.stringify(events).includes('HYG-3646')]).toEqual([0, isStopped]);
  const shown = isStopped ? `concat_ws(' ', id, "is")` : 'id';
  expect(await settledRows(workspace, shown)).toEqual(settled);
});

test('an overlap that may be longer than what a checkpoint keeps stops the attempt', async () => {
  serve('cursor', [records(1, 1_000), records(1, 1_001)]);
  await expect(read('cursor', { key: ['id'], diesBehind: 0 })).rejects.toMatchObject({
    code: 'HYG-3605',
    tryThis: expect.arrayContaining([expect.stringContaining('up to 50 records')]),
  });
  const merged = await read('cursor', { key: ['id'], diesBehind: 0, isMerged: true });
  expect(new Set(idsOf(merged))).toEqual(new Set(ids(1, 1_001)));
  const pages = Array.from({ length: 20 }, (_, i) => records(i + 1, i + 50));
  serve('cursor', pages);
  expect(idsOf(await read('cursor', { key: ['id'], diesBehind: 3 }))).toEqual(ids(1, 69));
  serve('cursor', [records(1, 1_000), records(960, 1_200)]);
  expect(await read('cursor', { key: ['id'], diesBehind: 0 })).toHaveLength(1_200);
});

test('records of two parents are never taken for one another', async () => {
  api.script = ({ path, query }) => {
    if (path === '/orders') return { body: JSON.stringify({ data: [{ id: 1 }, { id: 2 }] }) };
    const at = Number(query.p ?? 0);
    const pages = [records(1, 2), records(2, 3)];
    return { body: JSON.stringify({ data: pages[at], ...(at === 0 ? { next: '1' } : {}) }) };
  };
  using workspace = new TestWorkspace({
    'flows/f/flow.yml': `home: { type: rest_api, base_url: "${api.url}", records: data, endpoint: orders, pagination: { type: none } }
store: lake
`,
    'flows/f/entities/orders.yml': 'home: { endpoint: orders }\n',
    'flows/f/entities/items.yml': `home:
  endpoint: "orders/{id}/items"
  from: orders
  parent: { order_id: id }
  pagination: { type: cursor, param: p, at: next }
`,
  });
  const { code, events } = await here(workspace, 'go');
  expect(code, JSON.stringify(events)).toBe(0);
  expect(await settledRows(workspace, "order_id || ' ' || id", 'all')).toEqual(['1 1', '1 2', '1 3', '2 1', '2 2', '2 3']);
});

test('what settled once is the same for verify, in a full load and in an increment', async () => {
  const rows = records(1, 9, (id) => ({ id, at: `2026-01-01T00:00:0${Math.floor(id / 3)}Z` }));
  serve('next_url', [rows.slice(0, 4), rows.slice(2, 7), rows.slice(5)]);
  for (const runType of ['full_drop', 'incremental']) {
    using workspace = new TestWorkspace();
    restFlow(workspace, api.url, {
      endpoint: 'items',
      home: 'records: data\npagination: { type: next_url, at: next }\ntypes: { at: timestamptz }\nwindow: { from: since }',
      flow: `watermark: { column: at, key: [id], lag: 1s${runType === 'incremental' ? ', boundary: open' : ''} }\nrun_type: ${runType}`,
    });
    const { code, events } = await here(workspace, 'go');
    expect(code, JSON.stringify(events)).toBe(0);
    expect((await settledRows(workspace)).map(Number)).toEqual(ids(1, 9));
    const verified = await workspace.run(['verify']);
    expect(verified.code, verified.stdout).toBe(0);
  }
});

describe('pages of an API that takes their number for a position', () => {
  const serveFrom = (count: number, size: number, of: (n: number) => object = (id) => ({ id })) => {
    api.script = ({ query }) => {
      const from = Number(query.p ?? 0);
      return { body: JSON.stringify({ data: records(1, count, of).slice(from, from + size) }) };
    };
  };
  const byNumber = { more: { param: 'p', start: 1 } };

  test.each([
    [34, 10, {}],
    [34, 10, { key: ['id'] }],
    [3, 10, {}],
  ])('stop at the third page, and each line of the advice reads what it says: %s records', async (count, size, reading) => {
    for (const of of [(id: number) => ({ id }), (id: number) => ({ id, seen: api.seen.length })]) {
      serveFrom(count, size, of);
      const stopped = read('page', { ...byNumber, ...reading });
      await expect(stopped).rejects.toMatchObject({ code: 'HYG-3611', transient: false });
      const { tryThis } = (await stopped.catch((error: unknown) => error)) as HyggeError;
      const [offset, overlap] = tryThis.map((line) => parse(line.slice(line.indexOf('pagination:'))).pagination);
      expect(idsOf(await read('page', { config: { pagination: { ...offset, key: 'id' } } }))).toEqual(ids(1, count));
      expect(idsOf(await read('page', { ...reading, config: { pagination: { ...overlap, key: 'id' } } }))).toEqual(ids(2, count));
    }
  });

  test('are no pages that overlap by one record', async () => {
    serve('page', [records(1, 2), records(2, 3), records(4, 5), []]);
    expect(idsOf(await read('page'))).toEqual(ids(1, 5));
    serve('page', [records(1, 3), records(3, 5), records(5, 7), []]);
    expect(idsOf(await read('page'))).toEqual(ids(1, 7));
  });
});

test('of two versions of a record with one time, that of the later page settles', async () => {
  const of = (v: string) => (id: number) => ({ id, at: '2026-01-01T00:00:01Z', v });
  const timed = { kind: 'timestamp', unit: 'us', zone: 'UTC' } as const;
  const window = { ...everything, column: { column: 'at', type: timed } };
  serve('cursor', [records(1, 2, of('first')), [...records(2, 2, of('second')), ...records(3, 3, of('first'))], []]);
  const rows = await read('cursor', { key: ['id'], config: { types: { at: 'timestamptz' } }, window });
  expect(rows.map(({ id, v }) => `${String(id)} ${String(v)}`).sort()).toEqual(['1 first', '2 second', '3 first']);
});
