import { Cron } from 'croner';
import { describe, expect, it } from 'vitest';
import { nextTime } from '../../src/report/schedule.ts';
import { dueAt, hasCome, scheduled, timerOf, withZone, zoneProblem } from '../../src/workspace/schema/zones.ts';
import { whole } from '../support/samples.ts';

const zones = [
  ['Europe/Copenhagen', 2, 30],
  ['America/New_York', 1, 30],
  ['Australia/Lord_Howe', 2, 15],
  ['Asia/Kolkata', 0, 15],
  ['Africa/Casablanca', 2, 0],
  ['America/Santiago', 0, 0],
] as const;

const quarter = 15 * 60_000;

const clocks = new Map<string, Intl.DateTimeFormat>();

/** What the clocks of a zone show, by Intl alone, as if it were UTC. */
function wallAt(zone: string, ms: number): number {
  const clock = clocks.get(zone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
  clocks.set(zone, clock);
  return Date.parse(`${clock.format(ms).replace(' ', 'T')}Z`);
}

/** The moment that a zone first shows a time at; where it leaves it out, as much after the gap began as the time lies in it. Looked for, a quarter of an hour at a time. */
function firstAt(zone: string, wall: number): number {
  const [past, coming] = [wall - 172_800_000, wall + 172_800_000].map((at) => wallAt(zone, at) - at);
  if (past !== undefined && past === coming) return wall - past;
  let before = wall - 27 * 3_600_000;
  for (let at = before; at <= wall + 27 * 3_600_000; at += quarter) {
    const shown = wallAt(zone, at);
    if (shown === wall) return at;
    if (shown > wall) return before + (wall - wallAt(zone, before));
    before = at;
  }
  throw new Error('never');
}

/** Runs as a platform would start them that knows UTC only. */
async function runsOf(schedule: string, from: number, to: number): Promise<readonly string[]> {
  const runs: string[] = [];
  const timer = new Cron(timerOf(schedule, from), { mode: '6-part', domAndDow: true, paused: true, timezone: 'UTC' });
  let lastMs: number | null = null;
  for (let at = timer.nextRun(new Date(from - 1)); at !== null && at.getTime() < to; at = timer.nextRun(at)) {
    const nowMs = at.getTime() + 300;
    if (await hasCome(schedule, { lastMs, nowMs })) runs.push(at.toISOString());
    lastMs = nowMs;
  }
  return runs;
}

describe('a schedule in a time zone', () => {
  /** Months in which clocks change; `npm run soak` has all zones for six years. */
  const spans = whole
    ? [[Date.UTC(2026, 0, 1), Date.UTC(2032, 0, 1)]]
    : [2, 9].map((month) => [Date.UTC(2026, month, 1), Date.UTC(2026, month + 1, 10)]);
  const cells = (whole ? zones : zones.slice(0, 1)).flatMap((zone) => spans.map(([from = 0, to = 0]) => [...zone, from, to] as const));

  it.each(cells)('of %s runs once on each day at %i:%i, whatever the clocks do', async (zone, hour, minute, from, to) => {
    const expected: string[] = [];
    for (let date = from - 86_400_000; date <= to; date += 86_400_000) {
      const at = firstAt(zone, date + hour * 3_600_000 + minute * 60_000);
      if (at >= from && at < to) expected.push(new Date(at).toISOString());
    }
    expect(await runsOf(`0 ${minute} ${hour} * * * ${zone}`, from, to)).toEqual(expected);
    expect(expected.length).toBeGreaterThan(38);
  });

  it('keeps to its days where midnight lies on another one in UTC', async () => {
    const runs = await runsOf('0 15 0 1 * * Europe/Copenhagen', Date.UTC(2026, 1, 20), Date.UTC(2026, 4, 2));
    expect(runs).toEqual(['2026-02-28', '2026-03-31', '2026-04-30'].map((day, n) => `${day}T2${n < 1 ? 3 : 2}:15:00.000Z`));
    expect(await runsOf('0 0 1 * * mon Asia/Tokyo', Date.UTC(2026, 10, 20), Date.UTC(2026, 11, 1))).toEqual([
      '2026-11-22T16:00:00.000Z',
      '2026-11-29T16:00:00.000Z',
    ]);
  });

  it('of every hour goes on through both nights, without a pause and never twice', async () => {
    const inspected = await runsOf('0 0 * * * * Europe/Copenhagen', Date.UTC(2026, 9, 24, 22), Date.UTC(2026, 9, 25, 4));
    expect(inspected.map((at) => at.slice(11, 13))).toEqual(['22', '23', '00', '01', '02', '03']);
    const spring = await runsOf('0 0 * * * * Europe/Copenhagen', Date.UTC(2026, 2, 28, 23), Date.UTC(2026, 2, 29, 3));
    expect(spring.map((at) => at.slice(11, 13))).toEqual(['23', '00', '01', '02']);
  });

  it('makes up for what was missed while the app was down, and for nothing that has run', async () => {
    const schedule = '0 0 2 * * * Europe/Copenhagen';
    const at = (text: string) => Date.parse(text);
    const come = (last: string | null, now: string) => hasCome(schedule, { lastMs: last === null ? null : at(last), nowMs: at(now) });
    expect(await come('2026-07-01T00:00:00.120Z', '2026-07-01T01:00:00Z')).toBe(false);
    expect(await come('2026-06-30T01:00:00Z', '2026-07-01T00:00:00Z')).toBe(true);
    expect(await come('2026-06-30T01:00:00Z', '2026-06-30T23:59:59.200Z')).toBe(true);
    expect(await come('2026-06-30T01:00:00Z', '2026-07-03T09:10:00Z')).toBe(true);
    expect(await come(null, '2026-07-01T01:00:00Z')).toBe(false);
    expect(await come(null, '2026-07-01T00:00:03Z')).toBe(true);
    expect(await hasCome('0 0 2 * * *', { lastMs: null, nowMs: at('2026-07-01T17:00:00Z') })).toBe(true);
  });

  it('tells when it goes next, and is nothing but UTC without a zone', async () => {
    expect(await nextTime('0 30 2 * * * Europe/Copenhagen', '2026-03-28T12:00:00Z')).toBe('2026-03-29T01:30:00.000Z');
    expect(await nextTime('0 30 2 * * * Europe/Copenhagen', '2026-10-25T00:30:00Z')).toBe('2026-10-26T01:30:00.000Z');
    expect(await nextTime('0 0 2 29 2 * Europe/Copenhagen', '2026-03-01T00:00:00Z')).toBe('2028-02-29T01:00:00.000Z');
    expect(await nextTime('%NIGHT% Europe/Copenhagen', '2026-03-01T00:00:00Z')).toBeNull();
    expect(await nextTime('0 0 2 * * *', '2026-03-01T00:00:00Z')).toBe('2026-03-01T02:00:00.000Z');
    expect(timerOf('0 0 2 * * *', 0)).toBe('0 0 2 * * *');
    expect(timerOf('0 0 2 1 * * Europe/Copenhagen', Date.UTC(2026, 0, 1))).toBe('0 0 0,1 1 * *');
    expect(dueAt('0 0 2 * * *')(Date.UTC(2026, 0, 1, 2))).toBe(true);
    expect([scheduled(withZone('%NIGHT%', 'Asia/Tokyo')), scheduled('0 0 2 * * *')]).toEqual([
      { cron: '%NIGHT%', zone: 'Asia/Tokyo' },
      { cron: '0 0 2 * * *', zone: null },
    ]);
  });

  it.each([
    ['Europe/Kopenhagen', 'the name of a time zone, such as `Europe/Copenhagen`'],
    ['+02:00', 'the name of a time zone, such as `Europe/Copenhagen`'],
    ['CEST', 'the name of a time zone, such as'],
  ])('of %s is none', (zone, problem) => {
    expect(zoneProblem(zone)).toContain(problem);
    expect([zoneProblem('UTC'), zoneProblem('America/Argentina/Ushuaia')]).toEqual([undefined, undefined]);
  });
});
