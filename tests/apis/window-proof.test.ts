import { describe, expect, test } from 'vitest';
import { copyDb, restFlow } from '../support/apis/rest-flow.ts';
import { ids, restRuns } from '../support/apis/rest-runs.ts';
import { hour, iso, minute, start } from '../support/apis/window-times.ts';

const scene = restRuns();
const { settled } = scene;
const copied = () => scene.copied().map(Number);

interface Row {
  readonly id: number;
  /** When it changed, in milliseconds since 1970. */
  readonly ms: number;
  /** What the API compares. Absent: when it changed. */
  readonly by?: number;
}

type Filter = (ms: number, query: Readonly<Record<string, string>>) => boolean;

let rows: readonly Row[] = [];
let now = start;

const every = (count: number, stepMs: number, first = 0): readonly Row[] =>
  Array.from({ length: count }, (_, i) => ({ id: first + i, ms: start + (first + i - 40) * stepMs }));

interface Api {
  readonly filter: Filter;
  readonly shown?: (ms: number) => string | number;
}

function serve({ filter, shown = iso }: Api): void {
  scene.api.script = ({ query }) => {
    const listed = rows.filter(({ ms, by = ms }) => Math.max(ms, by) <= now && filter(by, query));
    return { headers: { date: new Date(now).toUTCString() }, body: JSON.stringify(listed.map(({ id, ms }) => ({ id, at: shown(ms) }))) };
  };
}

function flow(
  window: string,
  more: { readonly store?: string; readonly watermark?: string; readonly home?: string; readonly types?: string } = {},
): void {
  const { watermark = 'column: at', home = '', types = '{ at: timestamptz }', store = 'lake' } = more;
  restFlow(scene.workspace, scene.api.url, {
    home: `window: { ${window} }\ntypes: ${types}\n${home}`,
    flow: `run_type: incremental\nwatermark: { ${watermark} }`,
    store,
  });
}

async function go(...args: readonly string[]) {
  const before = scene.api.seen.length;
  const ran = await scene.go(...args);
  return { ...ran, requests: scene.api.seen.length - before };
}

const strict: Filter = (ms, { since, until }) =>
  (since === undefined || ms >= Date.parse(since)) && (until === undefined || ms <= Date.parse(until));

test('a filter that works is proven once, and what is proven costs no further request', async () => {
  rows = every(60, 7 * minute);
  now = start;
  serve({ filter: strict });
  flow('from: since, to: until');
  expect((await go()).code).toBe(0);
  const requests: number[] = [];
  for (const hours of [1, 2, 2.1, 3]) {
    now = start + hours * hour;
    const ran = await go();
    expect([ran.code, ran.error]).toEqual([0, undefined]);
    requests.push(ran.requests);
  }
  expect(await settled()).toEqual(ids(60));
  expect(requests.slice(1).every((one) => one <= 2)).toBe(true);
  expect(requests[0]).toBeLessThanOrEqual(2 + 4);
});

test('a record with the watermark of the one that is asked for does not stand in for it', async () => {
  // The filter compares when a record was created, and one batch gave a changed and a new record the same time.
  const created = start - 40 * minute;
  rows = [{ id: 1, ms: created, by: created }];
  now = start;
  scene.api.script = ({ query }) => {
    const listed = rows.filter(({ ms, by = ms }) => ms <= now && strict(by, query));
    const data = listed.map(({ id, ms, by = ms }) => ({ id, at: iso(ms), created_at: iso(by) }));
    return { headers: { date: new Date(now).toUTCString() }, body: JSON.stringify(data) };
  };
  flow('from: since, to: until', { watermark: 'column: at, boundary: open' });
  expect((await go()).code).toBe(0);
  now = start + hour;
  expect((await go()).code).toBe(0);
  const batch = start + 90 * minute;
  rows = [
    { id: 1, ms: batch, by: created },
    { id: 2, ms: batch },
  ];
  now = start + 3 * hour;
  expect((await go()).error).toBe('HYG-3634');
});

describe('a window that is blind', () => {
  const zone = 'America/New_York';
  // New York is four hours behind UTC on that day.
  const local = (ms: number) => `${new Date(ms - 4 * hour).toISOString().slice(0, 19)}-04:00`;
  const inLocalTime: Filter = (ms, { since, until }) => {
    const text = local(ms).slice(0, 19);
    return text >= (since ?? '') && text <= (until ?? '9');
  };
  const byDay: Filter = (ms, { since, until }) =>
    (since === undefined || ms >= Date.parse(since.slice(0, 10))) && (until === undefined || ms <= Date.parse(until.slice(0, 10)));

  test.each<[string, Api, string, string]>([
    ['in local time', { filter: inLocalTime, shown: local }, 'from: since, to: until, format: iso_no_zone', `zone: ${zone}`],
    ['by days', { filter: byDay }, 'from: since, to: until', 'format: date'],
  ])('%s stops the run before anything is lost, and what the message advises reads all', async (_, api, window, advice) => {
    rows = every(80, 11 * minute);
    now = start;
    serve(api);
    flow(window);
    let ran = await go();
    if (ran.code === 0) {
      now = start + 5 * hour;
      ran = await go();
    }
    expect([ran.code, ran.error]).toEqual([1, 'HYG-3634']);
    expect(ran.all).toContain(advice.slice(0, 7));
    flow(advice.startsWith('format') ? `from: since, to: until, ${advice}` : `${window}, ${advice}`);
    for (const hours of [5, 20]) {
      now = start + hours * hour;
      expect(await go()).toMatchObject({ code: 0 });
    }
    expect(await settled()).toEqual(ids(80));
  });

  test.each<[string, string]>([
    ['whose newest record comes first', 'desc'],
    ['in the order of its ids', 'id'],
  ])('by the time of creation stops the run, in pages of a list %s', async (_, order) => {
    const created = (id: number) => start - 40 * hour + id * 7 * minute;
    rows = Array.from({ length: 30 }, (_, id) => ({ id, ms: created(id) + hour, by: created(id) }));
    now = start;
    scene.api.script = ({ query }) => {
      const listed = rows.filter(({ ms, by = ms }) => ms <= now && strict(by, query));
      const sorted = listed.toSorted((a, b) => (order === 'id' ? a.id - b.id : b.ms - a.ms));
      const from = (Number(query.page ?? 1) - 1) * 10;
      const data = sorted.slice(from, from + 10).map(({ id, ms, by = ms }) => ({ id, at: iso(ms), created_at: iso(by) }));
      return { headers: { date: new Date(now).toUTCString() }, body: JSON.stringify(data) };
    };
    flow('from: since', {
      watermark: 'column: at, key: [id]',
      store: copyDb,
      home: 'pagination: { type: page }',
    });
    expect((await go()).code).toBe(0);
    now = start + 5 * hour;
    const fresh = Array.from({ length: 6 }, (_, i) => ({ id: 30 + i, ms: start + 2 * hour + i * minute }));
    rows = [...rows.map((row) => (row.id % 7 === 3 ? { ...row, ms: start + hour + row.id * minute } : row)), ...fresh];
    expect(await go()).toMatchObject({ code: 1, error: 'HYG-3634' });
    // As the filter should be.
    rows = rows.map(({ id, ms }) => ({ id, ms }));
    expect(await go()).toMatchObject({ code: 0 });
    expect(copied()).toEqual(ids(36));
  });

  test('since open closes a bound stops the run, and open with two texts reads all', async () => {
    rows = every(80, 11 * minute);
    now = start;
    serve({
      filter: (ms, { q = 'u >= 0 and u <= 9999999999' }) => {
        const [, from, to] = /^u >= (\S+) and u <= (\S+)$/.exec(q) ?? [];
        return ms / 1_000 >= Number(from) && ms / 1_000 <= Number(to);
      },
      shown: (ms) => ms / 1_000,
    });
    const expression = 'param: q, format: number, from: "u >= {from} and u <= {to}"';
    const more = { home: 'append_only: true', watermark: 'column: at, boundary: open', types: '{}' };
    flow(`${expression}, open: "0"`, more);
    expect(await go()).toMatchObject({ code: 0 });
    now = start + 5 * hour;
    const ran = await go();
    expect([ran.code, ran.error, ran.all]).toEqual([1, 'HYG-3634', expect.stringContaining('open: { from:')]);
    flow(`${expression}, open: { from: "0", to: "9999999999" }`, more);
    expect(await go()).toMatchObject({ code: 0 });
    expect(await settled()).toEqual(ids(40 + Math.floor((5 * hour) / (11 * minute)) + 1));
  });
});

describe('an API that filters by another field', () => {
  test('which no record shares with the watermark stops the first load, and filters reads all', async () => {
    const late = (row: Row): Row => ({ ...row, by: row.ms + 10 * minute });
    rows = every(60, 7 * minute).map(late);
    now = start;
    serve({ filter: strict });
    const more = { watermark: 'column: at, key: [id]', store: copyDb };
    flow('from: since, to: until', more);
    const ran = await go();
    expect([ran.code, ran.error, ran.all]).toEqual([1, 'HYG-3634', expect.stringContaining('filters: generated_at')]);
    flow('from: since, to: until, filters: generated_at', more);
    for (const hours of [1, 2, 5]) {
      now = start + hours * hour;
      expect(await go()).toMatchObject({ code: 0 });
    }
    expect(copied()).toEqual(ids(60));
  });

  test('stops the run at a record from below the window, and filters takes it', async () => {
    const window = 'from: since';
    rows = every(60, 7 * minute);
    now = start;
    serve({ filter: strict });
    const more = { watermark: 'column: at, key: [id]', store: copyDb };
    flow(window, more);
    expect(await go()).toMatchObject({ code: 0 });
    now = start + hour;
    rows = [...rows, { id: 99, ms: start - 3 * hour, by: start + 30 * minute }];
    const ran = await go();
    expect([ran.code, ran.error, ran.all]).toEqual([1, 'HYG-3635', expect.stringContaining('filters: generated_at')]);
    flow(`${window}, filters: generated_at`, more);
    const again = await go();
    expect([again.code, again.all]).toEqual([0, expect.stringContaining('"rows"')]);
    now = start + 3 * hour;
    expect(await go()).toMatchObject({ code: 0 });
    expect(copied()).toEqual([...ids(60), 99]);
  });
});

describe('a filter that gives more than its window', () => {
  test.each<[string, string, Filter]>([
    ['since it compares days', 'from: since, to: until', (ms, { since }) => since === undefined || ms >= Date.parse(since.slice(0, 10))],
  ])('%s loses nothing, and stops no run', async (_, window, filter) => {
    rows = every(60, 7 * minute);
    now = start;
    serve({ filter });
    flow(window);
    for (const hours of [0, 1, 2, 3]) {
      now = start + hours * hour;
      const ran = await go();
      expect([ran.code, ran.error]).toEqual([0, undefined]);
      if (hours === 3) expect(ran.requests).toBeLessThanOrEqual(2);
    }
    expect(await settled()).toEqual(ids(60));
  });

  test('since it has no effect is named in a note, until window.from names a parameter that filters', async () => {
    rows = every(60, 12 * hour);
    now = start;
    serve({ filter: (ms, { changed }) => changed === undefined || ms >= Date.parse(changed) });
    flow('from: since, to: until');
    expect((await go()).all).not.toContain('the filter has no effect');
    now = start + 24 * hour;
    expect(await go()).toMatchObject({ code: 0, all: expect.stringContaining('the filter has no effect') });
    flow('from: changed, to: until');
    now = start + 48 * hour;
    const ran = await go();
    expect([ran.code, ran.error, ran.all]).toEqual([0, undefined, expect.not.stringContaining('the filter has no effect')]);
    expect(await settled()).toEqual(ids(44));
  });
});

test('an empty first load of rows that are merged says how the key is declared, and the line runs', async () => {
  rows = [];
  now = start;
  serve({ filter: strict });
  const more = { watermark: 'column: at, key: [id]', store: copyDb };
  flow('from: since, to: until', more);
  const ran = await go();
  const types = /types: (\{[^}]*\})/.exec(ran.all)?.[1] ?? '';
  expect([ran.error, types]).toEqual(['HYG-3406', '{ id: int64, at: timestamptz }']);
  flow('from: since, to: until', { ...more, types });
  for (const hours of [0, 2]) {
    now = start + hours * hour;
    expect(await go()).toMatchObject({ code: 0 });
    rows = every(50, 7 * minute);
  }
  expect(copied()).toEqual(ids(50));
});

test('each window that the advice of a blind one prints is whole, with all keys of the config', async () => {
  rows = every(80, 11 * minute);
  now = start;
  const shown = (ms: number) => `${new Date(ms - 4 * hour).toISOString().slice(0, 19)}-04:00`;
  serve({ filter: (ms, { t = '' }) => shown(ms).slice(0, 16).replace('T', ' ') >= t, shown });
  const window = 'from: t, format: "%Y-%m-%d %H:%M"';
  flow(window);
  await go();
  now = start + 5 * hour;
  const ran = await go();
  expect(ran.error).toBe('HYG-3634');
  const lines = [...ran.all.matchAll(/window: \{ ([^}]*) \}/g)].map(([, keys]) => JSON.parse(`"${keys}"`) as string);
  const [zone = ''] = lines;
  expect(lines.slice(0, 3)).toEqual([`${window}, zone: America/New_York`, 'from: t, format: date', `${window}, filters: generated_at`]);
  flow(zone);
  expect(await go('-d')).toMatchObject({ code: 0 });
  now = start + 20 * hour;
  expect(await go()).toMatchObject({ code: 0 });
  expect(await settled()).toEqual(ids(80));
});
