import type { Json } from '../../ports/values.ts';
import { dateText, fractionDigits, timestampText, unitsPerSecond } from '../calendar.ts';
import type { Cell } from '../cell.ts';
import type { DataType, TimeUnit } from '../schema.ts';
import { watermarkText } from '../watermark-text.ts';

/**
 * A value of a frame as JSON without loss. Values that a JSON number can’t hold (integers beyond 2^53, decimals, NaN, -0) are texts. Dates
 * and times are ISO 8601 texts, and instants are in UTC. A duration is a number of the column’s units. Binary is base64.
 */
export function exactJson(type: DataType, cell: Cell): Json {
  if (cell === null) return null;
  if (typeof cell === 'bigint') return longJson(type, cell);
  if (typeof cell === 'number') return type.kind === 'date' ? dateText(cell) : numberJson(cell);
  if (cell instanceof Uint8Array) return Buffer.from(cell).toString('base64');
  if (typeof cell !== 'object') return cell;
  if (type.kind === 'list') return cell.map((item) => exactJson(type.item, item));
  if (type.kind !== 'struct') throw new TypeError(`a ${type.kind} is not a list of values`);
  return Object.fromEntries(type.fields.map((field, at) => [field.name, exactJson(field.type, cell[at] ?? null)]));
}

function longJson(type: DataType, value: bigint): Json {
  if (type.kind === 'time') return timeText(value, type.unit);
  if (type.kind === 'timestamp' || type.kind === 'decimal') return watermarkText(type, value);
  const asNumber = Number(value);
  return Number.isSafeInteger(asNumber) ? asNumber : value.toString();
}

function numberJson(value: number): Json {
  if (!Number.isFinite(value)) return String(value);
  return Object.is(value, -0) ? '-0' : value;
}

/** Nanoseconds since midnight as text, with as many digits as the unit of the source has. */
function timeText(nanoseconds: bigint, unit: TimeUnit): string {
  const inUnit = nanoseconds / (unitsPerSecond.ns / unitsPerSecond[unit]);
  return timestampText(inUnit, unit).slice('1970-01-01T'.length, '1970-01-01T00:00:00.'.length + fractionDigits[unit]);
}
