/** What the head tells of a file and a range of the watermark, without a look into the file. */
import type { Edge } from '../../engine/contracts/home.ts';
import type { Range } from '../../engine/contracts/replacing.ts';
import type { DataType } from '../../frames/schema.ts';
import { compareWatermarkKeys, parsedKey, watermarkText } from '../../frames/watermark-text.ts';
import type { ListedFile, QuarantinedFile } from './head/head-log.ts';

/** How many of a file's rows are in the range. `none`: no row; `whole`: every row; `some`: rows inside and outside, or it is unknown. */
export type RangeOverlap = 'none' | 'whole' | 'some';

export function rangeOverlap(file: ListedFile, range: Range): RangeOverlap {
  if (file.role === 'foreign' || file.rows === 0) return 'none';
  if (file.role === 'boundary' && range.group === 'whole') return 'whole';
  const { partition = {}, unmarked } = file;
  const folder = Object.hasOwn(partition, range.column) ? partition[range.column] : undefined;
  if (folder === null) return 'none';
  if (folder !== undefined) return between(folder, folder, range);
  if (file.rows !== null && unmarked === file.rows) return 'none';
  if (file.min === undefined || file.max === undefined) return 'some';
  const held = between(file.min, file.max, range);
  return held === 'whole' && unmarked !== 0 ? 'some' : held;
}

/** How many rows of a file of quarantined rows are in the range. If their watermarks are unknown, because an earlier version settled them, none is. */
export function quarantineOverlap({ broken, ofGroup, ...file }: QuarantinedFile, range: Range): RangeOverlap {
  if (file.min === undefined && file.unmarked === undefined && !ofGroup) return 'none';
  return rangeOverlap({ ...file, role: ofGroup ? 'boundary' : 'data' }, range);
}

/** Which sides of the range a file may have rows on, beside those without a watermark. */
export function sidesOf({ min, max, unmarked }: Pick<ListedFile, 'min' | 'max' | 'unmarked'>, range: Range) {
  return {
    below: unmarked !== 0 || min === undefined || order(range.type, min, range.from) !== 'inside',
    above: range.to !== null && (max === undefined || order(range.type, max, range.to, -1) !== 'inside'),
  };
}

function between(min: string, max: string, { type, from, to }: Range): RangeOverlap {
  const [low, high] = [order(type, min, from), to === null ? 'inside' : order(type, max, to, -1)];
  if (low === 'unknown' || high === 'unknown') return 'some';
  if (order(type, max, from) === 'outside' || (to !== null && order(type, min, to, -1) === 'outside')) return 'none';
  return low === 'inside' && high === 'inside' ? 'whole' : 'some';
}

/** Where a value lies of an edge; `sign` -1: of an upper one. */
function order(type: DataType, text: string, edge: Edge, sign: 1 | -1 = 1): 'inside' | 'outside' | 'unknown' {
  const [value, bound] = [parsedKey(type, text), parsedKey(type, edge.text)];
  if (value === undefined || bound === undefined) return 'unknown';
  const side = sign * compareWatermarkKeys(value, bound);
  return side > 0 || (side === 0 && edge.inclusive) ? 'inside' : 'outside';
}

/** The range in the words of a column that has another type in the file; undefined: its values can't be compared with the range. */
export function rangeIn(file: DataType, range: Range): Range | undefined {
  if (!isAlike(file, range.type)) return undefined;
  const edgeIn = (edge: Edge): Edge | undefined => {
    const key = parsedKey(file, edge.text);
    return key === undefined ? undefined : { ...edge, text: watermarkText(file, key) };
  };
  const from = edgeIn(range.from);
  const to = range.to === null ? null : edgeIn(range.to);
  return from === undefined || to === undefined ? undefined : { ...range, type: file, from, to };
}

const isInteger = ({ kind }: DataType) => /^u?int\d/.test(kind);

function isAlike(a: DataType, b: DataType): boolean {
  if (a.kind === 'timestamp' && b.kind === 'timestamp') return (a.zone === undefined) === (b.zone === undefined);
  return a.kind === b.kind || (isInteger(a) && isInteger(b)) || (a.kind === 'string' && b.kind === 'uuid');
}
