/** Columns that may tell new rows from old ones, by what a catalogue says of them. */
import type { TableFound } from '../../engine/contracts/connector.ts';

export interface Candidate {
  readonly column: string;
  /** In the database's own words. */
  readonly type: string;
  /** It holds a date and a time of day. */
  readonly isTime: boolean;
  /** Its values are counted up by the database. */
  readonly isCounted: boolean;
  /** The database gives it a new value, larger than any, whenever the row changes: a rowversion. */
  readonly isVersion?: boolean;
  /** How its newest value is found: by an index, or otherwise without the table's rows; else in words. */
  readonly found: 'indexed' | 'quick' | (string & {});
}

/** Names that people give to what a change of a row sets anew. */
const changing =
  /^(updated?|modified|changed?|last_?(updated?|modified|changed?)|sys_?mod|mtime|_?synced)|_(updated|modified|changed)(_|$)|(updated|modified|changed)(_?(at|on|date|time|ts))?$/i;

/** The likeliest first: a time that changes with its row, another time, a number that is counted up. */
export function risingOf(candidates: readonly Candidate[]): TableFound['rising'] {
  return candidates
    .filter(({ isTime, isCounted, isVersion }) => isTime || isCounted || isVersion)
    .map(({ column, type, isTime, isVersion, found }) => {
      const changes = changing.test(column);
      const says = isVersion
        ? 'the database changes it with the row'
        : isTime
          ? changes
            ? 'by its name it changes with the row'
            : 'a time; rows that change must change it too'
          : 'it is counted up: rows that only come, and never change';
      const isQuick = found === 'indexed' || found === 'quick';
      const rank = (isVersion ? -2 : isTime ? (changes ? 0 : 2) : 4) + (isQuick ? 0 : 1);
      return { column, why: `${type}, ${found === 'quick' ? '' : `${found}; `}${says}`, rank };
    })
    .sort((a, b) => a.rank - b.rank)
    .map(({ column, why }) => ({ column, why }));
}
