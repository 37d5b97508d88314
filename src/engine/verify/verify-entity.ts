/** `hygge verify` of one entity: its source against what settled of it. Reads both sides and the state, takes no lease, writes nothing. */
import { Interrupted } from '../../errors/hygge-error.ts';
import { readable } from '../../errors/readable.ts';
import type { Schema } from '../../frames/schema.ts';
import type {
  Comparison,
  ComparisonPlan,
  ComparisonProgress,
  ComparisonProof,
  PlannedSide,
  VerifyRequest,
  WhyRead,
} from '../../ports/answers/comparison.ts';
import type { NotToldBecause, Settled, StateRow } from '../../ports/state.ts';
import type { Json } from '../../ports/values.ts';
import type { WatermarkPrecision } from '../contracts/catalog.ts';
import { deletedColumn, type Home, type SourceDescription } from '../contracts/home.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import type { SchemaSnapshot } from '../contracts/records.ts';
import type { SummedColumn } from '../contracts/row-sums.ts';
import { type EntitySpec, rulesOf } from '../contracts/spec.ts';
import { inspectTarget, untilDone } from '../contracts/steps.ts';
import { type Head, type Store, standingIn, type Target } from '../contracts/store.ts';
import { detailsOf } from '../errors/details.ts';
import { noSuchColumns, nothingToProve, proofDisagrees } from '../errors/verify.ts';
import { mostGone } from '../keys/comparison.ts';
import { sourceOf, stateMustMatchDestination } from '../plan/agreement.ts';
import { keyUse } from '../plan/capabilities.ts';
import { effectiveDeletes, withDeletes, withMarks } from '../plan/deletes.ts';
import { repairUpperEdge } from '../plan/lane.ts';
import { quarantineOf } from '../plan/settled-plan.ts';
import { readRow } from '../protocol/row.ts';
import { keysOf, type SourceShape, shapeSource } from '../schema/shape.ts';
import { snapshotInForce } from '../schema/snapshot.ts';
import { Corrector, correctionsIn } from '../validation/corrections.ts';
import { setsAnyApart } from '../validation/rows-apart.ts';
import { type ComparedColumns, comparedColumns } from './compared-columns.ts';
import { countedSides, dueWindow } from './counts.ts';
import { contentInside, type DifferingParts, type InsideRequest, type InsideSides, insideSides, proofOf } from './inside.ts';
import { judge, soFar } from './judge.ts';
import { besideOpenGroup } from './open-group.ts';
import { ComparisonPaused, type LeftComparison, LookPaused, type Pausing } from './paused-comparison.ts';
import { type ComparedContent, comparedContent, mostRowsKept, noRows, type SourceSince } from './rows/comparison.ts';
import { DifferingRangesGatherer } from './rows/differing-ranges.ts';
import type { KeyColumn } from './rows/left-out-keys.ts';
import { counting, opened, readSides } from './rows/read-sides.ts';
import { areGone, takenFiles } from './rows/taken-files.ts';
import { scopeOf, type VerifyScope } from './scope.ts';
import { type SettledSums, settledSums } from './settled-sums.ts';

export interface VerifyContext {
  readonly ports: EnginePorts;
  readonly signal: AbortSignal;
  /** Called before rows are read, again where a run settled meanwhile. */
  readonly planned: (plan: ComparisonPlan) => void;
  readonly tell: (progress: ComparisonProgress) => void;
  /** Comparisons that this process makes at once: they share the memory for hashes of rows. */
  readonly atOnce: number;
  /** Absent: the comparison is made in one step. */
  readonly pausing?: Pausing;
}

/** A run may settle while rows are compared: so often they are compared again. */
const mostComparisons = 3;

/** Throws what is wrong with the request, and ComparisonPaused where a step of several is over; errors of the two sides are in the answer. */
export async function verifyEntity(spec: EntitySpec, request: VerifyRequest, context: VerifyContext): Promise<Comparison> {
  const { clock } = context.ports;
  const started = clock.monotonicMs();
  const seconds = () => Math.round((clock.monotonicMs() - started) / 10) / 100;
  let plan: ComparisonPlan | null = null;
  const planned = (made: ComparisonPlan): void => {
    plan = made;
    context.planned(made);
  };
  try {
    const moved = context.pausing?.left?.moved ?? 0;
    for (let left = mostComparisons - moved; ; left--) {
      const found = await compareOnce(spec, request, { ...context, planned, moved: mostComparisons - left });
      if (found !== 'moved') return { ...notTold(spec), ...found, plan, seconds: seconds() };
      if (left <= 1) return { ...notTold(spec, 'changed meanwhile'), plan, seconds: seconds() };
    }
  } catch (error) {
    if (error instanceof ComparisonPaused) throw error;
    if (error instanceof Interrupted || context.signal.aborted) return { ...notTold(spec, 'stopped'), plan, seconds: seconds() };
    return { ...notTold(spec), plan, seconds: seconds(), error: detailsOf(readable(error), spec) };
  }
}

function notTold({ flow, entity }: EntitySpec, because: NotToldBecause | null = null): Comparison {
  const told = { verdict: 'not told', by: 'checksums', ok: false, because, error: null } as const;
  return {
    flow,
    entity,
    ...told,
    plan: null,
    rows: null,
    differences: null,
    differing: [],
    repair: null,
    sums: null,
    source_as_settled: null,
    settled_read_at: null,
    proof: null,
    work: null,
    seconds: 0,
  };
}

type Found = Partial<Comparison>;

/** What settled, and how it may be read. */
export interface Standing {
  readonly store: Store;
  readonly row: StateRow;
  readonly settled: Settled;
  readonly head: Head;
  readonly target: Extract<Target, { readonly content: 'ours' }>;
}

interface OnceContext extends VerifyContext {
  /** How often a run settled meanwhile. */
  readonly moved: number;
}

async function compareOnce(spec: EntitySpec, request: VerifyRequest, context: OnceContext): Promise<Found | 'moved'> {
  const { ports, pausing } = context;
  const standing = await standingOf(spec, ports);
  if ('because' in standing) return { because: standing.because };
  const { store, head, settled, row } = standing;
  if (store.settled?.gives !== 'rows') return { because: 'no way back' };
  await using destination = await store.settled.open(head);
  const snapshot = await snapshotInForce(ports, spec, row);
  const source = await describedSource(spec, store, { ports, pinned: snapshot?.pinned ?? null });
  await using _home = source.home;
  const prepared = await prepare(spec, request, { ...context, standing, snapshot, source, destination });
  if ('because' in prepared) return prepared;
  const { scope, key, plan, versionMark, keepsVersions, keepsNewest } = prepared;
  const proof = request.proof
    ? await proofOf(
        { sides: prepared.sides, where: { source: plan.source.where, destination: plan.destination.where }, spec, ports },
        context.signal,
      )
    : null;
  if (request.proof && proof === null) throw nothingToProve(spec);
  context.planned(plan);
  const files = await takenFiles(spec, ports, { row, home: source.home });
  if (files !== null && (await areGone(source.home, files, ports))) return { because: 'files gone' };
  const of = JSON.stringify([plan.scope, prepared.summed, key]);
  const earlier = pausing?.left?.moved === context.moved ? pausing.left : null;
  if (earlier !== null && (earlier.head !== head.id || earlier.of !== of)) return 'moved';
  const rowsRead = { source: 0, destination: 0, ...earlier?.rowsRead };
  const sidesOf = (scoped: Prepared) =>
    readSides(spec, { prepared: scoped, source, store, ports, files, maxSnapshotMs: request.maxSnapshotMs });
  if (request.by === 'counts' && earlier === null) {
    const sides = sidesOf(prepared);
    const isPlain = scope.ranges === null && sides.countsPlainly;
    const counts = await countedSides({
      source: { home: source.home, side: sides.source(null), window: isPlain ? dueWindow(source.home, scope) : null },
      destination: {
        home: destination,
        side: sides.destination(null),
        window: prepared.deletedMark !== null || scope.ranges !== null || setsAnyApart(spec) ? null : scope.destination,
      },
      ports,
      signal: context.signal,
    });
    // Counts that differ may have reasons that are no difference: only the rows tell.
    if (counts.source === counts.destination)
      return (await store.head())?.id === head.id
        ? {
            verdict: 'same',
            by: 'counts',
            ok: true,
            rows: { ...noRows, ...counts },
            source_as_settled: asSettled(settled, source.description),
          }
        : 'moved';
  }
  const queries = { source: 0, destination: 0 };
  /** Compares the rows of a scope. @param pausesAs null: in one step. */
  const contentOf = async (scoped: Prepared, pausesAs: Pick<LeftComparison, 'isBelowGroup'> | null): Promise<ComparedContent> => {
    const sides = sidesOf(scoped);
    const look = earlier !== null && earlier.isBelowGroup === pausesAs?.isBelowGroup ? earlier.look : null;
    const read = (parts: DifferingParts | null) =>
      comparedContent({
        source: counting(rowsRead, 'source', sides.source(parts)),
        destination: counting(rowsRead, 'destination', sides.destination(parts)),
        columns: prepared.summed,
        key,
        how: {
          keyed: key.length > 0,
          keepsVersions,
          keepsNewest,
          comparesDeletes: spec.compareDeletes !== undefined && request.key === null,
        },
        versionMark,
        ranges: scoped.ranges,
        // The rows of the group differed before as well.
        request: pausesAs === null ? { ...request, pauseMs: 0 } : request,
        hidesValues: spec.schema.samples === 'mask',
        mostKept: Math.floor(mostRowsKept / context.atOnce),
        sourceSince: async () => sourceSince(await describedSource(spec, store, { ports, pinned: source.pinned }), source),
        settledSums: parts === null && scoped === prepared ? prepared.settledSums : null,
        ports,
        signal: context.signal,
        tell: ({ side, look, rows }) =>
          context.tell({ side, look, rows, of: side === 'source' ? plan.source.rows : plan.destination.rows }),
        pausing: pausing === undefined || pausesAs === null || parts !== null ? null : { look, isOver: pausing.isOver },
      }).catch((error: unknown) => {
        if (!(error instanceof LookPaused) || pausesAs === null) throw error;
        throw new ComparisonPaused({ head: head.id, of, ...pausesAs, moved: context.moved, rowsRead, look: error.look });
      });
    const how = { clock: ports.clock, signal: context.signal, withinMs: request.maxSnapshotMs };
    if (scoped.inside === null || look !== null) return read(null);
    const found = await contentInside(scoped.inside, how, read);
    queries.source += found.queries.source;
    queries.destination += found.queries.destination;
    return found.content;
  };
  const judged = (content: ComparedContent, settledRows: number | null) => {
    const mostDeletes = spec.compareDeletes === undefined ? 0 : mostGone(spec.compareDeletes, head.rows - content.rows.marked_deleted);
    return judge(content, { request, hasKey: key.length > 0, keepsVersions, mostDeletes, settledRows });
  };
  const hasMoved = async () => (await store.head())?.id !== head.id;
  const whole = earlier?.isBelowGroup === true ? null : await contentOf(prepared, { isBelowGroup: false });
  if (await hasMoved()) return 'moved';
  if (proof !== null && whole !== null) mustAgreeWithProof(spec, proof, whole);
  const isWhole = request.range === null && request.ranges === undefined && request.sample === 1 && request.key === null;
  let found = whole === null ? null : judged(whole, isWhole ? head.rows : null);
  let { ranges } = prepared;
  if (found === null || (found.verdict === 'differs' && !(spec.compareDeletes && found.rows?.foreign))) {
    const { signal } = context;
    const beside = await besideOpenGroup({ spec, request, standing, prepared, sidesOf, contentOf, whole, ports, signal });
    // An earlier step left out a group that differs by now.
    if ((await hasMoved()) || (beside === null && found === null)) return 'moved';
    if (beside !== null) {
      const { content, hasSums } = beside;
      found = { ...soFar(judged(content, null)), ...(hasSums ? {} : { sums: null }) };
      ({ ranges } = beside);
    }
  }
  const work = (side: 'source' | 'destination') => ({ sums: queries[side], rows_read: rowsRead[side] });
  return {
    ...found,
    proof,
    work: { source: work('source'), destination: work('destination') },
    repair: found?.verdict === 'differs' ? (ranges?.found() ?? null) : null,
    source_as_settled: asSettled(settled, source.description),
    settled_read_at: whole?.settledReadAt ?? null,
  };
}

/** SQL and hygge sum the same rows, or the proof would prove nothing. Settled rows whose newer version is not yet due, or that are marked, are not compared. */
function mustAgreeWithProof(spec: EntitySpec, proof: ComparisonProof, { rows, sums }: ComparedContent): void {
  const isWhole = {
    source: rows.left_out === 0,
    destination: rows.updated_since + rows.marked_deleted + rows.deletes_due + rows.last_good === 0,
  };
  for (const side of ['source', 'destination'] as const) {
    const of = proof[side];
    const answer = 'sql' in of ? of.answer : null;
    if (isWhole[side] && answer !== null && answer.sum !== sums[side])
      throw proofDisagrees(spec, side, { sql: answer.sum, rows: sums[side] });
  }
}

export async function standingOf(spec: EntitySpec, ports: EnginePorts): Promise<Standing | { readonly because: NotToldBecause }> {
  const store = await ports.store(spec);
  const { row } = await readRow(ports, spec);
  if (row?.pending) return { because: 'unfinished' };
  const target = await inspectTarget(ports, store);
  await stateMustMatchDestination(ports, { spec, store, row }, target);
  const settled = row?.settled;
  if (row === undefined || !settled || settled.nothing || target.content !== 'ours') return { because: 'nothing settled' };
  if (row.fullNext) return { because: 'reset' };
  if (spec.watermark && spec.runType === 'incremental' && settled.watermark === null) return { because: 'unsettled watermark' };
  return { store, row, settled, head: target.head, target };
}

export interface DescribedSource {
  readonly home: Home;
  readonly description: SourceDescription;
  readonly pinned: Json | null;
}

export async function describedSource(
  spec: EntitySpec,
  store: Store,
  { ports, pinned }: { readonly ports: EnginePorts; readonly pinned: Json | null },
): Promise<DescribedSource> {
  const home = withMarks(spec, withDeletes(effectiveDeletes(spec, store), await opened(ports).home(spec, pinned)));
  try {
    const description = await untilDone(ports.clock, (cursor) => home.describe(cursor, 'whole'));
    return { home, description, pinned: description.pinned ?? pinned };
  } catch (error) {
    await home[Symbol.asyncDispose]();
    throw error;
  }
}

async function sourceSince(now: DescribedSource, before: DescribedSource): Promise<SourceSince> {
  await now.home[Symbol.asyncDispose]();
  const [one, other] = [now.description.version, before.description.version];
  return one === undefined || other === undefined ? 'unknown' : one === other ? 'same' : 'changed';
}

function asSettled({ sourceVersion }: Settled, { version }: SourceDescription): boolean | null {
  return sourceVersion === null || version === undefined ? null : sourceVersion === version;
}

export interface Prepared {
  readonly destination: Home;
  readonly scope: VerifyScope;
  readonly key: readonly KeyColumn[];
  readonly plan: ComparisonPlan;
  readonly shape: SourceShape;
  /** The columns of the destination, as they are read there. */
  readonly settledSchema: Schema;
  /** The destination keeps the versions of a row. */
  readonly keepsVersions: boolean;
  /** The destination has the newest row of each key. */
  readonly keepsNewest: boolean;
  /** `SettledSide.deletedMark`. */
  readonly deletedMark: string | null;
  /** The columns that are summed: those that are compared, and the one by which an earlier version is known. */
  readonly summed: readonly SummedColumn[];
  readonly sides: InsideRequest;
  /** Null: both sides are read. */
  readonly inside: InsideSides | null;
  /** The column of the watermark; null: it did not settle, or can't be compared. */
  readonly versionMark: SummedColumn | null;
  /** Applies standing corrections to the rows of the source. */
  readonly corrector: Corrector;
  /** Null: all settled rows are read. */
  readonly settledSums: SettledSums | null;
  /** Gathers where rows differ; null: they can't be replaced by ranges of the watermark. */
  readonly ranges: DifferingRangesGatherer | null;
}

interface PreparingContext extends Omit<VerifyContext, 'atOnce'> {
  readonly standing: Standing;
  readonly snapshot: SchemaSnapshot | undefined;
  readonly source: DescribedSource;
  readonly destination: Home;
}

export async function prepare(
  spec: EntitySpec,
  request: VerifyRequest,
  { ports, signal, standing, snapshot, source, destination }: PreparingContext,
): Promise<Prepared | { readonly because: NotToldBecause }> {
  const { store, row, settled, target, head } = standing;
  const there = await untilDone(ports.clock, (cursor) => destination.describe(cursor, 'whole'));
  const settledSchema = there.schema ?? head.schema ?? { columns: [] };
  const shape = await shapeSource(
    ports,
    {
      spec,
      store,
      snapshot,
      run: { runId: 'verify', entityRunId: 'verify', startedAt: ports.clock.now() },
      load: 'incremental',
      keys: keysOf(spec, source.description),
      there: standingIn(target),
    },
    source.description.schema ?? null,
  );
  const shaped = shape.schema ?? snapshot?.schema ?? settledSchema;
  const origins = shape.schema === null ? originsOf(shaped, snapshot) : shape.origins;
  const found = comparedColumns({
    spec,
    settled: settledSchema,
    shaped,
    origins,
    catalog: target.catalog,
    nullDocuments: store.nullDocuments,
  });
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
  // Nothing shows that the columns of --key tell rows apart.
  const keepsVersions = spec.runType === 'incremental' && key.length > 0 && request.key === null && keyUse(store, spec) !== 'merges';
  const summed = keepsVersions && versionMark !== null && !columns.includes(versionMark) ? [...columns, versionMark] : columns;
  const marks = source.home.reading.tellsDeletes || spec.compareDeletes?.action === 'mark';
  const markName = shape.shaping.settledName(deletedColumn);
  const deletedMark = marks && settledSchema.columns.some(({ name }) => name === markName) ? markName : null;
  const corrector = new Corrector({
    ...{ spec, signal, watermark: asName ?? null, parts: await correctionsIn(spec, store, head) },
    quarantine: (settled) => quarantineOf(spec, store, { of: snapshot, settled }),
  });
  const sides: InsideRequest = {
    source: { home: source.home, window: scope.source, end: scope.end, schema: source.description.schema ?? null, shaped, origins },
    destination: { home: destination, window: scope.destination },
    ...{ columns: summed, key },
    byRow: mustReadBecause(spec, request, { deletedMark: deletedMark !== null, corrects: corrector.applies }),
  };
  const summing = await insideSides(sides, signal);
  const inside = 'what' in summing ? null : summing;
  const how = inside === null ? 'read' : 'inside';
  const plan: ComparisonPlan = {
    flow: spec.flow,
    entity: spec.entity,
    epoch: settled.epoch,
    source: { where: source.home.place, how, ...sizeOf(source.description), filtered: source.home.rowCondition !== '' },
    destination: { where: store.where, how, rows: target.head.rows, rows_exact: true, bytes: target.bytes, filtered: false },
    settled_from:
      row.binding === undefined || row.binding === null || row.binding.source === sourceOf(spec, source.home, source.description)
        ? null
        : row.binding.source,
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
      how:
        spec.runType === 'incremental'
          ? 'incremental'
          : spec.ifExists !== 'append'
            ? 'replaces'
            : keyUse(store, spec) === 'merges'
              ? 'merges'
              : 'copies',
      keeps_changed_files: spec.watermark === null && spec.changedFiles === 'append',
      on_empty: spec.onEmpty,
    },
    read_because: 'what' in summing ? summing : null,
  };
  // Rows may be told apart by the source's own key, and merged by another one.
  const mergeKey = spec.watermark?.key.map((name) => shape.shaping.settledName(name)) ?? [];
  const isMergeKey = key.length === mergeKey.length && key.every(({ name }) => mergeKey.includes(name));
  const mergesByKey = isMergeKey && keyUse(store, spec) === 'merges';
  const keepsNewest = mergesByKey && spec.runType === 'incremental' && request.key === null;
  const replacing = { precision: shape.precision ?? 'exact', mergesByKey } as const;
  const ranges = versionMark === null || !canRepair(spec, source.home, store) ? null : rangesOf(spec, row, replacing);
  return {
    destination,
    scope,
    key,
    plan,
    shape,
    settledSchema,
    keepsVersions,
    keepsNewest,
    deletedMark,
    summed,
    sides,
    inside,
    versionMark,
    corrector,
    settledSums: settledSums({
      ...{ spec, request, ports, store, target, home: destination, window: scope.destination, hasRowsApart: setsAnyApart(spec) },
      of: [summed, key, deletedMark] as unknown as Json,
    }),
    ranges,
  };
}

/** The source's column of the watermark: what settled goes by it, whatever the config has named since. */
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

/** Why sums of whole parts do not answer the question; null: they do. */
function mustReadBecause(
  spec: EntitySpec,
  request: VerifyRequest,
  { deletedMark, corrects }: { readonly deletedMark: boolean; readonly corrects: boolean },
): WhyRead['what'] | null {
  if (request.ranges !== undefined) return 'ranges';
  if (request.sample < 1) return 'sample';
  if (request.key !== null) return 'key';
  if (rulesOf(spec).length > 0 || setsAnyApart(spec) || corrects) return 'rules';
  return deletedMark ? 'deletes' : null;
}

/** The columns' sources as they settled, where the source shows its columns only while it is read. */
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
