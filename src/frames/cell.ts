import { DefectError } from '../errors/hygge-error.ts';
import { describeType } from './describe-type.ts';
import { BitmapBuilder } from './growing-array.ts';
import type { Arrow } from './native.ts';
import type { DataType } from './schema.ts';

/**
 * One value, as a row-wise home passes it. No type is ever inferred from a value. `int64`, `uint64`, `timestamp`, `time` and `duration` are
 * bigints in the type’s unit (a time of day in nanoseconds). `date` is a number of days. `decimal` is the unscaled bigint. Text is a string
 * or UTF-8 bytes, and `uuid` is a text. Lists and structs are arrays; the array of a struct is in the order of its fields.
 */
export type Cell = null | boolean | number | bigint | string | Uint8Array | readonly Cell[];

/** Collects the values of one column. A value that the type can’t hold exactly is refused, and never changed. */
export interface ColumnBuilder {
  append(value: Cell): void;
  /** The number of bytes that were collected so far. */
  readonly bytes: number;
  /** All rows so far, as Arrow data. The builder must not be used afterwards. */
  finish(): Arrow.Data;
}

/** The code that all builders share. The class stores how many rows were added, and which of the rows are null. */
export class Rows {
  readonly valid = new BitmapBuilder();
  length = 0;
  nulls = 0;

  add(isNull: boolean): void {
    this.valid.push(!isNull);
    this.length++;
    if (isNull) this.nulls++;
  }

  get data(): { readonly length: number; readonly nullCount: number; readonly nullBitmap: Uint8Array } {
    return { length: this.length, nullCount: this.nulls, nullBitmap: this.valid.bytes() };
  }
}

/** The error for a value that does not fit. The error does not show the value, because a value is data. */
export function cellDoesNotFit(type: DataType, value: Cell): DefectError {
  return new DefectError({
    code: 'HYG-9001',
    what: `A ${value === null ? 'null' : typeof value} reached a column of type ${describeType(type)} that can't hold it exactly.`,
    tryThis: ['Report it with the type of the source column: the type table of its connector is wrong'],
  });
}
