/** Proposes the type of a column from its sample. Never a type that would change a value: doubtful columns stay text. */
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
/** Decimals of up to this many digits get 18, which leaves room for larger values; others get 38. */
const shortDigits = 14;

/** `values`: the values that are not null. Text if there are none. */
export function proposeType(values: readonly string[], forms: ValueForms): DataType {
  if (values.length === 0) return text;
  if (values.every((value) => truthOf(value, false) !== undefined)) return { kind: 'bool' };
  const numbers = values.map((value) => asNumber(value, forms));
  if (numbers.every((number) => number !== undefined)) return numberType(numbers) ?? text;
  return timeType(values, forms) ?? text;
}

const inGroups = /^-?[1-9]\d{0,2}(?:\.\d{3})*$/;
/** Whether a comma is before a fraction, and no comma could separate thousands. */
const withComma = /^-?(?:0,\d+|\d+,(?:\d{1,2}|\d{4,})|\d{1,3}(?:\.\d{3})+,\d+)$/;
const isWithComma = (value: string): boolean => /^-?(?:\d+|\d{1,3}(?:\.\d{3})+)(?:,\d+)?$/.test(value);

const isInGroups = (value: string): boolean => value === '0' || inGroups.test(value);
/** Whether the points in a column of numbers can only be decimal points, because one value is like `1.5`, `0.125` or `1234`. */
const hasFractions = (values: readonly string[]): boolean =>
  values.some((value) => value.includes('.')) && values.every((value) => /^-?\d+(?:\.\d+)?$/.test(value)) && !values.every(isInGroups);

const withPoints = /^\d{1,2}\.\d{1,2}\.\d{4}(?:[ T]\d|$)/;

/** A day such as `31.12.2026` in a column that contains nothing else; undefined: there is none. */
export function dayWithPoints(columns: ReadonlyMap<string, readonly string[]>): string | undefined {
  const [day] = [...columns.values()].find((values) => values.length > 0 && values.every((value) => withPoints.test(value))) ?? [];
  return day;
}

/**
 * Columns of `100` and `1.000` next to a column of `2,50`: their points separate thousands. If semicolons separate the fields, or days are
 * written as `31.12.2026`, points separate thousands as well, as in half of Europe, unless a value can only be a fraction.
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

/** The number with a point before the fraction and without groups. Undefined: it is not a number, or is written in a way that a number would not keep. */
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
 * Amounts have a fixed number of digits, zeros included: 12.50. That distinguishes them from floats, which are written as short as
 * possible; with a single digit the two look the same.
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

/** The exact type of numbers of different lengths with more digits than a float64 keeps; undefined: one has an exponent. */
function exactType(numbers: readonly string[]): DataType | undefined {
  if (numbers.some((number) => /e/i.test(number))) return undefined;
  const scale = Math.max(...numbers.map((number) => number.split('.')[1]?.length ?? 0));
  return mostWhole(numbers) + scale <= 38 ? { kind: 'decimal', precision: 38, scale } : undefined;
}

/** A float64 holds exactly the digits that are written. */
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
