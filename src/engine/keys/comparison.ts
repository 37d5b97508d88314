/** When and what a comparison of keys compares (`deletes: { compare }`): settled rows that the source no longer has are removed. */
import type { Watermark } from '../../frames/watermark.ts';
import type { StateRow } from '../../ports/state.ts';
import type { Instant } from '../../ports/values.ts';
import { everything, type Window } from '../contracts/home.ts';
import type { DeletesComparison, EntitySpec } from '../contracts/spec.ts';
import { isPeriodOver } from '../contracts/steps.ts';

/** The state remembers by this name when the keys were compared last. */
export const comparisonName = 'deletes';

export function hasSettled(row: StateRow | undefined): boolean {
  return row?.settled != null && !row.settled.nothing && !row.fullNext;
}

/** All rows of the source, whatever has settled of them: a row that is out of the window of live runs is not deleted. */
export function everyKey(columns: readonly string[] | undefined): Window {
  return columns === undefined ? everything : { ...everything, columns };
}

/** The one slice of a comparison: nothing of it is divided, so that each side is read as of one moment. */
export function keysAsSlice({ watermark }: Pick<EntitySpec, 'watermark'>) {
  const slice = { ref: {}, rows: null, bytes: null };
  const planned = { slices: [{ slice, boundary: false, compares: true as const }], seen: null, changed: [], renamed: [], unsure: [] };
  const windows = { window: everyKey(watermark?.key ?? []), nothingToRead: false, boundaryWindow: null, replacedRange: null };
  return { windows, planned, range: null, retyped: [], rework: null };
}

/** Whether keys are to be compared now. A full load left only what the source had, so it counts as a comparison. */
export function comparisonDue(spec: Pick<EntitySpec, 'compareDeletes'>, row: StateRow | undefined, now: Instant): boolean {
  return !row?.pending && !row?.owner && isOld(spec, row, now);
}

/** Whether the last comparison of what settled is old enough for the next one. */
export function isOld({ compareDeletes }: Pick<EntitySpec, 'compareDeletes'>, row: StateRow | undefined, now: Instant): boolean {
  if (compareDeletes === undefined || !hasSettled(row)) return false;
  const last = lastComparison(row);
  return last === undefined || isPeriodOver(compareDeletes.everyMs, last, now);
}

/** When source and destination had the same keys for the last time; undefined: it is not known. */
export function lastComparison(row: StateRow | undefined): Instant | undefined {
  const compared = row?.lanes[comparisonName]?.text;
  const loaded = row?.settled?.fullAt;
  if (compared === undefined || loaded === undefined) return compared ?? loaded;
  // Instants of one form, which are ordered as texts are.
  return [compared, loaded].toSorted().at(-1);
}

/** When a comparison began and how many rows the source had, as the state remembers both beside the watermarks of backfills. */
export function comparedAt(at: Instant, sourceRows: number): Watermark {
  return { column: `${rowsPrefix}${sourceRows}`, type: { kind: 'timestamp', unit: 'ms', zone: 'UTC' }, text: at };
}

const rowsPrefix = `${comparisonName}:`;

/** How many rows the source had at the last comparison; undefined: there was none, or its number of rows is unknown. */
export function rowsAtLastComparison(row: StateRow | undefined): number | undefined {
  const column = row?.lanes[comparisonName]?.column;
  return column?.startsWith(rowsPrefix) ? Number(column.slice(rowsPrefix.length)) : undefined;
}

/** How many of so many rows may be gone. */
export function mostGone({ mostPercent, mostRows = 0 }: Pick<DeletesComparison, 'mostPercent' | 'mostRows'>, of: number): number {
  // A share such as 0.57% has no exact double.
  const share = Math.floor((mostPercent * of) / 100 + 1e-9);
  return Math.max(share, Math.min(mostRows, Math.floor(of / 2)));
}
