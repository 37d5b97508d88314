/** Which rows a run reads, as windows for the home, and the slices into which the home divides the windows. */

import { floored } from '../../frames/times/floor.ts';
import { earlier } from '../../frames/times/stride.ts';
import type { Watermark } from '../../frames/watermark.ts';
import { compareWatermarks, parseWatermark } from '../../frames/watermark-text.ts';
import { retry } from '../../ports/retry.ts';
import type { ObjectRef, StateRow } from '../../ports/state.ts';
import { defined, type Instant, type Json } from '../../ports/values.ts';
import type { WatermarkPrecision } from '../contracts/catalog.ts';
import type { Step } from '../contracts/frame.ts';
import {
  type Edge,
  type FilesBefore,
  type Home,
  type Look,
  type LookedPart,
  type RenamedFile,
  type SeenFile,
  type SettledParent,
  type SlicePlan,
  usualSliceBytes,
  type Window,
} from '../contracts/home.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import type { PlanFacts, PlannedSlice } from '../contracts/records.ts';
import type { Ends, Ranges } from '../contracts/replacing.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import type { Store } from '../contracts/store.ts';
import { overlapWithoutTime } from '../errors/backfill.ts';
import { claimedByLaterRun, lostRecord } from '../errors/run.ts';
import { readRow } from '../protocol/row.ts';
import { keyUse } from './capabilities.ts';
import { fullLoadDue } from './full-every.ts';
import { type BackfillLane, chunksBelowLiveRuns, hullOfChunks, isComparison, passedFilesName, type SourceLane } from './lane.ts';

export interface ReadBounds {
  readonly mode: 'full' | 'incremental';
  /** Whether new rows are found by their files: the home can tell files apart, and the entity has no watermark column. */
  readonly tracksFiles: boolean;
  /** `Reading.byParents`: whether rows are read parent by parent. */
  readonly tracksParents: boolean;
  /** Whether the newest value is known only after reading. */
  readonly observed: boolean;
  readonly column: Pick<Watermark, 'column' | 'type'> | null;
  readonly lower: Watermark | null;
  readonly upper: Watermark | null;
  /** Whether the destination may have rows of other writers. */
  readonly hasOthers: boolean;
  /** The latest value that may be read. Null: any value. */
  readonly latestReadable: string | null;
  /** Whether the source is unchanged since the watermark settled, or has lost all its files. */
  readonly sourceUnchanged: boolean;
  /** Whether rows without a watermark are read, so that the run stops at the first such row. */
  readonly showsNulls: boolean;
}

export interface Windows {
  readonly window: Window;
  readonly windows: PlanFacts['windows'];
  /** Whether the source has no value that may be read yet: all values are younger than the lag, or the source has no value. */
  readonly nothingToRead: boolean;
  /** The window in which the settled boundary group is read again. Null: the group is not read again. */
  readonly boundaryWindow: Window | null;
  /** The settled rows that are replaced by the rows to read. Null: the rows of the boundary group, or no rows. */
  readonly replaced: Omit<Ranges, 'column'> | null;
}

interface WindowsRequest {
  readonly spec: EntitySpec;
  readonly store: Store;
  readonly row: StateRow | undefined;
  readonly lane?: SourceLane;
  readonly runType: EntitySpec['runType'];
  readonly look?: Look;
}

export async function windowsFor(ports: EnginePorts, request: WindowsRequest, bounds: ReadBounds): Promise<Windows> {
  const windows = await windowsBetween(ports, request, bounds);
  const parents = await settledParents(ports, request, bounds);
  const { window } = windows;
  return {
    ...windows,
    window: { ...window, ...(bounds.showsNulls ? { nulls: 'include' } : {}), ...defined({ parents }) },
  };
}

async function windowsBetween(ports: EnginePorts, request: WindowsRequest, bounds: ReadBounds): Promise<Windows> {
  const { spec, row, lane } = request;
  const { column, lower, upper, latestReadable, mode } = bounds;
  const { changedFiles } = spec;
  if (lane && !isComparison(lane) && lower) return laneWindows(request, lane, lower);
  const nulls = spec.watermark?.nulls === 'include' ? 'include' : column ? 'exclude' : 'include';
  const latest = upper?.text ?? latestReadable;
  const upTo = latest === null ? null : { text: latest, inclusive: true };
  if (mode === 'full' || !lower) {
    const initial = column && spec.watermark?.initial ? initialOf(spec.watermark.initial, column) : null;
    const seen = !bounds.tracksFiles ? null : mode === 'full' ? [] : await settledFiles(ports, spec, row);
    const lowest = initial && { text: initial.text, inclusive: true };
    const willCompare =
      [spec.runType, request.runType].includes('incremental') && (request.look === 'for a run' || request.look === 'whole');
    const noteChecksums = seen !== null && willCompare ? { noteChecksums: true as const } : {};
    const window: Window = { column, lower: lowest, upper: upTo, nulls, seen, changedFiles, ...noteChecksums };
    // Whether no value may be read yet. Rows that arrive during the run must not be read without a bound (H10).
    const nothingToRead = bounds.sourceUnchanged || (column !== null && !bounds.observed && upper === null && nulls === 'exclude');
    return { ...noRanges, window, boundaryWindow: null, nothingToRead };
  }
  const window: Window = {
    column,
    lower: { text: lower.text, inclusive: false, ...tokenOf(lower) },
    upper: upTo,
    nulls: 'exclude',
    seen: null,
    changedFiles,
  };
  if (bounds.sourceUnchanged) return { ...noRanges, window, boundaryWindow: null, nothingToRead: true };
  const start = overlapStart(spec, lower);
  if (start !== null) {
    const again = overlapWindows(request, window, { start, lower });
    // Whether rows are merged. A merged row replaces only the row with its key. A range would also replace rows of other writers, and only an overlap needs a range.
    const isMerged = spec.watermark?.overlapMs === 0 && keyUse(request.store, spec) === 'merges';
    return isMerged && bounds.hasOthers ? { ...again, replaced: null } : again;
  }
  // After `reset --adopt --watermark` there is no open group to replace, so the run reads only rows above the watermark.
  if (spec.watermark?.boundary === 'open' || !row?.settled?.boundary)
    return { ...noRanges, window, boundaryWindow: null, nothingToRead: false };
  const edge = { text: lower.text, inclusive: true };
  const boundaryWindow: Window = { column, lower: edge, upper: edge, nulls, seen: null, changedFiles };
  return { ...noRanges, window, boundaryWindow, nothingToRead: false };
}

/**
 * H19: a destination with fewer digits keeps a row under a smaller value than the source has. If rows are deleted in the destination by this value,
 * they are read again from this value on. If they were not read again from this value on, rows between the two values would be lost, or would be
 * there twice.
 */
export function roundWindows(
  windows: Windows,
  { lower, precision }: { readonly lower: Watermark | null; readonly precision: WatermarkPrecision },
): Windows {
  const { window, boundaryWindow, replaced } = windows;
  if (precision === 'exact') return windows;
  if (boundaryWindow?.lower && lower)
    return { ...windows, boundaryWindow: { ...boundaryWindow, lower: floorEdge(lower.type, boundaryWindow.lower, precision) } };
  if (!replaced) return windows;
  const { type } = replaced;
  const rounded = replaced.ranges.map(({ from, to }, at) => {
    const asRead = windows.windows[at] ?? window;
    const ends: Ends = { from: floorEdge(type, from, precision), to: to && floorEdge(type, to, precision) };
    return { ends, lower: ends.from, upper: ends.to?.inclusive === false ? ends.to : asRead.upper };
  });
  const apart = withoutOverlap(type, rounded);
  return { ...windows, ...inOneWindow(window, apart), replaced: { ...replaced, ranges: apart.map(({ ends }) => ends) } };
}

interface RoundedRange extends Edges {
  readonly ends: Ends;
}

/** Joins ranges whose values the destination keeps as one value, so that each row is read once. */
function withoutOverlap(type: Watermark['type'], ranges: readonly RoundedRange[]): readonly RoundedRange[] {
  const apart: RoundedRange[] = [];
  for (const range of ranges) {
    const before = apart.at(-1);
    if (before === undefined || !overlap(type, before.ends, range.ends)) apart.push(range);
    else apart[apart.length - 1] = { ends: { from: before.ends.from, to: range.ends.to }, lower: before.lower, upper: range.upper };
  }
  return apart;
}

/** Whether two ranges overlap. @param next the range that begins later, or at the same value. */
function overlap(type: Watermark['type'], { to }: Ends, { from }: Ends): boolean {
  if (to === null) return true;
  const order = compareWatermarks({ type, text: to.text }, { type, text: from.text });
  return order > 0 || (order === 0 && to.inclusive && from.inclusive);
}

function floorEdge(type: Watermark['type'], { text, inclusive }: Edge, precision: WatermarkPrecision): Edge {
  return { text: floored(type, text, precision), inclusive };
}

/** The windows of a backfill, which end below the watermark. Their rows replace the settled rows of the same range, whatever else has settled. */
function laneWindows(request: WindowsRequest, lane: BackfillLane, lower: Watermark): Windows {
  const windows = chunksBelowLiveRuns(request, lane, lower);
  const [window] = windows;
  if (!window) {
    const { from, to, to_included: isIncluded = false } = hullOfChunks(lane);
    const { changedFiles } = request.spec;
    const edges = { lower: { text: from, inclusive: true }, upper: { text: to, inclusive: isIncluded } };
    return {
      ...noRanges,
      window: { column: { column: lower.column, type: lower.type }, ...edges, nulls: 'exclude', seen: null, changedFiles },
      boundaryWindow: null,
      nothingToRead: true,
    };
  }
  const ranges = windows.flatMap(({ lower: from, upper: to }) => (from === null ? [] : [{ from, to }]));
  const replaced = { type: lower.type, ranges, group: 'rows' as const };
  return { ...inOneWindow(window, windows), boundaryWindow: null, nothingToRead: false, replaced };
}

const noRanges = { windows: [], replaced: null } as const;

type Edges = PlanFacts['windows'][number];

/** The window around several windows. If there is only one window, it stays unchanged. */
function inOneWindow(of: Window, all: readonly Edges[]): Pick<Windows, 'window' | 'windows'> {
  const [first, last] = [all[0], all.at(-1)];
  const window = { ...of, lower: first?.lower ?? null, upper: last?.upper ?? null };
  return { window, windows: all.length > 1 ? all.map(({ lower, upper }) => ({ lower, upper })) : [] };
}

/** Where a run begins to read again: before the watermark by its overlap, or at the watermark if rows above it are set apart. Null: it reads only rows above the watermark. Rows below `initial` were never read. */
export function overlapStart({ watermark: mark, ...spec }: EntitySpec, lower: Watermark): string | null {
  if (!mark) return null;
  if (mark.overlapMs === 0) return lower.readsAgain ? lower.text : null;
  const start = earlier(lower.type, lower.text, mark.overlapMs);
  if (start === undefined) throw overlapWithoutTime({ ...spec, watermark: mark }, mark.column, lower.type);
  const initial = mark.initial === null ? null : parseWatermark(mark.initial, lower);
  return initial !== null && compareWatermarks(initial, { ...lower, text: start }) > 0 ? initial.text : start;
}

/** The windows of a run that reads again from `start` on, including the open boundary group. The rows replace all rows that settled from `start` on. */
function overlapWindows({ spec, row }: WindowsRequest, window: Window, { start, lower }: { start: string; lower: Watermark }): Windows {
  const from = { text: start, inclusive: true };
  const nulls =
    spec.watermark?.nulls === 'include' && spec.watermark.boundary === 'closed' && row?.settled?.boundary ? 'include' : 'exclude';
  const group = nulls === 'include' ? 'whole' : 'rows';
  return {
    window: { ...window, lower: from, nulls },
    boundaryWindow: null,
    nothingToRead: false,
    windows: [],
    replaced: { type: lower.type, ranges: [{ from, to: null }], group },
  };
}

/** The value of `initial`. If the type is not known yet, it is the value as the person wrote it, and the home parses it. */
function initialOf(written: string, column: Pick<Watermark, 'column' | 'type'>): Watermark {
  return showsTypeOnlyWhenRead(column) ? { ...column, text: written } : parseWatermark(written, column);
}

export async function settledFiles(ports: EnginePorts, spec: EntitySpec, row: StateRow | undefined): Promise<readonly SeenFile[]> {
  const ref = row?.settled?.seen;
  return ref ? ((await settledList(ports, spec, ref)) as unknown as readonly SeenFile[]) : [];
}

type FilesRequest = Omit<WindowsRequest, 'store' | 'look'> & { readonly home: Home };

/** What is known about earlier files. Undefined: the run is not a live run of files with a watermark, so it skips no file because of its values. */
async function filesBefore(
  ports: EnginePorts,
  { spec, row, lane, runType, home }: FilesRequest,
  { mode, column }: Pick<ReadBounds, 'mode' | 'column'>,
): Promise<FilesBefore | undefined> {
  if (lane !== undefined || runType !== 'incremental' || column === null || home.files === undefined) return undefined;
  const isKnown = mode === 'incremental' && row?.settled?.seen != null;
  const initial = spec.watermark?.initial == null ? null : { text: initialOf(spec.watermark.initial, column).text, inclusive: true };
  return {
    files: isKnown ? await settledFiles(ports, spec, row) : null,
    below: null,
    initial,
    mark: row?.lanes[passedFilesName]?.text ?? null,
    key: spec.watermark?.key ?? [],
  };
}

async function settledList(ports: EnginePorts, spec: EntitySpec, ref: ObjectRef): Promise<Json> {
  const found = await retry(() => ports.state.getObject(spec, ref));
  if (found) return found;
  // If the state has changed, a later run’s commit replaced this state, so this run is a zombie.
  const now = await readRow(ports, spec);
  if (now.row?.settled?.seen !== ref) throw claimedByLaterRun(spec);
  throw lostRecord(spec, ref, ports.state.location, '');
}

/** The parents whose rows have settled. Only for a home with parents. */
export async function parentsBefore(ports: EnginePorts, spec: EntitySpec, row: StateRow | undefined): Promise<readonly SettledParent[]> {
  const ref = row?.settled?.seen;
  return ref ? ((await settledList(ports, spec, ref)) as unknown as readonly SettledParent[]) : [];
}

/** The parents whose rows have settled. Undefined: each parent is read from the lower bound, as in a full load or a backfill, or after a takeover without a list of parents. */
async function settledParents(
  ports: EnginePorts,
  { spec, row, lane }: WindowsRequest,
  { tracksParents, mode, lower, column }: ReadBounds,
): Promise<Window['parents']> {
  if (!tracksParents || lane !== undefined || mode === 'full' || lower === null || column === null || !row?.settled?.seen) return undefined;
  const settled = await parentsBefore(ports, spec, row);
  const initial = spec.watermark?.initial == null ? null : { text: initialOf(spec.watermark.initial, column).text, inclusive: true };
  return { settled, initial };
}

/** The part of the source that the run reads. Undefined: the whole source. Throws if the run should continue from a settled watermark but can’t. */
export function partToRead(
  { spec, row, lane, runType, fullEveryApplies }: Omit<WindowsRequest, 'look'> & { readonly fullEveryApplies: boolean },
  now: Instant,
): LookedPart | undefined {
  const mark = row?.settled?.watermark;
  if (!mark || !spec.watermark || row.fullNext || isComparison(lane)) return undefined;
  const { column, type } = mark;
  const at = (text: string) => ({ text, inclusive: true });
  if (lane) {
    const { from, to } = hullOfChunks(lane);
    return { column: { column, type }, lower: at(from), upper: at(to) };
  }
  if (runType !== 'incremental' || (fullEveryApplies && fullLoadDue(spec, row, now) !== null)) return undefined;
  return { column: { column, type }, lower: { ...at(overlapStart(spec, mark) ?? mark.text), ...tokenOf(mark) }, upper: null };
}

function tokenOf({ token }: Watermark): Pick<Edge, 'token'> {
  return defined({ token });
}

export interface Slices {
  readonly slices: readonly PlannedSlice[];
  readonly seen: readonly SeenFile[] | null;
  readonly movesOn: boolean;
  readonly parents?: SlicePlan['parents'];
  readonly changed: readonly string[];
  readonly renamed: readonly RenamedFile[];
  readonly unsure: readonly string[];
  readonly listed?: SlicePlan['listed'];
  readonly passed?: SlicePlan['passed'];
}

const noSlices: Slices = { slices: [], seen: null, movesOn: false, changed: [], renamed: [], unsure: [] };

/** Where planning continues. `windows`: the last cursor of each window in `Windows.windows`. */
type Cursor = { readonly group?: Json; readonly fresh?: Json; readonly windows?: readonly (Json | null)[] };

/** The slices of the boundary group, followed by those of new rows. If the upper bound has not moved, there are no new rows. */
export async function slicesFor(
  ports: EnginePorts,
  request: FilesRequest,
  { windows, bounds, cursor }: { readonly windows: Windows; readonly bounds: ReadBounds; readonly cursor: Json | undefined },
): Promise<Step<Slices>> {
  const { window, boundaryWindow, nothingToRead } = windows;
  const { home } = request;
  const before = await filesBefore(ports, request, bounds);
  const from = (cursor ?? {}) as Cursor;
  const asked = before === undefined ? {} : { passedBefore: { ...before, below: (boundaryWindow ?? window).lower } };
  const group = boundaryWindow ? await allSlices(home, { ...boundaryWindow, ...asked }, from.group) : { done: noSlices };
  if ('again' in group) return { ...group, again: { ...from, group: group.again } };
  const moved = !(boundaryWindow && window.upper && window.lower && window.upper.text === window.lower.text);
  const freshWindow = boundaryWindow ? window : { ...window, ...asked };
  const fresh = await (!moved || nothingToRead
    ? { done: noSlices }
    : windows.windows.length > 0
      ? slicesOfWindows(home, { window: freshWindow, windows: windows.windows }, from)
      : freshSlices(home, freshWindow, from));
  if ('again' in fresh) return fresh;
  const { listed, passed } = boundaryWindow ? group.done : fresh.done;
  return {
    done: {
      ...fresh.done,
      ...defined({ listed, passed }),
      slices: [...group.done.slices.map(({ slice }) => ({ slice, work: { kind: 'group' } as const })), ...fresh.done.slices],
    },
  };
}

async function freshSlices(home: Home, window: Window, from: Cursor): Promise<Step<Slices>> {
  const step = await allSlices(home, window, from.fresh);
  return 'again' in step ? { ...step, again: { ...from, fresh: step.again } } : step;
}

/** The slices of all windows, one window after another. If it is called again, windows that were already planned answer at once. */
async function slicesOfWindows(home: Home, { window, windows }: Pick<Windows, 'window' | 'windows'>, from: Cursor): Promise<Step<Slices>> {
  const cursors = windows.map((_, at) => from.windows?.[at] ?? null);
  let all = noSlices;
  for (const [at, edges] of windows.entries()) {
    const step = await allSlices(home, { ...window, ...edges }, cursors[at] ?? undefined, at);
    if ('again' in step) return { ...step, again: { ...from, windows: cursors.with(at, step.again) } };
    const { slices, changed, renamed, unsure, ...more } = step.done;
    const of = <T>(before: readonly T[], now: readonly T[]) => [...new Set([...before, ...now])];
    all = {
      ...more,
      slices: [...all.slices, ...slices],
      changed: of(all.changed, changed),
      renamed: at === 0 ? renamed : all.renamed,
      unsure: of(all.unsure, unsure),
    };
  }
  return { done: all };
}

/** The facts in a home’s answer, without its slices, as the plan keeps them. */
export function factsOfSlices({
  seen,
  movesOn,
  parents,
  listed,
  passed,
}: Slices): Pick<PlanFacts, 'seen' | 'movesOn' | 'parents' | 'listed' | 'passedMark'> {
  return { seen, movesOn, ...defined({ parents, listed, passedMark: passed?.mark }) };
}

/** @param at the index of the window in `Windows.windows`. */
async function allSlices(home: Home, window: Window, cursor: Json | undefined, at = 0): Promise<Step<Slices>> {
  for (let from = cursor; ; ) {
    const step = await home.plan(window, { sliceBytes: usualSliceBytes }, from);
    if ('again' in step) {
      if (step.notBefore !== undefined) return step;
      from = step.again;
      continue;
    }
    const { slices, seen: taken, parents, changed = [], renamed = [], unsure = [], listed, passed } = step.done;
    const planned = slices.map((slice) => ({ slice, work: { kind: 'read', window: at } as const }));
    return {
      done: {
        slices: planned,
        seen: taken?.files ?? null,
        movesOn: taken?.movesOn ?? false,
        ...defined({ parents, listed, passed }),
        changed,
        renamed,
        unsure,
      },
    };
  }
}

/** Whether the source shows its types only while it is read. */
export function showsTypeOnlyWhenRead(column: Pick<Watermark, 'type'>): boolean {
  return column.type.kind === 'null';
}

/** The window without its parents, because slices themselves name the parents that they read. */
export function withoutParents({ parents: _, ...window }: Window): Window {
  return window;
}
