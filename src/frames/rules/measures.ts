/** Counts made while rows are checked. Counts of parts of the rows add up to those of all, in any order. */
import type { DataType } from '../schema.ts';
import { compareWatermarks } from '../watermark-text.ts';

/** Counts of rows, columns and rules. Those of two frames add up to those of both, in any order (`addMeasures`). */
export interface Measures {
  readonly rows: number;
  /** By the names of rules: a row that breaks two rules counts for both. */
  readonly broken: Readonly<Record<string, number>>;
  /** Absent: an earlier version did not count it. */
  readonly judged?: JudgedCounts;
  readonly columns: Readonly<Record<string, ColumnStatistics>>;
  /** Statistics of the rows that settle. Absent: all rows settle, or an earlier version did not measure them. */
  readonly settled?: MeasuredRows;
}

export interface MeasuredRows {
  readonly rows: number;
  readonly columns: Readonly<Record<string, ColumnStatistics>>;
}

/** To how many of this many rows each rule applies. It does not apply if its column is null, or its condition excludes the row. */
export interface JudgedCounts {
  readonly rows: number;
  /** By the names of rules. */
  readonly rules: Readonly<Record<string, number>>;
}

export interface ColumnStatistics {
  readonly type: DataType;
  readonly nulls: number;
  /** Values that are NaN. Absent: not requested, or there are none. */
  readonly nans?: number;
  /** Canonical text, of floats as JavaScript writes them. Absent: not requested, the column has only nulls, or its type has no order. */
  readonly min?: string;
  readonly max?: string;
  /** Exact for integers and decimals, in units of the type’s last digit. Approximate for floats. Absent: not requested. */
  readonly sum?: string;
  /** See `distinctValues`. Absent: not requested. */
  readonly smallest?: readonly string[];
}

/** A column, and what is measured in addition to its nulls. */
export interface MeasuredColumn {
  readonly column: string;
  readonly of: readonly ('extremes' | 'sum' | 'distinct')[];
}

export const noMeasures: Measures = { rows: 0, broken: {}, columns: {} };

export function addMeasures(a: Measures, b: Measures): Measures {
  const judged = a.rows === 0 ? b.judged : b.rows === 0 ? a.judged : addJudged(a.judged, b.judged);
  const settled = a.settled === undefined && b.settled === undefined ? undefined : addRows(settledOf(a), settledOf(b));
  return {
    rows: a.rows + b.rows,
    ...(judged === undefined ? {} : { judged }),
    broken: merged(a.broken, b.broken, (one = 0, other) => one + other),
    columns: merged(a.columns, b.columns, addColumn),
    ...(settled === undefined ? {} : { settled }),
  };
}

/** Rows that mark a deletion are excluded: their values are not measured. */
export const readOf = ({ rows, columns, judged }: Measures): MeasuredRows => ({ rows: judged?.rows ?? rows, columns });

export const settledOf = ({ rows, columns, settled = { rows, columns } }: Measures): MeasuredRows => settled;

function addRows(a: MeasuredRows, b: MeasuredRows): MeasuredRows {
  return { rows: a.rows + b.rows, columns: merged(a.columns, b.columns, addColumn) };
}

function addJudged(a: JudgedCounts | undefined, b: JudgedCounts | undefined): JudgedCounts | undefined {
  if (a === undefined || b === undefined) return undefined;
  return { rows: a.rows + b.rows, rules: merged(a.rules, b.rules, (one = 0, other) => one + other) };
}

/** The values of both by their names, which may be any text, even `constructor` or `__proto__`. */
export function merged<T>(
  a: Readonly<Record<string, T>>,
  b: Readonly<Record<string, T>>,
  add: (one: T | undefined, other: T) => T,
): Readonly<Record<string, T>> {
  const all = new Map(Object.entries(a));
  for (const [name, value] of Object.entries(b)) all.set(name, add(all.get(name), value));
  return Object.fromEntries(all);
}

/** The own value of that name, without inherited properties. */
export function ownOf<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

function addColumn(a: ColumnStatistics | undefined, b: ColumnStatistics): ColumnStatistics {
  if (a === undefined) return b;
  const { type } = a;
  const edge = (one: string | undefined, other: string | undefined, sign: 1 | -1) => {
    if (one === undefined || other === undefined) return one ?? other;
    return sign * compareTexts(type, one, other) <= 0 ? one : other;
  };
  const [min, max] = [edge(a.min, b.min, 1), edge(a.max, b.max, -1)];
  return {
    type,
    nulls: a.nulls + b.nulls,
    ...(a.nans === undefined && b.nans === undefined ? {} : { nans: (a.nans ?? 0) + (b.nans ?? 0) }),
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(a.sum === undefined || b.sum === undefined
      ? {}
      : { sum: isFloat(type) ? String(Number(a.sum) + Number(b.sum)) : String(BigInt(a.sum) + BigInt(b.sum)) }),
    ...(a.smallest === undefined || b.smallest === undefined ? {} : { smallest: smallestOf([...a.smallest, ...b.smallest]) }),
  };
}

export const isFloat = ({ kind }: DataType): boolean => kind === 'float32' || kind === 'float64';

/** Below zero if `a` is smaller. The texts have the form of `ColumnStatistics.min`. */
export function compareTexts(type: DataType, a: string, b: string): number {
  return isFloat(type) ? Number(a) - Number(b) : compareWatermarks({ type, text: a }, { type, text: b });
}

/** How many hashes of a column’s values are kept. */
export const mostHashes = 1024;

/** The smallest hashes, each once. @param hashes 16 hex digits each. */
export const smallestOf = (hashes: readonly string[]): readonly string[] => [...new Set(hashes)].sort().slice(0, mostHashes);

/**
 * How many distinct values a column has, without nulls, estimated from the smallest hashes: exact below `mostHashes`. Above that, the error
 * depends on how evenly hashes are distributed: within 3 % for two of three columns, and within 10 % for nearly all.
 */
export function distinctValues(smallest: readonly string[]): { readonly n: number; readonly exact: boolean } {
  const last = smallest[mostHashes - 1];
  if (last === undefined) return { n: smallest.length, exact: true };
  return { n: Math.round((mostHashes - 1) / (Number(BigInt(`0x${last}`)) / 2 ** 64)), exact: false };
}
