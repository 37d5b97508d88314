/** The one slice of a comparison: settled rows that the source no longer has are staged as deleted ones. */
import type { DataType, Schema } from '../../frames/schema.ts';
import { emptyFingerprint } from '../../frames/watermark.ts';
import { parseWatermark } from '../../frames/watermark-text.ts';
import { retry } from '../../ports/retry.ts';
import type { StateRow } from '../../ports/state.ts';
import type { Frame } from '../contracts/frame.ts';
import { type Checkpoint, deletedAtColumn, deletedColumn, isFrame } from '../contracts/home.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import type { ComparedKeys, Plan, Receipt, RewrittenPart } from '../contracts/records.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import type { FrameToStage, Head, Part, Store } from '../contracts/store.ts';
import { comparisonExceedsStep, nothingToCompare } from '../errors/deletes.ts';
import { claimedByLaterRun } from '../errors/run.ts';
import { keyNotSettled } from '../errors/writing.ts';
import { type ComparisonRequest, compareKeys, type KeyColumn, partsWithRows, wholeRows } from '../keys/compare-keys.ts';
import { rowsAtLastComparison } from '../keys/comparison.ts';
import { renewLease } from '../protocol/claim.ts';
import { readRow } from '../protocol/row.ts';
import { entityRunOf } from './frame-stream.ts';
import { checkRowCounts } from './guards.ts';
import type { MoveRequest, SliceWatcher } from './move.ts';
import { KeptRows } from './rework.ts';

export interface ComparisonContext {
  readonly ports: EnginePorts;
  readonly spec: EntitySpec;
  readonly plan: Plan;
  readonly request: MoveRequest;
  readonly watching: SliceWatcher;
}

/** Reading may take longer than a lease lasts. */
const renewEveryMs = 60_000;

/** Throws HYG-2090 if it takes longer than `MoveRequest.comparesWithinMs`. */
export async function comparedInTime(of: ComparisonContext): ReturnType<typeof comparedSlice> {
  const { ports, spec, request, watching } = of;
  const { comparesWithinMs } = request;
  if (comparesWithinMs === undefined) return comparedSlice(of);
  const [late, done] = [new AbortController(), new AbortController()];
  ports.clock.sleep(comparesWithinMs, done.signal).then(
    () => late.abort(comparisonExceedsStep(spec, comparesWithinMs)),
    () => undefined,
  );
  try {
    const signal = AbortSignal.any([watching.signal, late.signal]);
    return await comparedSlice({ ...of, watching: { ...watching, signal } });
  } catch (error) {
    // A driver may throw an error of its own when it is stopped.
    if (late.signal.aborted) throw late.signal.reason;
    throw error;
  } finally {
    done.abort();
  }
}

/** What a receipt says of the comparison. The attempt reads everything in one call, since half of a comparison proves nothing. */
async function comparedSlice(of: ComparisonContext): Promise<Omit<Receipt, 'version' | 'kind' | 'slice' | 'attempt'>> {
  const { ports, spec, plan, watching } = of;
  const store = await ports.store(spec);
  const head = await retry(() => store.head());
  if (head === null || head.id !== plan.prev) throw claimedByLaterRun(spec);
  const { row } = await retry(() => readRow(ports, spec));
  const comparison = comparisonOf(of, { store, head, row });
  const { compared: found, rows } = await compareKeys(comparison, { looksAgain: true });
  const staging = store.rework === undefined ? await stagedRows(of, comparison, { found, rows }) : await stagedParts(of, comparison, rows);
  const { gone } = staging;
  watching.onRows(gone);
  return {
    compared: { ...found, gone, stay: found.stay + found.gone - gone },
    parts: staging.parts,
    ...(staging.rewritten === undefined ? {} : { rewritten: staging.rewritten }),
    rowsRead: gone,
    rejected: 0,
    quarantined: 0,
    group: emptyFingerprint,
    boundary: emptyFingerprint,
    schema: plan.schema,
    column: plan.column,
    key: plan.writing.key,
    expects: plan.expects,
    cursor: null,
  };
}

function comparisonOf(
  { ports, spec, plan, watching }: ComparisonContext,
  { store, head, row }: { readonly store: Store; readonly head: Head; readonly row: StateRow | undefined },
): ComparisonRequest {
  const comparison = spec.compareDeletes;
  if (comparison === undefined) throw nothingToCompare(spec);
  let renewedMs = ports.clock.monotonicMs();
  return {
    ...{ ports, spec, comparison, store, head },
    openSource: () => ports.home(spec, plan.pinned, 'anew'),
    key: keyColumns(spec, plan),
    mark: markColumn(spec, plan),
    deletedMark: deletedMark(spec, plan, head),
    rowsBefore: rowsAtLastComparison(row),
    signal: watching.signal,
    onRows: async () => {
      const now = ports.clock.monotonicMs();
      if (now - renewedMs < renewEveryMs) return;
      renewedMs = now;
      await renewLease(ports, spec, plan);
    },
  };
}

/** The watermark's column on both sides. */
export function markColumn({ watermark }: EntitySpec, { watermarkAs }: Pick<Plan, 'watermarkAs'>): ComparisonRequest['mark'] {
  return watermark?.column === undefined || watermarkAs === null ? null : { source: watermark.column, settled: watermarkAs };
}

/** The key on both sides, in the types that it settled in. */
export function keyColumns(spec: EntitySpec, plan: Pick<Plan, 'schema' | 'names'>): readonly KeyColumn[] {
  const { schema } = plan;
  return (spec.watermark?.key ?? []).map((source) => {
    const settled = settledName(plan, source);
    const column = schema?.columns.find(({ name }) => name === settled);
    if (column === undefined) throw keyNotSettled(spec, settled);
    return { source, settled, type: column.type };
  });
}

/** The settled name of a column that the run adds to the source's. */
function settledName({ names }: Pick<Plan, 'names'>, column: string): string {
  return new Map(names ?? []).get(column) ?? column;
}

/** The settled column that marks deleted rows; null: rows are removed, or no row has settled with that column yet. */
export function deletedMark({ compareDeletes }: EntitySpec, plan: Pick<Plan, 'names'>, { schema }: Head): string | null {
  if (compareDeletes?.action !== 'mark') return null;
  const name = settledName(plan, deletedColumn);
  return schema?.columns.some((column) => column.name === name) ? name : null;
}

/** What a comparison staged, and how many settled rows go or are marked. */
interface StagedComparison extends Pick<Receipt, 'parts' | 'rewritten'> {
  readonly gone: number;
}

/** Tables change single rows: what is staged is the rows that go, or that are marked. */
async function stagedRows(
  of: ComparisonContext,
  comparison: ComparisonRequest,
  { found, rows }: { readonly found: ComparedKeys; readonly rows: readonly Frame[] },
): Promise<StagedComparison> {
  const parts = await staged(of, comparison, rows);
  const deleted = comparison.comparison.action === 'apply' ? found.gone : 0;
  checkRowCounts(of.spec, { rows: found.gone, quarantined: 0, broken: 0, deleted }, parts);
  return { parts, gone: found.gone };
}

/**
 * Parts are immutable: each part that holds rows that go is written anew without them. The open boundary group stays, since the next live run reads it again.
 * A repeated attempt stages parts of its own.
 */
async function stagedParts(
  { ports, spec, plan, request, watching }: ComparisonContext,
  comparison: ComparisonRequest,
  rows: readonly Frame[],
): Promise<StagedComparison> {
  const { store } = comparison;
  const { rework } = store;
  if (rework === undefined) throw new Error('a store without rework was asked to write parts anew');
  const parts: Part[] = [];
  const rewritten: RewrittenPart[] = [];
  let gone = 0;
  for await (const { slice, marks } of partsWithRows(comparison, rows)) {
    const dropped = marks.reduce((sum, mark) => sum + mark, 0);
    gone += dropped;
    let kept = 0;
    if (dropped < marks.length) {
      // Nothing of a comparison is divided over steps.
      const whole = { ...request, budgetMs: Number.POSITIVE_INFINITY };
      const read = () => withoutMarked(rework.read(slice, { range: null, retyped: [] }, undefined, watching.signal), marks);
      const staying = new KeptRows({ ports, spec, plan, slice, request: whole, watching }, { read, range: null });
      parts.push(...(await staying.stage(store)));
      kept = staying.rows;
    }
    rewritten.push({ slice, kept, dropped });
    await comparison.onRows?.(0);
  }
  return { parts, rewritten, gone };
}

/** @param marks 1 for each row, in order, that is left out. */
async function* withoutMarked(frames: AsyncIterable<Frame | Checkpoint>, marks: Uint8Array): AsyncGenerator<Frame | Checkpoint> {
  let at = 0;
  for await (const item of frames) {
    if (!isFrame(item)) {
      yield item;
      continue;
    }
    const own = marks.subarray(at, at + item.rows);
    at += item.rows;
    yield own.includes(1) ? await item.pick(own.map((mark) => 1 - mark)) : item;
  }
}

async function staged(
  { spec, plan, request, watching }: ComparisonContext,
  of: ComparisonRequest,
  rows: readonly Frame[],
): Promise<readonly Part[]> {
  if (rows.length === 0) return [];
  const { watermarkAs, column } = plan;
  if (plan.schema === null) throw nothingToCompare(spec);
  const mark = plan.schema.columns.find(({ name }) => name === watermarkAs);
  const stageRequest = {
    run: entityRunOf(spec, plan),
    writing: plan.writing,
    slice: request.slice,
    schema: plan.schema,
    watermark: column && mark ? { column: mark.name, type: mark.type } : null,
    emptyPart: false,
  };
  const schema = withoutStoreColumns(plan.schema, plan);
  const frames =
    of.comparison.action === 'mark'
      ? asMarked({ schema, plan }, wholeRows(of, rows))
      : asDeleted({ schema, names: [...plan.writing.key, ...(mark ? [mark.name] : [])] }, rows);
  return of.store.stage(stageRequest, frames, watching.signal);
}

/** The store fills the columns that it adds. */
function withoutStoreColumns({ columns }: Schema, { expects }: Pick<Plan, 'expects'>): Schema {
  const own = new Set(expects?.map(({ name }) => name));
  return { columns: columns.filter(({ name }) => own.has(name)) };
}

/** What is left of a deleted row: its key and its watermark. */
async function* asDeleted(
  { schema, names }: { readonly schema: Schema; readonly names: readonly string[] },
  rows: readonly Frame[],
): AsyncGenerator<FrameToStage> {
  const known = new Set(names);
  const columns = schema.columns.map(({ name, type }) => ({ name, type, from: known.has(name) ? name : null, fill: null }));
  for (const frame of rows) yield { frame: await frame.conform({ schema, columns, samples: 'mask' }), role: 'deleted' };
}

/** Settled rows with the marks of deleted ones. */
async function* asMarked(
  { schema, plan }: { readonly schema: Schema; readonly plan: Plan },
  rows: AsyncIterable<Frame>,
): AsyncGenerator<FrameToStage> {
  const [deleted, deletedAt] = [settledName(plan, deletedColumn), settledName(plan, deletedAtColumn)];
  const markOf = (name: string, type: DataType) =>
    name === deleted ? 'true' : name === deletedAt ? parseWatermark(plan.startedAt, { column: name, type }).text : undefined;
  for await (const frame of rows) {
    const known = new Set(frame.schema.columns.map(({ name }) => name));
    const columns = schema.columns.map(({ name, type }) => {
      const text = markOf(name, type);
      return { name, type, from: text === undefined && known.has(name) ? name : null, fill: text === undefined ? null : { type, text } };
    });
    yield { frame: await frame.conform({ schema, columns, samples: 'mask' }), role: 'data' };
  }
}
