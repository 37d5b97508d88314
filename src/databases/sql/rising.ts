/** Finds columns that may distinguish new rows from old rows, according to the catalogue. */
import type { TableFound } from '../../engine/contracts/connector.ts';

export interface WatermarkCandidate {
  readonly column: string;
  /** The type of the column in the database’s own words. */
  readonly type: string;
  /** The column has a date and a time of day. */
  readonly isTime: boolean;
  /** The database assigns the column’s values in increasing order. */
  readonly isCounted: boolean;
  /** Whenever a row changes, the database gives the column a new value that is larger than all others: a rowversion. */
  readonly isVersion?: boolean;
  /** The column has only a day. Such a column is used only if its name suggests that it changes with the row. */
  readonly isDay?: boolean;
  /** Whether the column may be null. True for the columns of a view, since the catalogue does not say. */
  readonly isNullable: boolean;
  /** How a query finds the newest value: by an index, or otherwise without reading the table’s rows. Any other text is a sentence for messages. */
  readonly newestValueBy: 'indexed' | 'no rows read' | (string & {});
}

/** Usual names of columns that change whenever their row changes. */
const changing =
  /^(updated?|modified|changed?|last_?(updated?|modified|changed?)|sys_?mod|mtime|_?synced)|_(updated|modified|changed)(_|$)|(updated|modified|changed)(_?(at|on|date|time|ts))?$/i;

/** Sorts the best candidates first: a time that changes with its row, then another time, then a number that is counted up. */
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
            : 'a time: each change of a row must update this time too'
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

/** A column of a key in a catalogue. The catalogue lists the columns of a key one by one, in their order. */
export interface KeyColumn {
  /** The name of the key’s index or constraint. */
  readonly index: string;
  readonly column: string;
  readonly isPrimary: boolean;
  readonly isNullable: boolean;
}

/** The best key of a table: the primary key, else the shortest unique index without nulls. */
export function bestKey(columns: readonly KeyColumn[]): Pick<TableFound, 'keys' | 'keyOf'> {
  const all = [...Map.groupBy(columns, ({ index }) => index).values()]
    .filter((one) => one.every(({ isPrimary, isNullable }) => isPrimary || !isNullable))
    .sort((a, b) => Number(b[0]?.isPrimary) - Number(a[0]?.isPrimary) || a.length - b.length);
  const [best] = all;
  if (best === undefined) return { keys: [], keyOf: null };
  return { keys: best.map(({ column }) => column), keyOf: best[0]?.isPrimary ? 'primary key' : 'unique index' };
}
