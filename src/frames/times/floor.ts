import { floorDivide, fractionDigits, secondsPerDay, unitsPerSecond } from '../calendar.ts';
import type { DataType } from '../schema.ts';
import { watermarkKey, watermarkText } from '../watermark-text.ts';

/** How finely a value is kept: exactly, by whole days, or to this many digits of a fraction (below zero: to tens, hundreds). */
export type Fineness = 'exact' | 'days' | { readonly digits: number };

const daySeconds = BigInt(secondsPerDay);

/** The value as it is kept: the largest kept value that is not above it. Text and uuids are kept exactly. */
export function floored(type: DataType, text: string, kept: Fineness): string {
  const step = stepOf(type, kept);
  if (step === null) return text;
  const key = watermarkKey(type, text);
  return typeof key === 'string' ? text : watermarkText(type, floorDivide(key, step) * step);
}

/** The distance between two neighbouring kept values, in the units in which values of the type are compared. */
export function stepAt(type: DataType, kept: Fineness): bigint {
  return stepOf(type, kept) ?? 1n;
}

/** The step in the units in which values of the type are compared; null: every value is kept. */
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
