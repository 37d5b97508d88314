import { StateError } from '../errors/hygge-error.ts';
import { type JournalFilter, type JournalRow, verifyLane } from '../ports/state.ts';
import type { Instant } from '../ports/values.ts';
import { formatVersion, type JournalEntry, journalRow } from './stored-row.ts';

/** A journal in files: as lines in growing files, or as one file per row. */
export interface Journal {
  /** The future position of `row` in the journal. The position is written into the state row before the row is appended, so a crash before the append loses nothing. */
  entry(row: JournalRow): Promise<JournalEntry>;
  append(entry: JournalEntry): Promise<void>;
  /** Whether each append is a separate request that may be repeated. If so, the row of a run without new rows may be appended later. */
  readonly byRequest: boolean;
  /** Whether the journal contains the complete row. */
  holds(entry: JournalEntry): Promise<boolean>;
  /** Rows that pass the filter, newest first. Of two rows with the same id, the row that was written first counts. */
  read(asked: JournalQuestion): Promise<readonly JournalRow[]>;
  /** Removes whole files of rows that finished before the given time, and reorganizes the remaining files. Returns the number of removed files. */
  prune(before: Instant): Promise<number>;
}

export interface JournalQuestion {
  readonly filter: JournalFilter;
  /** Rows from state files that may be missing in the journal. */
  readonly unwritten: readonly JournalRow[];
  readonly told: (damage: JournalDamage) => void;
}

/** Lines of a journal file that are not rows, because of a crash or an edit. They are skipped and reported. */
export interface JournalDamage {
  readonly file: string;
  readonly lines: number;
}

/** Whether the filter includes the row. Rows of runs are always included, rows of comparisons only with `withVerifications`. */
export function isAskedFor({ lane }: Pick<JournalRow, 'lane'>, { withVerifications }: JournalFilter): boolean {
  return withVerifications === true || lane !== verifyLane;
}

export function matchesFilter(row: JournalRow, filter: JournalFilter): boolean {
  const { flow, entity, run, before } = filter;
  return (
    isAskedFor(row, filter) &&
    (before === undefined || row.finished_at < before) &&
    (flow === undefined || row.flow === flow) &&
    (entity === undefined || row.entity === entity) &&
    (run === undefined || row.run_id === run)
  );
}

export function newestFirst(a: JournalRow, b: JournalRow): number {
  if (a.finished_at !== b.finished_at) return a.finished_at < b.finished_at ? 1 : -1;
  return a.entity_run_id < b.entity_run_id ? 1 : -1;
}

export function lineOf(row: JournalRow): string {
  return JSON.stringify({ version: formatVersion, ...row });
}

export function parseLines(file: string, text: string): { readonly rows: JournalRow[]; readonly damaged: number } {
  const rows: JournalRow[] = [];
  let damaged = 0;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const row = parseJournalLine(file, line);
    if (row) rows.push(row);
    else damaged += 1;
  }
  return { rows, damaged };
}

/** The row of a line; undefined: the line is not a row. Throws StateError HYG-5002 if a newer hygge wrote it. */
export function parseJournalLine(file: string, line: string): JournalRow | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('version' in value)) return undefined;
  if (typeof value.version === 'number' && value.version > formatVersion) throw newer(file, value.version);
  const parsed = journalRow.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}

function newer(file: string, version: number): StateError {
  return new StateError({
    code: 'HYG-5002',
    what: `The journal ${file} was written by a newer hygge (format ${version}; this one knows ${formatVersion}).`,
    tryThis: ['Upgrade hygge here to the version that wrote it, or newer.'],
  });
}
