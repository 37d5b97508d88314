/** Looks at source, destination and state, and decides what a run will do. It reads only metadata. Plan and dry run both use it. */

import { HomeError } from '../../errors/hygge-error.ts';
import { schemaChanges } from '../../frames/compare.ts';
import { sameType } from '../../frames/describe-type.ts';
import type { Schema } from '../../frames/schema.ts';
import { floored } from '../../frames/times/floor.ts';
import { isTime, latestAt } from '../../frames/times/future.ts';
import { rowsThere, type Watermark } from '../../frames/watermark.ts';
import { compareWatermarks, describeWatermarkType, parseWatermark } from '../../frames/watermark-text.ts';
import type { Note, Noted } from '../../ports/notes.ts';
import { retry } from '../../ports/retry.ts';
import type { Binding, StateRow } from '../../ports/state.ts';
import { defined, type Instant, type Json } from '../../ports/values.ts';
import type { Boundary } from '../contracts/boundary.ts';
import { fileLayoutChanged } from '../contracts/errors.ts';
import type { Step } from '../contracts/frame.ts';
import type { Breadth, Home, Look, LookNotes, SourceDescription } from '../contracts/home.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import { noAnswers, type PlanFacts, type SchemaSnapshot } from '../contracts/records.ts';
import type { Ranges, RetypedColumn, ReworkPlan } from '../contracts/replacing.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { describeNewest, withNotBefore } from '../contracts/steps.ts';
import { headIn, type Store, standingIn, type Target } from '../contracts/store.ts';
import { destinationIsEmptied } from '../errors/repair.ts';
import { absentSource, cannotTellNewRows, changedFile, notFound, noWatermarkColumn } from '../errors/run.ts';
import { newestInTheFuture, settledInTheFuture } from '../errors/watermark.ts';
import { stateMissing } from '../errors/writing.ts';
import { keysAsSlice } from '../keys/comparison.ts';
import { sharedNow } from '../protocol/claim.ts';
import { hasSettled } from '../protocol/periodic.ts';
import { alteredTableNotes, changesWithoutDrift, renamedColumnNotes } from '../schema/fit.ts';
import { keysOf, type SourceShape, shapeSource } from '../schema/shape.ts';
import { collisionNotes, type RunFacts } from '../schema/shaper.ts';
import { tableMustHaveColumns, withValidationNotes } from '../validation/fit.ts';
import { nothingAged, type QuarantineFound, quarantineFound } from '../validation/quarantine-age.ts';
import { answersOf } from '../validation/source-answers.ts';
import { bindingAfterAdoption, bindingError, bindingOf, checkBinding, stateMustMatchDestination } from './agreement.ts';
import {
  deletesInsteadNotes,
  deletesPassedOnNotes,
  dependentsMustAllow,
  dependentsOfOldTable,
  foreignRowsGoNotes,
  withStoreNotes,
} from './bound.ts';
import { checkCapabilities, checkKey, checkOverlap, isKnownByReading, keyUse, mustCommitInTime } from './capabilities.ts';
import { checkDeletes, homeOfRun, mustBeComparable } from './deletes.ts';
import { type FullLoadDue, fullLoadDue, fullLoadDueNote, isFullLoad } from './full-every.ts';
import { edgesOf, isComparison, liveOf, mustSupportBackfill, type SourceLane, settledWatermark } from './lane.ts';
import { countedRows, decideWrite, mergesFullLoads, type WriteDecision, type WriteSituation } from './modes.ts';
import {
  checkClockBound,
  checkNulls,
  checkObservedBound,
  checkWatermarkOrder,
  lagBehindClock,
  latestToTake,
  observedNotes,
  observedOf,
} from './observed-bounds.ts';
import { oneSliceIfStoreNeeds } from './one-slice.ts';
import {
  driftNotesOf,
  fileWarnings,
  foundUnseenNotes,
  foundWarnings,
  oldFilesNotes,
  otherwiseWarnings,
  retypingNotes,
  sourceBehind,
  strayWarnings,
  whatFollowsNotes,
} from './plan-notes.ts';
import {
  firstTypedColumns,
  mixedGroup,
  mustBeApart,
  rangesOf,
  replacedContentFacts,
  reworkFor,
  spellingNotes,
  supersedeFor,
  writingFor,
} from './replacement.ts';
import {
  factsOfSlices,
  overlapStart,
  partToRead,
  type ReadBounds,
  roundWindows,
  type Slices,
  showsTypeOnlyWhenRead,
  slicesFor,
  type Windows,
  windowsFor,
  withoutParents,
} from './windows.ts';

/** The facts that a plan keeps, and further facts that are only reported to people. */
export interface Survey extends PlanFacts {
  readonly description: SourceDescription;
  /** For each column of `schema`, its column in the source. Null: the column is added. */
  readonly origins: readonly (string | null)[];
  readonly target: Target;
  /** Notes that apply to each run of this kind. */
  readonly notes: readonly Noted[];
}

export interface SurveyRequest {
  readonly spec: EntitySpec;
  readonly runType: EntitySpec['runType'];
  /** Whether `full_every` may decide the run type. It may not if the command line sets the run type. */
  readonly fullEveryApplies: boolean;
  readonly home: Home;
  readonly store: Store;
  readonly row: StateRow | undefined;
  /** The snapshot from which the run continues, `snapshotInForce`. */
  readonly snapshot: SchemaSnapshot | undefined;
  readonly run: RunFacts;
  /** The lane of the run. Absent: a live run. */
  readonly lane?: SourceLane;
  /** How much of the records a home may read. Absent: `for a dry run`. */
  readonly look?: Look;
  /** How many files a look may open. `a few`: because the slices will not be read. Absent: `all`. */
  readonly breadth?: Breadth;
  /** The store’s answer to `inspect`, which was asked for after `row` was read. Absent: `inspect` is called now. */
  readonly inspecting?: ReturnType<Store['inspect']>;
}

type Cursor = {
  readonly inspect?: Json;
  readonly describe?: Json;
  readonly bound?: Json;
  readonly nulls?: Json;
  readonly future?: Json;
  readonly plan?: Json;
  readonly rework?: Json;
};

/** Looks, decides, and divides the source into slices. If a home answers `again`, all questions are repeated with their last cursors. That is cheap, since earlier answers are metadata. */
export async function survey(ports: EnginePorts, given: SurveyRequest, cursor: Json | undefined): Promise<Step<Survey>> {
  if (given.spec.found === 'gone') throw notFound(given.spec, given.spec);
  checkDeletes(given);
  const oneSlice = oneSliceIfStoreNeeds(given.store, given.home, ports.clock);
  const request = { ...given, home: homeOfRun(given.spec, given.store, oneSlice) };
  const from = (cursor ?? {}) as Cursor;
  // The store is prepared before the home reads: if a home were already reading the same place, the place could not be prepared.
  if (request.look !== undefined)
    await retry(async () => void (await Promise.all([ports.state.makeReady?.(), request.store.table?.makeReady()])));
  if (isComparison(request.lane)) mustBeComparable(request, request.row);
  else if (request.lane) mustSupportBackfill(request.spec, request);
  const looked = await lookAtBoth(ports, request, from);
  if ('again' in looked) return looked;
  const decided = await decideHow(ports, request, looked.done);
  const shaped = await shapeRows(ports, request, decided);
  const bounded = await boundRows(ports, request, decided, from);
  if ('again' in bounded) return bounded;
  const waiting = [...foundUnseenNotes(request.spec), ...(decided.description.lastingWarnings ?? []), ...bounded.done.waiting];
  const found: SurveyShape = { ...decided, ...bounded.done, waiting, shaped };
  const cut = await cutIntoSlices(ports, request, found, from);
  if ('again' in cut) return cut;
  const all = await withValidationNotes(ports, request.spec, await withStoreNotes(request, surveyed(request, found, cut.done)));
  return { done: { ...all, asked: await answersOf(ports, request) } };
}

/** Asks for the same survey again, with all cursors so far. */
function again<T>(
  step: Exclude<Step<T>, { readonly done: T }>,
  from: Cursor,
  asked: keyof Cursor,
): Exclude<Step<never>, { readonly done: never }> {
  return { ...step, again: { ...from, [asked]: step.again } };
}

interface SurveyLook {
  readonly target: Target;
  readonly description: SourceDescription;
  /** Whether the source is a landing folder whose files were all taken and then removed. */
  readonly emptied: boolean;
}

/** The present content of both sides. Throws unless the content agrees with the state. */
async function lookAtBoth(ports: EnginePorts, request: SurveyRequest, from: Cursor): Promise<Step<SurveyLook>> {
  const { spec, home, store, row, lane } = request;
  const [inspected, described] = await Promise.allSettled([
    request.inspecting ?? retry(() => store.inspect(from.inspect, countedRows({ ...request, isLive: request.lane === undefined }))),
    describeNewest(home, from.describe, request.look ?? 'for a dry run', request.breadth, partToRead(request, sharedNow(ports))),
  ]);
  if (inspected.status === 'rejected') throw withNotBefore(inspected.reason, pauseOf(described)?.notBefore);
  const seen = inspected.value;
  if ('again' in seen) return again(seen, { ...from, ...defined({ describe: pauseOf(described)?.again }) }, 'inspect');
  const target = seen.done;
  await stateMustMatchDestination(ports, request, target);
  if (lane && !isComparison(lane)) settledWatermark(spec, row);
  const emptied = described.status === 'rejected' && isEmptied(request, described.reason);
  if (described.status === 'rejected' && !emptied) throw absentSource(described.reason, request);
  const description = described.status === 'rejected' ? { done: noFiles(home) } : described.value;
  if ('again' in description) return again(description, from, 'describe');
  return { done: { target, description: description.done, emptied } };
}

interface SurveyDecision extends SurveyLook {
  readonly decision: WriteDecision;
  readonly column: Survey['column'];
  readonly byFile: boolean;
  readonly binding: Binding;
  /** Why `full_every` made the run a full load. Null: it did not. */
  readonly due: FullLoadDue | null;
  readonly fullAt: Instant | null;
}

/** What the run does to the destination. Throws if the run must not do it, or can’t do it. */
async function decideHow(ports: EnginePorts, request: SurveyRequest, looked: SurveyLook): Promise<SurveyDecision> {
  const { spec, home, store, row } = request;
  const { target, description } = looked;
  const column = watermarkColumn(spec, description.schema ?? null);
  const byFile = request.runType === 'incremental' && !spec.watermark && home.files !== undefined;
  if (request.runType === 'incremental' && !spec.watermark && !byFile) throw cannotTellNewRows(spec);
  const binding = bindingOf(ports, { ...request, description }, column, byFile);
  const canContinue = row?.settled != null && (byFile ? row.settled.seen !== null : row.settled.watermark !== null);
  // If a landing folder is empty because its files were removed, a full load is not due: it would remove all rows that came from these files.
  const due = request.fullEveryApplies && !request.lane && canContinue && !looked.emptied ? fullLoadDue(spec, row, sharedNow(ports)) : null;
  const situation: WriteSituation = {
    destination: target.content,
    runType: request.runType,
    ifExists: spec.ifExists,
    canContinue,
    fullNext: row?.fullNext ?? false,
    fullDue: due !== null,
    key: keyUse(store, spec),
    strategy: spec.writeStrategy,
    canReplaceByKey: mergesFullLoads(spec) && store.removes.has('unmatched') && target.content === 'ours' && target.keysKnown === true,
    keepsForeignRows: target.content === 'ours' && target.foreign !== 0 && store.writes.has('delete_insert'),
    swapWouldLose: store.writes.has('delete_insert') && dependentsOfOldTable(target).length > 0,
  };
  const decision = decideWrite(situation);
  await checkBinding(ports, request, { binding, target, column });
  if (decision === 'refuse') throw stateMissing(spec, store.where, target);
  if (target.content === 'ours' && target.changedLayout && decision.supersede.what !== 'all')
    throw fileLayoutChanged({ ...target.changedLayout, where: store.where, name: `${spec.flow}.${spec.entity}` });
  const gone = decision.mode === 'incremental' ? rowsGone(spec, store, target) : foreignRowsGoNotes(store, decision, target);
  if (column && isKnownByReading(home)) checkObservedBound(spec, store, { ...column, ascending: home.reading.upper === 'appended' });
  if (column) checkClockBound(spec, home, column);
  checkCapabilities(request, {
    decision,
    next: decideWrite({ ...situation, destination: 'ours', canContinue: true, fullNext: false, fullDue: false }),
  });
  if (column) checkOverlap(spec, column);
  const fullAt = isFullLoad(decision, target) && !request.lane ? sharedNow(ports) : null;
  return { ...looked, decision: { ...decision, warnings: [...decision.warnings, ...gone] }, column, byFile, binding, due, fullAt };
}

/** How many settled rows are gone from a table, where only the number of rows shows a loss. Lost files are in `missing`. */
function rowsGone(spec: EntitySpec, { where }: Pick<Store, 'where'>, target: Target): readonly Note[] {
  if (target.content !== 'ours' || target.rows >= target.head.rows) return [];
  if (target.rows === 0) throw destinationIsEmptied(spec, where, target.head.rows);
  return [{ code: 'rows_gone', where, settled: target.head.rows, left: target.rows }];
}

/** The columns in which the source’s columns settle. Throws if they can’t settle. */
async function shapeRows(
  ports: EnginePorts,
  request: SurveyRequest,
  { target, description, decision }: SurveyDecision,
): Promise<SourceShape> {
  const { spec, store, snapshot, run, home, lane } = request;
  const load = decision.supersede.what === 'all' ? 'full' : 'incremental';
  const keys = keysOf(spec, description);
  const there = standingIn(target);
  const keeps = decision.write !== 'swap';
  const shaped = await shapeSource(ports, { spec, store, snapshot, run, load, keys, there, keeps }, description.schema ?? null);
  if (home.system !== undefined && !isComparison(lane)) tableMustHaveColumns(spec, shaped.drift);
  return shaped;
}

interface SurveyBounds extends Ahead {
  readonly lower: Watermark | null;
  readonly upper: Watermark | null;
  readonly observed: Survey['observed'];
  /** Whether the source is unchanged since the watermark settled. */
  readonly still: boolean;
  readonly stopsAtNull: PlanFacts['stopsAtNull'];
  readonly saidOfBound: Required<Pick<LookNotes, 'notes' | 'warnings'>>;
}

/** The lower and the upper bound, captured now. Throws if the bounds would leave out rows, or hide rows from later runs. */
async function boundRows(ports: EnginePorts, request: SurveyRequest, decided: SurveyDecision, from: Cursor): Promise<Step<SurveyBounds>> {
  const { spec, home, row, lane } = request;
  const { target, description, decision, column, byFile, binding } = decided;
  checkKey(spec, description, home.reading);
  const lower = decision.mode === 'incremental' && !byFile ? (row?.settled?.watermark ?? null) : null;
  // After a takeover the state has no binding yet, but its watermark already has a type.
  if (lower && column && !showsTypeOnlyWhenRead(column) && !sameType(lower.type, column.type))
    throw await bindingError(ports, request, target, { was: bindingAfterAdoption(binding, lower), is: binding });
  const still = lane === undefined && lower !== null && isStill(request, description);
  const bounded: Step<Watermark | null> & Bound = still || lane ? { done: lower } : await upperBound(request, column, lower, from.bound);
  if ('again' in bounded) return again(bounded, from, 'bound');
  const upper = bounded.done;
  const unordered = upper && !lane ? checkWatermarkOrder(spec, upper, lower, bounded.behind) : undefined;
  if (lower && column && !lane) checkSettledTime(spec, lower, ports.clock.now());
  const nulls = column && !still && !lane ? await checkNulls(request, column.column, lower, from.nulls) : { done: 'no' as const };
  if ('again' in nulls) return again(nulls, from, 'nulls');
  const observed = observedOf(spec, home, ports.clock.now());
  const until = latestToTake(spec, observed, column)?.text ?? null;
  const ahead = still || lane || observed ? { done: { until, waiting: [] } } : await aheadOf(request, column, from.future);
  if ('again' in ahead) return again(ahead, from, 'future');
  const { notes = [], warnings = [], lastingWarnings = [], behind } = bounded;
  const asText: readonly Noted[] =
    upper && unordered === 'numbers' ? [{ code: 'numbers_as_text', column: upper.column, text: upper.text }] : ahead.done.waiting;
  // If the look opened only a few files, the newest value may be in another file.
  const waiting = [...asText, ...lastingWarnings, ...(lower && behind && !description.looked ? [sourceBehind(spec, lower, behind)] : [])];
  const stopsAtNull = nulls.done;
  return { done: { lower, upper, observed, still, stopsAtNull, until: ahead.done.until, waiting, saidOfBound: { notes, warnings } } };
}

interface SurveyShape extends SurveyDecision, SurveyBounds {
  readonly shaped: SourceShape;
}

interface SurveySlices {
  readonly windows: Windows;
  readonly planned: Slices;
  readonly watermarkAs: string | null;
  /** The ranges of settled rows that are replaced by the rows to read. Null: no rows are replaced by range. */
  readonly ranges: Ranges | null;
  readonly retyped: readonly RetypedColumn[];
  readonly rework: ReworkPlan | null;
  readonly quarantine: QuarantineFound;
}

/** The slices to read, both of the source and of settled rows. */
async function cutIntoSlices(ports: EnginePorts, request: SurveyRequest, found: SurveyShape, from: Cursor): Promise<Step<SurveySlices>> {
  const { spec, home, store } = request;
  const { decision, column, lower, upper, until: latestReadable, observed, shaped } = found;
  if (isComparison(request.lane))
    return { done: { ...keysAsSlice(spec), watermarkAs: column && shaped.shaping.settledName(column.column), quarantine: nothingAged } };
  const bounds: ReadBounds = {
    mode: decision.mode,
    tracksFiles: !spec.watermark && home.files !== undefined,
    tracksParents: home.reading.byParents,
    observed: observed !== null,
    column,
    lower,
    upper,
    hasOthers: found.target.content !== 'ours' || found.target.foreign !== 0,
    latestReadable,
    sourceUnchanged: found.still || found.emptied,
    showsNulls: found.stopsAtNull !== 'no',
  };
  const windows = roundWindows(await windowsFor(ports, request, bounds), { lower, precision: shaped.precision ?? 'exact' });
  const planned = await slicesFor(ports, request, { windows, bounds, cursor: from.plan });
  if ('again' in planned) return again(planned, from, 'plan');
  const [changed] = planned.done.changed;
  if (changed !== undefined && spec.changedFiles === 'fail') throw changedFile(spec, changed);
  const watermarkAs = column && shaped.shaping.settledName(column.column);
  const ranges = windows.replaced && watermarkAs !== null ? rangesOf(request, { ...windows.replaced, column: watermarkAs }) : null;
  // A run that reads no rows settles no value with another type.
  const isRead = planned.done.slices.length > 0 || ranges !== null || decision.mode === 'full';
  const retyped = isRead ? firstTypedColumns(shaped) : [];
  const goes = found.byFile && spec.changedFiles === 'replace' ? planned.done.changed : [];
  const boundary = decision.supersede.what === 'boundary' && !found.byFile ? groupIn(request, found, { windows, watermarkAs }) : null;
  const mixed = ranges === null ? mixedGroup(found.target, { boundary, retyped }) : null;
  const rework = await reworkFor(store, { range: ranges ?? mixed, retyped }, { goes, cursor: from.rework });
  if ('again' in rework) return again(rework, from, 'rework');
  const cut = { windows, planned: planned.done, watermarkAs, ranges, quarantine: await quarantineFound(request, found) };
  return { done: { ...cut, retyped: rework.done === null ? [] : retyped, rework: rework.done } };
}

function surveyed(request: SurveyRequest, found: SurveyShape, cut: SurveySlices): Survey {
  const { windows, planned, watermarkAs, ranges, retyped, rework } = cut;
  const { spec, row, lane } = request;
  const { target, description, decision, column, byFile, binding, lower, upper, observed, waiting } = found;
  const { shaping, ...shaped } = found.shaped;
  const { slices: reworked = [], ...replaced } = rework ?? {};
  const replacesForeign = !isComparison(lane) && lane?.repair?.foreign === 'replace';
  const supersede = supersedeFor(decision.supersede, {
    ranges: ranges && replacesForeign ? { ...ranges, foreign: 'replace' } : ranges,
    byFile,
    replaced: spec.changedFiles === 'replace' ? planned.changed : [],
    boundary: groupIn(request, found, cut),
  });
  const settledName = (name: string) => shaping.settledName(name);
  const writing = writingFor(request, { decision, description, schema: shaped.schema, settledName });
  mustBeApart(request, { supersede, target });
  dependentsMustAllow(request, supersede, target);
  const slices = planned.slices.map(({ slice }) => slice);
  mustCommitInTime(request, { mode: decision.mode, write: writing.mode, target, slices, changes: shaped.changes });
  return {
    mode: decision.mode,
    byFile,
    prev: headIn(target)?.id ?? null,
    description,
    pinned: description.pinned ?? null,
    provisos: [...(description.provisos ?? []), ...oldFilesNotes(target, request)],
    // If rows wait, the next run must look for them again even if the source stays unchanged. So no version settles.
    sourceVersion: waiting.length === 0 ? (description.version ?? null) : null,
    ...shaped,
    watermarkAs,
    column,
    ...(lane ? edgesOf(windows.window) : { lower, upper }),
    observed,
    byClock: request.home.reading.upper === 'clock' && !lane,
    stopsAtNull: found.stopsAtNull,
    window: withoutParents(windows.window),
    windows: windows.windows,
    boundaryWindow: windows.boundaryWindow,
    slices: [...planned.slices, ...reworked.map((slice) => ({ slice, work: { kind: 'rework' } as const }))],
    writing,
    supersede,
    replaces: replacedContentFacts(supersede, target),
    ...factsOfSlices(planned),
    boundary: windows.boundaryWindow ? (row?.settled?.boundary ?? null) : null,
    emptied: found.emptied,
    emptyAlready: target.content === 'ours' && target.empty && !row?.fullNext && sameColumns(target.head.schema, shaped.schema),
    rework: 'whole' in replaced ? replaced : null,
    retyped,
    corrections: cut.quarantine.corrections,
    live: lane && row?.settled ? liveOf(row.settled) : null,
    binding,
    fullAt: found.fullAt,
    target,
    waiting,
    asked: noAnswers,
    ...defined({ expired: cut.quarantine.expired ?? undefined }),
    ...told(request, found, { files: planned, retyped, rewritten: reworked.length, quarantine: cut.quarantine }),
  };
}

/** What a person should know about the run, in addition to the plan itself. */
function told(
  request: SurveyRequest,
  found: SurveyShape,
  cut: Pick<SurveySlices, 'retyped' | 'quarantine'> & { readonly files: Slices; readonly rewritten: number },
): Pick<Survey, 'warnings' | 'notes'> {
  const { target, description, decision, column, observed, waiting, shaped, saidOfBound } = found;
  const collided = collisionNotes(description.schema ? shaped.shaping.collisions(description.schema) : []);
  const renamed = renamedColumnNotes(description.schema ? shaped.shaping.renamed(description.schema) : [], request.store.where);
  const [spelt, isFirst] = [spellingNotes(request, description), !hasSettled(request.row)];
  const isOurs = target.content === 'ours';
  const altered = alteredTableNotes(isOurs ? changesWithoutDrift(shaped) : shaped.changes, { where: request.store.where, isOurs });
  return {
    warnings: [
      ...(isFirst ? spelt : []),
      ...altered.warnings,
      ...foundWarnings(request),
      ...cut.quarantine.warnings,
      ...decision.warnings,
      ...strayWarnings(target, request.store),
      ...collided.fresh,
      ...renamed.warnings,
      ...fileWarnings(request, cut.files),
      ...waiting,
      ...driftNotesOf('warn', shaped.drift),
      ...(description.warnings ?? []),
      ...otherwiseWarnings(request.spec, description, decision.supersede.what === 'all'),
      ...saidOfBound.warnings,
    ],
    notes: [
      ...(isFirst ? [] : spelt),
      ...driftNotesOf('note', shaped.drift),
      ...retypingNotes(cut.retyped, cut.rewritten),
      ...(found.due ? [fullLoadDueNote(found.due, request.spec.fullEveryMs)] : []),
      ...whatFollowsNotes(request, { mode: isFullLoad(decision, target) ? 'full' : 'incremental', now: request.run.startedAt }),
      ...(decision.why === 'bound' ? deletesInsteadNotes(target) : []),
      ...deletesPassedOnNotes(request, target),
      ...observedNotes(observed, column),
      ...collided.known,
      ...renamed.notes,
      ...altered.notes,
      ...(description.notes ?? []),
      ...(description.provisos ?? []),
      ...oldFilesNotes(target, request),
      ...saidOfBound.notes,
    ],
  };
}

/** Whether the error means a landing folder whose files were all taken and then removed, so that no new rows exist. If the missing file was named, or a first run needs it, the error stays an error. */
function isEmptied({ spec, home, row, runType, lane }: SurveyRequest, error: unknown): boolean {
  const goesOnByFile = runType === 'incremental' && !spec.watermark && home.files?.isOne === false;
  const hasTaken = row?.settled?.seen != null && !row.fullNext && !lane;
  return goesOnByFile && hasTaken && error instanceof HomeError && error.code === 'HYG-3201';
}

const noFiles = ({ place }: Home): SourceDescription => ({ schema: undefined, rows: { n: 0, exact: true }, bytes: 0, summary: place });

/** The pause that the source needs before it can be described. Undefined: the description is complete, or it failed. */
function pauseOf(described: PromiseSettledResult<Step<unknown>>): { readonly again: Json; readonly notBefore?: Instant } | undefined {
  return described.status === 'fulfilled' && 'again' in described.value ? described.value : undefined;
}

function watermarkColumn(spec: EntitySpec, schema: Schema | null): Survey['column'] {
  if (!spec.watermark) return null;
  const { column } = spec.watermark;
  if (!schema) return { column, type: { kind: 'null' } };
  const found = schema.columns.find((c) => c.name === column);
  if (!found)
    throw noWatermarkColumn(
      spec,
      column,
      schema.columns.map((c) => c.name),
    );
  describeWatermarkType(found.type, column);
  return { column, type: found.type };
}

/** Whether the source is as it was when the watermark settled. With a lag it may still have rows that were too young then. */
function isStill({ spec, row }: SurveyRequest, { version }: SourceDescription): boolean {
  return version !== undefined && row?.settled?.sourceVersion === version && spec.watermark?.lagMs === 0;
}

interface Ahead {
  /** The latest value that may be read. Null: any value. */
  readonly until: string | null;
  readonly waiting: readonly Noted[];
}

const nothingAhead: Ahead = { until: null, waiting: [] };

/** The rows with times in the future. If such a time became the watermark, it would permanently hide all rows below it. */
async function aheadOf({ spec, home }: SurveyRequest, column: Survey['column'], cursor: Json | undefined): Promise<Step<Ahead>> {
  const mark = spec.watermark;
  if (!column || !mark || mark.future === 'take' || !isTime(column.type)) return { done: nothingAhead };
  const step = await home.future(column.column, cursor);
  if ('again' in step) return step;
  const { rows, latest, until } = step.done;
  if (rows === 0 || latest === null) return { done: { until, waiting: [] } };
  if (mark.future === 'fail') throw newestInTheFuture(spec, column.column, { rows, latest });
  return { done: { until, waiting: [{ code: 'waits', column: column.column, rows, latest }] } };
}

/** By how much clocks may differ, in milliseconds. A watermark that is further ahead was settled with `future: take`, or by an older hygge. */
const clocksDifferMs = 3_600_000;

function checkSettledTime(spec: EntitySpec, lower: Watermark, now: string): void {
  if (spec.watermark?.future === 'take') return;
  const latest = latestAt(lower.type, new Date(Date.parse(now) + clocksDifferMs).toISOString());
  if (latest !== undefined && compareWatermarks(lower, { type: lower.type, text: latest }) > 0) throw settledInTheFuture(spec, lower);
}

interface Bound extends LookNotes {
  /** The newest value of the source, if it is below all values that a run reads. */
  readonly behind?: Watermark;
}

/** The upper bound, captured now, as the source writes it. It is never below the settled watermark (H9). Null: the entity has no watermark, the source has no value, or the bound is known only after reading. */
async function upperBound(
  { spec, home }: SurveyRequest,
  column: Survey['column'],
  lower: Watermark | null,
  cursor: Json | undefined,
): Promise<Step<Watermark | null> & Bound> {
  if (!column || !spec.watermark) return { done: null };
  const { future } = spec.watermark;
  const lag = lagBehindClock(spec.watermark, column.type, home.reading.upper === 'clock');
  const step = await home.bound({ column: column.column, ...lag, future: future === 'take' ? 'take' : 'wait' }, cursor);
  if ('again' in step) return step;
  if (step.done === 'observed') return { done: null };
  // Rows below `initial` are not read. With a watermark below `initial`, the next run would read such rows.
  if (!lower && step.done && isBelowInitial(spec.watermark.initial, step.done)) return { ...step, done: null };
  const upper = step.done ?? lower;
  if (!lower || !upper || compareWatermarks(upper, lower) >= 0) return { ...step, done: upper };
  // Whether the bound is the value of the newest row. With a lag the newest row may just be too young, and the time of a clock is not the value of a row.
  const isNewest = lag.lagMs === 0 && home.reading.upper === 'source';
  const start = overlapStart(spec, lower);
  const isRead = start !== null && compareWatermarks(upper, { ...lower, text: start }) >= 0;
  return { ...step, done: lower, ...(isNewest && !isRead && { behind: upper }) };
}

function isBelowInitial(written: string | null, value: Watermark): boolean {
  return written !== null && compareWatermarks(value, parseWatermark(written, value)) < 0;
}

/** The settled group that is read again, with its values as the destination holds them. */
function groupIn(
  { spec, row }: SurveyRequest,
  { lower, shaped }: Pick<SurveyShape, 'lower' | 'shaped'>,
  { windows, watermarkAs }: Pick<SurveySlices, 'windows' | 'watermarkAs'>,
): Boundary | null {
  const group = row?.settled?.boundary;
  if (windows.boundaryWindow === null || watermarkAs === null || !lower || !group) return null;
  const precision = shaped.precision ?? 'exact';
  const nulls = spec.watermark?.nulls === 'include';
  return {
    column: watermarkAs,
    type: lower.type,
    text: floored(lower.type, lower.text, precision),
    precision,
    nulls,
    rows: rowsThere(group),
  };
}

const sameColumns = (before: Schema | null, now: Schema | null): boolean =>
  before !== null && now !== null && schemaChanges(before, now).length === 0;
