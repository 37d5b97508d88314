/** What a run is about: `live` continues from the watermark; a backfill replaces rows below it, and leaves the watermark where it is. */

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

/** One entity run of a backfill. All values are canonical text of the watermark's type; `to` is not in it. */
export interface BackfillLane {
  /** The whole backfill, which names the lane. */
  readonly from: string;
  readonly to: string;
  /** The ranges that this run replaces, at least one: a backfill has one chunk, a repair several ranges in the order of their values. */
  readonly chunks: readonly Chunk[];
  /** A repair of rows that `verify` found to differ, in place of a backfill. */
  readonly repair?: {
    /** Rows of other writers in the range, if no column distinguishes them from settled rows: `replace` removes them, `keep` refuses the run (HYG-2076). */
    readonly foreign: 'keep' | 'replace';
    /** The number of rows that the ranges together may lose. If they would lose more, the run stops before its commit is decided (HYG-2136). */
    readonly mostFewer: number;
    /** The number of rows of the source that do not settle. If there are more, the run stops as well, since their last good versions would be removed. */
    readonly mostLeftOut: number;
    /** The source has several rows of a key, so a settled row may be newer than the rows of the range. Otherwise a settled row with a larger watermark was changed. */
    readonly keepsNewer: boolean;
  };
}

export interface Chunk {
  readonly from: string;
  readonly to: string;
  /** `to` is in it. Absent: it is not. */
  readonly to_included?: true;
}

/** An entity run that searches for settled rows that the source no longer has, and moves no other row. */
export interface ComparisonLane {
  readonly compares: 'keys';
}

/** An entity run that writes small settled parts again as larger ones, and reads nothing of the source. */
export interface CompactionLane {
  readonly compacts: 'files';
}

/** An entity run that takes rows out of quarantine, and reads nothing of the source. */
export interface QuarantineLane {
  /** `replay`: rows that keep the rules now settle, and the others stay. `drop`: the rows are removed. */
  readonly quarantine: 'replay' | 'drop';
  /** The runs whose rows are meant, in the form of `isOfRuns`; null: all runs. */
  readonly runs: readonly string[] | null;
  /** A replay of the rows that a person has mended (`EnginePorts.mended`), from a file of this name. The other rows stay unchanged. Absent: a run of all rows. */
  readonly file?: string;
  /** A `drop` of the standing correction with this id, which leaves the quarantine unchanged. Absent: the run is about the rows in quarantine. */
  readonly correction?: string;
}

const shownLength = 6;

/**
 * Whether a person's list names this entity run: by its own id, by the id of its run, which events have, or by the end of that id, which the journal
 * shows.
 */
export function isOfRuns(entityRun: string, named: readonly string[]): boolean {
  const run = entityRun.replace(/\.[^.]*$/, '');
  return named.some((name) => name === entityRun || name === run || (name.length >= shownLength && run.endsWith(name)));
}

/** What a run that looks at the source is about. */
export type SourceLane = BackfillLane | ComparisonLane;

/** What a run that reads only settled rows is about. */
export type SettledLane = CompactionLane | QuarantineLane;

export type RunLane = SourceLane | SettledLane;

/** What a run that follows a live run after a certain period is about. */
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

/** The period of such a run; undefined: the config requests none. */
export function periodOf(
  lane: FollowUpLane,
  { compareDeletes, compactEveryMs }: Pick<EntitySpec, 'compareDeletes' | 'compactEveryMs'>,
): Period | undefined {
  const everyMs = isComparison(lane) ? (compareDeletes?.everyMs ?? Number.POSITIVE_INFINITY) : compactEveryMs;
  return everyMs === Number.POSITIVE_INFINITY ? undefined : { lane: laneName(lane), everyMs };
}

/** The members of a run's line that a live run lacks. */
export function laneTold(lane: RunLane | undefined): Pick<EntitySummary, 'chunk' | 'compares' | 'compacts' | 'quarantine'> {
  if (lane === undefined) return {};
  if ('quarantine' in lane) return { quarantine: lane.quarantine };
  if (!('chunks' in lane)) return lane;
  return { chunk: { ...hullOfChunks(lane), ...filled({ ranges: lane.chunks.length === 1 ? 0 : lane.chunks.length }) } };
}

/** One range from the start of the first chunk to the end of the last. */
export function hullOfChunks({ chunks }: Pick<BackfillLane, 'chunks'>): Chunk {
  const [first, last] = [chunks[0], chunks.at(-1)];
  if (first === undefined || last === undefined) throw new Error('a backfill has no chunk');
  return { ...last, from: first.from };
}

/** The members of an error of a compaction, which the error of a live run lacks. */
export function failureTold(lane: RunLane | undefined): Pick<EntitySummary, 'compacts'> {
  return isCompaction(lane) ? lane : {};
}

/** The name, next to the watermarks of backfills in the state, of the new files that a live run has named without a commit. */
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

/** The progress of a repair is not remembered: it is planned from the rows that differ. */
export const isRepairLane = (lane: string): boolean => lane.startsWith(repairPrefix);

/** Throws if the entity, its store or its home can't be backfilled at all. */
export function mustSupportBackfill(spec: EntitySpec, { home, store }: { readonly home: Home; readonly store: Store }): void {
  if (spec.watermark === null || spec.runType !== 'incremental') throw nothingToBackfillBy(spec);
  if (spec.watermark.changes !== undefined) throw changesNotBackfilled(spec);
  if (!replacesRange(store, spec)) throw rangeNotReplaced(spec, store);
  if (home.reading.filter !== 'range') throw homeReadsNoRanges(spec);
}

/** The settled watermark, below which a backfill ends. Throws if nothing has settled. */
export function settledWatermark(spec: EntitySpec, row: StateRow | undefined): Watermark {
  const mark = row?.fullNext ? null : row?.settled?.watermark;
  if (!mark) throw nothingToBackfill(spec, row?.fullNext ?? false);
  return mark;
}

/**
 * Where a backfill has to end: the rows at the watermark are an open group that every live run reads again and replaces, and those above it
 * are still to be read. Without an open group the rows at the watermark are settled like any other.
 */
export function liveLowerEdge(spec: EntitySpec, row: StateRow | undefined): { readonly text: string; readonly inclusive: boolean } {
  const open = spec.watermark?.boundary === 'open' || !row?.settled?.boundary;
  return { text: settledWatermark(spec, row).text, inclusive: open };
}

/**
 * Where a repair has to end. It includes the open group, since a live run leaves settled rows of it that the source lost. Rows without a watermark belong to
 * the open group if they settle, and are in no range.
 */
export function repairUpperEdge(spec: EntitySpec, row: StateRow | undefined): { readonly text: string; readonly inclusive: boolean } {
  const edge = liveLowerEdge(spec, row);
  return spec.watermark?.nulls === 'include' ? edge : { ...edge, inclusive: true };
}

/** Whether a repair replaces the open group, which live runs continue from. */
export function replacesOpenGroup({ lane, live, window }: Pick<Plan, 'lane' | 'live' | 'window'>): boolean {
  const mark = live?.boundary == null || !isRepairLane(lane) ? null : live.watermark;
  return mark !== null && window.upper?.inclusive === true && compareWatermarks(mark, { ...mark, text: window.upper.text }) <= 0;
}

/** What the chunks of a run read and replace, without the chunks in the range of live runs. */
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

/** Throws if no part of a backfill is below the watermark. */
export function mustBeginBelowWatermark(spec: EntitySpec, row: StateRow | undefined, from: Watermark): void {
  const edge = liveLowerEdge(spec, row);
  const order = compareWatermarks(from, { type: from.type, text: edge.text });
  if (order > 0 || (order === 0 && !edge.inclusive))
    throw backfillAbove(spec, from.text, `${edge.text} (${describeWatermarkType(from.type, from.column)})`);
}

/** The bounds of a backfill's window, as watermarks. */
export function edgesOf({ column, lower, upper }: Window): { readonly lower: Watermark | null; readonly upper: Watermark | null } {
  return { lower: column && lower && { ...column, text: lower.text }, upper: column && upper && { ...column, text: upper.text } };
}

export function liveOf({ watermark, boundary, seen, sourceVersion }: Settled): Live {
  return { watermark, boundary, seen, sourceVersion };
}
