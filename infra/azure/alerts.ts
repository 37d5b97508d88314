import { scheduleValues } from '../../src/workspace/schema/schedule.ts';
import { scheduled as inParts, settingOf } from '../../src/workspace/schema/zones.ts';
import type { Deployment, FunctionApp } from '../deployment.ts';

/** A query that is run on the app's log at regular intervals. */
export interface Alert {
  readonly name: string;
  readonly description: string;
  readonly severity: number;
  readonly query: string;
  /** Window and frequency, as ISO 8601 durations. */
  readonly window: string;
  readonly every: string;
  readonly operator: 'GreaterThan' | 'LessThan';
  readonly threshold: number;
}

/** The log queries for the flows of an app, in addition to the queries for every app. Events are lines of JSON: docs/functions.md, "How a run goes". */
export function alertsOf(
  app: FunctionApp,
  { target }: Deployment,
): { readonly alerts: readonly Alert[]; readonly notes: readonly string[] } {
  const events = 'traces | extend e = parse_json(message)';
  const notes: string[] = [];
  const scheduled = app.flows.flatMap(({ name, schedule }): readonly Alert[] => {
    if (schedule === null) return [];
    const { cron, zone } = inParts(schedule);
    const gap = inZone(longestGap(target.settings.variables?.[settingOf(schedule) ?? ''] ?? cron), zone);
    const window = gap === null ? undefined : windows.find(({ seconds }) => seconds >= gap.longest + grace);
    if (gap === null || window === undefined) {
      notes.push(`${name} runs less often than every two days, so no alert reports a missing run.`);
      return [];
    }
    return [
      {
        name: `unseen-${name}`,
        description: `A scheduled run of ${name} is missing.`,
        severity: 2,
        query: `${events} | where timestamp > ago(${Math.ceil((gap.longest + grace) / 60)}m) and e.event == "run_start" and e.flow == "${name}"`,
        ...{ window: window.text, every: 'PT1H', operator: 'LessThan', threshold: 1 },
      },
      {
        name: `slow-${name}`,
        description: `A run of ${name} took longer than the time between two scheduled runs.`,
        severity: 2,
        query: `${events} | where e.event == "summary" and e.flow == "${name}" and todouble(e.seconds) > ${gap.shortest}`,
        ...{ window: 'PT1H', every: 'PT1H', operator: 'GreaterThan', threshold: 0 },
      },
    ];
  });
  return { alerts: scheduled, notes };
}

const hour = 3600;
const day = 24 * hour;
/** The tolerance for a run that begins late. */
const grace = hour / 2;

/** The possible windows: https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-create-log-alert-rule */
const windows = [
  { seconds: hour, text: 'PT1H' },
  { seconds: 2 * hour, text: 'PT2H' },
  { seconds: 3 * hour, text: 'PT3H' },
  { seconds: 4 * hour, text: 'PT4H' },
  { seconds: 5 * hour, text: 'PT5H' },
  { seconds: 6 * hour, text: 'PT6H' },
  { seconds: day, text: 'P1D' },
  { seconds: 2 * day, text: 'P2D' },
];

/** The tolerance for the two days of a year with 23 or 25 hours. */
function inZone(gap: ReturnType<typeof longestGap>, zone: string | null): ReturnType<typeof longestGap> {
  return gap === null || zone === null
    ? gap
    : { longest: gap.longest + hour, shortest: gap.shortest > hour ? gap.shortest - hour : gap.shortest };
}

/** The longest time between two scheduled runs in a week, in seconds; null: the schedule does not run every week, or is unknown. */
export function longestGap(schedule: string): { readonly longest: number; readonly shortest: number } | null {
  const [seconds = [], minutes = [], hours = [], days = [], months = [], weekdays = []] = scheduleValues(schedule);
  if (days.length < 31 || months.length < 12) return null;
  const ofDay = hours.flatMap((h) => minutes.flatMap((m) => seconds.map((s) => h * hour + m * 60 + s)));
  const [first, last] = [ofDay[0], ofDay.at(-1)];
  if (first === undefined || last === undefined) return null;
  const within = ofDay.slice(1).map((time, at) => time - (ofDay[at] ?? 0));
  const between = weekdays.map((weekday, at) => {
    const next = weekdays[at + 1] ?? (weekdays[0] ?? 0) + 7;
    return (next - weekday) * day + first - last;
  });
  const gaps = [...within, ...between];
  return { longest: Math.max(...gaps), shortest: Math.min(...gaps) };
}
