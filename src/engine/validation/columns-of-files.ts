/** Which columns of a contract the files of a slice lack. */
import type { Frame } from '../contracts/frame.ts';

export interface NeededColumn {
  /** The settled name. */
  readonly column: string;
  /** The source's own name. */
  readonly from: string;
}

export class ColumnsOfFiles {
  readonly #known = new Set<string>();
  /** For files whose columns only their records show: the needed columns without a value so far. */
  readonly #withoutValue = new Map<string, Set<string>>();

  /** The needed columns that the frame's file certainly lacks, reported once for each file. */
  async lackedBy(frame: Frame, needed: readonly NeededColumn[]): Promise<readonly string[]> {
    const { origin, columnsOfFile, schema } = frame;
    if (origin === undefined) return [];
    if (columnsOfFile !== undefined) {
      if (this.#known.has(origin)) return [];
      this.#known.add(origin);
      return needed.filter(({ from }) => !columnsOfFile.includes(from)).map(({ column }) => column);
    }
    const left = this.#withoutValue.get(origin) ?? new Set(needed.map(({ column }) => column));
    this.#withoutValue.set(origin, left);
    if (left.size === 0) return [];
    const nulls = await frame.nullCounts();
    for (const { column, from } of needed) {
      const at = schema.columns.findIndex(({ name }) => name === from);
      if ((nulls[at] ?? 0) < frame.rows) left.delete(column);
    }
    return [];
  }

  /** In a record, null and a missing member look the same: such a file is only reported. */
  withoutValue(): readonly { readonly file: string; readonly column: string }[] {
    return [...this.#withoutValue].flatMap(([file, columns]) => [...columns].map((column) => ({ file, column })));
  }
}
