/** Intervals in the configuration of a table, as Spark writes them: `interval 4 weeks 2 days`. */
const day = 24 * 60 * 60 * 1000;
const unitsInMs: Readonly<Record<string, number>> = {
  week: 7 * day,
  day,
  hour: day / 24,
  minute: day / (24 * 60),
  second: 1000,
  millisecond: 1,
  microsecond: 0.001,
  nanosecond: 0.000_001,
};

/** An interval in milliseconds; undefined: the text has another form. */
export function intervalMs(written: string): number | undefined {
  const text = written
    .trim()
    .toLowerCase()
    .replace(/^interval\s+/, '');
  if (!/^(\d+\s+[a-z]+\s*)+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/(\d+)\s+([a-z]+)/g)].map(
    ([, count, unit = '']) => Number(count) * (unitsInMs[unit.replace(/s$/, '')] ?? Number.NaN),
  );
  const all = parts.reduce((sum, part) => sum + part, 0);
  return Number.isFinite(all) ? all : undefined;
}

/** How long a table keeps files that are no longer in its newest version, in milliseconds. If the text has another form, the result is a year. */
export function retentionMs(configuration: Readonly<Record<string, string>>): number {
  const written = configuration['delta.deletedFileRetentionDuration'];
  return written === undefined ? daysInMs(7) : (intervalMs(written) ?? daysInMs(365));
}

export const daysInMs = (days: number): number => days * day;
