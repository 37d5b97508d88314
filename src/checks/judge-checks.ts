/** Evaluates checks over all rows of a run: selects the values to measure, and compares the measured values. Exact if the types are exact. */
import { epochMs } from '../frames/calendar.ts';
import { describeType } from '../frames/describe-type.ts';
import { hasEquality } from '../frames/row-sum/wide-hashes.ts';
import { isSummed, unscaled } from '../frames/rules/measured-columns.ts';
import {
  type ColumnStatistics,
  compareTexts,
  distinctValues,
  isFloat,
  type MeasuredColumn,
  type MeasuredRows,
  type Measures,
  ownOf,
} from '../frames/rules/measures.ts';
import { reasonOf } from '../frames/rules/reason.ts';
import { fewSamples, formOf, sampleOf } from '../frames/rules/sample.ts';
import type { DataType, Schema } from '../frames/schema.ts';
import { canBeWatermark, parsedKey, watermarkText } from '../frames/watermark-text.ts';
import type { NotJudgedBecause } from '../ports/events.ts';
import type { Check, CheckType } from './check.ts';
import { median } from './median.ts';

/** The columns that checks measure. */
export function measuredFor(checks: readonly Check[]): readonly MeasuredColumn[] {
  const measured = new Map<string, Set<MeasuredColumn['of'][number]>>();
  for (const check of checks) {
    // Only values other than null are counted: two rows with a null in the key do not have the same key.
    if (check.type === 'uniqueness') for (const column of check.columns) measured.set(column, measured.get(column) ?? new Set());
    if (!('column' in check) || check.column === null) continue;
    const of = measured.get(check.column) ?? new Set();
    measured.set(check.column, of);
    if (check.type === 'freshness') of.add('extremes');
    if (check.type === 'range') of.add(figures[check.of]);
  }
  return [...measured].map(([column, of]) => ({ column, of: [...of] }));
}

const figures = { min: 'extremes', max: 'extremes', sum: 'sum', mean: 'sum', distinct: 'distinct' } as const;

/** Why a check can't be applied to these columns, as a sentence; null: the check can be applied. */
export function checkProblem(check: Check, { columns }: Schema): string | null {
  if (check.type === 'uniqueness') return uniquenessProblem(check, columns);
  if (!('column' in check) || check.column === null) return null;
  const column = columns.find(({ name }) => name === check.column);
  if (column === undefined) return noColumn(check.column, columns);
  const { type } = column;
  const is = `${check.column} is ${describeType(type)}`;
  if (check.type === 'freshness') return type.kind === 'timestamp' || type.kind === 'date' ? null : `${is}, not a time with an age.`;
  if (check.type !== 'range') return null;
  if ((check.of === 'sum' || check.of === 'mean') && !isSummed(type)) return `${is}, which has no ${check.of}.`;
  if ((check.of === 'min' || check.of === 'max') && !canBeWatermark(type) && !isFloat(type))
    return `${is}, which has no smallest and largest value.`;
  const wrong = [check.min, check.max].find((bound) => bound !== null && !isBound(bound, check.of, type));
  return wrong == null ? null : `${JSON.stringify(wrong)} is not a bound for the ${check.of} of ${describeType(type)}.`;
}

const noColumn = (name: string, columns: Schema['columns']) =>
  `There is no column ${name}. There is: ${columns
    .map(({ name: one }) => one)
    .slice(0, 20)
    .join(', ')}.`;

function uniquenessProblem({ columns: keys }: CheckType & { readonly type: 'uniqueness' }, columns: Schema['columns']): string | null {
  for (const key of keys) {
    const column = columns.find(({ name }) => name === key);
    if (column === undefined) return noColumn(key, columns);
    if (!hasEquality(column.type)) return `${key} is ${describeType(column.type)}, whose values are not compared.`;
  }
  return null;
}

const number = /^-?\d+(?:\.\d+)?$/;

function isBound(text: string, of: (CheckType & { readonly type: 'range' })['of'], type: DataType): boolean {
  if (of === 'distinct') return /^\d+$/.test(text);
  if (of === 'sum' || of === 'mean') return number.test(text);
  if (isFloat(type)) return Number.isFinite(Number(text)) && text.trim() !== '';
  return parsedKey(type, text) !== undefined;
}

/** A bound with the decimal digits of the column: 1.5 with two digits is 1.50. */
function canonical(type: DataType, text: string): string {
  const key = isFloat(type) ? undefined : parsedKey(type, text);
  return key === undefined ? text : watermarkText(type, key);
}

export type CheckOutcome =
  | { readonly outcome: 'passed' }
  /** `found` is a value of the data only if `isValue` is true. `values` are some of the affected values. `isAhead`: the newest time is in the future, and shows no age. */
  | {
      readonly outcome: 'failed';
      readonly found: string;
      readonly isValue?: true;
      readonly values?: readonly string[];
      readonly isAhead?: true;
    }
  | { readonly outcome: 'not judged'; readonly because: NotJudgedBecause };

const passed: CheckOutcome = { outcome: 'passed' };

/** @param n how many rows the run loaded. @param before how many rows each recent run of the same kind loaded. */
export function judgeVolume(
  { minRows, maxRows, withinPercent }: CheckType & { readonly type: 'volume' },
  n: number,
  before: readonly number[],
): CheckOutcome {
  const failed: CheckOutcome = { outcome: 'failed', found: String(n) };
  if ((minRows !== null && n < minRows) || (maxRows !== null && n > maxRows)) return failed;
  if (withinPercent === null) return passed;
  if (before.length < fewestRuns) return { outcome: 'not judged', because: 'too few runs' };
  const usual = median(before);
  return Math.abs(n - usual) * 100 > withinPercent * usual ? { outcome: 'failed', found: `${n}, and ${usual} is usual` } : passed;
}

/** The fewest values for a meaningful median. */
const fewestRuns = 5;

/** The outcome for measured rows; without rows: `not judged`. */
export function judgeColumn(check: CheckType & { readonly type: 'completeness' | 'range' }, { rows, columns }: MeasuredRows): CheckOutcome {
  const column = ownOf(columns, check.column);
  if (column === undefined || rows === 0) return { outcome: 'not judged', because: 'no rows' };
  if (check.type === 'range') return judgeRange(check, column, rows);
  const there = rows - column.nulls;
  // Computed in decimal digits, as a person wrote the threshold: 0.07 of 100 rows is 7.
  const isBelow = signBeside(check.threshold.toFixed(15), { units: BigInt(there), times: BigInt(rows) }) < 0;
  return isBelow ? { outcome: 'failed', found: `${there} of ${rows}` } : passed;
}

/** The sign of `units / 10 ** scale - times * bound`, without division or rounding. @param bound the bound in digits, with or without a decimal point */
function signBeside(
  bound: string,
  { units, scale = 0, times }: { readonly units: bigint; readonly scale?: number; readonly times: bigint },
): -1 | 0 | 1 {
  const digits = Math.max(scale, bound.split('.')[1]?.length ?? 0);
  const [ours, theirs] = [units * 10n ** BigInt(digits - scale), unscaled(bound, digits) * times];
  return ours < theirs ? -1 : ours > theirs ? 1 : 0;
}

/** The outcome for rows that break the rule of the check; without rows: `not judged`. */
export function judgeBroken(
  { rule, unit, min, max, excludesMin, excludesMax }: CheckType & { readonly type: 'broken rows' },
  { rows, broken }: Measures,
): CheckOutcome {
  if (rows === 0) return { outcome: 'not judged', because: 'no rows' };
  const n = ownOf(broken, rule.name) ?? 0;
  const figure = unit === 'percent' ? { units: BigInt(n) * 100n, times: BigInt(rows) } : { units: BigInt(n), times: 1n };
  const isBelow = min !== null && signBeside(min, figure) < (excludesMin === true ? 1 : 0);
  const isAbove = max !== null && signBeside(max, figure) > (excludesMax === true ? -1 : 0);
  return isBelow || isAbove ? { outcome: 'failed', found: `${n} of ${rows}` } : passed;
}

function judgeRange({ of, min, max }: CheckType & { readonly type: 'range' }, column: ColumnStatistics, rows: number): CheckOutcome {
  const { type } = column;
  if (of === 'distinct') {
    const { n, exact } = distinctValues(column.smallest ?? []);
    const isOut = (min !== null && n < Number(min)) || (max !== null && n > Number(max));
    return isOut ? { outcome: 'failed', found: exact ? String(n) : `about ${n}` } : passed;
  }
  if (of === 'min' || of === 'max') {
    // NaN is in no range.
    if (column.nans !== undefined) return { outcome: 'failed', found: 'NaN' };
    const found = column[of];
    if (found === undefined) return { outcome: 'not judged', because: 'no values' };
    const isOut =
      (min !== null && compareTexts(type, found, canonical(type, min)) < 0) ||
      (max !== null && compareTexts(type, found, canonical(type, max)) > 0);
    return isOut ? { outcome: 'failed', found, ...(isFloat(type) && !Number.isFinite(Number(found)) ? {} : { isValue: true }) } : passed;
  }
  const values = rows - column.nulls;
  if (column.sum === undefined || (of === 'mean' && values === 0)) return { outcome: 'not judged', because: 'no values' };
  return judgeSum({ of, min, max }, { sum: column.sum, values, type });
}

function judgeSum(
  { of, min, max }: { readonly of: 'sum' | 'mean'; readonly min: string | null; readonly max: string | null },
  { sum, values, type }: { readonly sum: string; readonly values: number; readonly type: DataType },
): CheckOutcome {
  if (isFloat(type)) {
    const found = of === 'sum' ? Number(sum) : Number(sum) / values;
    // NaN is in no range.
    const isIn = (min === null || found >= Number(min)) && (max === null || found <= Number(max));
    return isIn ? passed : { outcome: 'failed', found: String(found), ...isOneOf(values) };
  }
  const scale = type.kind === 'decimal' ? type.scale : 0;
  const figure = { units: BigInt(sum), scale, times: BigInt(of === 'sum' ? 1 : values) };
  const isOut = (min !== null && signBeside(min, figure) < 0) || (max !== null && signBeside(max, figure) > 0);
  return isOut ? { outcome: 'failed', found: decimalOf(BigInt(sum), values, { of, scale }), ...isOneOf(values) } : passed;
}

/** The sum of a single value is this value. So a sum is shown only if values may be shown. */
const isOneOf = (values: number): { readonly isValue?: true } => (values === 1 ? { isValue: true } : {});

/** The measured number for people. A mean is cut off after four more digits than the column has. */
function decimalOf(sum: bigint, values: number, { of, scale }: { readonly of: 'sum' | 'mean'; readonly scale: number }): string {
  const [units, digits] = of === 'sum' ? [sum, scale] : [(sum * 10_000n) / BigInt(values), scale + 4];
  const text = String(units < 0n ? -units : units).padStart(digits + 1, '0');
  const whole = `${text.slice(0, text.length - digits)}${digits === 0 ? '' : `.${text.slice(-digits)}`}`;
  return `${units < 0n ? '-' : ''}${digits === 0 ? whole : whole.replace(/\.?0+$/, '')}`;
}

/** @param number the result of the query, as text; null: the query returned NULL. */
export function judgeSql({ min, max }: Pick<CheckType & { readonly type: 'sql' }, 'min' | 'max'>, number: string | null): CheckOutcome {
  if (number === null) return { outcome: 'failed', found: 'NULL' };
  // NaN is in no range.
  const isIn = number !== 'NaN' && (min === null || compareNumbers(number, min) >= 0) && (max === null || compareNumbers(number, max) <= 0);
  return isIn ? passed : { outcome: 'failed', found: number };
}

/** Compares texts of numbers exactly. Infinity is larger than all other numbers. */
function compareNumbers(a: string, b: string): number {
  const [x, y] = [digitsOf(a), digitsOf(b)];
  if (x === undefined || y === undefined) return Number(a) - Number(b);
  const places = Math.max(x.places, y.places);
  const [left, right] = [x.units * 10n ** BigInt(places - x.places), y.units * 10n ** BigInt(places - y.places)];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** A number in whole units and their scale: `-1.5e3` is −15 with the scale −2. Undefined: the text is not a number with digits. */
function digitsOf(text: string): { readonly units: bigint; readonly places: number } | undefined {
  const [, sign, whole = '', fraction = '', exponent = '0'] = /^([+-]?)(\d+)(?:\.(\d*))?(?:e([+-]?\d+))?$/i.exec(text) ?? [];
  if (sign === undefined) return undefined;
  const units = BigInt(`${whole}${fraction}`);
  return { units: sign === '-' ? -units : units, places: fraction.length - Number(exponent) };
}

/** How far ahead a current time may be, because clocks differ, and a time without a zone may be in any zone. */
const mostAheadMs = 86_400_000;

/** @param ageMs the age of the newest file; null: the source has no file. */
export function judgeFileAge(
  { maxAgeMs }: Pick<CheckType & { readonly type: 'freshness' }, 'maxAgeMs'>,
  ageMs: number | null,
): CheckOutcome {
  if (ageMs === null) return { outcome: 'not judged', because: 'no time' };
  if (ageMs < -mostAheadMs) return { outcome: 'failed', found: `${inHours(-ageMs)} in the future`, isAhead: true };
  return ageMs > maxAgeMs ? { outcome: 'failed', found: `${inHours(ageMs)} old` } : passed;
}

/** @param examples some of the keys, as texts of their columns. */
export function judgeUniqueness({
  keys,
  rows,
  examples,
}: {
  readonly keys: number;
  readonly rows: number;
  readonly examples: readonly (readonly string[])[];
}): CheckOutcome {
  if (keys === 0) return passed;
  const found = `${keys === 1 ? '1 key comes' : `${keys} keys come`} more than once, ${rows === 1 ? '1 row is' : `${rows} rows are`} too many`;
  return { outcome: 'failed', found, values: examples.map((texts) => texts.join(', ')) };
}

/** @param newest canonical text of the newest value; null: no value. @param now milliseconds since 1970. */
export function judgeFreshness(
  { maxAgeMs }: CheckType & { readonly type: 'freshness' },
  newest: { readonly text: string; readonly type: DataType } | null,
  now: number,
): CheckOutcome {
  const at = newest === null ? undefined : epochMs(newest.text);
  if (newest === null || at === undefined) return judgeFileAge({ maxAgeMs }, null);
  const sinceBegin = now - at;
  // A date counts as old only after its day is over.
  return judgeFileAge({ maxAgeMs }, newest.type.kind !== 'date' || sinceBegin < 0 ? sinceBegin : Math.max(0, sinceBegin - dayMs));
}

const dayMs = 86_400_000;

export function inHours(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 120) return `${minutes}m`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)}h` : `${Math.floor(minutes / 1440)}d`;
}

/** The single column of a check; null: the check concerns several columns, or rows. */
export function columnOf(check: CheckType): string | null {
  if (check.type === 'uniqueness') return check.columns.length === 1 ? (check.columns[0] ?? null) : null;
  return 'column' in check ? check.column : check.type === 'broken rows' ? check.rule.column : null;
}

/** The condition of a check, as people write it. */
export function expectedOf(check: CheckType): string {
  const between = (min: unknown, max: unknown) =>
    [...(min === null ? [] : [`at least ${min}`]), ...(max === null ? [] : [`at most ${max}`])].join(' and ');
  switch (check.type) {
    case 'completeness':
      return `at least ${Number((check.threshold * 100).toPrecision(12))}% of ${check.column} are not null`;
    case 'uniqueness':
      return `${check.columns.join(', ')} are unique`;
    case 'freshness':
      return `the newest ${check.column ?? 'file'} is at most ${inHours(check.maxAgeMs)} old`;
    case 'volume': {
      const bounds = between(check.minRows, check.maxRows);
      const usual = check.withinPercent === null ? '' : `within ${check.withinPercent}% of the rows of recent runs`;
      return `rows: ${[bounds, usual].filter((text) => text !== '').join(', ')}`;
    }
    case 'range':
      return `the ${check.of} of ${check.column} is ${between(check.min, check.max)}`;
    case 'broken rows': {
      const unit = check.unit === 'percent' ? '%' : '';
      const ends = [
        ...(check.min === null ? [] : [`${check.excludesMin === true ? 'more than' : 'at least'} ${check.min}${unit}`]),
        ...(check.max === null ? [] : [`${check.excludesMax === true ? 'less than' : 'at most'} ${check.max}${unit}`]),
      ];
      return `${ends.join(' and ')} of the rows have this: ${reasonOf(check.rule)}`;
    }
    case 'sql':
      return `the query gives ${between(check.min, check.max)}`;
  }
}

/** The finding of a failed check. A minimum or maximum is a value of the data. @param shows whether values may be shown. */
export function foundText({ found, isValue, values = [] }: CheckOutcome & { readonly outcome: 'failed' }, shows: 'mask' | 'show'): string {
  const some = fewSamples(values.map((text) => sampleOf(text, shows))).map(({ form, value }) => value ?? form);
  if (some.length > 0) return `${found}: ${shows === 'show' ? 'such as' : 'they look like'} ${some.join(' and ')}`;
  return isValue === true && shows === 'mask' ? `it looks like ${formOf(found)}` : found;
}

/** The sentence about the clock of an age, and about a time in the future. */
export function clockText(clock: Clock | undefined, isAhead?: true): string {
  return `${clock === undefined ? '' : ` (by the clock of ${clockOwners[clock]})`}${isAhead ? ', so the age of other rows is unknown' : ''}`;
}

/** `files`: the system that stores the source's files. `own`: this machine. */
export type Clock = 'source' | 'files' | 'own';

const clockOwners = { source: 'the source', files: 'the storage of its files', own: 'this machine' } as const satisfies Record<
  Clock,
  string
>;
