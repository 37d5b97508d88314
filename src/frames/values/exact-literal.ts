import type { Expr, Polars } from '../native.ts';
import type { DataType } from '../schema.ts';
import { type WatermarkKey, watermarkKey, watermarkText } from '../watermark-text.ts';
import { polarsType } from './polars-type.ts';

/**
 * Compares values exactly in Polars. Polars compares number and bigint literals as Float64 (9007199254740993 equals 9007199254740992), and
 * turns texts that are cast to Datetime into null. Only a text that is cast to the physical integer is exact.
 */

/** The column in the form in which it is compared. Dates and timestamps are compared as their physical integers. */
export function comparable(pl: typeof Polars, column: string, type: DataType): Expr {
  if (type.kind === 'timestamp') return pl.col(column).cast(pl.Int64);
  if (type.kind === 'date') return pl.col(column).cast(pl.Int32);
  return pl.col(column);
}

/** The exact literal that is compared with `comparable`. `text` is canonical. */
export function exactLiteral(pl: typeof Polars, type: DataType, text: string): Expr {
  const key = watermarkKey(type, text);
  if (typeof key === 'string') return pl.lit(key);
  return pl.lit(literalText(type, key)).cast(physicalType(pl, type), true);
}

/** The text that a cast to `physicalType` turns into the exact value. `text` is canonical. */
export const literalKey = (type: DataType, text: string): string => literalText(type, watermarkKey(type, text));

function literalText(type: DataType, key: WatermarkKey): string {
  return type.kind === 'decimal' ? watermarkText(type, key) : key.toString();
}

/** The physical type of `comparable`, for types that are not text. */
export function physicalType(pl: typeof Polars, type: DataType): Polars.DataType {
  switch (type.kind) {
    case 'int8':
      return pl.Int8;
    case 'int16':
      return pl.Int16;
    case 'int32':
    case 'date':
      return pl.Int32;
    case 'uint8':
      return pl.UInt8;
    case 'uint16':
      return pl.UInt16;
    case 'uint32':
      return pl.UInt32;
    case 'uint64':
      return pl.UInt64;
    case 'decimal':
      return pl.Decimal(type.precision, type.scale);
    default:
      return pl.Int64;
  }
}

/** A literal for one value of a type, exactly. `text` is canonical: digits, `true`, `2024-01-31`, ISO times. */
export function typedLiteral(pl: typeof Polars, type: DataType, text: string): Expr {
  const into = polarsType(pl, type) ?? pl.String;
  if (type.kind === 'string') return pl.lit(text);
  if (type.kind === 'bool') return pl.lit(text === 'true');
  if (type.kind === 'float64' || type.kind === 'float32') return pl.lit(text).cast(into, true);
  return exactLiteral(pl, type, text).cast(into, true);
}

/** An expression that is true for rows whose value is from `from` to `at`, both included. The result for a null is null. */
export function isWithin(
  pl: typeof Polars,
  at: { readonly column: string; readonly type: DataType; readonly text: string },
  from: string,
): Expr {
  const value = comparable(pl, at.column, at.type);
  const upper = exactLiteral(pl, at.type, at.text);
  return from === at.text ? value.eq(upper) : value.gtEq(exactLiteral(pl, at.type, from)).and(value.ltEq(upper));
}

/** An expression that is true for rows whose value is at most `text`. The result for a null is null. */
export function atMostExpression(pl: typeof Polars, at: { readonly column: string; readonly type: DataType; readonly text: string }): Expr {
  return comparable(pl, at.column, at.type).ltEq(exactLiteral(pl, at.type, at.text));
}
