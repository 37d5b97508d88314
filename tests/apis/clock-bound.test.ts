import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { clockBound } from '../../src/apis/times/clock-bound.ts';
import { cutToSeconds, shownTimes, timesOf, unitOf } from '../../src/apis/times/cut-times.ts';
import { copyDb, restFlow, settledRows } from '../support/apis/rest-flow.ts';
import { restRuns } from '../support/apis/rest-runs.ts';

const scene = restRuns();
const { go, copied } = scene;

interface Row {
  readonly id: number;
  readonly at: string;
}

let rows: readonly Row[] = [];
/** How far the clock of the API is ahead of ours. */
let aheadMs = 0;
const at = (msAgo: number) => new Date(Date.now() - msAgo).toISOString();
const minute = 60_000;
const hour = 60 * minute;

function api({ home = 'types: { at: timestamptz }', watermark = 'column: at', window = 'from: since', store = 'lake' } = {}): void {
  aheadMs = 0;
  scene.api.script = ({ query }) => ({
    headers: { date: new Date(Date.now() + aheadMs).toUTCString() },
    body: JSON.stringify(
      rows.filter((row) => (query.since ?? '') <= row.at.replace(' ', 'T') && (query.until ?? '9') >= row.at.replace(' ', 'T')),
    ),
  });
  restFlow(scene.workspace, scene.api.url, {
    home: `window: { ${window} }\n${home}`,
    flow: `run_type: incremental\nwatermark: { ${watermark} }`,
    store,
  });
}

describe('a source that had no row yet', () => {
  test.each([
    ['from the beginning', 'column: at', ['1', '2', '3']],
    ['from initial on', 'column: at, initial: 2020-01-01', ['2', '3']],
  ])('is read %s when it has some', async (_, watermark, read) => {
    rows = [];
    api({ watermark });
    expect((await go()).code).toBe(0);
    rows = [
      { id: 1, at: '2019-01-01T00:00:00Z' },
      { id: 2, at: '2024-01-01T00:00:00Z' },
      { id: 3, at: at(hour) },
    ];
    expect((await go()).code).toBe(0);
    expect(await settledRows(scene.workspace)).toEqual(read);
  });
});

describe('a time without a zone', () => {
  /** As a clock shows it that is so many hours ahead of UTC. */
  const local = (zone: number, ms: number) => new Date(ms + zone * hour).toISOString().slice(0, 19).replace('T', ' ');
  const home = 'types: { at: timestamp }';

  test.each([['west of the date line', -12]])('settles with each row %s, of an API that compares instants', async (_, zone) => {
    const start = Date.now() - 10 * 24 * hour;
    const written = [-30, -13, -4, -0.1, 0.2, 0.9, 1.5, 20, 26].map((hours, id) => ({ id, ms: start + hours * hour }));
    let now = start;
    api({ home });
    scene.api.script = ({ query }) => ({
      headers: { date: new Date(now).toUTCString() },
      body: JSON.stringify(
        written
          .filter(({ ms }) => ms <= now && (query.since === undefined || ms >= Date.parse(query.since)))
          .map(({ id, ms }) => ({ id, at: local(zone, ms) })),
      ),
    });
    for (const hours of [0, 19, 27, 70]) {
      now = start + hours * hour;
      const ran = await go();
      expect([ran.code, ran.all]).toEqual([0, expect.stringContaining('has no time zone')]);
    }
    expect(await settledRows(scene.workspace)).toEqual(written.map(({ id }) => String(id)));
  });

  test('of UTC is read up to the time of the API, where the config says so', async () => {
    api({ home: `${home}\nzone: UTC` });
    rows = [{ id: 1, at: local(0, Date.now() - 2 * minute) }];
    const ran = await go();
    expect([ran.code, ran.all]).toEqual([0, expect.not.stringContaining('has no time zone')]);
    expect(await settledRows(scene.workspace)).toEqual(['1']);
  });
});

describe('the clock of the API', () => {
  test('that is ahead for one answer hides no row', async () => {
    api({ watermark: 'column: at, lag: 1s' });
    rows = [{ id: 1, at: at(minute) }];
    aheadMs = 12_000;
    expect((await go()).code).toBe(0);
    rows = [...rows, { id: 2, at: at(0) }];
    aheadMs = 0;
    // The row is read once the lag is over: the clock of this process goes on by that.
    await pause(2_000);
    expect((await go()).code).toBe(0);
    expect(await settledRows(scene.workspace)).toEqual(['1', '2']);
  });

  test('that is hours ahead is reported, and the one of this machine rules', async () => {
    api();
    rows = [
      { id: 1, at: at(2 * minute) },
      { id: 2, at: at(0) },
    ];
    aheadMs = 3 * hour;
    const ran = await go();
    expect([ran.code, ran.all]).toEqual([0, expect.stringMatching(/clock of the API is (179|180) minutes ahead/)]);
    expect(await settledRows(scene.workspace)).toEqual(['1']);
  });
});

test('a column that the API does not have returns no bound, and no note', () => {
  const now = '2026-01-10T12:00:00.000Z';
  expect(
    clockBound({ column: 'at', type: undefined, date: now, now, lagMs: 0, cut: cutToSeconds, isOpen: false, zone: undefined }),
  ).toEqual({ done: undefined });
});

test('a day continues until it is over, where rows at the watermark are not read again', async () => {
  const noon = Date.parse('2026-01-10T12:00:00Z');
  let now = noon;
  api({ home: 'types: { at: date }\nzone: UTC', watermark: 'column: at, boundary: open', window: 'from: since, format: date' });
  scene.api.script = () => ({ headers: { date: new Date(now).toUTCString() }, body: JSON.stringify(rows) });
  rows = [
    { id: 1, at: '2026-01-09' },
    { id: 2, at: '2026-01-10' },
  ];
  expect((await go()).code).toBe(0);
  expect(await settledRows(scene.workspace)).toEqual(['1']);
  rows = [...rows, { id: 3, at: '2026-01-10' }];
  now = noon + 24 * hour;
  expect((await go()).code).toBe(0);
  expect(await settledRows(scene.workspace)).toEqual(['1', '2', '3']);
});

describe('rows that come later with the time of a row that is there settle', () => {
  const iso = (ms: number) => new Date(ms).toISOString();
  const start = Date.parse('2026-03-10T15:30:20Z');
  const text = 'from: since';
  /** Other units of time are in cut-times.test.ts. */
  test.each<[string, (ms: number) => string | number, number, string, string, string, string]>([
    ['of minutes, merged by key', (ms) => `${iso(ms).slice(0, 16)}Z`, minute, 'lag: 0s, key: [id]', '{ at: timestamptz }', text, copyDb],
    [
      'of quarters of an hour, where rows at the watermark are read again',
      (ms) => `${iso(Math.floor(ms / (15 * minute)) * 15 * minute).slice(0, 19)}Z`,
      15 * minute,
      'boundary: closed',
      '{ at: timestamptz }',
      text,
      'lake',
    ],
  ])('%s', async (_, shown, unit, lag, types, window, store) => {
    let now = start;
    const steps = [-50, -3, -2, -1, 0].flatMap((units) => [0, 0.3, 0.6].map((part) => start + (units + part) * unit));
    const written = [start - 3 * 24 * hour, ...steps, start + unit];
    api({ home: `types: ${types}`, watermark: `column: at, ${lag.includes('boundary') ? '' : 'boundary: open, '}${lag}`, window, store });
    scene.api.script = ({ query }) => {
      // The header is written a little later than the rows were read.
      const listed = written.map((ms, id) => ({ id, ms, at: shown(ms) })).filter(({ ms }) => ms <= now - 100);
      const keyOf = (at: string | number) => (typeof at === 'number' || /^\d+$/.test(at) ? Number(at) : Date.parse(at));
      const isIn = (at: string | number) => keyOf(at) >= keyOf(query.since ?? 0) && keyOf(at) <= keyOf(query.until ?? 9e15);
      const body = JSON.stringify(listed.filter(({ at }) => isIn(at)).map(({ id, at }) => ({ id, at })));
      return { headers: { date: new Date(now).toUTCString() }, body };
    };
    // The third one finds nothing new.
    for (const units of [0, 0.4, 0.5, 1.2, 4]) {
      now = start + Math.floor(units * unit);
      const ran = await go();
      expect([ran.code, ran.said]).toEqual([0, '']);
    }
    now += 2 * 24 * hour;
    expect(await go()).toMatchObject({ code: 0, said: '' });
    expect(store === copyDb ? copied() : await settledRows(scene.workspace)).toEqual(written.map((_, id) => String(id)));
  });
});

describe('a window ends before a unit of time that is not over, or where it begins', () => {
  const type = { kind: 'timestamp', unit: 'us', zone: 'UTC' } as const;
  const day = 24 * hour;
  const start = Date.parse('2026-03-10T15:37:23Z');
  const cutTo =
    (unit: number, behind = 0) =>
    (ms: number) =>
      Math.floor((ms - behind) / unit) * unit + behind;
  /** New York sets its clocks on 8 March, at 07:00 of UTC. */
  const dayOfNewYork = (ms: number) => {
    const begun = cutTo(day, 4 * hour)(ms);
    return begun >= Date.parse('2026-03-08T07:00:00Z') ? begun : cutTo(day, 5 * hour)(ms);
  };
  const units: readonly [string, (ms: number) => number, number][] = [
    ['of ten seconds', cutTo(10_000), 10_000],
    ['of half a minute', cutTo(30_000), 30_000],
    ['of five minutes', cutTo(5 * minute), 5 * minute],
    ['of a quarter of an hour', cutTo(15 * minute), 15 * minute],
    ['of half an hour', cutTo(30 * minute), 30 * minute],
    ['of six hours', cutTo(6 * hour), 6 * hour],
    ['of a day', cutTo(day), day],
    ['of a day of India', cutTo(day, 18.5 * hour), day],
    ['of a day of New York', dayOfNewYork, day],
  ];

  test.each(units)('%s, whether records show several of them or that one alone', (_, cut, unit) => {
    const now = new Date(start).toISOString();
    for (const ago of [[0, 1, 2, 3, 5, 8, 13], [0, 1], [0], [0, 0.01]]) {
      const shown = ago.map((units) => BigInt(cut(start - units * unit)) * 1_000n);
      const known = { column: 'at', date: now, now, lagMs: 0 };
      const endOf = (isOpen: boolean) =>
        Date.parse(
          clockBound({ ...known, type, cut: unitOf(shownTimes(timesOf(type, shown, 'iso'))), isOpen, zone: 'UTC' }).done?.text ?? '',
        );
      // The next run reads the rows at a closed bound again.
      expect([ago.length, endOf(true) < cut(start), endOf(false) <= cut(start)]).toEqual([ago.length, true, true]);
      expect(endOf(true)).toBeGreaterThanOrEqual(cut(cut(start) - 1) - 2 * day);
      // Of an unknown place, whose clock may be twelve hours behind.
      const anywhere = { kind: 'timestamp', unit: 'us' } as const;
      for (const isOpen of [true, false]) {
        const ofPlace = { ...known, type: anywhere, cut: unitOf(shownTimes(timesOf(anywhere, shown, 'iso'))) };
        const { done } = clockBound({ ...ofPlace, isOpen, zone: undefined });
        expect(Date.parse(`${done?.text}Z`)).toBeLessThanOrEqual(cut(start - 12 * hour));
      }
    }
  });

  test('and not before one of a minute or more where times are of any second', () => {
    const shown = [start - 1_000, start - 61_000, start - 3_661_000, start - 90_061_000].map((ms) => BigInt(ms) * 1_000n);
    expect(unitOf(shownTimes(timesOf(type, shown, 'iso'))).unitMs).toBeLessThan(minute);
  });
});

describe('a row of the future', () => {
  const waiting = [
    { id: 1, at: '2024-01-01T00:00:00Z' },
    { id: 2, at: '2099-01-01T00:00:00Z' },
  ];

  test('waits, and each run warns of it, but not of rows within the lag', async () => {
    api();
    rows = waiting;
    for (const hoursBehind of [3, 1]) {
      aheadMs = -hoursBehind * hour;
      if (hoursBehind === 1) rows = [...rows, { id: 3, at: at(2 * hour) }];
      const ran = await go();
      expect([ran.code, ran.all]).toEqual([0, expect.stringMatching(/1 row has at in the future.*2099-01-01/)]);
      expect(ran.all).toMatch(/"summary".*"warn":1/);
    }
    expect(await settledRows(scene.workspace)).toEqual(['1', '3']);
    rows = rows.filter(({ id }) => id !== 2);
    aheadMs = 0;
    const after = await go();
    expect([after.code, after.all]).toEqual([0, expect.stringMatching(/"summary".*"warn":0/)]);
  });

  test('stops the run with future: fail, and settles nothing', async () => {
    api({ watermark: 'column: at, future: fail' });
    rows = waiting;
    expect((await go()).error).toBe('HYG-2063');
  });
});
