/** Checks whether store and home together can do what an entity asks for. */
import type { Watermark } from '../../frames/watermark.ts';
import type { PlannedChange } from '../contracts/catalog.ts';
import type { Home, Reading, SliceRef, SourceDescription } from '../contracts/home.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import type { Store, Target } from '../contracts/store.ts';
import type { WriteMode } from '../contracts/writing.ts';
import { overlapWithoutTime } from '../errors/backfill.ts';
import { homeUnfit, type StoreAbility, storeCannot } from '../errors/capabilities.ts';
import { keyIsNotPrimaryKey } from '../errors/changes.ts';
import { cannotSettle } from '../errors/fit.ts';
import { nullsWithOpenBoundary } from '../errors/watermark.ts';
import { mergesFullLoads, type WriteDecision, type WriteSituation } from './modes.ts';

interface Sides {
  readonly spec: EntitySpec;
  /** The run type of this run. */
  readonly runType: EntitySpec['runType'];
  readonly home: Home;
  readonly store: Store;
}

/** What this run or later runs need from the store. Later needs are checked now. Without this check, an entity would stop on its second day, when data has settled. */
interface StoreNeed {
  readonly ability: StoreAbility;
  readonly isMet: boolean;
}

/** Throws HYG-2014 if these two sides can’t do it, and HYG-2061 if no connector could. */
export function checkCapabilities(
  sides: Sides,
  { decision, next }: { readonly decision: WriteDecision; readonly next: WriteDecision | 'refuse' },
): void {
  const { spec, store } = sides;
  const needs = [
    ...(spec.writeStrategy === 'merge' ? [writing(store, 'merge')] : []),
    ...(mergesFullLoads(spec) ? [{ ability: 'replace by key' as const, isMet: store.removes.has('unmatched') }] : []),
    // If the table is created anew, there are no rows to which rows could be added.
    ...(decision.why === 'creates' && decision.write === 'append' ? [] : [writing(store, decision.write)]),
    ...(next === 'refuse' ? [] : [writing(store, next.write)]),
    ...replacing(sides),
  ];
  const missing = needs.find(({ isMet }) => !isMet);
  if (missing) throw storeCannot(spec, store.where, missing.ability);
  if (spec.replication !== undefined && store.replica === undefined) throw storeCannot(spec, store.where, 'replication');
  checkHome(sides);
}

function writing({ writes }: Store, mode: WriteMode): StoreNeed {
  return { ability: mode, isMet: writes.has(mode) };
}

function replacing({ spec, runType, home, store }: Sides): readonly StoreNeed[] {
  const mark = spec.watermark;
  const needs: StoreNeed[] = [];
  if (mark && mark.overlapMs > 0) needs.push({ ability: 'window', isMet: replacesRange(store, spec) });
  // A merge updates a row with a known key in place.
  if (mark?.boundary === 'closed' && keyUse(store, spec) !== 'merges')
    needs.push({ ability: 'boundary', isMet: store.removes.has('boundary') });
  if (!mark && runType === 'incremental' && spec.changedFiles === 'replace' && home.files !== undefined)
    needs.push({ ability: 'sources', isMet: store.removes.has('sources') });
  return needs;
}

function checkHome({ spec, home, store }: Omit<Sides, 'runType'>): void {
  const mark = spec.watermark;
  if (!mark) return;
  // A full load would take rows without a watermark, but the next run would never see them again.
  if (mark.nulls === 'include' && mark.boundary === 'open') throw nullsWithOpenBoundary(spec);
  const { upper, filter, repeatable } = home.reading;
  // The rows of a missed parent at the watermark would be missing in the group.
  if (mark.boundary === 'closed' && home.reading.byParents) throw homeUnfit(spec, mark.column, 'parents');
  if (keyUse(store, spec) === 'merges') return;
  if (mark.boundary === 'closed' && (upper === 'observed' || upper === 'appended')) throw homeUnfit(spec, mark.column, upper);
  if (mark.boundary === 'closed' && !repeatable) throw homeUnfit(spec, mark.column, 'not repeatable');
  if (filter === 'none') throw homeUnfit(spec, mark.column, 'no filter');
  if (filter === 'lower' && !isKnownByReading(home)) throw homeUnfit(spec, mark.column, 'no end');
}

/** Whether the source’s newest value becomes known only by reading. */
export function isKnownByReading({ reading: { upper } }: Home): boolean {
  return upper === 'observed' || upper === 'appended';
}

/** Throws if a full load could not be committed in the available time. An increment is not checked, since its size is known only after reading. */
export function mustCommitInTime(
  { spec, store }: Pick<Sides, 'spec' | 'store'>,
  planned: {
    readonly mode: WriteDecision['mode'];
    readonly write: WriteMode;
    readonly target: Target;
    readonly slices: readonly Pick<SliceRef, 'bytes'>[];
    readonly changes: readonly PlannedChange[];
  },
): void {
  const { mode, write, target, slices, changes } = planned;
  if (mode !== 'full' || store.table === undefined) return;
  const goes = write === 'delete_insert' || changes.some(({ how }) => how === 'rewrites');
  const refusal = store.table.tooLarge({
    mode: write,
    createsTable: target.catalog === undefined,
    bytes: slices.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0),
    replacedBytes: goes && target.content === 'ours' ? target.bytes : 0,
  });
  if (refusal) throw cannotSettle(spec, [refusal]);
}

/** Whether the entity has a key, and whether the store can merge by it. */
export function keyUse({ writes }: Pick<Store, 'writes'>, { watermark }: EntitySpec): WriteSituation['key'] {
  if (!watermark || watermark.key.length === 0) return 'none';
  return writes.has('merge') ? 'merges' : 'cannot merge';
}

/** Whether rows stay whose newer versions are bad. A store that writes the files of a range again keeps no row of the range, even if it merges. */
export function keepsLastGood({ rework }: Pick<Store, 'rework'>): boolean {
  return rework === undefined;
}

/** Whether a range of rows can be read again without any row settling twice. */
export function replacesRange(store: Pick<Store, 'writes' | 'removes'>, spec: EntitySpec): boolean {
  return store.removes.has('range') || (store.removes.has('range by key') && keyUse(store, spec) === 'merges');
}

/**
 * Throws HYG-2101 if rows are merged by another key than the source’s own, because a feed may report only that key of a deleted row. A source without
 * keys that reports whole rows accepts any key.
 */
export function checkKey(
  spec: EntitySpec,
  { keys: known }: Pick<SourceDescription, 'keys'>,
  { deletedRows }: Pick<Reading, 'deletedRows'>,
): void {
  const keys = known ?? [];
  if (known === undefined && deletedRows === 'whole') return;
  if (spec.watermark?.changes === undefined || spec.watermark.key.length === 0) return;
  const { key } = spec.watermark;
  if (key.length !== keys.length || !keys.every((name) => key.includes(name))) throw keyIsNotPrimaryKey(spec, keys);
}

/** Throws HYG-2034 if the watermark is not a time. If the source shows its type only while it is read, the first run with a watermark shows the type. */
export function checkOverlap(spec: EntitySpec, { column, type }: Pick<Watermark, 'column' | 'type'>): void {
  const isTime = type.kind === 'date' || type.kind === 'timestamp' || type.kind === 'null';
  if (!isTime && (spec.watermark?.overlapMs ?? 0) > 0) throw overlapWithoutTime(spec, column, type);
}
