import { scheduleProblem, scheduleValues } from '../workspace/schedule.ts';

/** When a schedule goes next; null for none, and for one whose text is an app setting. */
export async function nextTime(schedule: string | null, now: string): Promise<string | null> {
  if (schedule === null || schedule.includes('%') || scheduleProblem(schedule) !== undefined) return null;
  const { Cron } = await import('croner');
  // Value by value, so that what is read there is what the platform reads.
  const plain = scheduleValues(schedule).join(' ');
  const cron = new Cron(plain, { mode: '6-part', domAndDow: true, paused: true, timezone: 'UTC' });
  return cron.nextRun(new Date(now))?.toISOString() ?? null;
}
