/** When a schedule goes next; null for none, and for one whose text is an app setting. */
export async function nextTime(schedule: string | null, now: string): Promise<string | null> {
  if (schedule === null || schedule.includes('%')) return null;
  const { Cron } = await import('croner');
  return new Cron(schedule, { mode: '6-part', paused: true, timezone: 'UTC' }).nextRun(new Date(now))?.toISOString() ?? null;
}
