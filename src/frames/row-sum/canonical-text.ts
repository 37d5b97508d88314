import { DefectError } from '../../errors/hygge-error.ts';
import { dateText, fractionDigits, timestampText, unitsPerSecond } from '../calendar.ts';
import type { Cell } from '../cell.ts';
import { describeType } from '../describe-type.ts';
import type { DataType } from '../schema.ts';
import { canonicalJson } from './canonical-json.ts';

/**
 * The text of a value in row-sum/1 (docs/building/row-sum.md). Null: the value is null. The text depends only on the value: the width, the
 * scale and the unit of its type have no effect. `cell` is a cell from `overRows`.
 */
export function canonicalText(type: DataType, cell: Cell): string | null {
  if (cell === null) return null;
  switch (type.kind) {
    case 'float32':
    case 'float64':
      return floatText(cell as number);
    case 'decimal':
      return scaled(cell as bigint, type.scale);
    case 'uuid':
      return lowerCase(cell as string);
    case 'json':
      return canonicalJson(cell as string);
    case 'binary':
      return Buffer.from(cell as Uint8Array).toString('hex');
    case 'date':
      return dateText(cell as number);
    case 'time':
      return timeText(cell as bigint);
    case 'timestamp':
      return withoutZeros(timestampText(cell as bigint, type.unit));
    case 'duration':
      return scaled(cell as bigint, fractionDigits[type.unit]);
    case 'list':
      return `[${(cell as readonly Cell[]).map((item) => inRow(canonicalText(type.item, item))).join('')}]`;
    case 'struct':
      return `{${(cell as readonly Cell[]).map((value, at) => inRow(canonicalText(fieldOf(type, at), value))).join('')}}`;
    default:
      return String(cell);
  }
}

/** A canonical text in a form for people. The bits of a float become its shortest decimal, which no other float has. */
export function shownText(type: DataType | undefined, text: string | null): string | null {
  if (text === null || type === undefined || !type.kind.startsWith('float')) return text;
  return String(Buffer.from(text, 'hex').readDoubleBE());
}

/** A text as a part of a row text. The length in bytes comes before it, so that rows with different values have different texts. */
export function inRow(text: string | null): string {
  return text === null ? 'n' : `${Buffer.byteLength(text)}:${text}`;
}

/** The text of a row: the texts of its values, one after another. */
export function rowText(texts: readonly (string | null)[]): string {
  return texts.map(inRow).join('');
}

function scaled(value: bigint, scale: number): string {
  if (scale === 0) return value.toString();
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  return withoutZeros(`${value < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`);
}

/** Removes the zeros at the end of a fraction, and the point before an empty fraction. */
function withoutZeros(text: string): string {
  return text.replace(/\.?0+$/, '');
}

const nan = '7ff8000000000000';

function floatText(value: number): string {
  if (Number.isNaN(value)) return nan;
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value === 0 ? 0 : value);
  return bytes.toString('hex');
}

/** Turns the capitals A to Z into small letters. Other letters stay, because a text with them is not a UUID. */
function lowerCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** The time of day for a number of nanoseconds since midnight. */
function timeText(value: bigint): string {
  const second = unitsPerSecond.ns;
  const seconds = Number(value / second);
  const two = (n: number) => String(n).padStart(2, '0');
  const clock = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return withoutZeros(`${clock}.${(value % second).toString().padStart(9, '0')}`);
}

function fieldOf(type: DataType & { readonly kind: 'struct' }, at: number): DataType {
  const field = type.fields[at];
  if (field === undefined)
    throw new DefectError({ code: 'HYG-9001', what: `A value of ${describeType(type)} has a field ${at}.`, tryThis: ['Report it'] });
  return field.type;
}
