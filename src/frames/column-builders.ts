import { arrowType } from './arrow-type.ts';
import { BytesBuilder } from './bytes-builder.ts';
import { type Cell, type ColumnBuilder, Rows, refused } from './cell.ts';
import { BoolBuilder, DecimalBuilder, FixedBuilder, fixedLayouts, NullBuilder } from './flat-builders.ts';
import { Growing } from './growing.ts';
import type { Arrow } from './native.ts';
import type { DataType } from './schema.ts';

/** The builder of a column of our type; lists and structs build their items with builders of their own. */
export function columnBuilder(A: typeof Arrow, type: DataType): ColumnBuilder {
  switch (type.kind) {
    case 'bool':
      return new BoolBuilder(A, type);
    case 'string':
    case 'json':
    case 'uuid':
    case 'binary':
      return new BytesBuilder(A, type);
    case 'decimal':
      return new DecimalBuilder(A, type);
    case 'list':
      return new ListBuilder(A, type);
    case 'struct':
      return new StructBuilder(A, type);
    case 'null':
      return new NullBuilder(A, type);
    default:
      return new FixedBuilder(A, type, fixedLayouts[type.kind]);
  }
}

class ListBuilder implements ColumnBuilder {
  readonly #A: typeof Arrow;
  readonly #type: DataType & { readonly kind: 'list' };
  readonly #rows = new Rows();
  readonly #offsets = new Growing(Int32Array);
  readonly #items: ColumnBuilder;
  #length = 0;

  constructor(A: typeof Arrow, type: DataType & { readonly kind: 'list' }) {
    this.#A = A;
    this.#type = type;
    this.#items = columnBuilder(A, type.item);
    this.#offsets.push(0);
  }

  get bytes(): number {
    return this.#offsets.bytes + this.#items.bytes;
  }

  append(value: Cell): void {
    if (value !== null && !isCells(value)) throw refused(this.#type, value);
    for (const item of value ?? []) this.#items.append(item);
    this.#length += value?.length ?? 0;
    this.#rows.add(value === null);
    this.#offsets.push(this.#length);
  }

  finish(): Arrow.Data {
    const type = arrowType(this.#A, this.#type) as Arrow.List;
    const child = this.#items.finish();
    return this.#A.makeData({ type, ...this.#rows.data, valueOffsets: this.#offsets.taken() as Int32Array, child });
  }
}

class StructBuilder implements ColumnBuilder {
  readonly #A: typeof Arrow;
  readonly #type: DataType & { readonly kind: 'struct' };
  readonly #rows = new Rows();
  readonly #fields: readonly ColumnBuilder[];

  constructor(A: typeof Arrow, type: DataType & { readonly kind: 'struct' }) {
    this.#A = A;
    this.#type = type;
    this.#fields = type.fields.map((field) => columnBuilder(A, field.type));
  }

  get bytes(): number {
    return this.#fields.reduce((sum, field) => sum + field.bytes, 0);
  }

  append(value: Cell): void {
    if (value !== null && (!isCells(value) || value.length !== this.#fields.length)) throw refused(this.#type, value);
    for (const [index, field] of this.#fields.entries()) field.append(value?.[index] ?? null);
    this.#rows.add(value === null);
  }

  finish(): Arrow.Data {
    const type = arrowType(this.#A, this.#type) as Arrow.Struct;
    return this.#A.makeData({ type, ...this.#rows.data, children: this.#fields.map((field) => field.finish()) });
  }
}

function isCells(value: Cell): value is readonly Cell[] {
  return Array.isArray(value);
}
