import { nextDue, scheduled, zoneProblem } from '../workspace/schema/zones.ts';

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
  if (schedule === null) return null;
  const { zone } = scheduled(schedule);
  if (zone !== null && zoneProblem(zone) !== undefined) return null;
  const next = await nextDue(schedule, Date.parse(now));
  return next === null ? null : new Date(next).toISOString();
}
