import { DefectError } from '../errors/hygge-error.ts';
import { describeType } from './describe-type.ts';
import { BitmapBuilder } from './growing-array.ts';
import type { Arrow } from './native.ts';
import type { DataType } from './schema.ts';

/**
 * One value as a row-wise home passes it, never used to infer a type: `int64`, `uint64`, `timestamp`, `time` and `duration` as bigint in
 * the type’s unit (times in nanoseconds); `date` as days; `decimal` as the unscaled bigint; text as string or UTF-8 bytes; `uuid` as text;
 * lists and structs as arrays, a struct’s in the order of its fields.
 */
export type Cell = null | boolean | number | bigint | string | Uint8Array | readonly Cell[];

/** Collects one column. A value that the type can’t hold exactly is refused, never changed. */
export interface ColumnBuilder {
  append(value: Cell): void;
  /** Bytes collected so far. */
  readonly bytes: number;
  /** Everything so far as Arrow data. The builder must not be used afterwards. */
  finish(): Arrow.Data;
}

/** The common part of all builders: the rows so far and which of them are null. */
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

/** The value itself is not shown: it is data. */
export function cellDoesNotFit(type: DataType, value: Cell): DefectError {
  return new DefectError({
    code: 'HYG-9001',
    what: `A ${value === null ? 'null' : typeof value} reached a column of type ${describeType(type)} that can't hold it exactly.`,
    tryThis: ['Report it with the type of the source column: the type table of its connector is wrong'],
  });
}
