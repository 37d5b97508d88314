/** The origin of a column of a destination. */
import type { Column, DataType, Overridden, Retimed } from '../schema.ts';

/** Where a column of the destination comes from. */
export interface Conforms {
  readonly name: string;
  readonly type: DataType;
  /** The frame’s column; null: there is none. */
  readonly from: string | null;
  /** The value of every row, if the frame has no such column; null: null. */
  readonly fill: { readonly type: DataType; readonly text: string } | null;
  /** The type from `schema_overrides`. */
  readonly override?: Overridden;
  readonly retimed?: Retimed;
}

type Typed = Pick<Column, 'name' | 'type'>;

/** The frame’s column of that name, or of another name; null: no value. */
export const asColumn = ({ name, type }: Typed, from: string | null = name): Conforms => ({ name, type, from, fill: null });

/** The same value in each row, as canonical text. */
export const asConstant = ({ name, type }: Typed, text: string): Conforms => ({ name, type, from: null, fill: { type, text } });

/** The frame’s column, or no value if the frame has none of that name. */
export const asColumnIn = (names: Pick<ReadonlySet<string>, 'has'>, column: Typed): Conforms =>
  asColumn(column, names.has(column.name) ? column.name : null);
