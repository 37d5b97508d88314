/** Rewrites settled parts without the rows that have given keys, or with these rows marked. It is for a store that can’t change single rows of a part. Rows are counted as in any move. */
import type { Schema } from '../../frames/schema.ts';
import type { Frame } from '../contracts/frame.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import type { Plan, RewrittenPart } from '../contracts/records.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import type { FrameToStage, Part } from '../contracts/store.ts';
import { partsDontAddUp } from '../errors/backfill.ts';
import type { ComparisonRequest } from '../keys/compare-keys.ts';
import { type PartOfKeys, partsOfKeys, rowsOfPart, splitByKeys } from '../keys/parts-of-keys.ts';
import { markIn, stageRows } from './frame-stream.ts';
import { addCounts, checkNullCounts, checkRowCounts } from './guards.ts';

/** Which mark a row gets. `deleted`: this comparison found it gone. `deleted before`: an earlier comparison marked it. `there`: it still exists. */
export type MarkOf = 'deleted' | 'deleted before' | 'there';

export interface KeyRewrite {
  readonly ports: EnginePorts;
  readonly spec: EntitySpec;
  readonly plan: Plan;
  /** The number of the slice. */
  readonly slice: number;
  readonly comparison: ComparisonRequest;
  /** The rows whose keys are gone. */
  readonly rows: readonly Frame[];
  /** Gives rows their marks, with the columns that settle. Null: the rows with the keys are removed, and no row is marked. */
  readonly mark: ((frame: Frame, as: MarkOf) => Promise<Frame>) | null;
}

export interface KeysRewritten {
  readonly parts: readonly Part[];
  readonly rewritten: readonly RewrittenPart[];
}

/** Rewrites the parts. A part without a row with one of the keys stays unchanged. A part with only such rows is removed, unless its rows are marked. */
export async function rewriteByKeys(of: KeyRewrite): Promise<KeysRewritten> {
  const parts: Part[] = [];
  const rewritten: RewrittenPart[] = [];
  for (const held of await partsOfKeys(of.comparison, of.rows)) {
    const rewriting = new RewritingPart(of, held);
    parts.push(...(await rewriting.stage()));
    rewritten.push({ slice: held.slice, kept: rewriting.kept, ...(of.mark === null ? { dropped: held.rows } : { marked: held.rows }) });
  }
  return { parts, rewritten };
}

class RewritingPart {
  kept = 0;
  #changed = 0;
  #nulls: readonly number[] = [];
  #schema: Schema | null = null;
  readonly #of: KeyRewrite;
  readonly #part: PartOfKeys;

  constructor(of: KeyRewrite, part: PartOfKeys) {
    this.#of = of;
    this.#part = part;
  }

  async stage(): Promise<readonly Part[]> {
    const { spec, mark } = this.#of;
    const { slice, rows } = this.#part;
    const parts = await this.#staged();
    const all = slice.rows ?? this.kept + rows;
    if (this.#changed !== rows || this.kept + rows !== all) throw partsDontAddUp(spec, { all, kept: this.kept, dropped: this.#changed });
    checkRowCounts(spec, { rows: mark === null ? this.kept : all }, parts);
    checkNullCounts(spec, this.#schema, this.#nulls, parts);
    return parts;
  }

  async #staged(): Promise<readonly Part[]> {
    const { ports, spec, plan, slice, comparison } = this.#of;
    // The frames contain the columns of the partition, so the slice’s own partition is left out.
    const { partition: _, ...from } = this.#part.slice;
    const of = { spec, plan, slice, signal: comparison.signal };
    const rows = ({ frame: { schema } }: FrameToStage) => {
      return { from, writing: plan.writing, schema, watermark: markIn(schema, plan), precision: null };
    };
    return stageRows(await ports.store(spec), of, this.#frames(), rows);
  }

  async *#frames(): AsyncGenerator<FrameToStage> {
    const { comparison, mark } = this.#of;
    const { slice, keys } = this.#part;
    for await (const read of rowsOfPart(comparison, slice)) {
      const { of, marked, others } = await splitByKeys(comparison, read, keys);
      this.#changed += of.rows;
      this.kept += read.rows - of.rows;
      const stay =
        mark === null
          ? [others]
          : [await mark(of, 'deleted'), ...(marked === null ? [] : [await mark(marked, 'deleted before')]), await mark(others, 'there')];
      for (const frame of stay) if (frame.rows > 0) yield await this.#counted(frame);
    }
  }

  async #counted(frame: Frame): Promise<FrameToStage> {
    this.#schema ??= frame.schema;
    this.#nulls = addCounts(this.#nulls, await frame.nullCounts());
    return { frame, role: 'data' };
  }
}
