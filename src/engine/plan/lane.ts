/** What a run is for. `live` continues from the watermark. A backfill replaces rows below the watermark, and leaves the watermark where it is. */

import type { Watermark } from '../../frames/watermark.ts';
import { compareWatermarks, describeWatermarkType } from '../../frames/watermark-text.ts';
import type { EntitySummary } from '../../ports/events.ts';
import { compactionName, quarantineName, type Settled, type StateRow } from '../../ports/state.ts';
import { filled } from '../../ports/values.ts';
import type { Home, Window } from '../contracts/home.ts';
import type { Live, Plan } from '../contracts/records.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import type { Store } from '../contracts/store.ts';
import { backfillAbove, nothingToBackfill, nothingToBackfillBy } from '../errors/backfill.ts';
import { homeReadsNoRanges, rangeNotReplaced } from '../errors/capabilities.ts';
import { changesNotBackfilled } from '../errors/changes.ts';
import { comparisonName } from '../keys/comparison.ts';
import type { Period } from '../protocol/periodic.ts';
import { replacesRange } from './capabilities.ts';

/** One entity run of a backfill. All values are canonical text of the watermark’s type. The range ends before `to`. */
export interface BackfillLane {
  /** The range of the whole backfill, which gives the lane its name. */
  readonly from: string;
  readonly to: string;
  /** The ranges that this run replaces. A backfill has one chunk. A repair may have several ranges, in the order of their values. */
  readonly chunks: readonly Chunk[];
  /** Present if this is a repair of rows that `verify` found to differ, and not a backfill. */
  readonly repair?: {
    /** What happens to rows of other writers in the range, if no column tells them from settled rows. `replace`: they are removed. `keep`: the run is refused (HYG-2076). */
    readonly foreign: 'keep' | 'replace';
    /** How many rows the ranges together may lose. If they would lose more, the run stops before its commit is decided (HYG-2136). */
    readonly mostFewer: number;
    /** How many rows of the source may fail to settle. If more fail, the run stops as well, because their last good versions would be removed. */
    readonly mostLeftOut: number;
    /**
     * Whether a settled row with a larger watermark stays. If the source has several rows of a key, the settled row stays, because it may be newer
     * than the rows of the range. If the source has only one row of a key, the settled row was changed, so it is replaced.
     */
    readonly keepsNewer: boolean;
  };
}

export interface Chunk {
  readonly from: string;
  readonly to: string;
  /** Present if `to` itself belongs to the range. Absent: the range ends before `to`. */
  readonly to_included?: true;
}

/** An entity run that searches for settled rows that are gone from the source. It moves no other row. */
export interface ComparisonLane {
  readonly compares: 'keys';
}

/** An entity run that writes small settled parts again as larger ones. It does not read the source. */
export interface CompactionLane {
  readonly compacts: 'files';
}

/** An entity run that takes rows out of quarantine. It does not read the source. */
export interface QuarantineLane {
  /** `replay`: rows that keep the rules now settle, and the others stay. `drop`: the rows are removed. */
  readonly quarantine: 'replay' | 'drop';
  /** The runs whose rows are taken out, written as for `isOfRuns`. Null: all runs. */
  readonly runs: readonly string[] | null;
  /** The name of the file with the rows that a person has mended (`EnginePorts.mended`). Only these rows are replayed, and the others stay unchanged. Absent: the run replays the rows in quarantine. */
  readonly file?: string;
  /** The id of the standing correction that a `drop` removes. The rows in quarantine stay unchanged. Absent: the run takes rows out of quarantine. */
  readonly correction?: string;
}

const shownLength = 6;

/**
 * Whether a person’s list names this entity run. The list may have its own id, the id of its run (as in events), or the end of that id (as in the
 * journal).
 */
export function isOfRuns(entityRun: string, named: readonly string[]): boolean {
  const run = entityRun.replace(/\.[^.]*$/, '');
  return named.some((name) => name === entityRun || name === run || (name.length >= shownLength && run.endsWith(name)));
}

/** The lanes of runs that read the source, except live runs. */
export type SourceLane = BackfillLane | ComparisonLane;

/** The lanes of runs that read only settled rows. */
export type SettledLane = CompactionLane | QuarantineLane;

export type RunLane = SourceLane | SettledLane;

/** The lanes of runs that follow a live run after a certain period. */
export type FollowUpLane = ComparisonLane | CompactionLane;

export const keyComparisonLane: ComparisonLane = { compares: 'keys' };
export const compactionLane: CompactionLane = { compacts: 'files' };

export function isComparison(lane: RunLane | undefined): lane is ComparisonLane {
  return lane !== undefined && 'compares' in lane;
}

export function isCompaction(lane: RunLane | undefined): lane is CompactionLane {
  return lane !== undefined && 'compacts' in lane;
}

export function isOfSettled(lane: RunLane | undefined): lane is SettledLane {
  return lane !== undefined && ('compacts' in lane || 'quarantine' in lane);
}

/** The period after which a run of this lane is due. Undefined: the config sets no period. */
export function periodOf(
  lane: FollowUpLane,
  { compareDeletes, compactEveryMs }: Pick<EntitySpec, 'compareDeletes' | 'compactEveryMs'>,
): Period | undefined {
  const everyMs = isComparison(lane) ? (compareDeletes?.everyMs ?? Number.POSITIVE_INFINITY) : compactEveryMs;
  return everyMs === Number.POSITIVE_INFINITY ? undefined : { lane: laneName(lane), everyMs };
}

/** The members of a run’s line that only runs with a lane have. */
export function laneTold(lane: RunLane | undefined): Pick<EntitySummary, 'chunk' | 'compares' | 'compacts' | 'quarantine'> {
  if (lane === undefined) return {};
  if ('quarantine' in lane) return { quarantine: lane.quarantine };
  if (!('chunks' in lane)) return lane;
  return { chunk: { ...hullOfChunks(lane), ...filled({ ranges: lane.chunks.length === 1 ? 0 : lane.chunks.length }) } };
}

/** The range from the start of the first chunk to the end of the last chunk. */
export function hullOfChunks({ chunks }: Pick<BackfillLane, 'chunks'>): Chunk {
  const [first, last] = [chunks[0], chunks.at(-1)];
  if (first === undefined || last === undefined) throw new Error('a backfill has no chunk');
  return { ...last, from: first.from };
}

/** The members that only the error of a compaction has. */
export function failureTold(lane: RunLane | undefined): Pick<EntitySummary, 'compacts'> {
  return isCompaction(lane) ? lane : {};
}

/** The name under which the state remembers new files that a live run has named without a commit. The state keeps it beside the watermarks of backfills. */
export const passedFilesName = 'passed';

/** `PassedFiles.mark`, as the state remembers it. */
export function passedAt(mark: string): Watermark {
  return { column: passedFilesName, type: { kind: 'string' }, text: mark };
}

const repairPrefix = 'repair:';

export function laneName(lane: Pick<BackfillLane, 'from' | 'to' | 'repair'> | Exclude<RunLane, BackfillLane> | undefined): string {
  if (lane === undefined) return 'live';
  if ('compacts' in lane) return compactionName;
  if ('quarantine' in lane) return quarantineName;
  return 'compares' in lane ? comparisonName : `${lane.repair ? repairPrefix : 'backfill:'}${lane.from}..${lane.to}`;
}

/** Whether the lane is a repair. The state does not remember the progress of a repair, because a repair is planned from the rows that differ. */
export const isRepairLane = (lane: string): boolean => lane.startsWith(repairPrefix);

/** Throws if the entity can’t be backfilled at all, because of itself, its store or its home. */
export function mustSupportBackfill(spec: EntitySpec, { home, store }: { readonly home: Home; readonly store: Store }): void {
  if (spec.watermark === null || spec.runType !== 'incremental') throw nothingToBackfillBy(spec);
  if (spec.watermark.changes !== undefined) throw changesNotBackfilled(spec);
  if (!replacesRange(store, spec)) throw rangeNotReplaced(spec, store);
  if (home.reading.filter !== 'range') throw homeReadsNoRanges(spec);
}

/** The settled watermark, below which a backfill ends. Throws if no row has settled. */
export function settledWatermark(spec: EntitySpec, row: StateRow | undefined): Watermark {
  const mark = row?.fullNext ? null : row?.settled?.watermark;
  if (!mark) throw nothingToBackfill(spec, row?.fullNext ?? false);
  return mark;
}

/**
 * Where a backfill has to end. If the rows at the watermark are an open group, every live run reads the group again and replaces it, so the backfill
 * ends before it. Without an open group, the rows at the watermark are settled like all others. Rows above the watermark are still to be read.
 */
export function liveLowerEdge(spec: EntitySpec, row: StateRow | undefined): { readonly text: string; readonly inclusive: boolean } {
  const open = spec.watermark?.boundary === 'open' || !row?.settled?.boundary;
  return { text: settledWatermark(spec, row).text, inclusive: open };
}

/**
 * Where a repair has to end. The range includes the open group, because a live run leaves settled rows of the group that the source has lost. Rows
 * without a watermark belong to the open group if they settle, and are in no range.
 */
export function repairUpperEdge(spec: EntitySpec, row: StateRow | undefined): { readonly text: string; readonly inclusive: boolean } {
  const edge = liveLowerEdge(spec, row);
  return spec.watermark?.nulls === 'include' ? edge : { ...edge, inclusive: true };
}

/** Whether a repair replaces the open group, from which live runs continue. */
export function replacesOpenGroup({ lane, live, window }: Pick<Plan, 'lane' | 'live' | 'window'>): boolean {
  const mark = live?.boundary == null || !isRepairLane(lane) ? null : live.watermark;
  return mark !== null && window.upper?.inclusive === true && compareWatermarks(mark, { ...mark, text: window.upper.text }) <= 0;
}

/** The ranges of a run’s chunks, without chunks in the range of live runs. */
export function chunksBelowLiveRuns(
  of: { readonly spec: EntitySpec; readonly row: StateRow | undefined },
  { chunks, repair }: Pick<BackfillLane, 'chunks' | 'repair'>,
  mark: Pick<Watermark, 'column' | 'type'>,
): readonly Window[] {
  return chunks.flatMap((chunk) => chunkBelowLiveRuns(of, { chunk, repair }, mark) ?? []);
}

function chunkBelowLiveRuns(
  { spec, row }: { readonly spec: EntitySpec; readonly row: StateRow | undefined },
  { chunk, repair }: { readonly chunk: Chunk; readonly repair: BackfillLane['repair'] },
  { column, type }: Pick<Watermark, 'column' | 'type'>,
): Window | undefined {
  const edge = repair === undefined ? liveLowerEdge(spec, row) : repairUpperEdge(spec, row);
  const below = (a: string, b: string) => compareWatermarks({ type, text: a }, { type, text: b });
  const start = below(chunk.from, edge.text);
  if (start > 0 || (start === 0 && !edge.inclusive)) return undefined;
  const end = below(chunk.to, edge.text);
  const isIncluded = chunk.to_included === true && (end < 0 || edge.inclusive);
  const upper = end <= 0 ? { text: chunk.to, inclusive: isIncluded } : edge;
  const lower = { text: chunk.from, inclusive: true };
  return { column: { column, type }, lower, upper, nulls: 'exclude', seen: null, changedFiles: spec.changedFiles };
}

/** Throws if the whole range of a backfill is at or above the watermark. */
export function mustBeginBelowWatermark(spec: EntitySpec, row: StateRow | undefined, from: Watermark): void {
  const edge = liveLowerEdge(spec, row);
  const order = compareWatermarks(from, { type: from.type, text: edge.text });
  if (order > 0 || (order === 0 && !edge.inclusive))
    throw backfillAbove(spec, from.text, `${edge.text} (${describeWatermarkType(from.type, from.column)})`);
}

/** The bounds of a backfill’s window, as watermarks. */
export function edgesOf({ column, lower, upper }: Window): { readonly lower: Watermark | null; readonly upper: Watermark | null } {
  return { lower: column && lower && { ...column, text: lower.text }, upper: column && upper && { ...column, text: upper.text } };
}

export function liveOf({ watermark, boundary, seen, sourceVersion }: Settled): Live {
  return { watermark, boundary, seen, sourceVersion };
}
