/** Prepares a comparison: its columns, its key, its scope, and how each side is read. */
import type { Schema } from '../../frames/schema.ts';
import type { ComparisonPlan, PlannedSide, VerifyRequest, WhyRead } from '../../ports/answers/comparison.ts';
import type { NotToldBecause, Settled, StateRow } from '../../ports/state.ts';
import { defined, type Json } from '../../ports/values.ts';
import type { WatermarkPrecision } from '../contracts/catalog.ts';
import { deletedColumn, everything, type Home, type SourceDescription, type Window } from '../contracts/home.ts';
import type { SchemaSnapshot } from '../contracts/records.ts';
import type { SummedColumn } from '../contracts/row-sums.ts';
import { changeVersionColumn, type EntitySpec, rulesOf } from '../contracts/spec.ts';
import { untilDone } from '../contracts/steps.ts';
import { type Store, standingIn } from '../contracts/store.ts';
import { noSuchColumns } from '../errors/verify.ts';
import { sourceOf } from '../plan/agreement.ts';
import { keyUse } from '../plan/capabilities.ts';
import { repairUpperEdge } from '../plan/lane.ts';
import { quarantineOf } from '../plan/settled-plan.ts';
import { keysOf, type SourceShape, shapeSource } from '../schema/shape.ts';
import { Corrector, correctionsIn } from '../validation/corrections.ts';
import { setsAnyApart } from '../validation/rows-apart.ts';
import { type ComparedColumns, comparedColumns } from './compared-columns.ts';
import { type InsideRequest, type InsideSides, insideSides } from './inside.ts';
import { DifferingRangesGatherer } from './rows/differing-ranges.ts';
import type { KeyColumn } from './rows/left-out-keys.ts';
import { scopeOf, type VerifyScope } from './scope.ts';
import { type SettledSums, settledSums } from './settled-sums.ts';
import type { DescribedSource, Standing } from './starting-point.ts';
import type { VerifyContext } from './verify-entity.ts';

export interface Prepared {
  readonly destination: Home;
  readonly scope: VerifyScope;
  readonly key: readonly KeyColumn[];
  readonly plan: ComparisonPlan;
  readonly shape: SourceShape;
  /** The columns of the destination, as they are read. */
  readonly settledSchema: Schema;
  /** Whether the destination keeps all versions of a row. */
  readonly keepsVersions: boolean;
  /** `ComparedSides.settledVersion`: the settled column with the version of a change feed. */
  readonly settledVersion: SummedColumn | null;
  /** `JudgedRequest.hasUnkeyedVersions`: whether settled rows may be earlier versions that no key identifies. */
  readonly hasUnkeyedVersions: boolean;
  readonly ignoresDeletes: boolean;
  /** The part of a change feed that the next run would read, if the source is read as it is now. Null: the source is read as it was, or it has no feed. */
  readonly unread: Window | null;
  /** Whether the feed is read for the keys that changed since the last run. These keys are not yet due. */
  readonly readsUnread: boolean;
  /** Whether the destination keeps only the newest row of each key. */
  readonly keepsNewest: boolean;
  /** `SettledSide.deletedMark`: the settled column that marks deleted rows. */
  readonly deletedMark: string | null;
  /** The columns that are summed: the compared columns, and the column that shows which version is earlier. */
  readonly summed: readonly SummedColumn[];
  readonly sides: InsideRequest;
  /** The sides whose systems sum their rows. Null: both sides are read. */
  readonly inside: InsideSides | null;
  /** The column of the watermark. Null: the column did not settle, or can’t be compared. */
  readonly versionMark: SummedColumn | null;
  /** Applies standing corrections to the rows of the source. */
  readonly corrector: Corrector;
  /** The sums of settled rows that the state keeps. Null: all settled rows are read. */
  readonly settledSums: SettledSums | null;
  /** Gathers the ranges in which rows differ. Null: rows can’t be replaced by ranges of the watermark. */
  readonly ranges: DifferingRangesGatherer | null;
}

interface PreparingContext extends Pick<VerifyContext, 'ports' | 'signal'> {
  readonly standing: Standing;
  readonly snapshot: SchemaSnapshot | undefined;
  readonly source: DescribedSource;
  readonly destination: Home;
  /** Whether the destination is another system’s table. Only the table’s own home can count its rows. */
  readonly isReplica: boolean;
}

export async function prepare(
  spec: EntitySpec,
  request: VerifyRequest,
  of: PreparingContext,
): Promise<Prepared | { readonly because: NotToldBecause }> {
  const { ports, signal, standing, snapshot, source, destination } = of;
  const { store, row, settled, target, head } = standing;
  const there = await untilDone(ports.clock, (cursor) => destination.describe(cursor, 'whole'), signal);
  const settledSchema = there.schema ?? head.schema ?? { columns: [] };
  const shape = await shapeOf(spec, of);
  const shaped = shape.schema ?? snapshot?.schema ?? settledSchema;
  const origins = shape.schema === null ? originsOf(shaped, snapshot) : shape.origins;
  const { catalog } = target;
  const found = comparedColumns({ spec, settled: settledSchema, shaped, origins, catalog, nullDocuments: store.nullDocuments });
  const keyNames = request.key ?? keysOf(spec, source.description).map((name) => shape.shaping.settledName(name));
  if (request.key !== null) mustBeThere(spec, '--key', request.key, found);
  const hasKey = keyNames.length > 0 && keyNames.every((name) => found.columns.some((column) => column.name === name));
  const columns = chosenColumns(spec, request, found, hasKey ? keyNames : []);
  if (columns.length === 0) return { because: 'no column' };
  const inSource = (name: string) => origins[shaped.columns.findIndex((column) => column.name === name)] ?? null;
  const keyed = hasKey ? keyNames.flatMap((name) => columns.filter((column) => column.name === name)) : [];
  const key: readonly KeyColumn[] = keyed.map((column) => ({ ...column, inSource: inSource(column.name) }));
  const asName = spec.watermark === null ? undefined : shape.shaping.settledName(markColumn(spec.watermark, settled));
  const settledColumn = settledSchema.columns.find(({ name }) => name === asName);
  const scope = scopeOf(request, { spec, settled, home: source.home, destination, settledColumn });
  const versionMark = found.columns.find(({ name }) => name === asName) ?? null;
  // It is not known whether the columns of --key identify a row, so with --key no row counts as an earlier version.
  const appends = spec.runType === 'incremental' && keyUse(store, spec) !== 'merges';
  const keepsVersions = appends && key.length > 0 && request.key === null;
  const hasFeed = spec.watermark?.changes !== undefined;
  const deletedMark = deletedMarkOf(spec, { home: source.home, shape, settledSchema });
  // With a feed, the feed’s version shows which settled row of a key is the newest. Without a feed, the watermark shows it, and is needed only if
  // deleted rows are marked: without marks, the newest row of a key is always in the source.
  const versionOf = hasFeed ? settledVersionIn(settledSchema, shape) : deletedMark === null ? null : versionMark;
  const settledVersion = keepsVersions ? versionOf : null;
  const summed = keepsVersions && versionMark !== null && !columns.includes(versionMark) ? [...columns, versionMark] : columns;
  const corrector = new Corrector({
    ...{ spec, signal, watermark: asName ?? null, parts: await correctionsIn(spec, store, head) },
    quarantine: (settled) => quarantineOf(spec, store, { of: snapshot, settled }),
  });
  const sides: InsideRequest = {
    source: { home: source.home, window: scope.source, end: scope.end, schema: source.description.schema ?? null, shaped, origins },
    destination: { home: destination, window: scope.destination },
    ...{ columns: summed, key },
    byRow: mustReadBecause(spec, request, {
      deletedMark: deletedMark !== null,
      corrects: corrector.applies,
      versions: settledVersion !== null,
    }),
  };
  const summing = await insideSides(sides, signal);
  // The source’s own key may identify rows, while another key merges them.
  const mergeKey = spec.watermark?.key.map((name) => shape.shaping.settledName(name)) ?? [];
  const isMergeKey = key.length === mergeKey.length && key.every(({ name }) => mergeKey.includes(name));
  const mergesByKey = isMergeKey && keyUse(store, spec) === 'merges';
  const replacing = { precision: shape.precision ?? 'exact', mergesByKey } as const;
  return {
    destination,
    scope,
    key,
    plan: planOf(spec, request, { of, there, scope, found, columns, key, summing }),
    shape,
    settledSchema,
    keepsVersions,
    settledVersion,
    hasUnkeyedVersions: appends && hasFeed && !keepsVersions,
    ignoresDeletes: source.home.reading.tellsDeletes && spec.deletes === 'ignore',
    unread: key.length === 0 || request.key !== null ? null : unreadOf(spec, settled, source.home),
    readsUnread: false,
    keepsNewest: mergesByKey && spec.runType === 'incremental' && request.key === null,
    deletedMark,
    summed,
    sides,
    inside: 'what' in summing ? null : summing,
    versionMark,
    corrector,
    settledSums: settledSums({
      ...{ spec, request, ports, store, target, home: destination, window: scope.destination, hasRowsApart: setsAnyApart(spec) },
      of: [summed, key, deletedMark] as unknown as Json,
    }),
    ranges: versionMark === null || !canRepair(spec, source.home, store) ? null : rangesOf(spec, row, replacing),
  };
}

/** The rows of the source as they would settle. */
function shapeOf(spec: EntitySpec, { ports, standing, snapshot, source }: PreparingContext): Promise<SourceShape> {
  const { store, target } = standing;
  const run = { runId: 'verify', entityRunId: 'verify', startedAt: ports.clock.now() };
  const keys = keysOf(spec, source.description);
  const request = { spec, store, snapshot, run, load: 'incremental', keys, there: standingIn(target) } as const;
  return shapeSource(ports, request, source.description.schema ?? null);
}

interface PlannedComparison {
  readonly of: PreparingContext;
  /** The destination’s description of itself. */
  readonly there: SourceDescription;
  readonly scope: VerifyScope;
  readonly found: ComparedColumns;
  readonly columns: readonly SummedColumn[];
  readonly key: readonly KeyColumn[];
  readonly summing: InsideSides | WhyRead;
}

function planOf(spec: EntitySpec, request: VerifyRequest, planned: PlannedComparison): ComparisonPlan {
  const { there, scope, found, columns, key, summing } = planned;
  const { standing, source, destination, isReplica } = planned.of;
  const { store, row, settled, target } = standing;
  const how = 'what' in summing ? 'read' : 'inside';
  const now = sourceOf(spec, source.home, source.description);
  return {
    flow: spec.flow,
    entity: spec.entity,
    epoch: settled.epoch,
    source: { where: source.home.place, how, ...sizeOf(source.description), filtered: source.home.rowCondition !== '' },
    destination: isReplica
      ? { where: destination.place, how, ...sizeOf(there), filtered: false }
      : { where: store.where, how, rows: target.head.rows, rows_exact: true, bytes: target.bytes, filtered: false },
    settled_from: row.binding == null || row.binding.source === now ? null : row.binding.source,
    scope: {
      column: scope.column,
      from: scope.from,
      to: scope.to?.text ?? null,
      to_included: scope.to?.inclusive ?? true,
      is_range: request.range !== null,
      sample: request.sample,
      settled_at: settled.at,
    },
    columns: columns.map(({ name }) => name),
    chosen: request.columns !== null,
    not_compared: request.columns === null ? found.notCompared : [],
    not_settled: found.notSettled,
    key: key.map(({ name }) => name),
    load: {
      how: loadOf(spec, store),
      keeps_changed_files: spec.watermark === null && spec.changedFiles === 'append',
      on_empty: spec.onEmpty,
    },
    read_because: 'what' in summing ? summing : null,
  };
}

function loadOf(spec: EntitySpec, store: Store): ComparisonPlan['load']['how'] {
  if (spec.runType === 'incremental') return 'incremental';
  if (spec.ifExists !== 'append') return 'replaces';
  return keyUse(store, spec) === 'merges' ? 'merges' : 'copies';
}

/** The settled column that marks deleted rows. Null: the entity has no such column. */
function deletedMarkOf(
  spec: EntitySpec,
  { home, shape, settledSchema }: { readonly home: Home; readonly shape: SourceShape; readonly settledSchema: Schema },
): string | null {
  if (!home.reading.tellsDeletes && spec.compareDeletes?.action !== 'mark') return null;
  const name = shape.shaping.settledName(deletedColumn);
  return settledSchema.columns.some((column) => column.name === name) ? name : null;
}

/** The settled column with the versions of a change feed. Null: the column did not settle. */
function settledVersionIn(settledSchema: Schema, shape: SourceShape): SummedColumn | null {
  const name = shape.shaping.settledName(changeVersionColumn);
  return settledSchema.columns.find((column) => column.name === name) ?? null;
}

/** The part of a change feed that the next run would read: `Prepared.unread`. */
function unreadOf({ watermark }: EntitySpec, settled: Settled, home: Home): Window | null {
  const mark = settled.watermark;
  if (watermark?.changes === undefined || mark === null || home.past !== undefined) return null;
  const { column, type, text, token } = mark;
  return { ...everything, column: { column, type }, lower: { text, inclusive: false, ...defined({ token }) }, nulls: 'exclude' };
}

/** The source’s column of the watermark. It is the column by which the settled rows were read, even if the config names another one now. */
function markColumn({ column, changes }: NonNullable<EntitySpec['watermark']>, settled: Settled): string {
  return changes === undefined ? (settled.watermark?.column ?? column) : column;
}

/** Whether a backfill can replace rows by ranges of the watermark. */
function canRepair(spec: EntitySpec, home: Home, store: Store): boolean {
  const hasRanges = home.reading.filter === 'range' && store.removes.has('range');
  return spec.runType === 'incremental' && spec.watermark?.changes === undefined && spec.deletes !== 'apply' && hasRanges;
}

function rangesOf(
  spec: EntitySpec,
  row: StateRow,
  replacing: { readonly precision: WatermarkPrecision; readonly mergesByKey: boolean },
): DifferingRangesGatherer | null {
  const mark = row.settled?.watermark;
  if (!mark) return null;
  return new DifferingRangesGatherer({ column: mark.column, type: mark.type, ...replacing, edge: repairUpperEdge(spec, row) });
}

/** Why sums of whole parts are not enough for an answer. Null: they are enough. */
function mustReadBecause(
  spec: EntitySpec,
  request: VerifyRequest,
  { deletedMark, corrects, versions }: { readonly deletedMark: boolean; readonly corrects: boolean; readonly versions: boolean },
): WhyRead['what'] | null {
  if (request.ranges !== undefined) return 'ranges';
  if (request.sample < 1) return 'sample';
  if (request.key !== null) return 'key';
  if (rulesOf(spec).length > 0 || setsAnyApart(spec) || corrects) return 'rules';
  return deletedMark ? 'deletes' : versions ? 'versions' : null;
}

/** The sources of the settled columns, from the snapshot. Needed if the source shows its columns only while it is read. */
function originsOf({ columns }: Schema, snapshot: SchemaSnapshot | undefined): readonly (string | null)[] {
  return columns.map(({ name }) => snapshot?.expects.find((one) => one.name === name)?.from ?? null);
}

function chosenColumns(
  spec: EntitySpec,
  { columns: asked }: VerifyRequest,
  found: ComparedColumns,
  key: readonly string[],
): readonly SummedColumn[] {
  const { columns } = found;
  if (asked === null) return columns;
  mustBeThere(spec, '--columns', asked, found);
  return columns.filter(({ name }) => asked.includes(name) || key.includes(name));
}

function mustBeThere(spec: EntitySpec, flag: string, asked: readonly string[], { columns }: ComparedColumns): void {
  const names = columns.map(({ name }) => name);
  const missing = asked.filter((name) => !names.includes(name));
  if (missing.length > 0) throw noSuchColumns(spec, flag, { missing, there: names });
}

function sizeOf({ rows, bytes }: SourceDescription): Pick<PlannedSide, 'rows' | 'rows_exact' | 'bytes'> {
  return { rows: rows?.n ?? null, rows_exact: rows?.exact ?? false, bytes: bytes ?? null };
}
