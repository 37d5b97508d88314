/**
 * Schedules as the platform of the function app reads them (NCRONTAB): six fields, the seconds first; numbers, names of months and days, `*` `,` `-` `/`. A
 * day must suit the month *and* the week. The platform rejects other cron syntax, and then a flow never runs.
 */
import { type FieldProblem, fieldProblem, fieldValues, type ScheduleField } from './schedule-field.ts';

const months = 'january february march april may june july august september october november december'.split(' ');
const days = 'sunday monday tuesday wednesday thursday friday saturday'.split(' ');

const fields: readonly ScheduleField[] = [
  { title: 'the second', from: 0, to: 59, names: [] },
  { title: 'the minute', from: 0, to: 59, names: [] },
  { title: 'the hour', from: 0, to: 23, names: [] },
  { title: 'the day of the month', from: 1, to: 31, names: [] },
  { title: 'the month', from: 1, to: 12, names: months },
  { title: 'the day of the week', from: 0, to: 6, names: days },
];
const longest = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const example = '`0 0 2 * * *` is every night at two, UTC';

/** Why a schedule is invalid, as the end of "needs …"; undefined: the schedule is valid. The value of an app setting (`%NAME%`) is unknown here. */
export function scheduleProblem(schedule: string): string | undefined {
  if (/^%\w+%$/.test(schedule)) return undefined;
  const written = schedule.trim().split(/\s+/);
  if (written.length === 5) return `six fields, seconds first: \`0 ${written.join(' ')}\``;
  if (written.length !== 6) return 'six cron fields, seconds first, such as `0 0 2 * * *` (every night at two, UTC)';
  for (const [i, field] of fields.entries()) {
    const problem = fieldProblem(field, written[i] ?? '');
    if (problem !== undefined) return told(problem, field, (text) => written.with(i, text).join(' '));
  }
  return neverComes(written);
}

function told(problem: FieldProblem, { title, from, to }: ScheduleField, whole: (field: string) => string): string {
  switch (problem.kind) {
    case 'sunday':
      return `Sunday as 0: \`${whole(problem.instead)}\``;
    case 'falls':
      return `ranges that rise: \`${whole(problem.instead)}\``;
    case 'any':
      return `\`*\` in place of \`?\`: \`${whole('*')}\``;
    case 'unknown':
      return `numbers, names of days or months, and \`*\` \`,\` \`-\` \`/\`; the function app does not know \`${problem.word}\`; ${example}`;
    case 'outside':
      return `six cron fields, ${title} from ${from}${title.endsWith('week') ? ' (Sunday)' : ''} to ${to}; ${example}`;
    case 'step':
      return `six cron fields, the step of ${title} from 1 on; ${example}`;
  }
}

function neverComes(written: readonly string[]): string | undefined {
  const [, , , ofMonth, month] = scheduleValues(written.join(' '));
  const first = Math.min(...(ofMonth ?? []));
  if ((month ?? []).some((one) => (longest[one - 1] ?? 0) >= first)) return undefined;
  return `a day that exists: \`${written[3]}\` never occurs in \`${written[4]}\`; ${example}`;
}

/** Every value of each field of a valid schedule, in rising order. */
export function scheduleValues(schedule: string): readonly (readonly number[])[] {
  const written = schedule.trim().split(/\s+/);
  return fields.map((field, i) => fieldValues(field, written[i] ?? ''));
}
