/** Schedules in a time zone. Not every plan of a function app knows zones. So the timer fires by UTC, at every offset that the zone has in the course of years. hygge then runs only when the zone's clocks show the scheduled time. A settled schedule has its zone after its fields: `0 0 2 * * * Europe/Oslo`. */

import { type OffsetAt, offsetsOf, zoneFormat } from '../../checks/zone-offsets.ts';
import { nearest } from '../../errors/did-you-mean.ts';
import { scheduleProblem, scheduleValues } from './schedule.ts';

export interface UtcSchedule {
  /** The schedule: six fields of cron, or `%NAME%` for an app setting. */
  readonly cron: string;
  /** The name of the time zone; null: UTC. */
  readonly zone: string | null;
}

export const withZone = (cron: string, zone: string | null): string => (zone === null ? cron : `${cron} ${zone}`);

export function scheduled(schedule: string): UtcSchedule {
  const words = schedule.trim().split(/\s+/);
  const last = words.at(-1) ?? '';
  const hasZone = words.length === 7 || (words.length === 2 && /^%\w+%$/.test(words[0] ?? ''));
  return hasZone ? { cron: words.slice(0, -1).join(' '), zone: last } : { cron: schedule, zone: null };
}

/** The name of the app setting that a schedule refers to, `%NAME%`; undefined: the schedule has six fields. */
export const settingOf = (schedule: string): string | undefined => /^%(\w+)%$/.exec(scheduled(schedule).cron)?.[1];

/** Why the name of a time zone is invalid, as the end of "needs …"; undefined: the zone exists. */
export function zoneProblem(written: string): string | undefined {
  const isOffset = /^[+-]/.test(written);
  if (!isOffset && zoneFormat(written) !== undefined) return undefined;
  const known = Intl.supportedValuesOf('timeZone');
  const near = isOffset
    ? []
    : nearest(
        written.split('/').at(-1) ?? '',
        known.map((name) => name.split('/').at(-1) ?? ''),
        1,
      );
  const meant = known.filter((name) => near.includes(name.split('/').at(-1) ?? '')).map((name) => `\`${name}\``);
  return `the name of a time zone, such as ${[...meant, '`Europe/Copenhagen`'][0]}`;
}

const dayMs = 86_400_000;

/** The moments when a zone’s clocks show a time, the earliest first. For a time that the clocks skip: the moment when the clocks would have shown that time. */
function momentsOf(offsetAt: OffsetAt, wallMs: number): readonly number[] {
  const [before, after] = [offsetAt(wallMs - dayMs), offsetAt(wallMs + dayMs)];
  const shown = [...new Set([before, after])].map((offset) => wallMs - offset).filter((at) => at + offsetAt(at) === wallMs);
  return shown.length > 0 ? shown.sort((a, b) => a - b) : [wallMs - before];
}

/** Whether a schedule wants a run at this second. In the night when an hour is skipped, runs in that hour happen an hour later. In the night when an hour occurs twice, runs happen only in the first of the two hours. If a schedule has every hour, runs happen in both, so that the time between two runs stays the same. */
export function dueAt(schedule: string): (atMs: number) => boolean {
  const { cron, zone } = scheduled(schedule);
  const values = scheduleValues(cron);
  if (zone === null) return (atMs) => shows(values, atMs);
  const hasEveryHour = values[2]?.length === 24;
  const offsetAt = offsetsOf(zone);
  return (atMs) => {
    const at = Math.floor(atMs / 1000) * 1000;
    const offsets = new Set([at - dayMs, at, at + dayMs].map(offsetAt));
    return [...offsets].some((offset) => {
      const wall = at + offset;
      if (!shows(values, wall)) return false;
      const moments = momentsOf(offsetAt, wall);
      return hasEveryHour ? moments.includes(at) : moments[0] === at;
    });
  };
}

function shows(values: readonly (readonly number[])[], wallMs: number): boolean {
  const at = new Date(wallMs);
  const fields = [at.getUTCSeconds(), at.getUTCMinutes(), at.getUTCHours(), at.getUTCDate(), at.getUTCMonth() + 1, at.getUTCDay()];
  return fields.every((field, i) => values[i]?.includes(field));
}

/** Six fields in UTC that contain every moment of the schedule. The fields also contain other moments, which `dueAt` rejects. @param nowMs the fields cover the zone’s offsets from one year before this time to five years after. */
export function timerOf(schedule: string, nowMs: number): string {
  const { cron, zone } = scheduled(schedule);
  if (zone === null) return cron;
  const offsetAt = offsetsOf(zone);
  const offsets = new Set<number>();
  for (let week = -53; week <= 5 * 53; week++) offsets.add(offsetAt(nowMs + week * 7 * dayMs) / 60_000);
  const [, minutes = [], hours = []] = scheduleValues(cron);
  const [seconds = '0', , , ...days] = cron.trim().split(/\s+/);
  const [ofMinute, ofHour] = [new Set<number>(), new Set<number>()];
  let isOnAnotherDay = false;
  for (const hour of hours)
    for (const minute of minutes)
      for (const offset of offsets) {
        const utc = hour * 60 + minute - offset;
        isOnAnotherDay ||= utc < 0 || utc >= 1440;
        ofMinute.add(((utc % 60) + 60) % 60);
        ofHour.add(Math.floor((((utc % 1440) + 1440) % 1440) / 60));
      }
  return [seconds, listed(ofMinute, 60), listed(ofHour, 24), ...(isOnAnotherDay ? ['*', '*', '*'] : days)].join(' ');
}

const listed = (values: ReadonlySet<number>, all: number): string =>
  values.size === all ? '*' : [...values].sort((a, b) => a - b).join(',');

/** The platform’s report about a timer. */
export interface TimerFiring {
  /** The time when the timer last fired; null: never, or unknown. */
  readonly lastMs: number | null;
  readonly nowMs: number;
}

/** How far before the scheduled time a timer may fire, and how much later the platform may record the firing. */
const skewMs = 2_000;
/** How late a timer may be if its last firing is not known. */
const lateMs = 300_000;
/** The oldest missed run that is repeated. */
const longestMs = 40 * dayMs;

/** Whether a scheduled time has passed since the timer last fired. If no scheduled time has passed, the timer fired at the offset of another season. */
export async function hasCome(schedule: string, { lastMs, nowMs }: TimerFiring): Promise<boolean> {
  const { zone } = scheduled(schedule);
  if (zone === null) return true;
  const from = lastMs === null ? nowMs - lateMs : Math.max(lastMs + skewMs, nowMs - longestMs);
  const found = await nextDue(schedule, from, nowMs + skewMs);
  return found !== null;
}

/** The first moment after `afterMs` at which the schedule wants a run; null: the schedule wants no run in the searched time. */
export async function nextDue(schedule: string, afterMs: number, untilMs = Number.POSITIVE_INFINITY): Promise<number | null> {
  const { cron } = scheduled(schedule);
  if (scheduleProblem(cron) !== undefined || cron.includes('%')) return null;
  const { Cron } = await import('croner');
  // Values are compared one by one, so that a field means exactly the same as on the platform.
  const plain = scheduleValues(timerOf(schedule, afterMs)).join(' ');
  const isDue = dueAt(schedule);
  const times = new Cron(plain, { mode: '6-part', domAndDow: true, paused: true, timezone: 'UTC' });
  for (let at = times.nextRun(new Date(afterMs)); at !== null && at.getTime() <= untilMs; at = times.nextRun(at))
    if (isDue(at.getTime())) return at.getTime();
  return null;
}
