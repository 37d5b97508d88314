/** One type into another, value by value, exactly: what would change on the way is found, never stored. */
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
/** Kinds whose text has one form, so that reading it back tells whether it was exact. */
const plainTexts = new Set(['bool', 'int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64', 'date']);

/** Whether there is a conversion at all. Whether a value survives it shows only with the value. */
export function convertible(from: DataType, to: DataType): boolean {
  if (sameType(from, to) || from.kind === 'null') return true;
  if (isKeptAlike(from, to) || becomesDocument(from, to)) return true;
  if (isNested(from) || isNested(to) || from.kind === 'binary' || to.kind === 'binary') return false;
  if (holds(to, from)) return true;
  if (numberKinds.has(from.kind) && numberKinds.has(to.kind)) return true;
  if (to.kind === 'string')
    return plainTexts.has(from.kind) || numberKinds.has(from.kind) || from.kind === 'timestamp' || from.kind === 'time';
  // Not to floats: a text may have more digits than a float holds, and nothing would tell.
  if (from.kind === 'string') return (plainTexts.has(to.kind) && to.kind !== 'bool') || to.kind === 'decimal' || to.kind === 'uuid';
  if (to.kind === 'timestamp')
    return (from.kind === 'timestamp' && (from.zone === undefined) === (to.zone === undefined)) || (from.kind === 'date' && !to.zone);
  if (to.kind === 'date') return from.kind === 'timestamp' && from.zone === undefined;
  return from.kind === to.kind && (to.kind === 'time' || to.kind === 'duration');
}

/** Frames keep every time of day in nanoseconds, within lists and structs as well. */
function isKeptAlike(from: DataType, to: DataType): boolean {
  return sameType(finerTime(from, to), to);
}

function isNested({ kind }: DataType): boolean {
  return kind === 'list' || kind === 'struct';
}

/** Whether values of a list or a struct become JSON documents. No expression makes those (`columns-by-row.ts`). */
export function becomesDocument(from: DataType, to: DataType): boolean {
  return isNested(from) && to.kind === 'json' && hasExactJson(from);
}

export interface Conversion {
  readonly value: Expr;
  /** True for rows whose value would not survive; null: every value does. */
  readonly lost: Expr | null;
}

/** @throws when there is no conversion: ask `convertible` first, and `becomesDocument`. Lists and structs convert to wider ones as well. */
export function conversion(pl: typeof Polars, name: string, from: DataType, to: DataType): Conversion {
  if (isKeptAlike(from, to)) return { value: pl.col(name), lost: null };
  const into = polarsType(pl, to);
  const back = polarsType(pl, from);
  // Of lists and structs alone: a field that the value lacks is null. Files of one source differ so, whatever its destination takes.
  if (into !== undefined && isNested(from) && isNested(to) && holds(to, from)) return { value: pl.col(name).cast(into, true), lost: null };
  if (into === undefined || back === undefined || !convertible(from, to)) throw new Error(`no conversion from ${from.kind} to ${to.kind}`);
  const column = pl.col(name);
  if (from.kind === 'null' || holds(to, from)) return { value: column.cast(into, true), lost: null };
  if (from.kind === 'time' && to.kind === 'string') return { value: timeOfDay(pl, column, from.unit), lost: null };
  // Not strict: what can't be converted becomes null and is found, with its value, instead of ending somewhere inside a plan.
  const value = castable(pl, column, from, to).cast(into);
  const vanished = column.isNotNull().and(value.isNull());
  // Of true and false each has one word, and Polars reads neither back.
  if ((from.kind === 'timestamp' || from.kind === 'bool') && to.kind === 'string') return { value, lost: vanished };
  if (from.kind === 'string' && to.kind === 'uuid') return { value: uuids(column), lost: isNot(pl, column, uuidForm) };
  if (from.kind === 'string' && to.kind === 'decimal') return { value, lost: vanished.or(isNot(pl, column, decimalForm(to.scale))) };
  // Frames keep every time of day in nanoseconds: no cast would tell.
  if (from.kind === 'time' && to.kind === 'time') return { value: column, lost: splits(pl, column, to.unit) };
  // A way back that ends in null (2^63 as a float) is no way back.
  const changed = column.isNotNull().and(value.cast(back).neq(column).fillNull(pl.lit(true)));
  return { value, lost: vanished.or(changed) };
}

const uuidForm = '^[{]?[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}[}]?$';

/** In the one form that keys are compared in: small letters with hyphens. */
function uuids(column: Expr): Expr {
  const digits = column.str.toLowerCase().str.replaceAll('[{}-]', '');
  return digits.str.replace('^(.{8})(.{4})(.{4})(.{4})(.{12})$', '$1-$2-$3-$4-$5');
}

/** As many digits behind the point as the type keeps, and then nothing but zeros: the rest would be cut off. */
const decimalForm = (scale: number) => `^[+-]?[0-9]+(\\.[0-9]{0,${scale}}0*)?$`;

function isNot(pl: typeof Polars, column: Expr, form: string): Expr {
  return column.str.contains(form).not().fillNull(pl.lit(false));
}

const nanoseconds = { ms: 1_000_000, us: 1_000, ns: 1 } as const;

function splits(pl: typeof Polars, column: Expr, unit: keyof typeof nanoseconds): Expr {
  return column.cast(pl.Int64).modulo(pl.lit(nanoseconds[unit])).neq(pl.lit(0)).fillNull(pl.lit(false));
}

/** `12:34:56.123456`, with as many digits as the unit has: Polars' own text of a time of day has none. Frames keep every one in nanoseconds. */
function timeOfDay(pl: typeof Polars, column: Expr, unit: TimeUnit): Expr {
  const fraction = column.cast(pl.Int64).modulo(pl.lit(1_000_000_000).cast(pl.Int64)).cast(pl.String).str.padStart(9, '0');
  const text = pl.concatString([column.cast(pl.String), pl.lit('.'), fraction.str.slice(0, fractionDigits[unit])], '');
  return pl.when(column.isNull()).then(pl.lit(null)).otherwise(text);
}

/** A float beyond the digits of 128 bits is an error of the whole plan. */
function castable(pl: typeof Polars, column: Expr, from: DataType, to: DataType): Expr {
  if (to.kind !== 'decimal' || (from.kind !== 'float32' && from.kind !== 'float64')) return column;
  const most = pl.lit(10 ** (to.precision - to.scale));
  return pl
    .when(column.lt(most).and(column.gt(pl.lit(-(10 ** (to.precision - to.scale))))))
    .then(column)
    .otherwise(pl.lit(null));
}
