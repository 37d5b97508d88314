import { describe, expect, test } from 'vitest';
import { ids, restRuns } from '../support/apis/rest-runs.ts';
import { hour, iso, minute, start } from '../support/apis/window-times.ts';

const scene = restRuns();
const { settled } = scene;
const go = (...args: readonly string[]) => scene.go('-e', 'f.items', ...args);
const copied = () => scene.copied("id || ' ' || at");

interface Row {
  readonly id: number;
  readonly ms: number;
  /** When it was created. */
  readonly by: number;
}

type Query = Readonly<Record<string, string>>;
type Filter = (row: Row, query: Query) => boolean;

let rows: readonly Row[] = [];
let now = start;

const every = (count: number, stepMs: number): readonly Row[] =>
  Array.from({ length: count }, (_, id) => ({ id, ms: start + (id - 40) * stepMs, by: start + (id - 40) * stepMs }));

const inNewYork = (ms: number) => iso(ms - 4 * hour).slice(0, 19);
const local: Filter = ({ ms }, { since = '', until = '9' }) => inNewYork(ms) >= since.replace('Z', '') && inNewYork(ms) <= until;
const strict: Filter = ({ ms }, { since, until }) =>
  (since === undefined || ms >= Date.parse(since)) && (until === undefined || ms <= Date.parse(until));
const byCreation: Filter = (row, query) => strict({ ...row, ms: row.by }, query);

interface Api {
  readonly filter: Filter;
  readonly shown?: (row: Row) => object;
  readonly most?: number;
}

function serve({ filter, shown = ({ id, ms }) => ({ id, at: iso(ms) }), most = Number.POSITIVE_INFINITY }: Api): void {
  scene.api.script = ({ path, query }) => {
    const headers = { date: new Date(now).toUTCString() };
    if (path === '/shops') return { headers, body: JSON.stringify([{ id: 0 }, { id: 1 }]) };
    const shop = /^\/shops\/(\d)/.exec(path)?.[1];
    const found = rows.filter((row) => row.ms <= now && filter(row, query) && (shop === undefined || row.id % 2 === Number(shop)));
    const size = Number(query.limit ?? most);
    const from = query.page === undefined ? 0 : (Number(query.page) - 1) * 10;
    return { headers, body: JSON.stringify(found.slice(from, query.page === undefined ? size : from + 10).map(shown)) };
  };
}

interface Flow {
  readonly home: string;
  readonly watermark?: string;
  readonly store?: string;
  readonly types?: string;
}

function flow({ home, watermark = 'column: at', store = 'lake', types = '{ at: timestamptz }' }: Flow): void {
  const lines = [`types: ${types}`, ...home.split('\n')].map((line) => `  ${line}\n`).join('');
  const items = `name: items\nhome:\n${home.includes('endpoint:') ? '' : '  endpoint: items\n'}${lines}run_type: incremental\nwatermark: { ${watermark} }\n`;
  scene.workspace.write({
    'flows/f/flow.yml': `home: { type: rest_api, base_url: "${scene.api.url}" }\nstore: ${store}\n`,
    'flows/f/entities/items.yml': items,
    'flows/f/entities/shops.yml': 'name: shops\nhome: { endpoint: shops }\n',
  });
}

test('an API that shows milliseconds and compares whole seconds stops the run, and the format that the message names reads all', async () => {
  rows = every(80, 11 * minute + 437);
  now = start;
  const seconds: Filter = (row, query) => strict({ ...row, ms: Math.floor(row.ms / 1000) * 1000 }, query);
  serve({ filter: seconds, shown: ({ id, ms }) => ({ id, at: new Date(ms).toISOString() }) });
  flow({ home: 'window: { from: since, to: until, format: iso_ms }' });
  expect((await go()).code).toBe(0);
  now = start + hour;
  const stopped = await go();
  expect([stopped.code, stopped.error]).toEqual([1, 'HYG-3634']);
  const line = /compares whole seconds: (window: \{[^}]*\})/.exec(stopped.all)?.[1];
  flow({ home: `${line}` });
  expect((await go('-d')).error).toBeUndefined();
  for (const hours of [2, 20]) {
    now = start + hours * hour;
    expect((await go()).error).toBeUndefined();
  }
  expect(await settled()).toEqual(ids(80));
});

describe('a window in another zone stops the run before rows are lost, and the zone that the message names reads all', () => {
  const form = 'from: since, to: until, format: iso_no_zone';
  test.each<[string, Flow, number?]>([
    ['of lists of children', { home: `from: shops\nparent_key: id\nendpoint: "shops/{id}/items"\nwindow: { ${form} }` }],
    ['with a cap', { home: `window: { ${form}, cap: 20 }` }, 20],
  ])('%s', async (_, of, most) => {
    rows = every(80, 11 * minute);
    now = start;
    serve({ filter: local, ...(most === undefined ? {} : { most }) });
    flow(of);
    let ran = await go();
    if (ran.code === 0) {
      now = start + hour;
      ran = await go();
    }
    expect([ran.code, ran.error]).toEqual([1, 'HYG-3634']);
    flow({ ...of, home: of.home.replace(form, `${form}, zone: America/New_York`) });
    expect((await go('-d')).error).toBeUndefined();
    now = start + 20 * hour;
    expect((await go()).error).toBeUndefined();
    expect(await settled()).toEqual(ids(80));
  });
});

describe('the field that the API filters by', () => {
  const shown = ({ id, ms, by }: Row) => ({ id, gen: `${inNewYork(by)}-04:00`, at: iso(ms) });
  const byGen: Filter = ({ by }, { since = '', until = '9' }) => inNewYork(by) >= since && inNewYork(by) <= until;
  const merged = { watermark: 'column: at, key: [id]', store: '{ type: sqlite, path: copy.db }' };

  test('is asked for in the zone of the window, and another zone stops the run before rows are lost', async () => {
    rows = every(80, 11 * minute);
    now = start;
    serve({ filter: byGen, shown });
    const form = 'from: since, to: until, filters: gen, format: iso_no_zone';
    flow({ ...merged, home: `window: { ${form} }` });
    expect((await go()).error).toBeUndefined();
    now = start + hour;
    expect((await go()).error).toBe('HYG-3634');
    flow({ ...merged, home: `window: { ${form}, zone: America/New_York }` });
    for (const hours of [1, 20]) {
      now = start + hours * hour;
      expect((await go()).error).toBeUndefined();
    }
    expect(copied()).toHaveLength(80);
  });
});

test('zone: UTC of times that are none of UTC stops the run, and reads all where it is left out', async () => {
  const local = (ms: number) =>
    iso(ms + 2 * hour)
      .slice(0, 19)
      .replace('T', ' ');
  rows = every(80, 11 * minute);
  now = start;
  serve({ filter: strict, shown: ({ id, ms }) => ({ id, at: local(ms) }) });
  const of = { home: 'window: { from: since, to: until }', types: '{ at: timestamp }' };
  flow({ ...of, home: `${of.home}\nzone: UTC` });
  expect((await go()).error).toBeUndefined();
  now = start + hour;
  const ran = await go();
  expect([ran.error, ran.all]).toEqual(['HYG-3634', expect.stringContaining('remove from the home: zone: UTC')]);
  flow(of);
  expect((await go('-d')).error).toBeUndefined();
  now = start + 40 * hour;
  expect((await go()).error).toBeUndefined();
  expect(await settled()).toEqual(ids(80));
});

describe('an API that filters by the time of creation', () => {
  const merged = { watermark: 'column: at, key: [id]', store: '{ type: sqlite, path: copy.db }' };
  const shown = ({ id, ms, by }: Row) => ({ id, created: iso(by), at: iso(ms) });
  const changed = (row: Row): Row => (row.id % 8 === 3 ? { ...row, ms: row.ms + 3 * hour } : row);

  test('stops the run in which the first record has changed, within the day', async () => {
    rows = every(60, 7 * minute);
    now = start;
    serve({ filter: byCreation, shown });
    flow({ ...merged, home: 'window: { from: since, to: until }' });
    for (const hours of [0, 1]) {
      now = start + hours * hour;
      expect((await go()).error).toBeUndefined();
    }
    rows = rows.map((row) => (row.id === 5 ? { ...row, ms: start + 2.5 * hour } : row));
    now = start + 3 * hour;
    expect((await go()).error).toBe('HYG-3634');
  });

  test('may hide changes on later pages, and each run says so until a record shows that the filter follows changes', async () => {
    rows = every(60, 7 * minute);
    now = start;
    serve({ filter: byCreation, shown });
    flow({ ...merged, home: 'window: { from: since, to: until }\npagination: { type: page }' });
    expect((await go()).all).not.toContain('follows changes');
    for (const hours of [1, 2]) {
      now = start + hours * hour;
      expect(await go()).toMatchObject({
        code: 0,
        all: expect.stringContaining('it is unknown whether the filter follows changes of at'),
      });
    }
    serve({ filter: strict, shown });
    rows = rows.map((row) => (row.id === 35 ? { ...row, ms: start + 3.5 * hour } : row));
    for (const hours of [4, 5]) {
      now = start + hours * hour;
      const before = scene.api.seen.length;
      expect(await go()).toMatchObject({ code: 0, all: expect.not.stringContaining('follows changes') });
      const unfiltered = scene.api.seen.slice(before).filter(({ query }) => query.since === undefined);
      if (hours > 4) expect(unfiltered).toEqual([]);
    }
    expect(copied().find((one) => one.startsWith('35 '))).toContain('19:00:20');
    expect(copied()).toHaveLength(60);
  });

  test('is asked again after a day, while no record shows a change', async () => {
    rows = every(60, 7 * minute);
    now = start;
    serve({ filter: byCreation, shown });
    flow({ ...merged, home: 'window: { from: since, to: until }' });
    for (const hours of [0, 1]) {
      now = start + hours * hour;
      expect((await go()).error).toBeUndefined();
    }
    rows = rows.map((row) => (row.id % 5 === 0 ? { ...row, ms: start + 2 * hour } : row));
    now = start + 26 * hour;
    expect((await go()).error).toBe('HYG-3634');
  });

  test('is no filter by another field that follows changes, and the list without a window has all of them', async () => {
    rows = every(60, 7 * minute).map(changed);
    now = start;
    serve({ filter: byCreation, shown });
    flow({ ...merged, home: 'window: { from: since, to: until, filters: created }' });
    const ran = await go();
    expect([ran.error, ran.all]).toEqual(['HYG-3638', expect.stringContaining('leaves out')]);
    flow({ ...merged, home: 'pagination: { type: none }' });
    for (const hours of [0, 30]) {
      now = start + hours * hour;
      expect((await go()).error).toBeUndefined();
    }
    expect(copied()).toHaveLength(60);
  });
});

describe('a column that counts time in another unit than the window', () => {
  test.each([['epoch_ms', 'epoch_s', 1_000]])(
    '%s stops the run, and the format that the message names reads all',
    async (format, other, unit) => {
      rows = every(60, 7 * minute);
      now = start;
      serve({
        filter: ({ ms }, { since, until }) =>
          (since === undefined || ms >= Number(since) * unit) && (until === undefined || ms <= Number(until) * unit),
        shown: ({ id, ms }) => ({ id, at: ms / unit }),
      });
      flow({ home: `window: { from: since, to: until, format: ${format} }`, types: '{}' });
      const ran = await go();
      expect([ran.error, ran.all]).toEqual(['HYG-3630', expect.stringContaining(`format: ${other}`)]);
      flow({ home: `window: { from: since, to: until, format: ${other} }`, types: '{}' });
      for (const hours of [0, 20]) {
        now = start + hours * hour;
        expect((await go()).error).toBeUndefined();
      }
      expect(await settled()).toEqual(ids(60));
    },
  );
});
