import { describe, expect, test } from 'vitest';
import { mayBeSilent, type PastRun, type SilenceRequest, silenceOf, standingSilence } from '../../src/checks/silence.ts';
import { mulberry } from '../support/sim/dice.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const utc: SilenceRequest = { zone: null };

function runAt(at: string | number, rows: number, over: Partial<PastRun> = {}): PastRun {
  const ms = typeof at === 'number' ? at : Date.parse(at);
  return {
    lane: 'live',
    run_type: 'incremental',
    started_at: new Date(ms).toISOString(),
    finished_at: new Date(ms + 20_000).toISOString(),
    status: rows > 0 ? 'pass' : 'skip',
    reason: null,
    error_code: null,
    rows,
    rows_updated: null,
    ...over,
  };
}

/** One run a day at 02:00, the last on 2026-11-26, a Thursday. `rowsOf(0)` is the last one. */
function nights(days: number, rowsOf: (ago: number) => number | Partial<PastRun>): readonly PastRun[] {
  const last = Date.parse('2026-11-26T02:00:00Z');
  return Array.from({ length: days }, (_, ago) => {
    const special = rowsOf(ago);
    return typeof special === 'number' ? runAt(last - ago * dayMs, special) : runAt(last - ago * dayMs, special.rows ?? 0, special);
  });
}

function newest(rows: readonly PastRun[], request = utc) {
  const [run, ...before] = rows;
  return run === undefined ? null : silenceOf(run, before, request);
}

describe('a run without rows', () => {
  test('is not silent on the first Saturday and Sunday of a source of working days, and is on the second Monday', () => {
    const monday = Date.parse('2026-11-02T02:00:00Z');
    const week = [5, 5, 5, 5, 5, 0, 0].map((rows, day) => runAt(monday + day * dayMs, rows)).reverse();
    for (const skipped of [0, 1]) expect(newest(week.slice(skipped))).toBeNull();
    const full = [5, 5, 5, 5, 5, 5, 5, 0].map((rows, day) => runAt(monday + day * dayMs, rows)).reverse();
    expect(newest(full)).toMatchObject({ by: 'runs', compared: 7, weekday: 1 });
  });

  test('of an entity that runs each hour is silent after five runs of its first day', () => {
    const begin = Date.parse('2026-11-02T08:00:00Z');
    expect(newest([0, 5, 5, 5, 5, 5].map((rows, ago) => runAt(begin - ago * hourMs, rows)))).toMatchObject({ by: 'runs', compared: 5 });
  });

  test('is silent where the same hour of the weekday brought rows in each of the last four weeks', () => {
    expect(newest(nights(40, (ago) => (ago === 0 ? 0 : 100 + ago)))).toEqual({
      ...{ by: 'weeks', compared: 5, least: 107, most: 135, weekday: 4, time: '02:00', zone: 'UTC' },
      last: '2026-11-25T02:00:20.000Z',
    });
  });

  test.each<[string, number, (ago: number) => number | Partial<PastRun>, boolean]>([
    ['that brought rows', 40, () => 5, false],
    ['whose rows all lie in quarantine', 40, (ago) => (ago === 0 ? { rows: 0, quarantined: 5 } : 5), false],
    ['with rows updated by key', 40, (ago) => (ago === 0 ? { rows: 0, rows_updated: 3 } : 5), false],
    ['after four weeks exactly', 29, (ago) => (ago === 0 ? 0 : 5), true],
    ['where the weekday was empty before', 60, (ago) => (ago % 7 === 0 ? 0 : 5), false],
    ['where the weekday was empty every second week', 80, (ago) => (ago % 14 === 0 ? 0 : 5), false],
    ['one week after a holiday', 80, (ago) => (ago === 0 || ago === 7 ? 0 : 5), true],
    ['where the weekday was empty twice in five weeks', 80, (ago) => (ago === 0 || ago === 7 || ago === 21 ? 0 : 5), false],
    ['on the second night', 80, (ago) => (ago < 2 ? 0 : 5), true],
    ['where a night in nine is empty', 90, (ago) => (ago % 9 === 0 ? 0 : 5), false],
    ['on the second night, where a night in nine is empty', 90, (ago) => (ago < 2 || ago % 9 === 0 ? 0 : 5), true],
    ['after a week with rows', 8, (ago) => (ago === 0 ? 0 : 5), true],
    ['on a weekday that is new, after six runs with rows', 7, (ago) => (ago === 0 ? 0 : 5), false],
    ['after four runs with rows', 5, (ago) => (ago === 0 ? 0 : 5), false],
    ['in the first weeks, where one was empty before', 15, (ago) => (ago === 0 || ago === 9 ? 0 : 5), false],
    ['of which nothing ever came', 60, () => 0, false],
    ['that failed', 40, (ago) => (ago === 0 ? { rows: 0, status: 'error', error_code: 'HYG-6001' } : 5), false],
    ['that was stopped', 40, (ago) => (ago === 0 ? { rows: 0, status: 'skip', reason: 'interrupted' } : 5), false],
    ['of a backfill', 40, (ago) => (ago === 0 ? { rows: 0, lane: 'backfill:1..2' } : 5), false],
    ['of a compaction', 40, (ago) => (ago === 0 ? { rows: 0, lane: 'compact' } : 5), false],
    ['that is the first full load among increments', 40, (ago) => (ago === 0 ? { rows: 0, run_type: 'full_drop' } : 5), false],
    [
      'where another run failed a week ago',
      40,
      (ago) => (ago === 7 ? { rows: 0, status: 'error', error_code: 'HYG-1' } : ago === 0 ? 0 : 5),
      true,
    ],
  ])('%s', (_, days, rowsOf, isSilent) => {
    expect(newest(nights(days, rowsOf)) !== null).toBe(isSilent);
  });

  test('is not silent soon after one that brought rows: a person ran it again', () => {
    const rows = nights(40, () => 5);
    for (const [minutes, isSilent] of [
      [1, false],
      [49, false],
      [55, false],
      [600, false],
    ] as const)
      expect(silenceOf(runAt(Date.parse('2026-11-26T02:00:00Z') + minutes * 60_000, 0), rows, utc) !== null).toBe(isSilent);
    const hours = Array.from({ length: 40 * 24 }, (_, ago) => runAt(Date.parse('2026-11-26T02:00:00Z') - ago * hourMs, 5));
    expect(silenceOf(runAt('2026-11-26T02:40:00Z', 0), hours, utc)).toBeNull();
    expect(silenceOf(runAt('2026-11-26T03:00:00Z', 0), hours, utc)).not.toBeNull();
  });

  test('of a flow that runs once a month is silent after two with rows', () => {
    const months = ['2026-10-01', '2026-09-01'].map((date) => runAt(`${date}T02:00:00Z`, 9));
    expect(silenceOf(runAt('2026-11-01T02:00:00Z', 0), months, utc)).toMatchObject({ by: 'runs', compared: 2, least: 9, most: 9 });
    expect(silenceOf(runAt('2026-11-01T02:00:00Z', 0), months.slice(1), utc)).toBeNull();
    const [last] = months;
    expect(last && silenceOf(runAt('2026-11-01T02:00:00Z', 0), [last, runAt('2026-09-01T02:00:00Z', 0)], utc)).toBeNull();
  });

  test('goes by the clocks of the zone, summer time and winter time', () => {
    // 02:00 in Copenhagen is 00:00 UTC until 2026-10-25, and 01:00 UTC after it. The hour before is always empty.
    const rows: PastRun[] = [];
    for (let at = Date.parse('2026-09-01T00:00:00Z'); at < Date.parse('2026-11-05T01:00:00Z'); at += hourMs) {
      const hour = new Date(at + (at < Date.parse('2026-10-25T01:00:00Z') ? 2 : 1) * hourMs).getUTCHours();
      rows.push(runAt(at, hour === 2 ? 7 : 0));
    }
    expect(silenceOf(runAt('2026-11-05T01:00:00Z', 0), rows, { zone: 'Europe/Copenhagen' })).toMatchObject({ time: '02:00', compared: 5 });
    expect(silenceOf(runAt('2026-11-05T00:00:00Z', 0), rows, { zone: 'Europe/Copenhagen' })).toBeNull();
    expect(silenceOf(runAt('2026-11-05T01:00:00Z', 0), rows, utc)).toBeNull();
  });

  test('is expected to be empty on a day that the config leaves out, which counts for no later day either', () => {
    const rows = nights(80, (ago) => (ago === 0 || ago === 7 || ago === 21 ? 0 : 5));
    expect(newest(rows, { zone: null, except: ['2026-11-26'] })).toBeNull();
    expect(
      newest(
        nights(40, (ago) => (ago === 0 ? 0 : 5)),
        { zone: null, except: ['2026-11-25'] },
      ),
    ).not.toBeNull();
  });
});

describe('a silence that stands', () => {
  test('begins with the first empty run, and lasts over days that are always empty', () => {
    // Friday 2026-11-20 is silent; the weekend never brings rows; the last run is on Sunday.
    const last = Date.parse('2026-11-22T02:00:00Z');
    const rows = Array.from({ length: 80 }, (_, ago) => {
      const at = last - ago * dayMs;
      const isWeekend = [0, 6].includes(new Date(at).getUTCDay());
      return runAt(at, isWeekend || ago < 3 ? 0 : 5);
    });
    expect(newest(rows)).toBeNull();
    expect(standingSilence(rows, utc)).toMatchObject({
      emptyRuns: 3,
      since: '2026-11-20T02:00:20.000Z',
      weekday: 5,
      last: '2026-11-19T02:00:20.000Z',
    });
    expect(standingSilence([runAt('2026-11-23T02:00:00Z', 4), ...rows], utc)).toBeNull();
    expect(standingSilence(rows.slice(3), utc)).toBeNull();
  });

  test('is still told after a month, and never where nothing came', () => {
    expect(
      standingSilence(
        nights(90, (ago) => (ago < 30 ? 0 : 5)),
        utc,
      ),
    ).toMatchObject({ emptyRuns: 30 });
    expect(
      standingSilence(
        nights(90, () => 0),
        utc,
      ),
    ).toBeNull();
    expect(standingSilence([], utc)).toBeNull();
  });
});

/** What a source does in a year. */
interface World {
  readonly name: string;
  readonly zone?: string;
  /** When runs start, on the clocks of the source. */
  readonly starts: (dayStart: number) => readonly number[];
  /** The rows that are new at a run, without outages. */
  readonly rows: (wallMs: number, chance: () => number) => number;
  /** Whether an outage can be noticed from the rows alone. */
  readonly isTold?: false;
}

const holidays = [
  '01-01',
  '04-02',
  '04-03',
  '04-04',
  '04-05',
  '04-06',
  '05-14',
  '05-24',
  '05-25',
  '06-05',
  '12-24',
  '12-25',
  '12-26',
  '12-31',
];
const isHoliday = (wallMs: number) => holidays.includes(new Date(wallMs).toISOString().slice(5, 10));
const weekdayOf = (wallMs: number) => new Date(wallMs).getUTCDay();
const isWorkday = (wallMs: number) => ![0, 6].includes(weekdayOf(wallMs)) && !isHoliday(wallMs);
const at = (hour: number) => (dayStart: number) => [dayStart + hour * hourMs];
const every = (minutes: number) => (dayStart: number) => Array.from({ length: 1440 / minutes }, (_, n) => dayStart + n * minutes * 60_000);
/** Growth of a half in the year, and twice as many in December. */
const level = (wallMs: number) =>
  (1 + (wallMs - Date.parse('2026-01-01')) / (730 * dayMs)) * (new Date(wallMs).getUTCMonth() === 11 ? 2 : 1);

const worlds: readonly World[] = [
  {
    name: 'a shop, every hour, closed at night',
    zone: 'Europe/Copenhagen',
    starts: every(60),
    rows: (t, chance) => {
      const hour = new Date(t).getUTCHours();
      return isHoliday(t) || hour < 8 || hour > 21 ? 0 : 3 + Math.round(90 * level(t) * chance());
    },
  },
  {
    name: 'bookings of workdays, every night',
    starts: at(3),
    rows: (t, chance) => (isWorkday(t - dayMs) ? 50 + Math.round(900 * chance()) : 0),
  },
  {
    name: 'a report of Mondays',
    starts: (start) => (weekdayOf(start) === 1 ? [start + 7 * hourMs] : []),
    rows: (t) => (isHoliday(t) ? 0 : 400),
  },
  {
    name: 'an invoice run each month',
    starts: (start) => (new Date(start).getUTCDate() === 2 ? [start + 4 * hourMs] : []),
    rows: (_, chance) => 100 + Math.round(50 * chance()),
  },
  {
    name: 'accounts of each month, looked for every night',
    starts: at(4),
    rows: (t) => (new Date(t).getUTCDate() === 1 ? 5_000 : 0),
    isTold: false,
  },
  { name: 'files that come on nine days of ten', starts: at(5), rows: (_, chance) => (chance() < 0.1 ? 0 : 80), isTold: false },
  { name: 'complaints, rarely', starts: every(180), rows: (_, chance) => (chance() < 0.97 ? 0 : 1), isTold: false },
];

interface Year {
  /** Whether the first silence of the outage was told within a day of the first run that lacked rows. */
  readonly isToldInTime: boolean;
  /** Silences that were neither of the outage nor after a holiday. */
  readonly falseOnes: number;
  readonly ofHolidays: number;
}

/** Copenhagen's clocks are one hour ahead of UTC, in summer two. */
const copenhagenMs = (wallMs: number) =>
  (wallMs >= Date.parse('2026-03-29T03:00Z') && wallMs < Date.parse('2026-10-25T03:00Z') ? 2 : 1) * hourMs;

/** The runs of a year, with an outage of two days after the first months. A silence counts once. */
function yearOf({ starts, rows: rowsAt, zone, isTold }: World, seed: number): Year {
  const chance = mulberry(seed);
  const request: SilenceRequest = { zone: zone ?? null };
  const days = Array.from({ length: 365 }, (_, n) => Date.parse('2026-01-01T00:00:00Z') + n * dayMs);
  const usualDays = days.slice(125, 355).filter((start) => !isHoliday(start) && !isHoliday(start - dayMs));
  const candidates = usualDays.filter((start) => starts(start).some((wallMs) => rowsAt(wallMs, () => 0.999) > 0));
  const outage = candidates[Math.floor(chance() * candidates.length)] ?? 0;
  const runs: TimedRun[] = [];
  let [isStanding, firstLack, firstTold, falseOnes, ofHolidays] = [false, 0, 0, 0, 0];
  for (const wallMs of days.flatMap((start) => starts(start))) {
    const ms = wallMs - (zone === undefined ? 0 : copenhagenMs(wallMs)) + Math.round(chance() * 90_000);
    const usual = rowsAt(wallMs, chance);
    const isOut = wallMs >= outage && wallMs < outage + 2 * dayMs;
    if (isOut && usual > 0 && firstLack === 0) firstLack = ms;
    const run = runAt(ms, isOut ? 0 : usual);
    if (run.rows > 0) isStanding = false;
    else if (!isStanding && isSilent(run, runs, request)) {
      isStanding = true;
      if (isOut) firstTold ||= ms;
      else if ([0, 1, 2, 3].some((n) => isHoliday(wallMs - n * dayMs))) ofHolidays++;
      else falseOnes++;
    }
    runs.push({ ms, run });
  }
  return { isToldInTime: isTold === false || (firstTold > 0 && firstTold - firstLack < dayMs), falseOnes, ofHolidays };
}

interface TimedRun {
  readonly ms: number;
  readonly run: PastRun;
}

/** As a run asks: two weeks first, then all. Both agree. */
function isSilent(run: PastRun, before: readonly TimedRun[], request: SilenceRequest): boolean {
  const ms = Date.parse(run.started_at);
  const mayBe = [1, 2].some((weeks) => {
    const at = ms - weeks * 7 * dayMs;
    return mayBeSilent(run, between(before, at - 2.5 * hourMs, at + 2.5 * hourMs), { ...request, weeks });
  });
  return mayBe && silenceOf(run, between(before, ms - 90 * dayMs, ms), request) !== null;
}

/** @param runs in the order of their times. */
function between(runs: readonly TimedRun[], from: number, to: number): readonly PastRun[] {
  return runs.slice(placeOf(runs, from), placeOf(runs, to)).map(({ run }) => run);
}

function placeOf(runs: readonly TimedRun[], ms: number): number {
  let [low, high] = [0, runs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((runs[middle]?.ms ?? ms) < ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

describe('in a year', () => {
  test.each(worlds.map((world) => [world.name, world] as const))(
    'of %s the outage is told the same day, with at most one false silence a quarter',
    (_, world) => {
      const seeds = Array.from({ length: world.starts(0).length > 8 ? 1 : 2 }, (_each, n) => n + 1);
      const years = seeds.map((seed) => yearOf(world, seed));
      expect(years.filter(({ isToldInTime }) => !isToldInTime)).toEqual([]);
      expect(years.reduce((sum, { falseOnes }) => sum + falseOnes, 0) / seeds.length / 4).toBeLessThanOrEqual(
        world.isTold === false ? 1 : 0.25,
      );
      for (const { ofHolidays } of years) expect(ofHolidays).toBeLessThanOrEqual(holidays.length);
    },
  );
});
