/** Computes the number of nulls, the sum and the extremes of a column in a block. The results equal those of `Totals`, but no cell becomes a JavaScript value. */
import { firstDay, lastDay } from '../../../frames/calendar.ts';
import type { ColumnTotals } from '../../totals.ts';
import { daysTo2000, dayUs, isWithinYears, surelyWithinYears, usTo2000 } from '../since-2000.ts';
import type { Block } from './blocks.ts';

export interface Folded extends ColumnTotals {
  readonly nulls: number;
}

/** One column of the rows in a block. */
export interface BlockColumn {
  readonly block: Block;
  /** The number of columns in a row, and the position of this column. */
  readonly columns: number;
  readonly column: number;
}

/** Computes the totals of a column. Undefined: a value is special or invalid for its type, so the rows are decoded to find out which. */
export type Fold = (of: BlockColumn) => Folded | undefined;

const none = { sum: 0n, days: 0n, min: undefined, max: undefined } as const;

/** Sums of 32-bit words are doubles. A block has fewer than 2^20 rows, so a double stores such a sum exactly. */
export const two32 = 4_294_967_296;
/** A whole number from two words of 32 bits, of which the low word is unsigned. */
export const wholeOf = (high: number, low: number): bigint => (BigInt(high) << 32n) + BigInt(low);

export const foldBools: Fold = ({ block: { bytes, view, positions, rows }, columns, column }) => {
  let [nulls, set] = [0, 0];
  for (let row = 0, at = column; row < rows; row++, at += columns) {
    const place = positions[at] as number;
    const size = view.getInt32(place);
    if (size === -1) nulls++;
    else if (size !== 1) return undefined;
    else if (bytes[place + 4] !== 0) set++;
  }
  return { ...none, nulls, sum: BigInt(set) };
};

function foldInts(width: 2 | 4, valueAt: (view: DataView, at: number) => number): Fold {
  return ({ block: { view, positions, rows }, columns, column }) => {
    let [nulls, sum, min, max] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let row = 0, at = column; row < rows; row++, at += columns) {
      const place = positions[at] as number;
      const size = view.getInt32(place);
      if (size === width) {
        const value = valueAt(view, place + 4);
        sum += value;
        if (value < min) min = value;
        if (value > max) max = value;
      } else if (size === -1) nulls++;
      else return undefined;
    }
    if (nulls === rows) return { ...none, nulls };
    return { nulls, days: 0n, sum: BigInt(sum), min: BigInt(min), max: BigInt(max) };
  };
}

export const foldInts2: Fold = foldInts(2, (view, at) => view.getInt16(at));
export const foldInts4: Fold = foldInts(4, (view, at) => view.getInt32(at));

export const foldInts8: Fold = ({ block: { view, positions, rows }, columns, column }) => {
  let [nulls, lows, highs] = [0, 0, 0];
  let [minHigh, minLow, maxHigh, maxLow] = [Number.POSITIVE_INFINITY, 0, Number.NEGATIVE_INFINITY, 0];
  for (let row = 0, at = column; row < rows; row++, at += columns) {
    const place = positions[at] as number;
    const size = view.getInt32(place);
    if (size === 8) {
      const [high, low] = [view.getInt32(place + 4), view.getUint32(place + 8)];
      highs += high;
      lows += low;
      if (high < minHigh || (high === minHigh && low < minLow)) [minHigh, minLow] = [high, low];
      if (high > maxHigh || (high === maxHigh && low > maxLow)) [maxHigh, maxLow] = [high, low];
    } else if (size === -1) nulls++;
    else return undefined;
  }
  if (nulls === rows) return { ...none, nulls };
  const sum = (BigInt(highs) << 32n) + BigInt(lows);
  return { nulls, days: 0n, sum, min: wholeOf(minHigh, minLow), max: wholeOf(maxHigh, maxLow) };
};

function foldFloats(width: 4 | 8, valueAt: (view: DataView, at: number) => number): Fold {
  return ({ block: { view, positions, rows }, columns, column }) => {
    let [nulls, min, max] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let row = 0, at = column; row < rows; row++, at += columns) {
      const place = positions[at] as number;
      const size = view.getInt32(place);
      if (size === width) {
        const value = valueAt(view, place + 4);
        if (!Number.isFinite(value)) return undefined;
        if (value < min) min = value;
        if (value > max) max = value;
      } else if (size === -1) nulls++;
      else return undefined;
    }
    return nulls === rows ? { ...none, nulls } : { ...none, nulls, min, max };
  };
}

export const foldFloats4: Fold = foldFloats(4, (view, at) => view.getFloat32(at));
export const foldFloats8: Fold = foldFloats(8, (view, at) => view.getFloat64(at));

export const foldBytes: Fold = ({ block: { view, positions, rows }, columns, column }) => {
  let [nulls, sum] = [0, 0];
  for (let row = 0, at = column; row < rows; row++, at += columns) {
    const size = view.getInt32(positions[at] as number);
    if (size === -1) nulls++;
    else sum += size;
  }
  return { ...none, nulls, sum: BigInt(sum) };
};

export const foldUuids: Fold = ({ block: { view, positions, rows }, columns, column }) => {
  let nulls = 0;
  for (let row = 0, at = column; row < rows; row++, at += columns) {
    const size = view.getInt32(positions[at] as number);
    if (size === -1) nulls++;
    else if (size !== 16) return undefined;
  }
  return { ...none, nulls };
};

export const foldDates: Fold = ({ block: { view, positions, rows }, columns, column }) => {
  let [nulls, sum, min, max] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let row = 0, at = column; row < rows; row++, at += columns) {
    const place = positions[at] as number;
    const size = view.getInt32(place);
    if (size === 4) {
      const day = view.getInt32(place + 4) + daysTo2000;
      if (day < firstDay || day > lastDay) return undefined;
      sum += day;
      if (day < min) min = day;
      if (day > max) max = day;
    } else if (size === -1) nulls++;
    else return undefined;
  }
  if (nulls === rows) return { ...none, nulls };
  return { nulls, days: 0n, sum: BigInt(sum), min: BigInt(min), max: BigInt(max) };
};

export const foldTimes: Fold = ({ block: { view, positions, rows }, columns, column }) => {
  let [nulls, sum] = [0, 0];
  let folded = 0n;
  for (let row = 0, at = column; row < rows; row++, at += columns) {
    const place = positions[at] as number;
    const size = view.getInt32(place);
    if (size === 8) {
      const us = view.getUint32(place + 4) * two32 + view.getUint32(place + 8);
      if (us >= dayUs) return undefined;
      sum += us;
      if (sum > mostExact) {
        folded += BigInt(sum);
        sum = 0;
      }
    } else if (size === -1) nulls++;
    else return undefined;
  }
  return { ...none, nulls, sum: folded + BigInt(sum) };
};

/** The number of units of 2^13 microseconds in a day. */
const dayOf8192 = 10_546_875;

export const foldTimestamps: Fold = ({ block: { view, positions, rows }, columns, column }) => {
  let [nulls, days] = [0, 0];
  let [minHigh, minLow, maxHigh, maxLow] = [Number.POSITIVE_INFINITY, 0, Number.NEGATIVE_INFINITY, 0];
  for (let row = 0, at = column; row < rows; row++, at += columns) {
    const place = positions[at] as number;
    const size = view.getInt32(place);
    if (size === 8) {
      const [high, low] = [view.getInt32(place + 4), view.getUint32(place + 8)];
      if (!surelyWithinYears(high) && !isWithinYears(wholeOf(high, low))) return undefined;
      // For whole numbers below 2^50, the rounded quotient is a whole number only if the exact quotient is one.
      days += Math.floor((high * 524_288 + (low >>> 13)) / dayOf8192);
      if (high < minHigh || (high === minHigh && low < minLow)) [minHigh, minLow] = [high, low];
      if (high > maxHigh || (high === maxHigh && low > maxLow)) [maxHigh, maxLow] = [high, low];
    } else if (size === -1) nulls++;
    else return undefined;
  }
  if (nulls === rows) return { ...none, nulls };
  const [min, max] = [wholeOf(minHigh, minLow) + usTo2000, wholeOf(maxHigh, maxLow) + usTo2000];
  return { nulls, sum: 0n, days: BigInt(days + daysTo2000 * (rows - nulls)), min, max };
};

// ---- numeric

/** A sum in a double must stay below this number. Below this limit, one more number of the same size can be added exactly. A larger sum is moved to a bigint. */
const mostExact = 2 ** 52;
const powers = Array.from({ length: 17 }, (_, n) => 10 ** n);

/** @param precision at most 27, so that the destination can also compute the sum. */
export function foldNumerics({ precision, scale }: { readonly precision: number; readonly scale: number }): Fold {
  const most = 10n ** BigInt(precision);
  const limit = precision > 15 ? mostExact : Math.min(mostExact, 10 ** precision);
  return ({ block: { view, positions, rows }, columns, column }) => {
    let [nulls, sum] = [0, 0];
    let folded = 0n;
    for (let row = 0, at = column; row < rows; row++, at += columns) {
      const place = positions[at] as number;
      const size = view.getInt32(place);
      if (size === -1) {
        nulls++;
        continue;
      }
      if (size < 8) return undefined;
      const digits = view.getUint16(place + 4);
      const sign = view.getUint16(place + 8);
      if (size !== 8 + digits * 2 || (sign !== 0 && sign !== 0x4000)) return undefined;
      const power = 4 * (view.getInt16(place + 6) - digits + 1) + scale;
      const unscaled = digits <= 4 ? smallOf(view, { at: place + 12, digits, power }) : -1;
      if (unscaled >= 0 && unscaled < limit) sum += sign === 0 ? unscaled : -unscaled;
      else {
        const large = largeOf(view, { at: place + 12, digits, power });
        if (large === undefined || large >= most) return undefined;
        folded += sign === 0 ? large : -large;
      }
      if (sum > mostExact || sum < -mostExact) {
        folded += BigInt(sum);
        sum = 0;
      }
    }
    return { ...none, nulls, sum: folded + BigInt(sum) };
  };
}

export interface Digits {
  readonly at: number;
  /** The number of base-10,000 digits of the value. */
  readonly digits: number;
  /** The weight of the value’s last digit, as a power of ten times the column’s last digit. */
  readonly power: number;
}

/** The unscaled value as a double. Negative: a double can’t store the value exactly. */
export function smallOf(view: DataView, { at, digits, power }: Digits): number {
  if (power < -16 || power > 15) return -1;
  let value = 0;
  for (let digit = 0, from = at; digit < digits; digit++, from += 2) value = value * 10_000 + view.getUint16(from);
  if (value > mostExact) return -1;
  // For whole numbers below 2^53, the rounded quotient is a whole number only if the exact quotient is one.
  const unscaled = power >= 0 ? value * (powers[power] as number) : value / (powers[-power] as number);
  return unscaled <= mostExact && Number.isInteger(unscaled) ? unscaled : -1;
}

/** The unscaled value as a bigint. Undefined: the value has more digits after the point than the column. */
export function largeOf(view: DataView, { at, digits, power }: Digits): bigint | undefined {
  let value = 0n;
  for (let digit = 0, from = at; digit < digits; digit++, from += 2) value = value * 10_000n + BigInt(view.getUint16(from));
  if (power >= 0) return power > 64 ? undefined : value * 10n ** BigInt(power);
  const factor = 10n ** BigInt(-power);
  return value % factor === 0n ? value / factor : undefined;
}
