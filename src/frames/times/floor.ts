import { floorDivide, fractionDigits, secondsPerDay, unitsPerSecond } from '../calendar.ts';
import type { DataType } from '../schema.ts';
import { watermarkKey, watermarkText } from '../watermark-text.ts';

/** How finely a system stores values: exactly, by whole days, or to a number of fraction digits. A number below zero means tens, hundreds and so on. */
export type Fineness = 'exact' | 'days' | { readonly digits: number };

const daySeconds = BigInt(secondsPerDay);

/** The value as it is stored: the largest value that can be stored and is not above it. Text and uuids are stored exactly. */
export function floored(type: DataType, text: string, kept: Fineness): string {
  const step = stepOf(type, kept);
  if (step === null) return text;
  const key = watermarkKey(type, text);
  return typeof key === 'string' ? text : watermarkText(type, floorDivide(key, step) * step);
}

/** The distance between two neighbouring values that can be stored, in the units in which values of the type are compared. */
export function stepAt(type: DataType, kept: Fineness): bigint {
  return stepOf(type, kept) ?? 1n;
}

/** The same distance. Null: all values of the type can be stored. */
function stepOf(type: DataType, kept: Fineness): bigint | null {
  if (kept === 'exact') return null;
  if (type.kind === 'timestamp') {
    if (kept === 'days') return unitsPerSecond[type.unit] * daySeconds;
    return kept.digits >= fractionDigits[type.unit] ? null : unitsPerSecond[type.unit] / 10n ** BigInt(Math.max(0, kept.digits));
  }
  if (kept === 'days' || type.kind === 'date') return null;
  const digits = (type.kind === 'decimal' ? type.scale : 0) - kept.digits;
  return digits <= 0 ? null : 10n ** BigInt(digits);
}
