/** One attempt at a slice of rework: it rewrites a settled part, without the rows that a range replaces, or with a type for a column that had only nulls before. Its rows are counted as in any move. */

import { schemaChanges } from '../../frames/compare.ts';
import type { Schema } from '../../frames/schema.ts';
import { markType } from '../../frames/watermark-text.ts';
import { filled, type Json } from '../../ports/values.ts';
import type { Frame } from '../contracts/frame.ts';
import type { SliceRef } from '../contracts/home.ts';
import type { Rework, ReworkScope } from '../contracts/replacing.ts';
import type { FrameToStage, Part, StageRequest, Store } from '../contracts/store.ts';
import { claimedByLaterRun, slicesDisagree } from '../errors/run.ts';
import { rangesWrittenAnew } from '../plan/replacement.ts';
import { readRow } from '../protocol/row.ts';
import { nothingMoved } from '../records/receipts.ts';
import { markIn, type Resumption, stageRows, withinBudget } from './frame-stream.ts';
import { addCounts, checkNullCounts, checkRowCounts } from './guards.ts';
import { isGroupAsSettled } from './move-source.ts';
import type { MovedSlice, SliceContext } from './slice-context.ts';

/**
 * A part that turns out to have no row in the range, and no column that gets another type, stays unchanged. A part with rows only in the range is
 * removed. In both cases the part is not rewritten. The rows that were read and the rows that were counted before must together be the rows of the
 * part.
 */
export async function rewriteParts(of: SliceContext, cursor: Json | undefined): Promise<MovedSlice> {
  return unlessReplaced(of, () => rewritten(of, cursor));
}

/** If a later run has replaced a part meanwhile, the store is not damaged: this run is only too late. */
export async function unlessReplaced<T>(
  { ports, spec, plan }: Pick<SliceContext, 'ports' | 'spec' | 'plan'>,
  read: () => Promise<T>,
): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const { row } = await readRow(ports, spec);
    throw row?.epoch === plan.epoch ? error : claimedByLaterRun(spec);
  }
}

async function rewritten(of: SliceContext, cursor: Json | undefined): Promise<MovedSlice> {
  const { ports, spec, plan, slice, watching } = of;
  const store = await ports.store(spec);
  const { rework } = store;
  const work: ReworkScope = { range: rangesWrittenAnew(plan), retyped: plan.retyped };
  if (!rework || (work.range === null && work.retyped.length === 0))
    throw new Error(`plan ${of.request.plan} has a slice of rework and nothing to rework`);
  if (cursor === undefined && plan.supersede.what === 'boundary' && work.range !== null && (await isGroupAsSettled(of)))
    return { ...nothingMoved, next: null, found: { kind: 'part', kept: 0, dropped: 0, anew: false, fingerprint: null } };
  const found = cursor === undefined ? await rework.count(slice, work, watching.signal) : undefined;
  const dropped = found?.rowsInRange ?? 0;
  const anew = found?.retypes === true;
  const fingerprint = found?.fingerprint ?? null;
  const stays = dropped === 0 && !found?.retypes;
  if (found && (stays || dropped === found.rowsOfPart))
    return { ...nothingMoved, next: null, found: { kind: 'part', kept: 0, dropped, anew, fingerprint } };
  const kept = new KeptRows(of, rework, work);
  const parts = await kept.stage(store, cursor);
  checkRowCounts(spec, countedAs(slice, kept.rows), parts);
  if (!slice.apart) checkNullCounts(spec, kept.schema, kept.nulls, parts);
  return { ...nothingMoved, parts, next: kept.next, found: { kind: 'part', kept: kept.rows, dropped, anew, fingerprint } };
}

/** How staged rows are counted. Rows that settled separately are counted separately, too. */
function countedAs({ apart }: SliceRef, rows: number): Parameters<typeof checkRowCounts>[1] {
  const broken = apart?.role === 'broken' ? rows : 0;
  const quarantined = apart?.role === 'quarantine' ? rows : 0;
  return { rows: rows - quarantined, quarantined, broken };
}

/** The rows that stay, while they are read and staged again. */
class KeptRows {
  rows = 0;
  nulls: readonly number[] = [];
  schema: Schema | null = null;
  next: Resumption | null = null;
  readonly #of: SliceContext;
  readonly #rework: Rework;
  readonly #work: ReworkScope;

  readonly #goOn = (next: Resumption): void => {
    this.next = next;
  };

  constructor(of: SliceContext, rework: Rework, work: ReworkScope) {
    this.#of = of;
    this.#rework = rework;
    this.#work = work;
  }

  async stage(store: Store, cursor: Json | undefined): Promise<readonly Part[]> {
    const { spec, plan, slice, request, watching } = this.#of;
    // The rows settled with the columns of their frames, even if the entity’s columns are others now.
    const of = { from: slice, writing: plan.writing, precision: null };
    const rows = ({ frame }: FrameToStage) => ({ ...of, schema: frame.schema, watermark: this.#watermarkIn(frame) });
    return stageRows(store, { spec, plan, slice: request.slice, signal: watching.signal }, this.#frames(cursor), rows);
  }

  /** The watermark’s column of the range. Without a range: the column that the part has. */
  #watermarkIn({ schema }: Frame): StageRequest['watermark'] {
    const { range } = this.#work;
    if (range === null) return markIn(schema, this.#of.plan);
    const held = schema.columns.find(({ name }) => name === range.column)?.type;
    return { column: range.column, type: held === undefined ? range.type : markType(range.type, held) };
  }

  async *#frames(from: Json | undefined): AsyncGenerator<FrameToStage> {
    const { ports, slice, request, watching } = this.#of;
    const { signal } = watching;
    const stretch = { ports, budgetMs: request.budgetMs, signal, onCheckpoint: this.#goOn };
    for await (const frame of withinBudget(this.#rework.read(slice, this.#work, from, signal), stretch)) {
      if (frame.rows === 0) continue;
      await this.#count(frame);
      const { role = 'data', ofGroup = false } = slice.apart ?? {};
      yield { frame, role, ...filled({ ofGroup }) };
    }
  }

  async #count(frame: Frame): Promise<void> {
    this.schema ??= frame.schema;
    const changes = schemaChanges(this.schema, frame.schema);
    if (changes.length > 0) throw slicesDisagree(this.#of.spec, changes);
    this.rows += frame.rows;
    this.nulls = addCounts(this.nulls, await frame.nullCounts());
  }
}
