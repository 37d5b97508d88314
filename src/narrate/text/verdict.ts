/** The result of a comparison with the source, in a few words. */
import type { NotToldBecause, Verification } from '../../ports/state.ts';
import { count, counted } from './figures.ts';

const notTold: Readonly<Record<NotToldBecause, string>> = {
  'nothing settled': 'nothing has settled yet',
  reset: 'the entity was reset, and the next run loads everything',
  unfinished: 'a commit is not finished',
  'unsettled watermark': 'no watermark has settled, so the next run loads everything',
  'files gone': 'files that settled are no longer in the source',
  'changed since': 'rows may have changed after they settled, and without a key in the source or the config hygge does not know which rows',
  'no way back': 'this store can’t read back the settled rows',
  'not replicated': 'Fabric has not applied all settled rows yet, or does not show that it has',
  'not visible yet': 'the source shows a copy of its rows, and the copy may not be up to date',
  'no column': 'no column is left that can be compared',
  'no row': 'it contains no rows',
  'too long': 'it took too long',
  'changed meanwhile': 'the source or the destination changed while they were compared',
  'many deletes': 'so many settled rows are gone from the source that deletes.max would stop a comparison of keys',
  'unknown keys': 'rows that only the destination has may be earlier versions of rows that do not settle, whose keys can’t be read',
  'no key': 'rows that only the destination has may be earlier versions, and without a key hygge does not know of which rows',
  'ignored deletes': 'settled rows that the source no longer has may be those that deletes: ignore keeps',
  'changed files': 'files changed after hygge read them; changed_files keeps their settled rows, or the next run reads the files again',
  'many versions': 'too many rows have earlier versions to check them all',
  stopped: 'stopped',
};

/** A record of an earlier version may have another verdict. */
export const whyNotTold = (because: string): string => (notTold as Readonly<Record<string, string>>)[because] ?? because;

type Found = Pick<Verification, 'verdict' | 'because' | 'rows'> &
  Partial<Pick<Verification, 'by'>> & {
    readonly differences: (NonNullable<Verification['differences']> & { readonly all_counted?: boolean }) | null;
  };

/** `same: 10 rows on both sides`, `differs: 1 row changed`, `not compared: nothing has settled yet`. */
export function verdictText({ verdict, by, because, rows, differences }: Found): string {
  switch (verdict) {
    case 'same':
      return rows === null
        ? 'same'
        : `same${because === null ? '' : ` ${because}`}: ${rowsText(rows)}${by === 'counts' ? ', counted' : ''}`;
    case 'differs':
      return `differs: ${differences === null ? (rows === null ? '' : rowsText(rows)) : differencesText(differences)}`;
    case 'not told':
      return because === null ? 'not compared' : `not compared: ${whyNotTold(because)}`;
  }
}

function differencesText(found: NonNullable<Found['differences']>): string {
  const { only_in_source: source, only_in_destination: destination, changed, all_counted = true } = found;
  const parts = [
    ...(changed > 0 ? [`${counted(changed, 'row')} changed`] : []),
    ...(source > 0 ? [`${count(source)} only in the source`] : []),
    ...(destination > 0 ? [`${count(destination)} only in the destination`] : []),
  ];
  if (parts.length === 0) return 'unread rows';
  return `${all_counted ? '' : 'at least '}${parts.join(', ')}`;
}

function rowsText({ source, destination }: NonNullable<Found['rows']>): string {
  if (source === destination) return `${counted(source, 'row')} on both sides`;
  return `${counted(source, 'row')} in the source, ${count(destination)} in the destination`;
}
