/** The only slice of a comparison of keys. Settled rows that are gone from the source are staged as deleted rows. */

import type { DataType, Schema } from '../../frames/schema.ts';
import { asColumnIn, asConstant } from '../../frames/values/conforms.ts';
import { parseWatermark } from '../../frames/watermark-text.ts';
import { retry } from '../../ports/retry.ts';
import type { StateRow } from '../../ports/state.ts';
import type { Frame } from '../contracts/frame.ts';
import { deletedAtColumn, deletedColumn } from '../contracts/home.ts';
import { type Plan, settledNameIn } from '../contracts/records.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { TimeLimit } from '../contracts/steps.ts';
import { comparesByRewriting, type FrameToStage, type Head, type Part, type Store } from '../contracts/store.ts';
import { comparisonExceedsStep, nothingToCompare } from '../errors/deletes.ts';
import { claimedByLaterRun } from '../errors/run.ts';
import { keyNotSettled } from '../errors/writing.ts';
import { type ComparisonRequest, compareKeys, type KeyColumn, type KeysGone, wholeRows } from '../keys/compare-keys.ts';
import { rowsAtLastComparison } from '../keys/comparison.ts';
import { CorrectedKeys, keyText } from '../keys/corrected-keys.ts';
import { quarantineOf } from '../plan/settled-plan.ts';
import { renewLease } from '../protocol/claim.ts';
import { readRow } from '../protocol/row.ts';
import { type FoundByKeys, nothingMoved } from '../records/receipts.ts';
import { type CorrectionsOf, correctionsIn, readCorrections } from '../validation/corrections.ts';
import { markIn, stageRows } from './frame-stream.ts';
import { checkRowCounts } from './guards.ts';
import { unlessReplaced } from './rework.ts';
import { type MarkOf, rewriteByKeys } from './rewrite-by-keys.ts';
import type { MovedSlice, SliceContext } from './slice-context.ts';

/** How often the lease is renewed, in milliseconds. Reading may take longer than a lease lasts. */
const renewEveryMs = 60_000;

/** Compares within `MoveRequest.comparesWithinMs`. Throws HYG-2090 if the comparison takes longer. */
export async function comparedInTime(of: SliceContext): Promise<MovedSlice> {
  const { ports, spec, request, watching } = of;
  const { comparesWithinMs } = request;
  if (comparesWithinMs === undefined) return comparedSlice(of);
  using limit = new TimeLimit(ports.clock, comparesWithinMs, () => comparisonExceedsStep(spec, comparesWithinMs));
  try {
    const signal = AbortSignal.any([watching.signal, limit.signal]);
    return await comparedSlice({ ...of, watching: { ...watching, signal } });
  } catch (error) {
    // If the time limit stopped a driver, the driver may throw an error of its own. So the limit’s reason is thrown instead.
    if (limit.signal.aborted) throw limit.signal.reason;
    throw error;
  }
}

/** What the receipt says about the comparison. The attempt reads all rows in one call, because half of a comparison proves nothing. */
async function comparedSlice(of: SliceContext): Promise<MovedSlice> {
  const store = await of.ports.store(of.spec);
  const compare = () => compareSlice(of, store);
  const readsFiles = store.holds === 'files';
  return readsFiles ? unlessReplaced(of, compare) : compare();
}

async function compareSlice(of: SliceContext, store: Store): Promise<MovedSlice> {
  const { ports, spec, plan, watching } = of;
  const head = await retry(() => store.head());
  if (head === null || head.id !== plan.prev) throw claimedByLaterRun(spec);
  const { row } = await retry(() => readRow(ports, spec));
  const comparison = {
    ...comparisonOf(of, { store, head, row }),
    corrected: await correctedKeys({ spec, plan, signal: watching.signal }, { store, head }),
  };
  const found = await compareKeys(comparison, { looksAgain: true });
  const { parts, ...written } = comparesByRewriting(store) ? await rewritten(of, comparison, found) : await merged(of, comparison, found);
  const rowsRead = written.compared.gone;
  watching.onRows(rowsRead);
  const { schema, writing } = plan;
  return { ...nothingMoved, parts, rowsRead, schema, key: writing.key, next: null, found: { kind: 'keys', ...written } };
}

type Written = Pick<MovedSlice, 'parts'> & Omit<FoundByKeys, 'kind'>;

/** Stages the gone rows as deleted rows, or as whole rows with a mark. */
async function merged(of: SliceContext, comparison: ComparisonRequest, { compared, rows }: KeysGone): Promise<Written> {
  const parts = await staged(of, comparison, rows);
  const deleted = comparison.comparison.action === 'apply' ? compared.gone : 0;
  checkRowCounts(of.spec, { rows: compared.gone, deleted }, parts);
  return { compared, parts, rewritten: null };
}

/** Rewrites the parts that have rows with keys that are gone. If a key is removed, all rows of the key are removed. */
async function rewritten(of: SliceContext, comparison: ComparisonRequest, { compared, rows }: KeysGone): Promise<Written> {
  const { ports, spec, plan, request } = of;
  if (rows.length === 0) return { compared, parts: [], rewritten: [] };
  const mark = comparison.comparison.action === 'mark' ? markedFrame(spec, plan) : null;
  const found = await rewriteByKeys({ ports, spec, plan, slice: request.slice, comparison, rows, mark });
  const gone = found.rewritten.reduce((sum, { dropped = 0, marked = 0 }) => sum + dropped + marked, 0);
  return { ...found, compared: { ...compared, gone, stay: compared.stay + compared.gone - gone } };
}

function comparisonOf(
  { ports, spec, plan, watching }: SliceContext,
  { store, head, row }: { readonly store: Store; readonly head: Head; readonly row: StateRow | undefined },
): Omit<ComparisonRequest, 'corrected'> {
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

interface CorrectedKeysOf {
  readonly spec: EntitySpec;
  readonly plan: Pick<Plan, 'schema' | 'writing' | 'names'>;
  readonly signal: AbortSignal;
}

/** The keys that standing corrections change. */
export async function correctedKeys({ spec, plan, signal }: CorrectedKeysOf, { store, head }: SettledRows): Promise<CorrectedKeys | null> {
  const parts = await correctionsIn(spec, store, head);
  const settled = head.schema;
  if (parts.length === 0 || settled === null) return null;
  const quarantine = quarantineOf(spec, store, { of: plan, settled });
  return mendedKeys(
    { spec, quarantine, parts, settled, signal },
    keyColumns(spec, plan).map((column) => column.settled),
  );
}

interface SettledRows {
  readonly store: Store;
  readonly head: Head;
}

/** The names of the watermark’s column in the source and in the destination. */
export function markColumn({ watermark }: EntitySpec, { watermarkAs }: Pick<Plan, 'watermarkAs'>): ComparisonRequest['mark'] {
  return watermark?.column === undefined || watermarkAs === null ? null : { source: watermark.column, settled: watermarkAs };
}

/** The columns of the key with both names, in their settled types. */
export function keyColumns(spec: EntitySpec, { schema, writing, names }: Pick<Plan, 'schema' | 'writing' | 'names'>): readonly KeyColumn[] {
  return (spec.watermark?.key ?? []).map((source, at) => {
    const settled = writing.key[at] ?? settledName({ names }, source);
    const column = schema?.columns.find(({ name }) => name === settled);
    if (column === undefined) throw keyNotSettled(spec, settled);
    return { source, settled, type: column.type };
  });
}

/** The settled name of a column that the run adds to the source's columns. */
function settledName({ names }: Pick<Plan, 'names'>, column: string): string {
  return settledNameIn({ names }, column) ?? column;
}

/** The settled column that marks deleted rows. Null: gone rows are removed, or no row has settled with the column yet. */
export function deletedMark({ compareDeletes }: EntitySpec, plan: Pick<Plan, 'names'>, { schema }: Head): string | null {
  if (compareDeletes?.action !== 'mark') return null;
  const name = settledName(plan, deletedColumn);
  return schema?.columns.some((column) => column.name === name) ? name : null;
}

async function staged(
  { spec, plan, request, watching }: SliceContext,
  of: ComparisonRequest,
  rows: readonly Frame[],
): Promise<readonly Part[]> {
  if (rows.length === 0) return [];
  if (plan.schema === null) throw nothingToCompare(spec);
  const mark = markIn(plan.schema, plan);
  const schema = withoutStoreColumns(plan.schema, plan);
  const frames =
    of.comparison.action === 'mark'
      ? asMarked(markedFrame(spec, plan), wholeRows(of, rows))
      : asDeleted({ schema, names: [...plan.writing.key, ...(mark ? [mark.column] : [])] }, rows);
  const told = { from: {}, writing: plan.writing, schema: plan.schema, watermark: mark, precision: null };
  return stageRows(of.store, { spec, plan, slice: request.slice, signal: watching.signal }, frames, () => told);
}

/** Leaves out the columns that the store adds, because the store fills them itself. */
function withoutStoreColumns({ columns }: Schema, { expects }: Pick<Plan, 'expects'>): Schema {
  const own = new Set(expects?.map(({ name }) => name));
  return { columns: columns.filter(({ name }) => own.has(name)) };
}

/** The rows as deleted rows, with only the values of the key and the watermark. */
async function* asDeleted(
  { schema, names }: { readonly schema: Schema; readonly names: readonly string[] },
  rows: readonly Frame[],
): AsyncGenerator<FrameToStage> {
  const known = new Set(names);
  const columns = schema.columns.map((column) => asColumnIn(known, column));
  for (const frame of rows) yield { frame: await frame.conform({ schema, columns, samples: 'mask' }), role: 'deleted' };
}

/** Settled rows that are marked as deleted. */
async function* asMarked(mark: (frame: Frame, as: MarkOf) => Promise<Frame>, rows: AsyncIterable<Frame>): AsyncGenerator<FrameToStage> {
  for await (const frame of rows) yield { frame: await mark(frame, 'deleted'), role: 'data' };
}

/** Gives settled rows the columns that settle now, and a mark. The frames must lack the column of the mark. */
function markedFrame(spec: EntitySpec, plan: Plan): (frame: Frame, as: MarkOf) => Promise<Frame> {
  if (plan.schema === null) throw nothingToCompare(spec);
  const schema = withoutStoreColumns(plan.schema, plan);
  const [deleted, deletedAt] = [settledName(plan, deletedColumn), settledName(plan, deletedAtColumn)];
  const textOf = (name: string, type: DataType, as: MarkOf) => {
    if (name === deleted) return as === 'there' ? 'false' : 'true';
    return name === deletedAt && as === 'deleted' ? parseWatermark(plan.startedAt, { column: name, type }).text : undefined;
  };
  return (frame, as) => {
    const known = new Set(frame.schema.columns.map(({ name }) => name));
    const columns = schema.columns.map((column) => {
      const text = textOf(column.name, column.type, as);
      return text === undefined ? asColumnIn(known, column) : asConstant(column, text);
    });
    return frame.conform({ schema, columns, samples: 'mask' });
  };
}

// ---- the keys that standing corrections change

/** The keys that corrections change. Null: no correction changes a key. @param key the settled names of the key’s columns. */
async function mendedKeys(of: CorrectionsOf, key: readonly string[]): Promise<CorrectedKeys | null> {
  const textOf = (row: string, columns: readonly string[]) => {
    const texts = JSON.parse(row) as readonly (string | null)[];
    return keyText(key.map((name) => texts[columns.indexOf(name)]));
  };
  const keys = new Map<string, string[]>();
  for (const one of await readCorrections(of))
    if (one.changed.some((name) => key.includes(name))) {
      const from = textOf(one.key, one.columns);
      keys.set(from, [...(keys.get(from) ?? []), textOf(one.to, one.columns)]);
    }
  return keys.size === 0 ? null : new CorrectedKeys(keys);
}
