/**
 * A table that is read by its own log of changes, `watermark.changes`. Each commit has a version: commits before the captured one have lower versions, later
 * commits have higher ones. So hygge waits for no transaction, no row is late, and the lower bound is exact. Rows at the bound are not read again. When a row
 * changes again, the log no longer reports it under its old version. So replacing the rows of the old version would remove the row.
 */
import { deletedColumn, type Window } from '../../engine/contracts/home.ts';
import { changeVersionColumn } from '../../engine/contracts/spec.ts';
import { compareWatermarks } from '../../frames/watermark-text.ts';
import type { OwnNote } from '../../ports/notes.ts';
import type { Json } from '../../ports/values.ts';
import type { ChangeFeed, ChangeTracking, Relation, Session } from '../engine.ts';
import { changesGone, keyColumnNotRead, noChangeLog, sameNameTwice } from '../errors.ts';

/** The counter of versions of a log, which settles with the watermark. */
export interface VersionCounter {
  readonly since: ChangeTracking['identities'];
  readonly keptMinutes: number | null;
}

/** A log of changes has only the key of a deleted row. */
export const readingOfChanges = { tellsDeletes: true, deletedRows: 'key' } as const;

export const pinnedCounter = (pinned: Json | null): VersionCounter | null => pinned as unknown as VersionCounter | null;
export const counterOf = ({ identities, keptMinutes }: ChangeTracking): VersionCounter => ({ since: identities, keptMinutes });
export const counterToPin = (tracking: ChangeTracking): Json => counterOf(tracking) as unknown as Json;

/** The relation with the columns of its changes. All columns except the key may be null, since the log has only the key of a deleted row. */
export function withChanges<S extends Session>(relation: Relation, { addedColumns }: ChangeFeed<S>): Relation {
  const { shown, primaryKey, isTable, columns } = relation;
  if (!isTable) throw noChangeLog(shown, 'The source is not a table: a view or a query has no log of its own.');
  if (primaryKey.length === 0) throw noChangeLog(shown, 'The table has no primary key, and changes are reported by primary key.');
  const without = primaryKey.find((key) => !columns.some(({ name }) => name === key));
  if (without !== undefined) throw keyColumnNotRead(shown, without);
  for (const name of [changeVersionColumn, deletedColumn])
    if (columns.some((column) => column.name === name)) throw sameNameTwice(shown, name);
  const isKey = ({ name }: { readonly name: string }) => primaryKey.includes(name);
  const rows = columns.map((column) => (isKey(column) ? { ...column, nullable: false } : { ...column, nullable: true }));
  return { ...relation, columns: [...rows, addedColumns.version, addedColumns.deleted] };
}

/** The FROM clause for the rows of a slice. */
export function changedRowsIn<S extends Session>(
  feed: ChangeFeed<S>,
  relation: Relation,
  { from, window }: { from: string; window: Window },
): string {
  return window.lower === null
    ? feed.allRowsFrom(relation, from, window.upper?.text ?? null)
    : feed.changedRowsFrom(relation, window.lower.text);
}

interface GoesOn {
  readonly tracking: ChangeTracking;
  /** The version counter of the last settled run, or of the plan of this run. Null: unknown. */
  readonly counted: VersionCounter | null;
  readonly window: Pick<Window, 'lower' | 'upper'>;
}

/** Why the log lacks some changes of the window, as a sentence. Undefined: the log has all changes. */
export function missingChangesReason<S extends Session>(
  { addedColumns, restartReasons }: ChangeFeed<S>,
  { tracking, counted, window }: GoesOn,
): string | undefined {
  const { type } = addedColumns.version;
  const isBelow = (a: string, b: string) => compareWatermarks({ type, text: a }, { type, text: b }) < 0;
  const { lower, upper } = window;
  const [from, to] = [lower?.text ?? upper?.text, upper?.text];
  const other = Object.entries(counted?.since ?? {}).find(([what, was]) => {
    const is = tracking.identities[what];
    // If an identity can’t be seen now, or could not be seen before, it does not prove a change.
    return was !== null && is !== null && is !== undefined && is !== was;
  });
  if (other !== undefined) return restartReasons[other[0]] ?? `Another ${other[0]} counts its versions now.`;
  if (to !== undefined && isBelow(tracking.newestVersion, to))
    return `The newest version is ${tracking.newestVersion}, below ${to}: the database has gone back in time.`;
  if (from !== undefined && isBelow(from, tracking.oldestUsableVersion))
    return `Changes after version ${from} are no longer kept, only changes after version ${tracking.oldestUsableVersion}.`;
  return undefined;
}

export function mustHaveAllChanges<S extends Session>(
  feed: ChangeFeed<S>,
  of: GoesOn & { readonly place: string; readonly entity: string },
): void {
  const gap = missingChangesReason(feed, of);
  if (gap !== undefined) throw changesGone(of.place, of.entity, gap);
}

const shownMinutes = (minutes: number): string => {
  const [n, unit] = minutes % 1440 === 0 ? [minutes / 1440, 'day'] : minutes % 60 === 0 ? [minutes / 60, 'hour'] : [minutes, 'minute'];
  return `${n} ${unit}${n === 1 ? '' : 's'}`;
};

/** A note on how long the log keeps changes, and what happens to a run after that time. */
export function changesKeptNotes({ keptMinutes: kept }: ChangeTracking): readonly OwnNote[] {
  if (kept === null) return [];
  const text = `changes are kept for ${shownMinutes(kept)}: if the next run starts later, it stops, and everything has to be loaded again`;
  return [{ code: 'database.changes_kept', text, params: { minutes: kept } }];
}

export function changesKeptShorterWarnings({ keptMinutes: kept }: ChangeTracking, counted: VersionCounter | null): readonly OwnNote[] {
  const was = counted?.keptMinutes;
  if (kept === null || was === undefined || (was !== null && was <= kept)) return [];
  const before = was === null ? 'for ever' : `for ${shownMinutes(was)}`;
  const text = `changes are kept for ${shownMinutes(kept)} now, no longer ${before}: make sure that hygge runs at least that often`;
  return [{ code: 'database.changes_kept_shorter', text, params: { minutes: kept } }];
}
