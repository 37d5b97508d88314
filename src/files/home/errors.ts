/** The errors of a home of files. */
import { HomeError } from '../../errors/hygge-error.ts';
import type { Schema } from '../../frames/schema.ts';

export function lagWithoutTime(column: string, type: string): HomeError {
  return new HomeError({
    code: 'HYG-3206',
    what: `watermark.lag needs a time, but ${column} is ${type}.`,
    why: ['A lag delays rows that are too new, but this column does not show how old a row is.'],
    tryThis: ['Remove watermark.lag', 'Or choose a column with a timestamp or date in watermark.column'],
  });
}

export function gone(name: string): HomeError {
  return new HomeError({
    code: 'HYG-3202',
    what: `${name} existed when the run was planned, but no longer exists.`,
    tryThis: ['Run it again: nothing was settled'],
  });
}

/** A commit into the folder is running or was killed, so some files of the commit may still be missing. */
export function beingFilled(written: string): HomeError {
  return new HomeError({
    code: 'HYG-3315',
    what: `A hygge run is writing rows to ${written}.`,
    why: ['A listing of the folder can show half of a commit, so rows would be missing or occur twice.'],
    tryThis: [
      'Run it again after the other run has ended',
      'If the other run was killed, run that one again first, so that it finishes its commit',
    ],
    transient: true,
  });
}

export function noColumn(name: string, { columns }: Schema): HomeError {
  const names = columns.map((column) => column.name);
  return new HomeError({
    code: 'HYG-3205',
    what: `The source has no column ${JSON.stringify(name)}.`,
    why: [`It has: ${names.slice(0, 20).join(', ')}${names.length > 20 ? ', …' : ''}`],
    tryThis: ['Correct watermark.column'],
  });
}

/** A folder of files that is a Delta table: only its log shows which files contain rows. */
export function isDeltaTable(written: string, table: string): HomeError {
  return new HomeError({
    code: 'HYG-3901',
    what: table === written ? `${written} is a Delta table.` : `There is a Delta table in ${written}: ${table}.`,
    why: ['Its folder also contains files of earlier versions and of deleted rows. Only its log, `_delta_log`, says which files count.'],
    tryThis: [
      table === written
        ? 'Read the files as a table: format: delta in home'
        : `Read each table by itself: path: ${table} and format: delta in home`,
    ],
  });
}
