/** Moves the slice of a compaction. The rows of small settled parts are staged as larger parts and read back, and their row sums are compared before the commit. */

import { RowSum } from '../../frames/row-sum/row-sum.ts';
import type { Schema } from '../../frames/schema.ts';
import { retry } from '../../ports/retry.ts';
import type { Json } from '../../ports/values.ts';
import type { Frame } from '../contracts/frame.ts';
import type { Checkpoint, SliceRef } from '../contracts/home.ts';
import type { RewrittenPart } from '../contracts/records.ts';
import { type Compaction, type PartLeft, partsOf } from '../contracts/replacing.ts';
import type { SummedColumn } from '../contracts/row-sums.ts';
import type { FrameToStage, Part, Store } from '../contracts/store.ts';
import { partsDontAddUp } from '../errors/backfill.ts';
import { claimedByLaterRun } from '../errors/run.ts';
import { compactedRowsDiffer } from '../errors/settled-parts.ts';
import { compactionOf } from '../plan/settled-plan.ts';
import { nothingMoved } from '../records/receipts.ts';
import { markIn, type Resumption, stageRows, withinBudget } from './frame-stream.ts';
import { addCounts, checkNullCounts, checkRowCounts } from './guards.ts';
import { unlessReplaced } from './rework.ts';
import type { MovedSlice, SliceContext } from './slice-context.ts';

/** A cursor with the index of the group’s part with which the slice continues. */
interface PartCursor {
  readonly part: number;
}

/** What one attempt at a slice stages. If another run has replaced a part meanwhile, the store is not damaged: this run is only too late. */
export async function compactParts(of: SliceContext, cursor: Json | undefined): Promise<MovedSlice> {
  return unlessReplaced(of, async () => {
    const store = await of.ports.store(of.spec);
    const head = await retry(() => store.head());
    if (head === null || head.id !== of.plan.prev || head.schema === null) throw claimedByLaterRun(of.spec);
    const from = (cursor as unknown as PartCursor | undefined)?.part ?? 0;
    return new GroupInMotion(of, { store, compaction: compactionOf(of.spec, store), schema: head.schema, from }).facts();
  });
}

interface Group {
  readonly store: Store;
  readonly compaction: Compaction;
  /** The columns that settle. */
  readonly schema: Schema;
  /** The index of the first part that this attempt reads. */
  readonly from: number;
}

class GroupInMotion {
  readonly #of: SliceContext;
  readonly #group: Group;
  readonly #rewritten: RewrittenPart[] = [];
  readonly #left: PartLeft[] = [];
  readonly #read = new RowSum();
  readonly #written = new RowSum();
  #nulls: readonly number[] = [];
  #schema: Schema | null = null;
  #next: Resumption | null = null;

  constructor(of: SliceContext, group: Group) {
    this.#of = of;
    this.#group = group;
  }

  async facts(): Promise<MovedSlice> {
    const { spec } = this.#of;
    const { store, from } = this.#group;
    const parts = await this.#staged();
    checkRowCounts(spec, { rows: this.#read.rows }, parts);
    checkNullCounts(spec, this.#schema, this.#nulls, parts);
    const kept = this.#rewritten.reduce((sum, part) => sum + part.kept, 0);
    if (kept !== this.#read.rows) throw partsDontAddUp(spec, { all: kept, kept: this.#read.rows, dropped: 0 });
    if (!this.#read.equals(this.#written))
      throw compactedRowsDiffer(spec, store.where, { read: this.#read.rows, written: this.#written.rows });
    // A single part would only get another name, so it stays, and its staged copy is debris.
    // But if the group itself has one part, that part is rewritten because of its marked rows.
    const isAlone = this.#rewritten.length < Math.min(2, partsOf(this.#of.slice).length) && from === 0 && this.#next === null;
    const rewritten = isAlone ? [] : this.#rewritten;
    const compacted = {
      files: rewritten.length,
      bytes: rewritten.reduce((sum, { slice }) => sum + (slice.bytes ?? 0), 0),
      left: this.#left,
    };
    const moved = isAlone ? {} : { parts, rowsRead: this.#read.rows };
    return { ...nothingMoved, ...moved, next: this.#next, found: { kind: 'group of parts', compacted, rewritten } };
  }

  async #staged(): Promise<readonly Part[]> {
    const { spec, plan, slice, request, watching } = this.#of;
    const { compaction } = this.#group;
    const readBack = async (frame: Frame) => this.#written.add(await this.#hashes(frame));
    const stage: Store['stage'] = (asked, rows, signal) => compaction.stage(asked, rows, { signal, readBack });
    // The columns of a partition are left out, because their values are in the names of folders.
    const of = { from: slice, writing: plan.writing, watermark: markIn(this.#group.schema, plan), precision: null };
    const rows = ({ frame: { schema } }: FrameToStage) => ({ ...of, schema });
    return stageRows({ stage }, { spec, plan, slice: request.slice, signal: watching.signal }, this.#frames(), rows);
  }

  /** Joins rows of several parts in one frame, because each frame has a cost and becomes a row group of its own. */
  async *#frames(): AsyncGenerator<FrameToStage> {
    const { ports, request, watching } = this.#of;
    const { frameBytes } = this.#group.compaction;
    const stretch = {
      ports,
      budgetMs: request.budgetMs,
      signal: watching.signal,
      onCheckpoint: (next: Resumption) => {
        this.#next = next;
      },
    };
    let waiting: Frame[] = [];
    let bytes = 0;
    for await (const { rows } of withinBudget(this.#rows(), stretch)) {
      // The frame is copied in memory, because a format’s frame is valid only until the next frame.
      waiting.push(await rows.followedBy([]));
      bytes += rows.bytes;
      if (bytes < frameBytes) continue;
      yield await this.#joined(waiting);
      [waiting, bytes] = [[], 0];
    }
    if (waiting.length > 0) yield await this.#joined(waiting);
  }

  async #joined([first, ...others]: readonly Frame[]): Promise<FrameToStage> {
    const frame = await (first as Frame).followedBy(others);
    this.#schema ??= frame.schema;
    this.#nulls = addCounts(this.#nulls, await frame.nullCounts());
    this.#read.add(await this.#hashes(frame));
    this.#of.watching.onRows(frame.rows);
    return { frame, role: 'data' };
  }

  async *#rows(): AsyncGenerator<{ readonly rows: Frame } | Checkpoint> {
    const { slice } = this.#of;
    const { from } = this.#group;
    for (const [n, part] of partsOf(slice).entries()) {
      if (n < from) continue;
      if (n > from) yield { checkpoint: { part: n } };
      yield* this.#rowsOf(part);
    }
  }

  async *#rowsOf(part: SliceRef): AsyncGenerator<{ readonly rows: Frame }> {
    const { spec, watching } = this.#of;
    const opened = await this.#group.compaction.open(part, this.#group.schema);
    if ('left' in opened) {
      this.#left.push(opened.left);
      return;
    }
    let rows = 0;
    for await (const frame of opened.read(watching.signal)) {
      rows += frame.rows;
      if (frame.rows > 0) yield { rows: frame };
    }
    if (part.rows !== null && rows !== part.rows) throw partsDontAddUp(spec, { all: part.rows, kept: rows, dropped: 0 });
    this.#rewritten.push({ slice: part, kept: rows });
  }

  #hashes(frame: Frame): Promise<BigInt64Array> {
    const columns = frame.schema.columns.map(({ name, type }): SummedColumn => this.#summed(name, type));
    return this.#of.ports.frames.keys.exact(frame, columns);
  }

  #summed(name: string, type: SummedColumn['type']): SummedColumn {
    const { nullDocuments } = this.#group.store;
    return type.kind === 'json' && nullDocuments === 'missing' ? { name, type, nullDocuments } : { name, type };
  }
}
