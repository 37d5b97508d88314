/**
 * Decides by the log which files can have rows of a window. If a file is left out wrongly, its rows are lost without an error. So bounds are used
 * only as far as every known writer keeps them exactly. Writers cut times to milliseconds, cut long texts, and convert decimals to doubles.
 */
import type { Window } from '../../engine/contracts/home.ts';
import { parseInstant, unitsPerSecond } from '../../frames/calendar.ts';
import { sameType } from '../../frames/describe-type.ts';
import type { DataType } from '../../frames/schema.ts';
import { canBeWatermark, parsedKey, watermarkText } from '../../frames/watermark-text.ts';
import type { DeltaFile } from '../table.ts';
import { partitionValueOf } from './partition.ts';
import { columnsOf, type TableColumn, type TableDescription } from './schema.ts';
import { countOf, numberOf, rowsIn, type Statistics, type StatisticValue, statisticOf, statisticsOf } from './statistics.ts';
import { isAbove, isBelow, isInside, takesAll } from './windows.ts';

/** Whether the file may have rows in the window. False only if it certainly has none. */
export function mayHold(file: DeltaFile, window: Window, table: TableDescription): boolean {
  if (window.column === null || takesAll(window)) return true;
  const column = columnNamed(table, window.column.column);
  if (column === undefined || !sameType(column.column.type, window.column.type)) return true;
  const { type } = window.column;
  if (column.isPartition) {
    const text = partitionText(file, column, table);
    return text === undefined || isInside(window, { type, text });
  }
  const statistics = statisticsOf(file);
  if (statistics === undefined) return true;
  const nulls = nullsIn(statistics, column);
  if (nulls === 'all') return window.nulls === 'include';
  if (window.nulls === 'include' && nulls !== 'none') return true;
  const { min, max } = limitsOf(statistics, column);
  return (min === undefined || isBelow(window.upper, type, min)) && (max === undefined || isAbove(window.lower, type, max));
}

/** The largest or smallest value of a column in a file. With `at most` and `at least`, the value is only a limit for all rows, and possibly no row has exactly this value. */
export type Bound =
  | { readonly kind: 'exact'; readonly text: string }
  | { readonly kind: 'limit'; readonly text: string }
  | { readonly kind: 'unknown' }
  /** The file has rows, and the column is null in all rows. */
  | { readonly kind: 'nulls' };

/** The log's facts about a column in a file. `min` and `max` are canonical texts: no value is above the limit of `max` or below the limit of `min`. */
export function boundsOf(file: DeltaFile, column: string, table: TableDescription): { readonly min: Bound; readonly max: Bound } {
  const unknown = { min: { kind: 'unknown' }, max: { kind: 'unknown' } } as const;
  const known = columnNamed(table, column);
  if (known === undefined || !canBeWatermark(known.column.type)) return unknown;
  if (known.isPartition) {
    const text = partitionText(file, known, table);
    if (text === undefined) return unknown;
    const bound: Bound = text === null ? { kind: 'nulls' } : { kind: 'exact', text };
    return { min: bound, max: bound };
  }
  const statistics = statisticsOf(file);
  if (statistics === undefined) return unknown;
  if (nullsIn(statistics, known) === 'all') return { min: { kind: 'nulls' }, max: { kind: 'nulls' } };
  const { min, max, areValues } = limitsOf(statistics, known);
  // If rows of the file were deleted later, the row whose value is the bound may be deleted.
  const kind = areValues && statistics.isTight && file.vector === null ? 'exact' : 'limit';
  const bound = (text: string | undefined): Bound => (text === undefined ? { kind: 'unknown' } : { kind, text });
  return { min: bound(min), max: bound(max) };
}

function columnNamed(table: TableDescription, name: string): TableColumn | undefined {
  return columnsOf(table, [name]).columns.find((column) => column.name === name);
}

/** The partition value as text. Undefined: the value is invalid, which is reported when the file is read. */
function partitionText(file: DeltaFile, { physicalName, name }: TableColumn, { metadata }: TableDescription): string | null | undefined {
  const field = metadata.schema.fields.find((one) => one.name === name);
  const { partitionValues } = file;
  if (field === undefined) return undefined;
  try {
    return partitionValueOf(field, Object.hasOwn(partitionValues, physicalName) ? partitionValues[physicalName] : null).text;
  } catch {
    return undefined;
  }
}

/** The number of nulls. If rows of the file were deleted later, only the numbers zero and all are certain; any other number is unknown. */
function nullsIn({ nullCount, numRecords }: Statistics, { physicalName }: TableColumn): 'all' | 'none' | 'unknown' {
  const count = countOf(statisticOf(nullCount, physicalName));
  if (count === undefined) return 'unknown';
  if (count === 0) return 'none';
  return numRecords !== undefined && numRecords > 0 && count === numRecords ? 'all' : 'unknown';
}

interface Limits {
  readonly min: string | undefined;
  readonly max: string | undefined;
  /** Whether the file has rows with exactly the values `min` and `max`, as long as no row of the file was deleted. */
  readonly areValues: boolean;
}

const unlimited: Limits = { min: undefined, max: undefined, areValues: false };

function limitsOf({ minValues, maxValues }: Statistics, { physicalName, shape, column: { type } }: TableColumn): Limits {
  const min = statisticOf(minValues, physicalName);
  const max = statisticOf(maxValues, physicalName);
  switch (type.kind) {
    case 'int8':
    case 'int16':
    case 'int32':
    case 'int64':
      return { min: wholeText(type, min), max: wholeText(type, max), areValues: true };
    case 'date':
      return { min: dayText(min), max: dayText(max), areValues: true };
    case 'decimal':
      return { min: decimalText(type, min, -1n), max: decimalText(type, max, 1n), areValues: type.precision <= exactDigits };
    case 'timestamp':
      return { min: instantText(type, min, -1n), max: instantText(type, max, 1n), areValues: false };
    case 'string':
      // Statistics contain texts of CHAR(n) without the blanks that readers add.
      if (shape.kind === 'leaf' && shape.pad !== undefined) return unlimited;
      return { min: cutText(min), max: cutText(max), areValues: false };
    default:
      return unlimited;
  }
}

function wholeText(type: DataType, value: StatisticValue | undefined): string | undefined {
  const text = numberOf(value);
  const key = text === undefined ? undefined : parsedKey(type, text);
  return key === undefined ? undefined : watermarkText(type, key);
}

function dayText(value: StatisticValue | undefined): string | undefined {
  if (typeof value !== 'string' || !/^[+-]?\d{4,6}-\d\d-\d\d$/.test(value)) return undefined;
  const key = parsedKey({ kind: 'date' }, value);
  return key === undefined ? undefined : watermarkText({ kind: 'date' }, key);
}

/** The number of digits that a double keeps of any decimal. */
const exactDigits = 15;
/** Longer decimals may have been converted to doubles in several rounding steps. All steps together change less than this fraction of the value: 1 / 2^48. */
const roundedPart = 2n ** 48n;

/** A limit as text. @param side −1: the limit is below all values; 1: above all values. */
function decimalText(type: DataType & { readonly kind: 'decimal' }, value: StatisticValue | undefined, side: 1n | -1n): string | undefined {
  const text = numberOf(value);
  const found = text === undefined ? undefined : scaled(text, type.scale, side);
  if (found === undefined) return undefined;
  const margin = type.precision <= exactDigits ? 0n : (found < 0n ? -found : found) / roundedPart + 1n;
  const limit = found + side * margin;
  const most = 10n ** BigInt(type.precision) - 1n;
  // A limit outside of the type’s range can’t be compared, so the type’s largest or smallest value is used.
  return watermarkText(type, limit > most ? most : limit < -most ? -most : limit);
}

/** A number in units of its last digit. A finer number is rounded to the next unit on the given side. */
function scaled(text: string, scale: number, side: 1n | -1n): bigint | undefined {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/.exec(text);
  if (!match) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const digits = BigInt(`${sign}${whole}${fraction}`);
  const shift = Number(exponent) - fraction.length + scale;
  if (shift >= 0) return digits * 10n ** BigInt(shift);
  const by = 10n ** BigInt(-shift);
  const rest = digits % by;
  const cut = (digits - rest) / by;
  const isOnSide = side > 0n ? rest > 0n : rest < 0n;
  return isOnSide ? cut + side : cut;
}

/** Writers cut times to milliseconds, even the largest time, and round times before 1970 up. One millisecond more on both sides covers all values. */
const cutMilliseconds = 1n;
/** The offsets of old local times include seconds, but the text of an offset shows only minutes. One minute more on both sides covers all values. */
const cutOffsetMilliseconds = 60_000n;

function instantText(
  type: DataType & { readonly kind: 'timestamp' },
  value: StatisticValue | undefined,
  side: 1n | -1n,
): string | undefined {
  if (typeof value !== 'string') return undefined;
  const instant = parseInstant(value, 'ns');
  // The meaning of an instant without an offset, or of a wall-clock time with an offset, is unknown.
  if (instant === undefined || (instant.offsetSeconds === undefined) !== (type.zone === undefined)) return undefined;
  const perUnit = unitsPerSecond.ns / unitsPerSecond[type.unit];
  const nanos = instant.wall - BigInt(instant.offsetSeconds ?? 0) * unitsPerSecond.ns;
  const margin = ((instant.offsetSeconds ?? 0) === 0 ? cutMilliseconds : cutOffsetMilliseconds) * (unitsPerSecond.ns / unitsPerSecond.ms);
  const limit = (nanos + side * margin) / perUnit;
  return watermarkText(type, limit);
}

/** The length up to which texts are surely not cut. Writers cut after 32 characters, 64 bytes or fewer, and raise the largest text. If a writer cut a text within a character, the cut text may be above or below the values. */
const leastCut = 31;

function cutText(value: StatisticValue | undefined): string | undefined {
  if (typeof value !== 'string' || !value.isWellFormed()) return undefined;
  const isDoubtful = value.includes('\ufffd') || value.endsWith('?') || value.slice(leastCut).includes('?');
  return isDoubtful ? undefined : value;
}

/** The number of nulls of a column in a file; undefined: unknown from the log, also because of deleted rows. */
export function nullsOf(file: DeltaFile, column: string, table: TableDescription): number | undefined {
  const known = columnNamed(table, column);
  const rows = rowsIn(file);
  if (known === undefined || rows === undefined) return undefined;
  if (known.isPartition) {
    const text = partitionText(file, known, table);
    return text === undefined ? undefined : text === null ? rows : 0;
  }
  const statistics = statisticsOf(file);
  const nulls = statistics && nullsIn(statistics, known);
  if (nulls === 'none') return 0;
  if (nulls === 'all') return rows;
  return file.vector === null && statistics ? countOf(statisticOf(statistics.nullCount, known.physicalName)) : undefined;
}
