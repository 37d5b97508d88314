/** Columns that may distinguish new rows from old ones, by the catalogue. */
import type { TableFound } from '../../engine/contracts/connector.ts';

export interface WatermarkCandidate {
  readonly column: string;
  /** The type in the database's own words. */
  readonly type: string;
  /** The column has a date and a time of day. */
  readonly isTime: boolean;
  /** The database assigns its values in increasing order. */
  readonly isCounted: boolean;
  /** The database gives it a new value, larger than all others, whenever the row changes: a rowversion. */
  readonly isVersion?: boolean;
  /** The column has only a day: it is used only if its name suggests that it changes with the row. */
  readonly isDay?: boolean;
  /** Whether a row may have no value. True for the columns of a view, whose catalogue does not say. */
  readonly isNullable: boolean;
  /** How a query finds the newest value: by an index, or otherwise without reading the table's rows; else a printed sentence. */
  readonly newestValueBy: 'indexed' | 'no rows read' | (string & {});
}

/** Usual names of columns that every change of a row updates. */
const changing =
  /^(updated?|modified|changed?|last_?(updated?|modified|changed?)|sys_?mod|mtime|_?synced)|_(updated|modified|changed)(_|$)|(updated|modified|changed)(_?(at|on|date|time|ts))?$/i;

/** The best candidates first: a time that changes with its row, another time, a number that is counted up. */
export function risingOf(candidates: readonly WatermarkCandidate[]): TableFound['rising'] {
  return candidates
    .map((one) => ({ ...one, changes: changing.test(one.column) }))
    .map((one) => ({ ...one, isTime: one.isTime || (one.isDay === true && one.changes) }))
    .filter(({ isTime, isCounted, isVersion }) => isTime || isCounted || isVersion)
    .map(({ column, type, isTime, isVersion, isNullable, changes, newestValueBy }) => {
      const meaning = isVersion
        ? 'the database updates it when the row changes'
        : isTime
          ? changes
            ? 'by its name, it is updated when the row changes'
            : 'a time; each change of a row must update it too'
          : 'it is counted up: only for rows that are added and never changed';
      const isQuick = newestValueBy === 'indexed' || newestValueBy === 'no rows read';
      const tellsChanges = isVersion === true || (isTime && changes);
      const rank = (isVersion ? -4 : isTime ? (changes ? 0 : 4) : 8) + (isNullable ? 2 : 0) + (isQuick ? 0 : 1);
      const says = [...(newestValueBy === 'no rows read' ? [] : [newestValueBy]), ...(isNullable ? ['may be null'] : []), meaning];
      const why = `${type}, ${says.join('; ')}`;
      return { column, why, isSafeWatermark: tellsChanges && !isNullable, isTime: isTime && !isVersion, rank };
    })
    .sort((a, b) => a.rank - b.rank)
    .map(({ rank: _, ...found }) => found);
}

/** A key in a catalogue, which lists one of its columns at a time and in their order. */
export interface KeyColumn {
  /** The index or constraint. */
  readonly index: string;
  readonly column: string;
  readonly isPrimary: boolean;
  readonly isNullable: boolean;
}

/** The primary key, else the shortest unique index without nulls. */
export function bestKey(columns: readonly KeyColumn[]): Pick<TableFound, 'keys' | 'keyOf'> {
  const all = [...Map.groupBy(columns, ({ index }) => index).values()]
    .filter((one) => one.every(({ isPrimary, isNullable }) => isPrimary || !isNullable))
    .sort((a, b) => Number(b[0]?.isPrimary) - Number(a[0]?.isPrimary) || a.length - b.length);
  const [best] = all;
  if (best === undefined) return { keys: [], keyOf: null };
  return { keys: best.map(({ column }) => column), keyOf: best[0]?.isPrimary ? 'primary key' : 'unique index' };
}
