import { nextDue, scheduled, zoneProblem } from '../workspace/schema/zones.ts';

/** How long after its scheduled time a run may begin and end. */
const graceMs = 15 * 60_000;

/** If the next run after the last run is late: the time when it should have begun. Null: no run is late, or no run has begun yet. */
export async function overdueSince(
  schedule: string | null,
  { last, now }: { readonly last: string | null; readonly now: string },
): Promise<string | null> {
  const due = last === null ? null : await nextTime(schedule, last);
  return due !== null && Date.parse(due) + graceMs < Date.parse(now) ? due : null;
}

/** The next time of a schedule; null: the flow has no schedule, or the schedule is an app setting. */
export async function nextTime(schedule: string | null, now: string): Promise<string | null> {
  if (schedule === null) return null;
  const { zone } = scheduled(schedule);
  if (zone !== null && zoneProblem(zone) !== undefined) return null;
  const next = await nextDue(schedule, Date.parse(now));
  return next === null ? null : new Date(next).toISOString();
}
