/** Converts values from one type into another, exactly. Values that would change are found, and are never stored. */
import { fractionDigits } from '../calendar.ts';
import { sameType } from '../describe-type.ts';
import { hasExactJson } from '../documents.ts';
import type { Expr, Polars } from '../native.ts';
import type { DataType, TimeUnit } from '../schema.ts';
import { finerTime, holds } from '../widening.ts';
import { polarsType } from './polars-type.ts';

export const numberKinds: ReadonlySet<string> = new Set([
  'int8',
  'int16',
  'int32',
  'int64',
  'uint8',
  'uint16',
  'uint32',
  'uint64',
  'float32',
  'float64',
  'decimal',
]);
/** Kinds whose values have only one text each. Such a text can be read back to check that the conversion was exact. */
const plainTexts = new Set(['bool', 'int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64', 'date']);

/** Whether a conversion exists. Whether one value can be converted exactly depends on the value. */
export function convertible(from: DataType, to: DataType): boolean {
  if (sameType(from, to) || from.kind === 'null') return true;
  if (isKeptAlike(from, to) || becomesDocument(from, to)) return true;
  if (isNested(from) || isNested(to) || from.kind === 'binary' || to.kind === 'binary') return false;
  if (holds(to, from)) return true;
  if (numberKinds.has(from.kind) && numberKinds.has(to.kind)) return true;
  if (to.kind === 'string')
    return plainTexts.has(from.kind) || numberKinds.has(from.kind) || from.kind === 'timestamp' || from.kind === 'time';
  // Texts are not converted to floats. A text may have more digits than a float holds, and the loss would not be noticed.
  if (from.kind === 'string') return (plainTexts.has(to.kind) && to.kind !== 'bool') || to.kind === 'decimal' || to.kind === 'uuid';
  if (to.kind === 'timestamp')
    return (from.kind === 'timestamp' && (from.zone === undefined) === (to.zone === undefined)) || (from.kind === 'date' && !to.zone);
  if (to.kind === 'date') return from.kind === 'timestamp' && from.zone === undefined;
  return from.kind === to.kind && (to.kind === 'time' || to.kind === 'duration');
}

/** Whether frames store both types alike. Frames store all times of day in nanoseconds, also in lists and structs. */
function isKeptAlike(from: DataType, to: DataType): boolean {
  return sameType(finerTime(from, to), to);
}

function isNested({ kind }: DataType): boolean {
  return kind === 'list' || kind === 'struct';
}

/** Whether the values of a list or a struct become JSON documents. No expression can make such documents (`columns-by-row.ts`). */
export function becomesDocument(from: DataType, to: DataType): boolean {
  return isNested(from) && to.kind === 'json' && hasExactJson(from);
}

export interface Conversion {
  readonly value: Expr;
  /** An expression that is true for rows whose value would change. Null: no value would change. */
  readonly lost: Expr | null;
}

/** The conversion from one type to another. Lists and structs are also converted to wider ones. @throws if no conversion exists, so check `convertible` and `becomesDocument` first. */
export function conversion(pl: typeof Polars, name: string, from: DataType, to: DataType): Conversion {
  if (isKeptAlike(from, to)) return { value: pl.col(name), lost: null };
  const into = polarsType(pl, to);
  const back = polarsType(pl, from);
  // Only for lists and structs: if a value lacks a field, the field becomes null. The files of one source may differ in this, whatever the destination is.
  if (into !== undefined && isNested(from) && isNested(to) && holds(to, from)) return { value: pl.col(name).cast(into, true), lost: null };
  if (into === undefined || back === undefined || !convertible(from, to)) throw new Error(`no conversion from ${from.kind} to ${to.kind}`);
  const column = pl.col(name);
  if (from.kind === 'null' || holds(to, from)) return { value: column.cast(into, true), lost: null };
  if (from.kind === 'time' && to.kind === 'string') return { value: timeOfDay(pl, column, from.unit), lost: null };
  // The cast is not strict: a value that can’t be converted becomes null, and is then found and reported. A strict cast would fail inside the plan.
  const value = castable(pl, column, from, to).cast(into);
  const vanished = column.isNotNull().and(value.isNull());
  // True and false have one text each, but Polars can’t read these texts back.
  if ((from.kind === 'timestamp' || from.kind === 'bool') && to.kind === 'string') return { value, lost: vanished };
  if (from.kind === 'string' && to.kind === 'uuid') return { value: uuids(column), lost: isNot(pl, column, uuidForm) };
  if (from.kind === 'string' && to.kind === 'decimal') return { value, lost: vanished.or(isNot(pl, column, decimalForm(to.scale))) };
  // Frames store all times of day in nanoseconds, so a cast would not show a loss.
  if (from.kind === 'time' && to.kind === 'time') return { value: column, lost: splits(pl, column, to.unit) };
  // If the reverse conversion ends in null (as 2^63 as a float does), the value is treated as changed.
  const changed = column.isNotNull().and(value.cast(back).neq(column).fillNull(pl.lit(true)));
  return { value, lost: vanished.or(changed) };
}

const uuidForm = '^[{]?[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}[}]?$';

/** The uuids in the form in which keys are compared: small letters with hyphens. */
function uuids(column: Expr): Expr {
  const digits = column.str.toLowerCase().str.replaceAll('[{}-]', '');
  return digits.str.replace('^(.{8})(.{4})(.{4})(.{4})(.{12})$', '$1-$2-$3-$4-$5');
}

/** Matches a number with at most as many digits after the point as the type has, followed only by zeros. Other digits would be cut off. */
const decimalForm = (scale: number) => `^[+-]?[0-9]+(\\.[0-9]{0,${scale}}0*)?$`;

function isNot(pl: typeof Polars, column: Expr, form: string): Expr {
  return column.str.contains(form).not().fillNull(pl.lit(false));
}

const nanoseconds = { ms: 1_000_000, us: 1_000, ns: 1 } as const;

function splits(pl: typeof Polars, column: Expr, unit: keyof typeof nanoseconds): Expr {
  return column.cast(pl.Int64).modulo(pl.lit(nanoseconds[unit])).neq(pl.lit(0)).fillNull(pl.lit(false));
}

/** The text of a time of day, such as `12:34:56.123456`, with as many digits as the unit has. Polars’ own text of a time of day has no fraction. Frames store all times of day in nanoseconds. */
function timeOfDay(pl: typeof Polars, column: Expr, unit: TimeUnit): Expr {
  const fraction = column.cast(pl.Int64).modulo(pl.lit(1_000_000_000).cast(pl.Int64)).cast(pl.String).str.padStart(9, '0');
  const text = pl.concatString([column.cast(pl.String), pl.lit('.'), fraction.str.slice(0, fractionDigits[unit])], '');
  return pl.when(column.isNull()).then(pl.lit(null)).otherwise(text);
}

/** The column with nulls for floats that the decimal can’t hold, because a float beyond the digits of 128 bits makes the whole plan fail. */
function castable(pl: typeof Polars, column: Expr, from: DataType, to: DataType): Expr {
  if (to.kind !== 'decimal' || (from.kind !== 'float32' && from.kind !== 'float64')) return column;
  const most = pl.lit(10 ** (to.precision - to.scale));
  return pl
    .when(column.lt(most).and(column.gt(pl.lit(-(10 ** (to.precision - to.scale))))))
    .then(column)
    .otherwise(pl.lit(null));
}
