/** Which type a column is proposed to be, by what its sample holds. Never one that would change a value: what is in doubt stays text. */
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
/** Decimals up to so many digits are kept in 18, which leaves room for larger values; more in 38. */
const shortDigits = 14;

/** `values`: those that are not null. Text when there are none. */
export function proposeType(values: readonly string[], forms: ValueForms): DataType {
  if (values.length === 0) return text;
  if (values.every((value) => truthOf(value, false) !== undefined)) return { kind: 'bool' };
  const numbers = values.map((value) => asNumber(value, forms));
  if (numbers.every((number) => number !== undefined)) return numberType(numbers) ?? text;
  return timeType(values, forms) ?? text;
}

const inGroups = /^-?[1-9]\d{0,2}(?:\.\d{3})*$/;
/** A comma before a fraction, and none that could stand between thousands. */
const withComma = /^-?(?:0,\d+|\d+,(?:\d{1,2}|\d{4,})|\d{1,3}(?:\.\d{3})+,\d+)$/;
const isWithComma = (value: string): boolean => /^-?(?:\d+|\d{1,3}(?:\.\d{3})+)(?:,\d+)?$/.test(value);

const isInGroups = (value: string): boolean => value === '0' || inGroups.test(value);
/** A column of numbers in which a point can only be a fraction's, because one of them is `1.5`, `0.125` or `1234`. */
const hasFractions = (values: readonly string[]): boolean =>
  values.some((value) => value.includes('.')) && values.every((value) => /^-?\d+(?:\.\d+)?$/.test(value)) && !values.every(isInGroups);

const withPoints = /^\d{1,2}\.\d{1,2}\.\d{4}(?:[ T]\d|$)/;

/** A day such as `31.12.2026` of a column that has nothing else; undefined: there is none. */
export function dayWithPoints(columns: ReadonlyMap<string, readonly string[]>): string | undefined {
  const [day] = [...columns.values()].find((values) => values.length > 0 && values.every((value) => withPoints.test(value))) ?? [];
  return day;
}

/**
 * Columns of `100` and `1.000` beside one of `2,50`: the point stands between thousands there, and is not a fraction's. Where semicolons separate the
 * fields, or days are written as `31.12.2026`, half of Europe writes so, and only a fraction that can be nothing else tells the contrary.
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

/** With a point as its separator and without groups; undefined: it is not a number, or one written in a way that a number would not keep. */
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
 * Amounts are written with a fixed number of digits, zeros included: 12.50. That is what tells them from floats, which are written as short as
 * they can be; with a single digit the two look the same.
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

/** The exact type of numbers of different lengths that have more digits than a float64 keeps; undefined: one has an exponent. */
function exactType(numbers: readonly string[]): DataType | undefined {
  if (numbers.some((number) => /e/i.test(number))) return undefined;
  const scale = Math.max(...numbers.map((number) => number.split('.')[1]?.length ?? 0));
  return mostWhole(numbers) + scale <= 38 ? { kind: 'decimal', precision: 38, scale } : undefined;
}

/** A float64 holds the very digits that are written. */
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
