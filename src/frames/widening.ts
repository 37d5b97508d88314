/** Which types hold all values of which other types. A wider type holds each value exactly. Any other change of a type is not a widening. */
import { sameType } from './describe-type.ts';
import type { DataType, TimeUnit } from './schema.ts';

/** For each integer type, the number of bits of its magnitude. A signed type has one bit less than an unsigned type. */
const bits: Readonly<Record<string, { readonly signed: boolean; readonly bits: number; readonly digits: number }>> = {
  int8: { signed: true, bits: 7, digits: 3 },
  int16: { signed: true, bits: 15, digits: 5 },
  int32: { signed: true, bits: 31, digits: 10 },
  int64: { signed: true, bits: 63, digits: 19 },
  uint8: { signed: false, bits: 8, digits: 3 },
  uint16: { signed: false, bits: 16, digits: 5 },
  uint32: { signed: false, bits: 32, digits: 10 },
  uint64: { signed: false, bits: 64, digits: 20 },
};

/** How many bits of a whole number a float holds without rounding. */
const mantissa: Readonly<Record<string, number>> = { float32: 24, float64: 53 };

const units: readonly TimeUnit[] = ['ms', 'us', 'ns'];

/** Whether each value of `narrow` is exactly a value of `wide`. A finer unit of time is wider only if its range contains the values: nanoseconds do not reach all years. */
export function holds(wide: DataType, narrow: DataType): boolean {
  if (sameType(wide, narrow) || narrow.kind === 'null') return true;
  if (wide.kind === 'list' && narrow.kind === 'list') return holds(wide.item, narrow.item);
  if (wide.kind === 'struct' && narrow.kind === 'struct') return structHolds(wide, narrow);
  if (wide.kind === 'timestamp' && narrow.kind === 'timestamp') return wide.zone === narrow.zone && unitHolds(wide.unit, narrow.unit);
  if (wide.kind === 'time' && narrow.kind === 'time') return units.indexOf(wide.unit) >= units.indexOf(narrow.unit);
  if (wide.kind === 'duration' && narrow.kind === 'duration') return unitHolds(wide.unit, narrow.unit);
  if (wide.kind === 'string') return narrow.kind === 'uuid' || narrow.kind === 'json';
  if (wide.kind === 'decimal') return decimalHolds(wide, narrow);
  return numberHolds(wide, narrow);
}

/** Whether a unit of time reaches all values of another unit. Milliseconds and microseconds reach all possible years, but nanoseconds reach only 1677 to 2262. */
function unitHolds(wide: TimeUnit, narrow: TimeUnit): boolean {
  return wide === narrow || (wide === 'us' && narrow === 'ms');
}

function structHolds(wide: DataType & { kind: 'struct' }, narrow: DataType & { kind: 'struct' }): boolean {
  const fields = new Map(wide.fields.map((field) => [field.name, field.type]));
  return narrow.fields.every(({ name, type }) => {
    const field = fields.get(name);
    return field !== undefined && holds(field, type);
  });
}

function decimalHolds(wide: DataType & { kind: 'decimal' }, narrow: DataType): boolean {
  const whole = wide.precision - wide.scale;
  if (narrow.kind === 'decimal') return wide.scale >= narrow.scale && whole >= narrow.precision - narrow.scale;
  const integer = bits[narrow.kind];
  return integer !== undefined && whole >= integer.digits;
}

function numberHolds(wide: DataType, narrow: DataType): boolean {
  const integer = bits[narrow.kind];
  const exact = mantissa[wide.kind];
  if (exact !== undefined) return narrow.kind === 'float32' || (integer !== undefined && integer.bits <= exact);
  const into = bits[wide.kind];
  return into !== undefined && integer !== undefined && into.bits >= integer.bits && (into.signed || !integer.signed);
}

/** The smallest type that holds all values of both types exactly, which is one of the two types or a third type. Undefined: no type does. */
export function common(a: DataType, b: DataType): DataType | undefined {
  if (holds(a, b)) return a;
  if (holds(b, a)) return b;
  const [first, second] = [bits[a.kind], bits[b.kind]];
  if (first && second) return signedOver(Math.max(first.bits, second.bits));
  if (a.kind === 'decimal' || b.kind === 'decimal') return commonDecimal(a, b);
  return undefined;
}

function signedOver(magnitude: number): DataType | undefined {
  const kind = (['int16', 'int32', 'int64'] as const).find((candidate) => (bits[candidate]?.bits ?? 0) >= magnitude);
  return kind === undefined ? undefined : { kind };
}

function commonDecimal(a: DataType, b: DataType): DataType | undefined {
  const [first, second] = [asDecimal(a), asDecimal(b)];
  if (!first || !second) return undefined;
  const scale = Math.max(first.scale, second.scale);
  const precision = Math.max(first.precision - first.scale, second.precision - second.scale) + scale;
  return precision > 38 ? undefined : { kind: 'decimal', precision, scale };
}

function asDecimal(type: DataType): { readonly precision: number; readonly scale: number } | undefined {
  if (type.kind === 'decimal') return type;
  const integer = bits[type.kind];
  return integer && { precision: integer.digits, scale: 0 };
}

/** The type `now`. If a time of day was in nanoseconds in `before` and is in microseconds now, the result keeps nanoseconds. Frames store both units in the same way. */
export function finerTime(now: DataType, before: DataType): DataType {
  if (now.kind === 'time' && before.kind === 'time') return now.unit === 'us' && before.unit === 'ns' ? before : now;
  if (now.kind === 'list' && before.kind === 'list') return { kind: 'list', item: finerTime(now.item, before.item) };
  if (now.kind !== 'struct' || before.kind !== 'struct') return now;
  const fields = new Map(before.fields.map(({ name, type }) => [name, type]));
  return {
    kind: 'struct',
    fields: now.fields.map((field) => ({ ...field, type: finerTime(field.type, fields.get(field.name) ?? field.type) })),
  };
}
