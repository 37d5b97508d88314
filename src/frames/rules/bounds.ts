/** Converts the bounds of rules into the form in which a column’s values are compared. The conversion comes late, because a rule may be written before the type of its column is known. */
import type { DataType } from '../schema.ts';
import { isFloat } from './measures.ts';
import type { BetweenRule } from './rule.ts';
import { valueText } from './value-text.ts';

/** A bound in the column’s own type. Null: all values of the type satisfy the bound. */
export type FittedBound = { readonly text: string; readonly excluded: boolean } | null;

export interface FittedBounds {
  readonly min: FittedBound;
  readonly max: FittedBound;
}

/** The bounds of a rule as values of the type. Undefined: a bound can’t be compared with the type, or all values of the type break the bound. */
export function fittedBounds(type: DataType, rule: BetweenRule): FittedBounds | undefined {
  const min = rule.min === null ? null : fitted(type, rule.min, { side: 'min', excluded: rule.excludesMin === true });
  const max = rule.max === null ? null : fitted(type, rule.max, { side: 'max', excluded: rule.excludesMax === true });
  return min === undefined || max === undefined ? undefined : { min, max };
}

/** The canonical text of a value in a rule. Undefined: the text is not a value of the type. */
export const canonicalValue = (type: DataType, text: string): string | undefined =>
  isFloat(type) && text === 'NaN' ? text : valueText(type, text);

interface End {
  readonly side: 'min' | 'max';
  readonly excluded: boolean;
}

function fitted(type: DataType, text: string, end: End): FittedBound | undefined {
  const scale = type.kind === 'decimal' ? type.scale : 0;
  const range = unitsOf(type);
  const number = range === undefined ? undefined : /^([+-]?)(\d+)(?:\.(\d+))?$/.exec(text.trim());
  if (range === undefined || number === undefined || number === null) {
    const value = canonicalValue(type, text);
    return value === undefined ? undefined : { text: value, excluded: end.excluded };
  }
  const [, sign, whole = '', fraction = ''] = number;
  const digits = fraction.length - scale;
  const written = BigInt(`${sign}${whole}${fraction}`) * 10n ** BigInt(Math.max(0, -digits));
  const unit = 10n ** BigInt(Math.max(0, digits));
  const isExact = written % unit === 0n;
  // For integers, the lower bound 0.5 becomes 1, and the upper bound 0.5 becomes 0.
  const below = written / unit - (written < 0n && !isExact ? 1n : 0n);
  const units = isExact || end.side === 'max' ? below : below + 1n;
  const [smallest, largest] = range;
  if (end.side === 'min' ? units < smallest : units > largest) return null;
  if (end.side === 'min' ? units > largest : units < smallest) return undefined;
  return { text: decimalText(units, scale), excluded: isExact && end.excluded };
}

/** The smallest and the largest value of an exact number type, in units of the type’s last digit. */
function unitsOf(type: DataType): readonly [bigint, bigint] | undefined {
  if (type.kind === 'decimal') {
    const largest = 10n ** BigInt(type.precision) - 1n;
    return [-largest, largest];
  }
  const [, unsigned, bits] = /^(u?)int(\d+)$/.exec(type.kind) ?? [];
  if (bits === undefined) return undefined;
  const half = 2n ** (BigInt(bits) - 1n);
  return unsigned === 'u' ? [0n, half * 2n - 1n] : [-half, half - 1n];
}

function decimalText(units: bigint, scale: number): string {
  if (scale === 0) return String(units);
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
