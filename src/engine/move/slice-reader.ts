/** One attempt at reading a slice. Rows flow from home to store, and are counted on the way, so that the counts of both sides can be compared. */
import type { Decision } from '../../checks/evolve.ts';
import { measuredFor } from '../../checks/judge-checks.ts';
import { schemaChanges } from '../../frames/compare.ts';
import { addMeasures, noMeasures } from '../../frames/rules/measures.ts';
import type { Rule } from '../../frames/rules/rule.ts';
import { addSamples } from '../../frames/rules/sample.ts';
import type { DataType, Schema } from '../../frames/schema.ts';
import { floored } from '../../frames/times/floor.ts';
import {
  addAsNull,
  type Rejected,
  type RejectedRow,
  rejectedFingerprint,
  rejectedFrame,
  rejectedSchema,
} from '../../frames/values/rejected-rows.ts';
import { addFingerprints, type Watermark } from '../../frames/watermark.ts';
import { compareWatermarks } from '../../frames/watermark-text.ts';
import { defined, filled, type Json } from '../../ports/values.ts';
import type { Frame } from '../contracts/frame.ts';
import { type AskedOfSource, askedTogether, deletedColumn, type MissedParents, sourcesOf, type Window } from '../contracts/home.ts';
import { type KeyRun, type Plan, type SliceWork, windowOfSlice } from '../contracts/records.ts';
import { type EntitySpec, rulesOf } from '../contracts/spec.ts';
import { type FrameToStage, isData, type Part, type Store } from '../contracts/store.ts';
import type { JudgedRows, ValidationSpec } from '../contracts/validation.ts';
import { partialChanges, partialRowBreaksRule } from '../errors/changes.ts';
import { notAscending } from '../errors/observed.ts';
import { nullWatermarks, slicesDisagree } from '../errors/run.ts';
import { fileLacksColumns } from '../errors/validation.ts';
import { cannotTellNewNulls } from '../errors/watermark.ts';
import type { KeyRuns } from '../keys/key-runs.ts';
import { keyUse } from '../plan/capabilities.ts';
import { effectiveDeletes, homeOfRun, withoutDeletedColumn } from '../plan/deletes.ts';
import { replacesOpenGroup } from '../plan/lane.ts';
import { checkObservedBound, latestNotInFuture, latestToTake } from '../plan/observed-bounds.ts';
import { oneSliceIfStoreNeeds } from '../plan/one-slice.ts';
import { quarantineOf } from '../plan/settled-plan.ts';
import { showsTypeOnlyWhenRead } from '../plan/windows.ts';
import { type FoundInSource, foundInSource } from '../records/receipts.ts';
import { type Likeness, UnlikeFiles } from '../schema/same-source.ts';
import { type Shaper, shaperFor } from '../schema/shaper.ts';
import { ColumnsOfFiles } from '../validation/columns-of-files.ts';
import { Corrector } from '../validation/corrections.ts';
import { goneFromAll, judgedOrExplained, rulesMustFit } from '../validation/fit.ts';
import { neededColumns, stopsAtLackingFile } from '../validation/lacking-files.ts';
import { mustGoOn, stampedColumns } from '../validation/rows.ts';
import { keyRunsOf, type Resumption, type RowsToStage, stageRows, withinBudget } from './frame-stream.ts';
import { checkNullCounts, checkRowCounts } from './guards.ts';
import { checkNumberTextsInKeys } from './number-keys.ts';
import { apartByMark, asPartial, isAbout, marksByKey, mergesPartialRows, notShown, type PartialRows, shownMask } from './partial-rows.ts';
import { groupFingerprintOf, hasPlace, placedIn } from './rejected-places.ts';
import type { MovedSlice, MoveRequest, SliceContext } from './slice-context.ts';

export interface SliceReaderContext extends Omit<SliceContext, 'request'> {
  /** Which rows of the source the slice reads: new rows, or the rows of the open boundary group again. */
  readonly work: SliceWork;
}

const fewRejected = 3;
const longestPlace = 300;

/** Where a row can’t be read, and why: `orders:17: this line has 3 values, not 4.` */
function placeOf({ source, line, reason }: RejectedRow): string {
  return `${source}${line === null ? '' : `:${line}`}: ${reason}`.slice(0, longestPlace);
}

/** The members of a step’s request that change what is read. */
type SliceRequest = Pick<MoveRequest, 'runId' | 'budgetMs'>;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export class SliceReader {
  readonly #found: Mutable<FoundInSource>;
  #rows = 0;
  /** How many rows break a rule. */
  #broken = 0;
  /** How many rows the source reports as deleted, if deletes are applied. */
  #deleted = 0;
  /** How many rows show only some of their columns. */
  #partial = 0;
  #measures = noMeasures;
  /** The number of nulls in each column of `schema`. */
  #nulls: number[] = [];
  /** The schema as it settles. Null: no row was read so far. */
  #schema: Schema | null = null;
  /** The settled names of the key's columns. */
  #key: readonly string[];
  /** Where the next attempt continues. Null: the slice is complete. */
  #next: Resumption | null = null;
  #looking = false;
  /** Whether deleted rows are removed by their key. */
  #applies = false;
  /** Whether rows that are marked as deleted show only their key. */
  #marksByKey = false;
  /** The settled column that marks deleted rows. Null: the entity has no such column. */
  #marks: string | null = null;
  #likeness: Likeness | null = null;
  /** Whether the rules were already compared with the columns. */
  #fits = false;
  #corrector: Corrector | null = null;
  readonly #apart = new UnlikeFiles();
  readonly #columnsOfFiles = new ColumnsOfFiles();
  /** For the columns of a frame: the same columns without the column of deletes, if deletes are applied. Frames of a file share their columns. */
  readonly #settling = new WeakMap<Schema, Schema>();
  /** The hashes of keys that the slice leaves aside. Null: the hashes are not needed. */
  #keyRuns: KeyRuns | null = null;
  readonly #of: SliceReaderContext;
  readonly #isGroup: boolean;

  readonly #goOn = (next: Resumption): void => {
    this.#next = next;
  };

  constructor(of: SliceReaderContext) {
    this.#of = of;
    this.#isGroup = of.work.kind === 'group';
    this.#found = { ...foundInSource(of.plan.column) };
    this.#key = of.plan.writing.key;
  }

  /** What was read so far, and where reading continues. */
  moved(parts: readonly Part[], keyRuns: readonly KeyRun[] = []): MovedSlice & { readonly found: FoundInSource } {
    const counted = { rowsRead: this.#rows, schema: this.#schema, key: this.#key, measures: this.#measures };
    return { parts, keyRuns, ...counted, found: this.#found, next: this.#next };
  }

  /** Reads and counts rows without staging them. */
  async dryRead(request: MoveRequest): Promise<ReturnType<SliceReader['moved']>> {
    this.#looking = true;
    const frames = this.#frames(request, undefined, await this.#shaping(request));
    while (!(await frames.next()).done);
    return this.moved([]);
  }

  /** Reads rows and stages them. Throws if the staged rows differ from the rows that were read. */
  async stage(request: MoveRequest, cursor: Json | undefined): Promise<ReturnType<SliceReader['moved']>> {
    const { ports, spec } = this.#of;
    const store = await ports.store(spec);
    const shaping = await this.#shaping(request);
    this.#keyRuns = keyRunsOf(this.#of, store, request.slice);
    const frames = this.#frames(request, cursor, shaping);
    const { plan, watching } = this.#of;
    const of = { spec, plan, slice: request.slice, signal: watching.signal };
    const parts = await stageRows(store, of, frames, () => this.#staged(shaping));
    const { quarantined } = this.#found;
    checkRowCounts(spec, { rows: this.#rows, quarantined, broken: this.#broken, deleted: this.#deleted, partial: this.#partial }, parts);
    checkNullCounts(spec, this.#schema, this.#nulls, parts);
    return this.moved(parts, await this.#keyRuns?.end());
  }

  #staged(shaping: Shaper): RowsToStage {
    const { plan, slice } = this.#of;
    const { column } = this.#found;
    const schema = this.#schema ?? plan.schema ?? rejectedSchema;
    const { sources: _, ...one } = slice;
    return {
      // Without a watermark, the destination remembers which files were read, so the parts keep their file names.
      from: plan.column === null ? slice : one,
      writing: { ...plan.writing, key: this.#key },
      ...{ schema, precision: plan.precision },
      watermark: column && watermarkAs(column, shaping.settledName(column.column), schema),
    };
  }

  /** Reads the rows that would settle, with their settled columns. It is read-only. */
  async *settling(request: SliceRequest): AsyncGenerator<Frame> {
    for await (const read of this.#frames(request, undefined, await this.#shaping(request))) if (isData(read)) yield read.frame;
  }

  async #shaping(request: SliceRequest): Promise<Shaper> {
    const { ports, spec, plan } = this.#of;
    const run = { runId: request.runId, entityRunId: plan.run, startedAt: plan.startedAt };
    return shaperFor(spec, await ports.store(spec), run, { ...plan.before, names: plan.names ?? null });
  }

  /** Frames with their roles. They end with the source, or at the first checkpoint after the time is over. */
  async *#frames(request: SliceRequest, from: Json | undefined, shaping: Shaper): AsyncGenerator<FrameToStage> {
    const { ports, spec, plan, slice, work, watching } = this.#of;
    const { signal } = watching;
    const store = await ports.store(spec);
    const deletes = effectiveDeletes(spec, store);
    this.#applies = deletes === 'apply';
    const opened = oneSliceIfStoreNeeds(store, await ports.home(spec, plan.pinned), ports.clock);
    const home = homeOfRun(spec, store, opened);
    this.#marksByKey = marksByKey(spec, { home, store, deletes });
    this.#marks = deletes !== 'apply' && home.reading.tellsDeletes ? shaping.settledName(deletedColumn) : null;
    this.#corrector = this.#correctorFor(request, store);
    const { frameRows } = store;
    const planWindow = windowOfSlice(plan, work);
    const window = Number.isFinite(frameRows) ? { ...planWindow, frameRows } : planWindow;
    const stretch = {
      ports,
      budgetMs: request.budgetMs,
      signal,
      onCheckpoint: this.#goOn,
      onMissed: (missed: MissedParents) => {
        this.#found.missed = [...this.#found.missed, missed];
      },
      onAsked: (asked: AskedOfSource) => {
        this.#found.asked = askedTogether(this.#found.asked, asked);
      },
      onToken: (token: string) => {
        this.#found.token = token;
      },
    };
    for await (const read of withinBudget(home.read(slice, window, from, signal), stretch)) {
      if (isRejected(read)) yield* this.#leftOut(read, { shaping, window });
      else yield* this.#roles(read, shaping);
    }
    if (this.#likeness) this.#apart.check(spec, this.#likeness);
    for (const { file, column } of this.#columnsOfFiles.withoutValue()) this.#lacks(column, file);
  }

  async *#leftOut(
    { rejected: all, keep, from, isMarked, asNull = {}, ahead }: Rejected,
    { shaping, window }: { readonly shaping: Shaper; readonly window: Window },
  ): AsyncGenerator<FrameToStage> {
    this.#found.asNull = addAsNull(this.#found.asNull, asNull);
    if (ahead !== undefined) this.#wait(ahead);
    const rejected = placedIn(this.#isReadBefore(from) ? all.filter(hasPlace) : all, window);
    const rows = this.#isReadTwice() ? rejected.filter(hasPlace) : rejected;
    this.#found.rejected += rows.length;
    this.#found.undated += rows.filter((row) => !hasPlace(row)).length;
    this.#found.firstRejected = [...this.#found.firstRejected, ...rows.map(placeOf)].slice(0, fewRejected);
    if (!keep) return;
    const isTie = this.#isRejectedTie();
    const [ties, rest] = [rows.filter(isTie), rows.filter((row) => !isTie(row))];
    if (this.#isGroup) this.#found.group = addFingerprints(this.#found.group, groupFingerprintOf(rows));
    if (this.#looking) return;
    this.#found.quarantined += rows.length;
    this.#found.boundary = addFingerprints(this.#found.boundary, rejectedFingerprint(ties));
    const source = defined({ source: from });
    const mark = isMarked ? this.#markType(shaping) : null;
    const frameOf = (some: readonly RejectedRow[]) => rejectedFrame(this.#asKept(some), this.#of.plan.run, mark);
    if (rest.length > 0) yield { frame: await frameOf(rest), role: 'quarantine', ...source };
    if (ties.length > 0) yield { frame: await frameOf(ties), role: 'quarantine', ofGroup: true, ...source };
  }

  /** The settled type of the watermark. Null: the type is unknown until a row is read. */
  #markType(shaping: Shaper): DataType | null {
    const { plan } = this.#of;
    return plan.schema && plan.column ? watermarkAs(plan.column, shaping.settledName(plan.column.column), plan.schema).type : null;
  }

  /** Rows that can’t be read, with watermarks that keep as many digits as the destination keeps for other rows. */
  #asKept(rows: readonly RejectedRow[]): readonly RejectedRow[] {
    const { precision, column } = this.#of.plan;
    if (!column || precision === null || precision === 'exact') return rows;
    return rows.map((row) => (row.watermark == null ? row : { ...row, watermark: floored(column.type, row.watermark, precision) }));
  }

  /** Whether an unreadable row belongs to the boundary group. It is decided as for readable rows. */
  #isRejectedTie(): (row: RejectedRow) => boolean {
    const at = this.#boundaryAt();
    if (!at) return () => false;
    const from = { ...at, text: floored(at.type, at.text, this.#of.plan.precision ?? 'exact') };
    return ({ watermark: text }) => {
      if (text === undefined) return false;
      if (text === null) return this.#of.spec.watermark?.nulls === 'include';
      return compareWatermarks({ ...at, text }, from) >= 0 && compareWatermarks({ ...at, text }, at) <= 0;
    };
  }

  /** Whether a slice of new rows from the same source finds unreadable rows without a watermark again. It does if they are in files. */
  #isReadTwice(): boolean {
    const { plan } = this.#of;
    return this.#isGroup && plan.slices.some(({ work }) => work.kind === 'read');
  }

  /** Whether a slice of an earlier window also reads the file. That slice then reports all unreadable rows without a watermark. */
  #isReadBefore(file: string | undefined): boolean {
    const { plan, work: own } = this.#of;
    if (file === undefined || own.kind !== 'read' || own.window === 0) return false;
    return plan.slices.some(({ slice, work }) => work.kind === 'read' && work.window < own.window && sourcesOf(slice).includes(file));
  }

  async *#roles(read: Frame, shaping: Shaper): AsyncGenerator<FrameToStage> {
    await this.#agree(read, shaping);
    if (this.#key.length > 0) await checkNumberTextsInKeys(this.#of, read, { shaping, settled: shaping.schema(this.#columnsOf(read)) });
    await this.#mustHaveWatermarks(read);
    await this.#mustAscend(read);
    const frame = await this.#oldEnough(read);
    this.#rows += frame.rows;
    this.#of.watching.onRows(frame.rows);
    if (frame.rows === 0) return;
    await this.#tellApart(frame, shaping);
    await this.#mustHaveColumns(frame, shaping);
    // A fingerprint is made of the rows as the source has them, because values that a run adds would make the rows look changed.
    if (this.#isGroup) this.#found.group = addFingerprints(this.#found.group, await frame.fingerprint());
    if (this.#looking) return;
    const at = this.#boundaryAt();
    if (!at) {
      yield* this.#told(frame, 'data', shaping);
      return;
    }
    const nulls = this.#of.spec.watermark?.nulls === 'include' ? 'with ties' : 'with rest';
    const { ties, rest } = await frame.split(at, nulls, floored(at.type, at.text, this.#of.plan.precision ?? 'exact'));
    if (rest.rows > 0) yield* this.#told(rest, 'data', shaping);
    if (ties.rows === 0) return;
    this.#found.boundary = addFingerprints(this.#found.boundary, await ties.fingerprint());
    yield* this.#told(ties, 'boundary', shaping);
  }

  /** Rules are only for rows that settle, since a deleted row may have only its key. */
  async *#told(frame: Frame, role: 'data' | 'boundary', shaping: Shaper): AsyncGenerator<FrameToStage> {
    if (this.#marksByKey) {
      const { deleted, others } = await apartByMark(frame);
      if (others.rows > 0) yield* this.#settled(others, role, shaping);
      if (deleted.rows > 0)
        yield await this.#asPartial(await shaping.frame(deleted), { shaping, source: deleted.schema, shown: undefined });
      return;
    }
    if (!this.#applies) {
      yield* this.#settled(frame, role, shaping);
      return;
    }
    const { set, unset } = await frame.apart(deletedColumn);
    if (unset.rows > 0) yield* this.#settled(unset, role, shaping);
    if (set.rows === 0) return;
    this.#deleted += set.rows;
    yield { frame: await shaping.frame(set), role: 'deleted' };
  }

  /** A change that shows only some columns sets only these columns, if the store can do that. */
  async *#settled(frame: Frame, role: 'data' | 'boundary', shaping: Shaper): AsyncGenerator<FrameToStage> {
    const { spec, ports } = this.#of;
    if (frame.shown === undefined) {
      yield* this.#shaped(frame, role, shaping);
      return;
    }
    const store = await ports.store(spec);
    if (!mergesPartialRows(spec, store)) {
      // A store that only adds rows gets a deleted row with its key alone.
      const { deleted, others } = this.#marks === null ? { deleted: null, others: frame } : await apartByMark(frame);
      const refused = keyUse(store, spec) === 'merges' ? frame : others;
      if (refused.rows > 0) throw partialChanges(spec, store.where, notShown(spec, refused));
      if (deleted !== null) yield* this.#shaped(deleted, role, shaping);
      return;
    }
    const shaped = await shaping.frame(frame);
    await this.#mustKeepRules(shaped, { shaping, source: frame.schema, shown: frame.shown });
    yield await this.#asPartial(shaped, { shaping, source: frame.schema, shown: frame.shown });
  }

  async #asPartial(shaped: Frame, of: Omit<PartialRows, 'spec'>): Promise<FrameToStage> {
    this.#partial += shaped.rows;
    return { frame: await asPartial(shaped, { spec: this.#of.spec, ...of }), role: 'partial' };
  }

  /** Judges the shown columns of a partial row by the rules about these columns. A partial row can’t go to quarantine, because a person could not correct it there. */
  async #mustKeepRules(shaped: Frame, of: Omit<PartialRows, 'spec'>): Promise<void> {
    const { spec } = this.#of;
    const { validation } = spec;
    if (validation === undefined) return;
    const { columns } = shaped.schema;
    const mask = shownMask(shaped.schema, { spec, ...of });
    const seen = columns.filter((_, at) => mask[at] === '1').map(({ name }) => name);
    const { kept, broken, measures, samples } = await this.#judged(shaped, { ...validation, checks: [] }, (rule) =>
      isAbout(rule, seen, columns),
    );
    if (kept.rows === 0 && broken === null) return;
    this.#measures = addMeasures(this.#measures, { ...measures, rows: 0 });
    this.#found.samples = addSamples(this.#found.samples, samples);
    if (broken !== null && broken.rows > 0) throw partialRowBreaksRule(spec, broken.rows);
    if (!this.#isGroup) mustGoOn(spec, { ...this.#found, measures: this.#measures, broken: this.#broken });
  }

  #columnsOf({ schema }: Frame): Schema {
    if (!this.#applies) return schema;
    const known = this.#settling.get(schema) ?? withoutDeletedColumn(schema);
    this.#settling.set(schema, known);
    return known;
  }

  /** Compares only new columns. Only the names of new columns, or other values in the rows, can show that a file is something else. */
  async #tellApart(frame: Frame, shaping: Shaper): Promise<void> {
    if (this.#of.spec.schema.anyColumns) return;
    this.#likeness = shaping.likeness(this.#columnsOf(frame));
    if (!this.#likeness || this.#likeness.newColumns.length === 0) return;
    await this.#apart.add(this.#applies ? (await frame.apart(deletedColumn)).unset : frame);
  }

  /** Throws if a file lacks a column. The column would be null in the file’s rows, beside rows of other files, and a null keeps most rules. */
  async #mustHaveColumns(frame: Frame, shaping: Shaper): Promise<void> {
    const { spec } = this.#of;
    if ((spec.validation?.needed ?? []).length === 0 || frame.origin === undefined) return;
    const source = this.#columnsOf(frame);
    const own = neededColumns(spec, { schema: shaping.schema(source), origins: shaping.origins(source) });
    const lacking = await this.#columnsOfFiles.lackedBy(frame, own);
    const gone = goneFromFile(spec, frame, shaping.decisions(source));
    if (lacking.length + gone.length === 0) return;
    if (stopsAtLackingFile(spec)) throw fileLacksColumns(spec, frame.origin, [...lacking, ...gone]);
    for (const column of lacking) this.#lacks(column, frame.origin);
  }

  #lacks(column: string, file: string): void {
    this.#found.lacking = { [column]: file, ...this.#found.lacking };
  }

  /** Applies standing corrections to rows as they would settle, before rules judge the rows. */
  #correctorFor({ runId }: SliceRequest, store: Store): Corrector {
    const { spec, plan, watching } = this.#of;
    const run = { runId, entityRunId: plan.run, startedAt: plan.startedAt };
    const quarantine = (settled: Schema) => quarantineOf(spec, store, { of: plan, settled, run });
    return new Corrector({ spec, parts: plan.corrections, quarantine, watermark: plan.watermarkAs, signal: watching.signal });
  }

  async *#shaped(frame: Frame, role: 'data' | 'boundary', shaping: Shaper): AsyncGenerator<FrameToStage> {
    const read = await shaping.frame(frame);
    const { frame: shaped, rows: corrected } = (await this.#corrector?.corrected(read)) ?? { frame: read, rows: 0 };
    this.#found.corrected += corrected;
    const { validation } = this.#of.spec;
    if (validation === undefined) {
      yield { frame: await this.#counted(shaped), role };
      return;
    }
    const { kept, broken, measures, samples } = await this.#judged(shaped, validation);
    this.#measures = addMeasures(this.#measures, measures);
    this.#found.samples = addSamples(this.#found.samples, samples);
    if (kept.rows > 0) {
      const frame = await this.#counted(kept);
      // A frame without counted nulls has been read into memory by now.
      await this.#keyRuns?.add(frame);
      yield { frame, role };
    }
    if (broken !== null) this.#broken += broken.rows;
    if (!this.#isGroup) mustGoOn(this.#of.spec, { ...this.#found, measures: this.#measures, broken: this.#broken });
    if (broken === null) return;
    yield { frame: broken, role: 'broken', ...filled({ ofGroup: role === 'boundary' }) };
  }

  /** Judges rows. If the source shows its columns only while it is read, the rules are compared with the columns here. */
  async #judged(shaped: Frame, validation: ValidationSpec, isAsked: (rule: Rule) => boolean = () => true): Promise<JudgedRows> {
    const { ports, spec, plan } = this.#of;
    if (plan.schema === null && !this.#fits) await rulesMustFit(ports, spec, shaped.schema);
    this.#fits = true;
    const { checks, samples } = validation;
    const of = { run: plan.run, stamped: stampedColumns(spec), samples, ...defined({ exempts: this.#marks ?? undefined }) };
    const judging = { rules: rulesOf(spec).filter(isAsked), measured: measuredFor(checks), ...of };
    return judgedOrExplained(spec, judging, (asked) => ports.frames.judge(shaped, asked));
  }

  async #counted(shaped: Frame): Promise<Frame> {
    const nulls = inOrderOf(this.#schema ?? shaped.schema, shaped.schema, await shaped.nullCounts());
    this.#nulls = nulls.map((n, i) => n + (this.#nulls[i] ?? 0));
    return shaped;
  }

  /** The upper bound, if rows at it settle separately, because the next run reads them again and replaces them. */
  #boundaryAt(): Watermark | null {
    const { spec, plan } = this.#of;
    return spec.watermark?.boundary === 'open' || (plan.live !== null && !replacesOpenGroup(plan)) ? null : plan.upper;
  }

  /** Throws if a row has no watermark. It is for a source that can’t count its nulls before it is read. */
  async #mustHaveWatermarks(read: Frame): Promise<void> {
    const { plan, spec } = this.#of;
    const { column } = this.#found;
    if (plan.stopsAtNull === 'no' || this.#isGroup || column === null) return;
    const at = read.schema.columns.findIndex(({ name }) => name === column.column);
    const nulls = (await read.nullCounts())[at] ?? 0;
    if (nulls > 0) throw (plan.stopsAtNull === 'fail' ? nullWatermarks : cannotTellNewNulls)(spec, column.column, nulls);
  }

  /** Throws if a row is out of order. The newest row of such a source is assumed to have the largest value, so a row out of order would be below the watermark. */
  async #mustAscend(read: Frame): Promise<void> {
    const { plan, spec } = this.#of;
    const { column } = this.#found;
    if (plan.observed?.ascending !== true || column === null || read.rows === 0) return;
    const extremes = await read.extremes(column);
    if (extremes === undefined || !(await read.isAscending(column))) throw notAscending(spec, column.column, null);
    const { ascends } = this.#found;
    const last = ascends?.to ?? (plan.lower && plan.mode === 'incremental' ? plan.lower.text : null);
    const { type } = column;
    if (last !== null && compareWatermarks({ type, text: extremes.min }, { type, text: last }) <= 0)
      throw notAscending(spec, column.column, { before: last, after: extremes.min });
    this.#found.ascends = { from: ascends?.from ?? extremes.min, to: extremes.max };
  }

  /** Leaves out rows that are too young, so that a later run reads them. It is for a source that can’t be asked for an upper bound. */
  async #oldEnough(frame: Frame): Promise<Frame> {
    const { spec, plan } = this.#of;
    const cap = latestToTake(spec, plan.observed, this.#found.column);
    if (!cap) return frame;
    const { within, beyond } = await frame.upTo(cap);
    const present = latestNotInFuture(spec, plan.observed, this.#found.column);
    if (present && beyond.latest !== null && compareWatermarks({ ...cap, text: beyond.latest }, present) > 0)
      this.#wait({ rows: (await frame.upTo(present)).beyond.rows, latest: beyond.latest });
    return within;
  }

  /** Notes rows that wait for a later run. In a backfill no row waits, because a backfill reads all rows of its range. */
  #wait({ rows, latest }: NonNullable<FoundInSource['ahead']>): void {
    const { spec, plan } = this.#of;
    if (this.#found.column === null || plan.live !== null || spec.watermark?.future === 'take') return;
    const { type } = this.#found.column;
    const known = this.#found.ahead;
    const isLatest = known === null || compareWatermarks({ type, text: latest }, { type, text: known.latest }) > 0;
    this.#found.ahead = { rows: (known?.rows ?? 0) + rows, latest: isLatest ? latest : known.latest };
  }

  async #agree(frame: Frame, shaping: Shaper): Promise<void> {
    const { ports, spec, plan } = this.#of;
    const source = this.#columnsOf(frame);
    const schema = shaping.schema(source);
    const wasRevealed = this.#found.column !== null && showsTypeOnlyWhenRead(this.#found.column);
    this.#found.column = columnAsRead(this.#found.column, frame.schema);
    if (this.#key.length > 0) this.#key = (this.#of.spec.watermark?.key ?? []).map((name) => shaping.settledName(name));
    if (wasRevealed && plan.observed && this.#found.column)
      checkObservedBound(spec, await ports.store(spec), { ...this.#found.column, ascending: plan.observed.ascending === true });
    this.#schema ??= schema;
    if (this.#of.plan.expects === null) {
      this.#found.expects ??= shaping.expects(source);
      this.#found.changes ??= shaping.changes(source);
    }
    const changes = schemaChanges(this.#schema, schema);
    if (changes.length > 0) throw slicesDisagree(this.#of.spec, changes);
  }
}

/** The watermark’s column as it settles. */
function watermarkAs({ type }: NonNullable<Plan['column']>, name: string, { columns }: Schema): NonNullable<Plan['column']> {
  return { column: name, type: columns.find((column) => column.name === name)?.type ?? type };
}

function isRejected(value: Frame | Rejected): value is Rejected {
  return 'rejected' in value;
}

/** The watermark’s column with the type that the first frame shows, if the source shows its types only while it is read. */
function columnAsRead(column: Plan['column'], schema: Schema): Plan['column'] {
  if (column?.type.kind !== 'null') return column;
  const found = schema.columns.find(({ name }) => name === column.column);
  return found ? { column: column.column, type: found.type } : column;
}

/** Counts of nulls in the column order of the slice’s first frame, because another file may have the same columns in another order. */
function inOrderOf(first: Schema, schema: Schema, nulls: readonly number[]): readonly number[] {
  if (first.columns.every((column, i) => schema.columns[i]?.name === column.name)) return nulls;
  const byName = new Map(schema.columns.map((column, i) => [column.name, nulls[i] ?? 0]));
  return first.columns.map((column) => byName.get(column.name) ?? 0);
}

/** The columns that a file has lost. If only records show the columns of files, a column without a value so far is not lost. */
function goneFromFile(spec: EntitySpec, { columnsOfFile }: Frame, decisions: readonly Decision[]): readonly string[] {
  if (columnsOfFile === undefined) return [];
  return goneFromAll(
    spec,
    decisions.flatMap(({ drift, severity }) =>
      drift.kind === 'removed' ? [{ kind: drift.kind, column: drift.column.name, severity }] : [],
    ),
  );
}
