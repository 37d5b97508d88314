/** Writes decimals in the format of `numeric`. */
import type { Arrow } from '../../frames/native.ts';
import { isNullAt } from '../arrow-cells.ts';
import { type CellOffsets, exactMicros, type Rows, two32, type Values } from './values.ts';

/** How values of a decimal type are stored in a column, and how they are written. */
interface Decimals {
  /** The values as words of 32 bits, the lowest word first. `each` is the number of words in a value. */
  readonly words: Uint32Array;
  readonly each: 2 | 4;
  readonly scale: number;
  /** The factor that fills the digits after the point up to whole groups of four digits. `fractions` is the number of those groups. */
  readonly grow: number;
  readonly fractions: number;
  /** The groups of the current value, each of four digits. */
  readonly digits: Uint16Array;
}

const group = 10_000;
/** The size of a pair of groups, which fits into 32 bits. */
const pair = 100_000_000;
/** The maximum number of groups, enough for 39 digits and zeros after the point. */
const mostGroups = 11;

/** Writes decimals as groups of four digits that begin at the decimal point. */
export function decimalValues(scale: number, data: Arrow.Data, each: 2 | 4): Values {
  const { buffer, byteOffset, byteLength } = data.values as Uint32Array | BigUint64Array;
  const padding = (4 - (scale % 4)) % 4;
  const words = new Uint32Array(buffer, byteOffset, byteLength / 4);
  const decimals: Decimals = { words, each, scale, grow: 10 ** padding, fractions: (scale + padding) / 4, digits: new Uint16Array(16) };
  return {
    size: (row) => 8 + 2 * groupsOf(decimals, row),
    put: ({ view }, at, row) => putDecimal(view, at, decimals, row),
    atMost: (from, to) => (8 + 2 * mostGroups) * (to - from),
    sizes: (at, rows) => addDecimals(at, decimals, rows),
    fill: ({ view }, at, rows) => fillDecimals(view, at, decimals, rows),
  };
}

function addDecimals(at: CellOffsets, decimals: Decimals, { from, to, nulls }: Rows): void {
  for (let row = from; row < to; row++) if (!isNullAt(nulls, row)) at[row - from] = (at[row - from] ?? 0) + 8 + 2 * groupsOf(decimals, row);
}

function fillDecimals(view: DataView, at: CellOffsets, decimals: Decimals, { from, to, nulls }: Rows): void {
  for (let row = from; row < to; row++) {
    const start = at[row - from] ?? 0;
    const isNull = isNullAt(nulls, row);
    const size = isNull ? -1 : putDecimal(view, start + 4, decimals, row);
    view.setInt32(start, size);
    at[row - from] = start + (isNull ? 4 : 4 + size);
  }
}

function groupsOf(decimals: Decimals, row: number): number {
  const value = smallOf(decimals, row);
  return Number.isNaN(value) ? bigGroups(decimals.digits, bigOf(decimals, row)) : countOf(Math.abs(value));
}

/** Writes a value. @returns the number of bytes of the value. */
function putDecimal(view: DataView, at: number, decimals: Decimals, row: number): number {
  const value = smallOf(decimals, row);
  if (Number.isNaN(value)) return putBig(view, at, decimals, row);
  const found = countOf(Math.abs(value));
  putHead(view, at, decimals, value < 0 ? -found : found);
  putGroups(view, at + 8 + 2 * found, Math.abs(value));
  return 8 + 2 * found;
}

function putBig(view: DataView, at: number, decimals: Decimals, row: number): number {
  const value = bigOf(decimals, row);
  const { digits } = decimals;
  const found = bigGroups(digits, value);
  putHead(view, at, decimals, value < 0n ? -found : found);
  for (let i = 0; i < found; i++) view.setInt16(at + 8 + 2 * i, digits[found - 1 - i] ?? 0);
  return 8 + 2 * found;
}

/** Writes the header of a value. @param groups the number of groups; negative for a negative value. */
function putHead(view: DataView, at: number, { scale, fractions }: Decimals, groups: number): void {
  const found = Math.abs(groups);
  view.setInt32(at, (found << 16) | ((found - fractions - 1) & 0xffff));
  view.setInt32(at + 4, (groups < 0 ? 0x4000_0000 : 0) | scale);
}

/** The unscaled value times `grow` if a double can store the product, else NaN. */
function smallOf({ words, each, grow }: Decimals, row: number): number {
  const at = row * each;
  const [a, b] = [words[at] ?? 0, words[at + 1] ?? 0];
  const [c, d] = each === 2 ? [0, 0] : [words[at + 2] ?? 0, words[at + 3] ?? 0];
  const isNegative = c === ones && d === ones;
  if (!isNegative && (c !== 0 || d !== 0)) return Number.NaN;
  const value = (isNegative ? (b - two32) * two32 + a : b * two32 + a) * grow;
  return Math.abs(value) < exactMicros ? value : Number.NaN;
}

const ones = 0xffff_ffff;

/** The unscaled value times `grow` as a bigint. */
function bigOf({ words, each, grow }: Decimals, row: number): bigint {
  let value = 0n;
  for (let i = each - 1; i >= 0; i--) value = (value << 32n) | BigInt(words[row * each + i] ?? 0);
  return (each === 4 ? BigInt.asIntN(128, value) : value) * BigInt(grow);
}

/** The number of groups of the value. */
function countOf(value: number): number {
  if (value < pair) return value >= group ? 2 : value > 0 ? 1 : 0;
  return value < pair * group ? 3 : 4;
}

/** Writes the groups of the value so that the last group ends at `end`. Each pair of groups is computed as a whole number of 32 bits, because doubles take four times as long. */
function putGroups(view: DataView, end: number, value: number): void {
  let at = end;
  let left = value;
  for (; left >= pair; at -= 4) {
    const rest = Math.floor(left / pair);
    const low = (left - rest * pair) | 0;
    const high = (low / group) | 0;
    view.setInt32(at - 4, (high << 16) | (low - high * group));
    left = rest;
  }
  const low = left | 0;
  const high = (low / group) | 0;
  if (high > 0) view.setInt32(at - 4, (high << 16) | (low - high * group));
  else if (low > 0) view.setInt16(at - 2, low);
}

/** Puts the groups of a value into `digits`, the last group first. @returns the number of groups. */
function bigGroups(digits: Uint16Array, value: bigint): number {
  let count = 0;
  for (let left = value < 0n ? -value : value; left > 0n; left /= 10_000n) digits[count++] = Number(left % 10_000n);
  return count;
}
