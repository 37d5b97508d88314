/** What a run does to a destination, and how: the truth table of docs/incremental.md as a pure function. Each cell has one test. */

import type { Note } from '../../ports/notes.ts';
import type { Settled, StateRow } from '../../ports/state.ts';
import type { EntitySpec, WatermarkSpec } from '../contracts/spec.ts';
import type { RowsOfTarget, Supersede } from '../contracts/store.ts';
import type { WriteMode, WriteReason } from '../contracts/writing.ts';

export interface WriteSituation {
  readonly destination: 'empty' | 'ours' | 'foreign';
  readonly runType: EntitySpec['runType'];
  readonly ifExists: EntitySpec['ifExists'];
  /** Whether an incremental run can continue, because a watermark or a list of files has settled. */
  readonly canContinue: boolean;
  /** Whether `reset` asked for a full load that replaces the rows. */
  readonly fullNext: boolean;
  /** Whether `full_every` asks for a full load. */
  readonly fullDue: boolean;
  /** Whether the entity has a key, and whether the store merges by the key. */
  readonly key: 'none' | 'merges' | 'cannot merge';
  readonly strategy: EntitySpec['writeStrategy'];
  /** Whether the store can merge a full load into the existing rows, and remove rows that the load lacks. */
  readonly canReplaceByKey: boolean;
  /** Whether rows of other writers are in the same table and stay there, so that only a delete can remove just the entity’s own rows. */
  readonly keepsForeignRows: boolean;
  /** Whether some object would stay with the old table after a swap. */
  readonly swapWouldLose: boolean;
}

/** The rows that a run replaces. `boundary` has no rows here, because they are known only after the windows. */
type Replaces = { readonly what: 'boundary' } | Extract<Supersede, { readonly what: 'nothing' | 'all' | 'unmatched' }>;

export interface WriteDecision {
  readonly mode: 'full' | 'incremental';
  readonly supersede: Replaces;
  readonly write: WriteMode;
  readonly why: WriteReason;
  readonly warnings: readonly Note[];
}

/** Decides how a run writes. `refuse`: the destination has data of other writers, and the config says `if_exists: fail`. */
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

/** Loads all rows of the source, and removes settled rows that the source lacks. */
const mergesAll: WriteDecision = { mode: 'full', supersede: { what: 'unmatched' }, write: 'merge', why: 'full_load', warnings: [] };

/** Whether full loads of the entity are merged, if the store can do it. They are if each run is a full load and the config wants merges. */
export function mergesFullLoads({ runType, ifExists, writeStrategy }: Pick<EntitySpec, 'runType' | 'ifExists' | 'writeStrategy'>): boolean {
  return runType === 'full_drop' && ifExists !== 'append' && writeStrategy === 'merge';
}

/** Whether a later run needs the keys of the rows that settle. */
export function keysAreNeeded(spec: Pick<EntitySpec, 'runType' | 'ifExists' | 'writeStrategy' | 'compareDeletes'>): boolean {
  return spec.compareDeletes !== undefined || mergesFullLoads(spec);
}

/** Adds all rows of the source without removing a row. */
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

/** Continues from the watermark. A merge removes no rows first, because it updates rows at the watermark like all others. */
function goesOn({ key }: WriteSituation): WriteDecision {
  const how = {
    merges: { supersede: { what: 'nothing' }, write: 'merge', why: 'key' },
    'cannot merge': { supersede: { what: 'boundary' }, write: 'append', why: 'no_merge' },
    none: { supersede: { what: 'boundary' }, write: 'append', why: 'new_rows' },
  } as const;
  return { mode: 'incremental', ...how[key], warnings: [] };
}

/** How exactly rows are counted. An increment with a key, or after the last boundary, removes only rows of that boundary. So the number of other writers’ rows does not matter. */
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
  /** Whether the run is live, and not a backfill, repair or comparison. */
  readonly isLive: boolean;
}
