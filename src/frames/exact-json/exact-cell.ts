import { DefectError } from '../../errors/hygge-error.ts';
import type { Json } from '../../ports/values.ts';
import { dayNumber, fractionDigits, secondsPerDay, unitsPerSecond } from '../calendar.ts';
import type { Cell } from '../cell.ts';
import { describeType } from '../describe-type.ts';
import type { DataType, TimeUnit } from '../schema.ts';

/** Reads a value that `exactJson` wrote. Throws HYG-9001 if the JSON is not a value of the type. */
export function exactCell(type: DataType, json: Json): Cell {
  if (json === null) return null;
  const cell = cellOf(type, json);
  if (cell === undefined) throw notOfType(type);
  return cell;
}

function cellOf(type: DataType, json: NonNullable<Json>): Cell | undefined {
  switch (type.kind) {
    case 'bool':
      return typeof json === 'boolean' ? json : undefined;
    case 'float32':
    case 'float64':
      return typeof json === 'number' || (typeof json === 'string' && json !== '') ? Number(json) : undefined;
    case 'int8':
    case 'int16':
    case 'int32':
    case 'uint8':
    case 'uint16':
    case 'uint32':
      return typeof json === 'number' ? json : undefined;
    case 'int64':
    case 'uint64':
    case 'duration':
      return typeof json === 'number' || typeof json === 'string' ? BigInt(json) : undefined;
    case 'list':
      return Array.isArray(json) ? json.map((item) => exactCell(type.item, item as Json)) : undefined;
    case 'struct':
      return typeof json === 'object' && !Array.isArray(json)
        ? type.fields.map((field) => exactCell(field.type, (json as Readonly<Record<string, Json>>)[field.name] ?? null))
        : undefined;
    case 'null':
      return undefined;
    default:
      return typeof json === 'string' ? cellOfText(type, json) : undefined;
  }
}

function cellOfText(type: DataType, text: string): Cell | undefined {
  switch (type.kind) {
    case 'binary':
      return new Uint8Array(Buffer.from(text, 'base64'));
    case 'decimal':
      return BigInt(text.replace('.', ''));
    case 'date':
      return dayOf(text);
    case 'time': {
      const units = unitsOf(`1970-01-01T${text}`, type.unit);
      return units === undefined ? undefined : units * (unitsPerSecond.ns / unitsPerSecond[type.unit]);
    }
    case 'timestamp':
      return unitsOf(text.replace(/Z$/, ''), type.unit);
    default:
      return text;
  }
}

/** The day of a text, as days since 1970-01-01. The year may have more than four digits, because the type also has years after 9999. */
function dayOf(text: string): number | undefined {
  const [, year = '', month = '', day = ''] = /^([+-]?\d+)-(\d\d)-(\d\d)$/.exec(text) ?? [];
  const days = dayNumber(Number(year), Number(month), Number(day));
  return year === '' || Number.isNaN(days) ? undefined : days;
}

function unitsOf(text: string, unit: TimeUnit): bigint | undefined {
  const [, date = '', hour = '', minute = '', second = '', fraction = ''] = /^(.*)T(\d\d):(\d\d):(\d\d)(?:\.(\d*))?$/.exec(text) ?? [];
  const days = dayOf(date);
  if (days === undefined || fraction.length > fractionDigits[unit]) return undefined;
  const seconds = BigInt(days) * BigInt(secondsPerDay) + BigInt(Number(hour) * 3600 + Number(minute) * 60 + Number(second));
  return seconds * unitsPerSecond[unit] + BigInt(fraction.padEnd(fractionDigits[unit], '0'));
}

/** The error for JSON that is not a value of the type. The error does not show the value, because a value is data. */
function notOfType(type: DataType): DefectError {
  return new DefectError({
    code: 'HYG-9001',
    what: `A stored value is not the text of a ${describeType(type)}.`,
    tryThis: ['Report it with the type of the column'],
  });
}
