/** How long a table keeps the files that its newest version does not have any more. */
import { daysInMs, intervalMs } from '../../delta/log/intervals.ts';

/** Milliseconds. A text of another form counts as a year, so that files and tombstones are kept. */
export function retentionMs(configuration: Readonly<Record<string, string>>): number {
  const written = configuration['delta.deletedFileRetentionDuration'];
  return written === undefined ? daysInMs(7) : (intervalMs(written) ?? daysInMs(365));
}
