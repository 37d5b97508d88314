/** The origin of a column of a destination. */
import type { Column, DataType, Overridden, Retimed } from '../schema.ts';

/** Where the values of a column of the destination come from. */
export interface Conforms {
  readonly name: string;
  readonly type: DataType;
  /** The name of the frame’s column. Null: the frame has no such column. */
  readonly from: string | null;
  /** The value of all rows, if the frame has no such column. Null: all rows are null. */
  readonly fill: { readonly type: DataType; readonly text: string } | null;
  /** The settings for the column from `schema_overrides`. */
  readonly override?: Overridden;
  readonly retimed?: Retimed;
}

type Typed = Pick<Column, 'name' | 'type'>;

/** A column whose values come from the frame’s column of the same name, or of another name. Null: the column has no values. */
export const asColumn = ({ name, type }: Typed, from: string | null = name): Conforms => ({ name, type, from, fill: null });

/** A column that has the same value in each row, given as canonical text. */
export const asConstant = ({ name, type }: Typed, text: string): Conforms => ({ name, type, from: null, fill: { type, text } });

/** A column whose values come from the frame’s column of the same name. If the frame has no such column, the column has no values. */
export const asColumnIn = (names: Pick<ReadonlySet<string>, 'has'>, column: Typed): Conforms =>
  asColumn(column, names.has(column.name) ? column.name : null);
