import { scheduleProblem, scheduleValues } from '../workspace/schema/schedule.ts';

/** A run begins, and ends, a while after its time. */
const graceMs = 15 * 60_000;

/** The first time after the last run at which the next one should have begun, where that has gone by; null: all is in time, or nothing ran yet. */
export async function overdueSince(
  schedule: string | null,
  { last, now }: { readonly last: string | null; readonly now: string },
): Promise<string | null> {
  const due = last === null ? null : await nextTime(schedule, last);
  return due !== null && Date.parse(due) + graceMs < Date.parse(now) ? due : null;
}

/** When a schedule goes next; null for none, and for one whose text is an app setting. */
export async function nextTime(schedule: string | null, now: string): Promise<string | null> {
  if (schedule === null || schedule.includes('%') || scheduleProblem(schedule) !== undefined) return null;
  const { Cron } = await import('croner');
  // Value by value, so that what is read there is what the platform reads.
  const plain = scheduleValues(schedule).join(' ');
  const cron = new Cron(plain, { mode: '6-part', domAndDow: true, paused: true, timezone: 'UTC' });
  return cron.nextRun(new Date(now))?.toISOString() ?? null;
}
