/** Lists in pages that end before their window does, without a word. */
import { rmSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { realClock } from '../../src/adapters/real-clock.ts';
import { realRandom } from '../../src/adapters/real-random.ts';
import { realScratch } from '../../src/adapters/real-scratch.ts';
import { restConfig } from '../../src/apis/rest/config.ts';
import { restHome } from '../../src/apis/rest/home.ts';
import { everything } from '../../src/engine/contracts/home.ts';
import { parseWatermark } from '../../src/frames/watermark-text.ts';
import type { Json } from '../../src/ports/values.ts';
import { StateLedger } from '../../src/state/ledger.ts';
import { pinnedBy, readStep } from '../support/apis/home-steps.ts';
import { copyDb, restFlow } from '../support/apis/rest-flow.ts';
import { ids, restRuns } from '../support/apis/rest-runs.ts';
import { hour, iso, minute, start } from '../support/apis/window-times.ts';
import { MemoryState } from '../support/sim/memory-state.ts';
import { testNetwork } from '../support/test-network.ts';

const scene = restRuns();
const copied = () => scene.copied().map(Number);

interface Api {
  /** Of one request. */
  readonly most?: number;
  /** Where a request has no lower bound, records of so long before now are listed. */
  readonly rangeMs?: number;
  readonly order: string;
}

let rows: readonly { readonly id: number; readonly ms: number }[] = [];
let now = start;

function serve({ most = rows.length + 100, rangeMs = start, order }: Api): void {
  scene.api.script = ({ query: { since, until, page = '1', offset } }) => {
    const from = since === undefined ? now - rangeMs : Date.parse(since);
    const listed = rows.filter(({ ms }) => ms >= from && ms <= now && (until === undefined || ms <= Date.parse(until)));
    const sorted = listed.toSorted((a, b) => (order === 'id' ? a.id - b.id : order === 'asc' ? a.ms - b.ms : b.ms - a.ms)).slice(0, most);
    const skip = offset === undefined ? Number(page) * 25 - 25 : Number(offset);
    const data = sorted.slice(skip, skip + 25).map(({ id, ms }) => ({ id, at: iso(ms) }));
    return { headers: { date: new Date(now).toUTCString() }, body: JSON.stringify(data) };
  };
}

async function go(window: string, watermark = '', pages = '{ type: page }') {
  restFlow(scene.workspace, scene.api.url, {
    home: `window: ${window}\ntypes: { at: timestamptz }\npagination: ${pages}`,
    flow: `run_type: incremental\nwatermark: { column: at, key: [id]${watermark} }`,
    store: copyDb,
  });
  return await scene.go();
}

/** Ids do not follow the times. */
const every = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ id: (i * 7) % count, ms: start - hour - (count - i) * minute }));

test.each(['id'])('a list that ends at the most records of an API stops the run, and the printed window reads all: %s', async (order) => {
  rows = every(130);
  now = start;
  serve({ most: 100, order });
  const ran = await go('{ from: since, to: until }');
  expect(ran).toMatchObject({ code: 1, error: 'HYG-3648' });
  const [, window = ''] = /(?:halve the window: window: )(\{[^}]*\})/.exec(ran.all) ?? [];
  expect(window).toBe('{ from: since, to: until, cap: 100 }');
  expect(await go(window)).toMatchObject({ code: 0 });
  expect(copied()).toEqual(ids(130));
});

test('an increment that ends there stops as well', async () => {
  rows = every(130).slice(0, 20);
  now = start;
  serve({ most: 100, order: 'desc' });
  expect(await go('{ from: since, to: until }')).toMatchObject({ code: 0 });
  const late = Array.from({ length: 120 }, (_, i) => ({ id: 200 + ((i * 7) % 120), ms: start + i * minute }));
  rows = [...rows, ...late];
  now = start + 5 * hour;
  expect(await go('{ from: since, to: until }')).toMatchObject({ code: 1, error: 'HYG-3648' });
});

test.each([['desc', '{ from: since, to: until }']])(
  'a list of the last hours alone stops the first load, and the printed initial reads all: %s, %s',
  async (order, window) => {
    rows = every(130);
    now = start;
    serve({ rangeMs: 2 * hour, order });
    const ran = await go(window);
    expect(ran).toMatchObject({ code: 1, error: 'HYG-3648' });
    const [, initial = ''] = /watermark: \{ column: at(, initial: [^} ]*) \}/.exec(ran.all) ?? [];
    expect(initial).toBe(', initial: 1970-01-01');
    expect(ran.all).not.toContain('cap:');
    expect(await go(window, initial)).toMatchObject({ code: 0 });
    expect(copied()).toEqual(ids(130));
  },
);

test.each(['page'])(
  'a list by %s that begins with the newest record, and shows the last hours alone, stops the run without an upper bound too',
  async (type) => {
    rows = every(130);
    now = start;
    serve({ rangeMs: 2 * hour, order: 'desc' });
    const flow = (watermark = '') => go('{ from: since }', watermark, `{ type: ${type} }`);
    const ran = await flow();
    expect(ran).toMatchObject({ code: 1, error: 'HYG-3648' });
    expect(ran.all).toContain('initial: 1970-01-01');
    expect(await flow(', initial: 1970-01-01')).toMatchObject({ code: 0 });
    expect(copied()).toEqual(ids(130));
  },
);

test('so does a list by number whose older records have room on its last page', async () => {
  const count = 73;
  rows = every(count);
  now = start;
  serve({ rangeMs: 2 * hour, order: 'desc' });
  expect(await go('{ from: since }')).toMatchObject({ code: 1, error: 'HYG-3648' });
  expect(await go('{ from: since }', ', initial: 1970-01-01')).toMatchObject({ code: 0 });
  expect(copied()).toEqual(ids(count));
});

test.each([
  ['desc', '{ from: since }', '{ type: none }'],
  ['desc', '{ from: since }', '{ type: link_header }'],
])('a list of one answer that shows the last hours alone stops the first load: %s, %s, %s', async (order, window, pages) => {
  rows = every(73).slice(0, 17);
  now = start;
  serve({ rangeMs: 2 * hour, order });
  const ran = await go(window, '', pages);
  expect(ran).toMatchObject({ code: 1, error: 'HYG-3648' });
  expect(await go(window, ', initial: 1970-01-01', pages)).toMatchObject({ code: 0 });
  expect(copied()).toEqual(rows.map(({ id }) => id).toSorted((a, b) => a - b));
});

test('a list of one answer that has all its records is read, and so is one that is said to be complete', async () => {
  rows = every(17);
  now = start;
  serve({ order: 'desc' });
  expect(await go('{ from: since }', '', '{ type: none }')).toMatchObject({ code: 0 });
  rows = every(73).slice(0, 17);
  serve({ rangeMs: 2 * hour, order: 'desc' });
  rmSync(scene.workspace.path('copy.db'));
  rmSync(scene.workspace.path('.hygge'), { recursive: true, force: true });
  expect(await go('{ from: since }', '', '{ type: none, ignore_next: true }')).toMatchObject({ code: 0 });
});

test('a list that is read in two steps stops the run as well', async () => {
  rows = every(130);
  now = start;
  serve({ most: 100, order: 'desc' });
  const listed = scene.api.script;
  let isOpen = false;
  scene.api.script = (request) =>
    request.query.page === '3' && !isOpen ? { status: 429, headers: { 'retry-after': '3600' } } : listed(request);
  await using scratch = realScratch();
  const config = restConfig.parse({
    ...{ base_url: scene.api.url, endpoint: 'items', types: { at: 'timestamptz' }, pagination: { type: 'page' } },
    window: { from: 'since', to: 'until' },
  });
  const state = new MemoryState();
  const [clock, random] = [realClock(), realRandom()];
  const ledger = (name: string) => new StateLedger({ state, clock, random }, name);
  const opened = async (pinned: Json) => restHome(config, { network: testNetwork, clock, scratch, pinned, ledger });
  await using first = await opened(null);
  const pinned = await pinnedBy(first);
  const type = { kind: 'timestamp', unit: 'us', zone: 'UTC' } as const;
  const { text } = parseWatermark(new Date(now).toISOString(), { column: 'at', type });
  const window = { ...everything, column: { column: 'at', type }, lower: null, upper: { text, inclusive: true } };
  const { checkpoint } = await readStep(await opened(pinned), { window, until: 'checkpoint' });
  isOpen = true;
  await expect(readStep(await opened(pinned), { window, from: checkpoint ?? null })).rejects.toMatchObject({ code: 'HYG-3648' });
});

test('a list whose filter is about another field stops the first load as well', async () => {
  const window = '{ from: since, filters: made }';
  rows = every(130);
  now = start;
  serve({ rangeMs: 2 * hour, order: 'desc' });
  const listed = scene.api.script;
  // The watermark rises in the order of the filter's field, a day behind it.
  const withMade = (data: string) =>
    JSON.stringify(
      (JSON.parse(data) as readonly { readonly at: string }[]).map((row) => ({
        ...row,
        made: row.at,
        at: new Date(Date.parse(row.at) - 24 * hour).toISOString(),
      })),
    );
  scene.api.script = async (request) => {
    const answer = await listed(request);
    return { ...answer, body: withMade(String(answer.body)) };
  };
  const ran = await go(window);
  expect(ran).toMatchObject({ code: 1, error: 'HYG-3648' });
  const [, initial = ''] = /watermark: \{ column: at(, initial: [^} ]*) \}/.exec(ran.all) ?? [];
  expect(await go(window, initial)).toMatchObject({ code: 0 });
  expect(copied()).toEqual(ids(130));
});

describe('of lists of children', () => {
  const shops = [1, 2, 3, 4, 5, 6, 7];
  /** Shop 1 has old orders, and the others have new ones. */
  function serveShops(api: Api): void {
    serve(api);
    const listed = scene.api.script;
    scene.api.script = (request) => {
      const date = new Date(now).toUTCString();
      if (request.path === '/shops')
        return { headers: { date }, body: JSON.stringify(request.query.page === '1' ? shops.map((id) => ({ id })) : []) };
      const all = rows;
      rows = request.path.startsWith('/shops/1/') ? all : all.slice(-5);
      const answer = listed(request);
      rows = all;
      return answer;
    };
  }

  async function goShops(watermark = '') {
    scene.workspace.write({
      'flows/f/flow.yml': `home: { type: rest_api, base_url: "${scene.api.url}", pagination: { type: page, start: 1 } }\nstore: { type: sqlite, path: copy.db }\nrun_type: incremental\n`,
      'flows/f/entities/shops.yml': 'home: { endpoint: shops }\nrun_type: full_drop\n',
      'flows/f/entities/items.yml': `home: { endpoint: "shops/{id}/items", from: shops, parent: { shop: id }, window: { from: since, to: until }, types: { at: timestamptz } }\nwatermark: { column: at, key: [shop, id]${watermark} }\n`,
    });
    const ran = await scene.go('-e', 'f.items');
    return { ...ran, rows: ran.summary.rows };
  }

  test('one that shows the last hours alone stops the first load, and the printed initial reads all', async () => {
    rows = every(130);
    now = start;
    serveShops({ rangeMs: 2 * hour, order: 'asc' });
    const ran = await goShops();
    expect(ran).toMatchObject({ code: 1, error: 'HYG-3648' });
    const [, initial = ''] = /watermark: \{ column: at(, initial: [^} ]*) \}/.exec(ran.all) ?? [];
    expect(initial).toBe(', initial: 1970-01-01');
    expect(await goShops(initial)).toMatchObject({ code: 0, rows: 130 + 5 * 6 });
  });

  test('the first five are looked at, and lists without older records are read', async () => {
    rows = every(20);
    now = start;
    serveShops({ order: 'desc' });
    expect(await goShops()).toMatchObject({ code: 0, rows: 20 + 5 * 6 });
    const earliest = scene.api.seen.filter(({ query }) => query.since?.startsWith('1970-01-0'));
    expect(new Set(earliest.map(({ path }) => path)).size).toBe(5);
  });
});
