/** How long a table keeps the files that its newest version does not have any more. */
const dayMs = 86_400_000;

/** `interval 1 week`, as Spark writes durations, in milliseconds. A text of another form counts as a year, so that files and tombstones are kept. */
export function retentionMs(configuration: Readonly<Record<string, string>>): number {
  const written = configuration['delta.deletedFileRetentionDuration'];
  if (written === undefined) return 7 * dayMs;
  const units: Readonly<Record<string, number>> = { week: 7 * dayMs, day: dayMs, hour: 3_600_000, minute: 60_000, second: 1000 };
  const [, amount, unit = ''] = /^(?:interval\s+)?(\d+)\s+(week|day|hour|minute|second)s?$/i.exec(written.trim()) ?? [];
  return amount === undefined ? 365 * dayMs : Number(amount) * (units[unit.toLowerCase()] as number);
}
