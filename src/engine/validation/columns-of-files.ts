/** Finds the columns of a contract that files of a slice lack. */
import type { Frame } from '../contracts/frame.ts';

export interface NeededColumn {
  /** The settled name of the column. */
  readonly column: string;
  /** The name of the column in the source. */
  readonly from: string;
}

export class ColumnsOfFiles {
  readonly #known = new Set<string>();
  /** For each file whose columns only its records show: the needed columns that have no value so far. */
  readonly #withoutValue = new Map<string, Set<string>>();

  /** The needed columns that the frame’s file certainly lacks. Each file is reported once. */
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

  /** The needed columns without a value. In a record, a null and a missing member look the same, so such a file is only reported. */
  withoutValue(): readonly { readonly file: string; readonly column: string }[] {
    return [...this.#withoutValue].flatMap(([file, columns]) => [...columns].map((column) => ({ file, column })));
  }
}
