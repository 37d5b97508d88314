/** The truth table of docs/incremental.md, as a pure function: what a run does to a destination, and how. One test per cell. */

import type { Note } from '../../ports/notes.ts';
import type { Settled, StateRow } from '../../ports/state.ts';
import type { EntitySpec, WatermarkSpec } from '../contracts/spec.ts';
import type { RowsOfTarget, Supersede } from '../contracts/store.ts';
import type { WriteMode, WriteReason } from '../contracts/writing.ts';

export interface WriteSituation {
  readonly destination: 'empty' | 'ours' | 'foreign';
  readonly runType: EntitySpec['runType'];
  readonly ifExists: EntitySpec['ifExists'];
  /** A watermark or a list of files is settled: an incremental run can continue from it. */
  readonly canContinue: boolean;
  /** `reset` asked for a full load that replaces. */
  readonly fullNext: boolean;
  /** `full_every` asks for one. */
  readonly fullDue: boolean;
  /** Whether there is a key, and whether the store merges by it. */
  readonly key: 'none' | 'merges' | 'cannot merge';
  readonly strategy: EntitySpec['writeStrategy'];
  /** The store can merge a full load into the existing rows, and remove rows that the load lacks. */
  readonly canReplaceByKey: boolean;
  /** Rows of other writers are in the same table and stay there: only a delete can remove just the entity's own rows. */
  readonly keepsForeignRows: boolean;
  /** Some object would stay with the old table after a swap. */
  readonly swapWouldLose: boolean;
}

/** The rows of the boundary group are known only when the windows are. */
type Replaces = { readonly what: 'boundary' } | Extract<Supersede, { readonly what: 'nothing' | 'all' | 'unmatched' }>;

export interface WriteDecision {
  readonly mode: 'full' | 'incremental';
  readonly supersede: Replaces;
  readonly write: WriteMode;
  readonly why: WriteReason;
  readonly warnings: readonly Note[];
}

/** `refuse`: the destination holds foreign data and if_exists is fail. */
export function decideWrite(now: WriteSituation): WriteDecision | 'refuse' {
  if (now.destination === 'empty') return adds(now, 'creates');
  if (now.destination === 'foreign') {
    if (now.ifExists === 'fail') return 'refuse';
    return now.ifExists === 'replace' ? loadsAnew(now) : adds(now, 'adds');
  }
  if (now.fullNext) return loadsAnew(now);
  if (now.runType === 'incremental') return now.canContinue && !now.fullDue ? goesOn(now) : loadsAnew(now);
  if (now.ifExists !== 'append') return now.strategy === 'merge' && now.canReplaceByKey ? mergesAll : loadsAnew(now);
  const warnings: readonly Note[] = [{ code: 'full_copy_each_run' }];
  return now.key === 'merges' ? adds(now, 'adds') : { ...adds(now, 'adds'), warnings };
}

/** All rows of the source are loaded, and rows that it lacks are removed. */
const mergesAll: WriteDecision = { mode: 'full', supersede: { what: 'unmatched' }, write: 'merge', why: 'full_load', warnings: [] };

/** Whether full loads of the entity are merged, if the store can do it: each run is a full load, and the config wants merges. */
export function mergesFullLoads({ runType, ifExists, writeStrategy }: Pick<EntitySpec, 'runType' | 'ifExists' | 'writeStrategy'>): boolean {
  return runType === 'full_drop' && ifExists !== 'append' && writeStrategy === 'merge';
}

/** Whether a later run needs the keys of what settles. */
export function keysAreNeeded(spec: Pick<EntitySpec, 'runType' | 'ifExists' | 'writeStrategy' | 'compareDeletes'>): boolean {
  return spec.compareDeletes !== undefined || mergesFullLoads(spec);
}

/** All rows of the source are added, and no row is removed. */
function adds({ key }: WriteSituation, why: WriteReason): WriteDecision {
  const how = { merges: { write: 'merge', why: 'key' }, 'cannot merge': { write: 'append', why }, none: { write: 'append', why } } as const;
  return { mode: 'full', supersede: { what: 'nothing' }, ...how[key], warnings: [] };
}

function loadsAnew({ ifExists, keepsForeignRows, swapWouldLose, strategy }: WriteSituation): WriteDecision {
  const foreign = ifExists === 'replace' ? 'replace' : 'keep';
  const how = (): Pick<WriteDecision, 'write' | 'why'> => {
    if (strategy === 'direct_insert') return { write: 'delete_insert', why: 'direct_insert' };
    if (keepsForeignRows && foreign === 'keep') return { write: 'delete_insert', why: 'beside_others' };
    if (swapWouldLose && strategy !== 'temp_swap') return { write: 'delete_insert', why: 'bound' };
    return { write: 'swap', why: 'full_load' };
  };
  return { mode: 'full', supersede: { what: 'all', foreign }, ...how(), warnings: [] };
}

/** Before a merge no row needs to be removed: rows at the watermark are updated like any other. */
function goesOn({ key }: WriteSituation): WriteDecision {
  const how = {
    merges: { supersede: { what: 'nothing' }, write: 'merge', why: 'key' },
    'cannot merge': { supersede: { what: 'boundary' }, write: 'append', why: 'no_merge' },
    none: { supersede: { what: 'boundary' }, write: 'append', why: 'new_rows' },
  } as const;
  return { mode: 'incremental', ...how[key], warnings: [] };
}

/** An increment with a key, or after the last boundary, removes only rows of that boundary: the number of other writers' rows does not matter. */
export function countedRows({ spec, row, runType, fullEveryApplies, isLive }: CountedFor): RowsOfTarget {
  const settled = row?.settled;
  if (runType !== 'incremental' || !isLive || settled == null || settled.nothing || row?.fullNext) return 'exactly';
  const goesOn = (spec.watermark ? settled.watermark : settled.seen) !== null;
  const mayLoadAll = fullEveryApplies && spec.fullEveryMs !== Number.POSITIVE_INFINITY;
  return goesOn && !mayLoadAll && (spec.watermark?.overlapMs ?? 0) === 0 ? 'about' : 'exactly';
}

interface CountedFor {
  readonly spec: Pick<EntitySpec, 'fullEveryMs'> & { readonly watermark: Pick<WatermarkSpec, 'overlapMs'> | null };
  readonly row: (Pick<StateRow, 'fullNext'> & { readonly settled: Pick<Settled, 'watermark' | 'seen' | 'nothing'> | null }) | undefined;
  readonly runType: EntitySpec['runType'];
  readonly fullEveryApplies: boolean;
  /** The run is not a backfill, repair or comparison. */
  readonly isLive: boolean;
}
