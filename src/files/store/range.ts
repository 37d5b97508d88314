/** Compares a file with a range of the watermark by the facts in the head, without reading the file. */
import type { Edge } from '../../engine/contracts/home.ts';
import { eachRange, hullOf, type Range, type Ranges } from '../../engine/contracts/replacing.ts';
import type { DataType } from '../../frames/schema.ts';
import { compareWatermarkKeys, parsedKey, watermarkText } from '../../frames/watermark-text.ts';
import type { ListedFile, QuarantinedFile } from './head/head-log.ts';

/** How many of a file’s rows are in the range. `none`: no row. `whole`: every row. `some`: only some rows, or unknown. */
export type RangeOverlap = 'none' | 'whole' | 'some';

export function rangeOverlap(file: ListedFile, range: Range): RangeOverlap {
  if (file.role === 'foreign' || file.rows === 0) return 'none';
  if (file.role === 'boundary' && range.group !== 'rows') return 'whole';
  const { partition = {}, unmarked } = file;
  const takesNulls = range.group === 'with nulls';
  const folder = Object.hasOwn(partition, range.column) ? partition[range.column] : undefined;
  if (folder === null) return takesNulls ? 'whole' : 'none';
  if (folder !== undefined) return between(inWordsOf(range, folder), inWordsOf(range, folder), range);
  if (file.rows !== null && unmarked === file.rows) return takesNulls ? 'whole' : 'none';
  if (file.min === undefined || file.max === undefined) return 'some';
  const held = between(file.min, file.max, range);
  if (unmarked === 0 || held === 'some') return held;
  return held === 'whole' && takesNulls ? 'whole' : held === 'none' && !takesNulls ? 'none' : 'some';
}

/** The text of a partition folder in the form of the range. A wall-clock time that settled as an instant in UTC has a zone in the folder, but none in the range. */
const inWordsOf = ({ type }: Range, folder: string): string =>
  type.kind === 'timestamp' && type.zone === undefined ? folder.replace(/Z$/, '') : folder;

/** Like `rangeOverlap`, for several ranges. If a file has rows in two ranges, the result is `some`, because values between the ranges may be in the file. */
export function rangesOverlap(file: ListedFile, ranges: Ranges): RangeOverlap {
  const each = new Set(eachRange(ranges).map((range) => rangeOverlap(file, range)));
  return each.has('whole') ? 'whole' : each.has('some') ? 'some' : 'none';
}

/** How many rows of a file in quarantine are in the range. If an earlier version settled the rows, their watermarks are unknown, so the result is `none`. */
export function quarantineOverlap({ broken, ofGroup, ...file }: QuarantinedFile, ranges: Ranges): RangeOverlap {
  if (file.min === undefined && file.unmarked === undefined && !ofGroup) return 'none';
  return rangesOverlap({ ...file, role: ofGroup ? 'boundary' : 'data' }, ranges);
}

/** Whether a file may have rows below and above the ranges. */
export function sidesOf({ min, max, unmarked }: Pick<ListedFile, 'min' | 'max' | 'unmarked'>, { type, ranges, group }: Ranges) {
  const { from, to } = hullOf(ranges);
  return {
    below: (unmarked !== 0 && group !== 'with nulls') || min === undefined || order(type, min, from) !== 'inside',
    above: to !== null && (max === undefined || order(type, max, to, -1) !== 'inside'),
  };
}

function between(min: string, max: string, { type, from, to }: Range): RangeOverlap {
  const [low, high] = [order(type, min, from), to === null ? 'inside' : order(type, max, to, -1)];
  if (low === 'unknown' || high === 'unknown') return 'some';
  if (order(type, max, from) === 'outside' || (to !== null && order(type, min, to, -1) === 'outside')) return 'none';
  return low === 'inside' && high === 'inside' ? 'whole' : 'some';
}

/** The position of a value relative to a bound. `sign` −1: upper bound. */
function order(type: DataType, text: string, edge: Edge, sign: 1 | -1 = 1): 'inside' | 'outside' | 'unknown' {
  const [value, bound] = [parsedKey(type, text), parsedKey(type, edge.text)];
  if (value === undefined || bound === undefined) return 'unknown';
  const side = sign * compareWatermarkKeys(value, bound);
  return side > 0 || (side === 0 && edge.inclusive) ? 'inside' : 'outside';
}

/** How a store settles times. */
export interface Times {
  /** Whether wall-clock times may have settled as instants in UTC. */
  readonly wallClockInUtc?: boolean;
}

/** The result of `rangeIn` for each range; undefined: a range can’t be compared with the column’s values. */
export function rangesIn(file: DataType, ranges: Ranges, times: Times = {}): Ranges | undefined {
  const each = eachRange(ranges).map((range) => rangeIn(file, range, times));
  const own = each.flatMap((range) => (range === undefined ? [] : [{ from: range.from, to: range.to }]));
  return own.length < each.length ? undefined : { ...ranges, type: file, ranges: own };
}

/** The range as literals of the column’s type in the file; undefined: values of this type can’t be compared with the range. */
export function rangeIn(file: DataType, range: Range, times: Times = {}): Range | undefined {
  if (!isAlike(file, range.type, times)) return undefined;
  const edgeIn = (edge: Edge): Edge | undefined => {
    const key = parsedKey(file, edge.text);
    return key === undefined ? undefined : { ...edge, text: watermarkText(file, key) };
  };
  const from = edgeIn(range.from);
  const to = range.to === null ? null : edgeIn(range.to);
  return from === undefined || to === undefined ? undefined : { ...range, type: file, from, to };
}

const isInteger = ({ kind }: DataType) => /^u?int\d/.test(kind);

function isAlike(a: DataType, b: DataType, { wallClockInUtc = false }: Times): boolean {
  if (a.kind === 'timestamp' && b.kind === 'timestamp')
    return (a.zone === undefined) === (b.zone === undefined) || (wallClockInUtc && (a.zone ?? b.zone) === 'UTC');
  return a.kind === b.kind || (isInteger(a) && isInteger(b)) || (a.kind === 'string' && b.kind === 'uuid');
}
