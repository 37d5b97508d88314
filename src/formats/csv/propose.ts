/** Proposes the type of a column from the column’s sample. If a type might change a value, the column stays text. */
import type { DataType } from '../../frames/schema.ts';
import { ClockForm } from '../bytes/clock-form.ts';
import { truthOf } from './columns/bools.ts';
import { floatForm } from './columns/floats.ts';
import { withoutGroups } from './columns/number-form.ts';
import { parseByPattern } from './columns/patterns.ts';
import type { ValueForms } from './columns/value-reader.ts';
import type { CsvHomeOptions } from './options.ts';

const text: DataType = { kind: 'string' };
const mostInteger = 2n ** 63n - 1n;
/** Decimals of up to this many digits get the precision 18, which leaves room for larger values. Longer decimals get the precision 38. */
const shortDigits = 14;

/** `values`: the values that are not null. If `values` is empty, the type is text. */
export function proposeType(values: readonly string[], forms: ValueForms): DataType {
  if (values.length === 0) return text;
  if (values.every((value) => truthOf(value, false) !== undefined)) return { kind: 'bool' };
  const numbers = values.map((value) => asNumber(value, forms));
  if (numbers.every((number) => number !== undefined)) return numberType(numbers) ?? text;
  return timeType(values, forms) ?? text;
}

const inGroups = /^-?[1-9]\d{0,2}(?:\.\d{3})*$/;
/** Matches a number in which a comma is before the fraction and can’t separate thousands. */
const withComma = /^-?(?:0,\d+|\d+,(?:\d{1,2}|\d{4,})|\d{1,3}(?:\.\d{3})+,\d+)$/;
const isWithComma = (value: string): boolean => /^-?(?:\d+|\d{1,3}(?:\.\d{3})+)(?:,\d+)?$/.test(value);

const isInGroups = (value: string): boolean => value === '0' || inGroups.test(value);
/** Whether the points in a column of numbers can only be decimal points. One value such as `1.5`, `0.125` or `1234` shows this. */
const hasFractions = (values: readonly string[]): boolean =>
  values.some((value) => value.includes('.')) && values.every((value) => /^-?\d+(?:\.\d+)?$/.test(value)) && !values.every(isInGroups);

const withPoints = /^\d{1,2}\.\d{1,2}\.\d{4}(?:[ T]\d|$)/;

/** A day such as `31.12.2026`, from a column that contains only such days. Undefined: no column does. */
export function dayWithPoints(columns: ReadonlyMap<string, readonly string[]>): string | undefined {
  const [day] = [...columns.values()].find((values) => values.length > 0 && values.every((value) => withPoints.test(value))) ?? [];
  return day;
}

/**
 * The columns in which points separate thousands: columns of `100` and `1.000` in a file that also has a column of `2,50`. Half of Europe
 * also writes so if semicolons separate the fields, or if days are written as `31.12.2026`. In such a file, points separate thousands too,
 * unless a value can only be a fraction.
 */
export function groupedByPoints(
  columns: ReadonlyMap<string, readonly string[]>,
  { decimal_separator: decimal, thousands_separator: thousands }: CsvHomeOptions,
  delimiter: string,
): ReadonlySet<string> {
  if (decimal !== undefined || thousands !== undefined) return new Set();
  const commas = [...columns.values()].some((values) => values.every(isWithComma) && values.some((value) => withComma.test(value)));
  const isEuropean = delimiter === ';' || (delimiter !== ',' && dayWithPoints(columns) !== undefined);
  const doubtful = isEuropean && ![...columns.values()].some(hasFractions);
  if (!commas && !doubtful) return new Set();
  const grouped = [...columns].filter(([, values]) => values.some((value) => value.includes('.')) && values.every(isInGroups));
  return new Set(grouped.map(([name]) => name));
}

/** The number with a point before the fraction, and without groups. Undefined: the text is not a number, or a number would lose the way in which the text is written. */
export function asNumber(value: string, { decimal, thousands }: ValueForms): string | undefined {
  let number = value;
  if (thousands >= 0) {
    const ungrouped = withoutGroups(number, String.fromCharCode(thousands), String.fromCharCode(decimal));
    if (ungrouped === undefined) return undefined;
    number = ungrouped;
  }
  if (decimal !== 46) {
    if (number.includes('.')) return undefined;
    number = number.replace(',', '.');
  }
  return /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(number) && number !== '-0' ? number : undefined;
}

export function numberType(numbers: readonly string[]): DataType | undefined {
  if (numbers.every((number) => /^-?\d+$/.test(number))) return wholeType(numbers);
  return fixedType(numbers) ?? (numbers.every(isFloat) ? { kind: 'float64' } : exactType(numbers));
}

function wholeType(numbers: readonly string[]): DataType | undefined {
  const inRange = numbers.every((number) => number.length < 19 || (BigInt(number) <= mostInteger && BigInt(number) >= -mostInteger - 1n));
  if (inRange) return { kind: 'int64' };
  return Math.max(...numbers.map((number) => number.replace('-', '').length)) <= 38
    ? { kind: 'decimal', precision: 38, scale: 0 }
    : undefined;
}

/**
 * The decimal type for amounts. Amounts have a fixed number of fraction digits, zeros included: 12.50. Floats are written as short as
 * possible, so the two differ. With a single fraction digit, amounts and floats look the same.
 */
function fixedType(numbers: readonly string[]): DataType | undefined {
  const scales = new Set(numbers.map((number) => /^-?\d+\.(\d+)$/.exec(number)?.[1]?.length ?? 0));
  const [scale = 0] = scales;
  if (scales.size !== 1 || scale < 2 || !numbers.some((number) => number.endsWith('0'))) return undefined;
  const digits = mostWhole(numbers) + scale;
  return digits > 38 ? undefined : { kind: 'decimal', precision: digits <= shortDigits ? 18 : 38, scale };
}

function mostWhole(numbers: readonly string[]): number {
  return Math.max(...numbers.map((number) => /^-?(\d+)/.exec(number)?.[1]?.length ?? 0));
}

/** The exact type for numbers of different lengths with more digits than a float64 keeps. Undefined: a number has an exponent. */
function exactType(numbers: readonly string[]): DataType | undefined {
  if (numbers.some((number) => /e/i.test(number))) return undefined;
  const scale = Math.max(...numbers.map((number) => number.split('.')[1]?.length ?? 0));
  return mostWhole(numbers) + scale <= 38 ? { kind: 'decimal', precision: 38, scale } : undefined;
}

/** Whether a float64 holds exactly the digits that are written. */
function isFloat(number: string): boolean {
  return floatForm(number, false) !== undefined;
}

export function timeType(values: readonly string[], forms: ValueForms): DataType | undefined {
  const clock = new ClockForm();
  const fields = values.map((value) => Buffer.from(value));
  const { date, timestamp } = forms;
  if (timestamp !== null && fields.every((field) => parseByPattern(timestamp, field, 0, field.length, clock))) {
    return Number.isNaN(clock.offset) ? { kind: 'timestamp', unit: 'us' } : { kind: 'timestamp', unit: 'us', zone: 'UTC' };
  }
  const isDate = (field: Uint8Array) =>
    date === null ? clock.date(field, 0, field.length) : parseByPattern(date, field, 0, field.length, clock);
  if (fields.every(isDate)) return { kind: 'date' };
  return timestamp === null ? timestampType(fields, clock) : undefined;
}

function timestampType(fields: readonly Uint8Array[], clock: ClockForm): DataType | undefined {
  let digits = 0;
  let zoned = 0;
  for (const field of fields) {
    if (!clock.timestamp(field, 0, field.length) || !clock.hasTime) return undefined;
    digits = Math.max(digits, clock.fractionDigits);
    if (!Number.isNaN(clock.offset)) zoned++;
  }
  if (zoned !== 0 && zoned !== fields.length) return undefined;
  const unit = digits > 6 ? 'ns' : 'us';
  return zoned === 0 ? { kind: 'timestamp', unit } : { kind: 'timestamp', unit, zone: 'UTC' };
}
