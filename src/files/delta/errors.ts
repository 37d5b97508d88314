/** Why a home that is a Delta table stops, beside what its log and its files say. */
import { asArgument } from '../../errors/as-argument.ts';
import { HomeError } from '../../errors/hygge-error.ts';

/** What a commit did to rows that may have settled. */
export interface ChangedRows {
  readonly version: number;
  /** `UPDATE`; null: the commit does not say. */
  readonly operation: string | null;
}

/** Rows that settled were updated or deleted, and nothing says what to do about it. */
export function rowsChanged(
  place: string,
  { version, operation }: ChangedRows,
  { entity, hasFeed }: { entity: string; hasFeed: boolean },
): HomeError {
  return new HomeError({
    code: 'HYG-3902',
    what: `Version ${version} of ${place} changed or removed rows that have settled.`,
    why: [
      ...(operation === null ? [] : [`The log calls it ${operation}.`]),
      'An incremental run by the log reads new files, and changed_files is fail.',
    ],
    tryThis: [
      'changed_files: replace settles the rows of changed files in place of the old ones',
      'changed_files: ignore leaves such versions out',
      'changed_files: append settles all rows of the files that such versions add',
      ...(hasFeed ? ['The table has a change feed: watermark: { changes: change_feed, key: … } settles each change'] : []),
      `Or load everything again: hygge go -d -e ${asArgument(entity)}`,
    ],
  });
}

/** The table is not the one whose rows settled, or its log has lost the versions in between. `why`: a sentence. */
export function cannotGoOn(place: string, entity: string, why: string): HomeError {
  return new HomeError({
    code: 'HYG-3903',
    what: `What changed in ${place} since the last run can't be told from its log.`,
    why: [why],
    tryThis: [
      `Load everything again: hygge go -d -e ${asArgument(entity)}`,
      'Run it more often than the table’s log is cleaned: delta.logRetentionDuration of the table, 30 days where nothing is set',
    ],
  });
}

/** A file that the log names is not there. */
export function fileRemoved(place: string, file: string, version: number): HomeError {
  return new HomeError({
    code: 'HYG-3904',
    what: `${file} is not there, and version ${version} of ${place} needs it.`,
    why: ['VACUUM removes files that newer versions of the table do not need, and whoever deletes by hand removes any.'],
    tryThis: [
      'Run it again: the run reads the newest version',
      'For an older version: choose one whose files are still there, or keep files longer: delta.deletedFileRetentionDuration of the table',
    ],
  });
}

/** The feed lacks a version's changes. */
export function noFeed(place: string, version: number): HomeError {
  return new HomeError({
    code: 'HYG-3905',
    what: `Version ${version} of ${place} has no change feed.`,
    why: ['delta.enableChangeDataFeed of the table is not true there, so updates and deletes are not recorded row by row.'],
    tryThis: [
      'Switch it on, where the table is written: ALTER TABLE … SET TBLPROPERTIES (delta.enableChangeDataFeed = true)',
      'Or read new files alone: leave out watermark.changes',
    ],
  });
}
