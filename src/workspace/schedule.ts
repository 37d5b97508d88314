import { Cron } from 'croner';

/** What is wrong with a schedule, as the end of "needs …", or undefined. An app setting (`%NAME%`) is known only where it is set. */
export function scheduleProblem(schedule: string): string | undefined {
  if (/^%\w+%$/.test(schedule)) return undefined;
  const fields = schedule.trim().split(/\s+/);
  if (fields.length === 5) return `six fields, seconds first: \`0 ${fields.join(' ')}\``;
  if (fields.length !== 6) return 'six cron fields, seconds first, such as `0 0 2 * * *` (every night at two, UTC)';
  try {
    new Cron(schedule, { mode: '6-part', paused: true, timezone: 'UTC' });
    return undefined;
  } catch {
    return 'six cron fields that are possible, such as `0 0 2 * * *` (every night at two, UTC)';
  }
}
