import { toArrow } from '../../../frames/from-polars.ts';
import type { Arrow, DataFrame } from '../../../frames/native.ts';
import type { DataType } from '../../../frames/schema.ts';
import { damagedData } from './errors.ts';
import type { RowGroup } from './footer.ts';
import { type FileColumn, holdsList } from './footer-schema.ts';

/**
 * Compares, for columns with lists in them, what was decoded with the footer: pages may be taken for something else than they are, and then lists
 * come out empty. Rows of a row group may come in parts, one behind the other.
 */
export class LeafCounts {
  readonly #columns: readonly FileColumn[];
  readonly #name: string;
  #counted: number[] = [];

  constructor(columns: readonly FileColumn[], name: string) {
    this.#columns = columns.filter(({ type }) => holdsList(type));
    this.#name = name;
  }

  get isNeeded(): boolean {
    return this.#columns.length > 0;
  }

  /** @param groups those that end with these rows; empty: more of the same come. */
  async add(data: DataFrame, groups: readonly RowGroup[]): Promise<void> {
    const table = await toArrow(data.select(...this.#columns.map(({ name }) => name)));
    const counted: number[] = [];
    for (const [i, { type }] of this.#columns.entries()) {
      const before = counted.length;
      for (const piece of table.getChildAt(i)?.data ?? []) {
        const leaves: number[] = [];
        countLeaves(piece, { type, missing: 0 }, leaves);
        for (const [leaf, values] of leaves.entries()) counted[before + leaf] = (counted[before + leaf] ?? 0) + values;
      }
    }
    this.#counted = counted.map((values, leaf) => values + (this.#counted[leaf] ?? 0));
    if (groups.length === 0) return;
    this.#compare(groups);
    this.#counted = [];
  }

  #compare(groups: readonly RowGroup[]): void {
    const leaves = this.#columns.flatMap(({ name, leaf, leaves: count }) =>
      Array.from({ length: count }, (_, i) => ({ name, leaf: leaf + i })),
    );
    for (const [i, { name, leaf }] of leaves.entries()) {
      const promised = groups.reduce((sum, { chunks }) => sum + (chunks[leaf]?.values ?? 0), 0);
      const found = this.#counted[i] ?? 0;
      if (found === promised) continue;
      throw damagedData(this.#name, new Error(`Column ${name} has ${promised} values by its footer, and ${found} were decoded.`));
    }
  }
}

interface Level {
  readonly type: DataType;
  /** Entries of lists above that are null or empty: each stands for one value of every leaf below. */
  readonly missing: number;
}

/** Adds how many entries each leaf below has, as the format counts them. */
function countLeaves(data: Arrow.Data, { type, missing }: Level, into: number[]): void {
  if (type.kind === 'struct') {
    for (const [i, field] of type.fields.entries()) {
      const child = data.children[i];
      if (child) countLeaves(child, { type: field.type, missing }, into);
    }
  } else if (type.kind === 'list') {
    const offsets = data.valueOffsets as unknown as Int32Array | BigInt64Array;
    const child = data.children[0];
    if (child === undefined) return;
    let none = 0;
    for (let i = 0; i < data.length; i++) if (offsets[i] === offsets[i + 1]) none++;
    const [from, to] = data.length === 0 ? [0, 0] : [Number(offsets[0]), Number(offsets[data.length])];
    const items = from === 0 && to === child.length ? child : child.slice(from, to - from);
    countLeaves(items, { type: type.item, missing: missing + none }, into);
  } else into.push(data.length + missing);
}
