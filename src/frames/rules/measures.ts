/** What is counted while rows are judged. Counts of parts of the rows add up to those of all, in any order. */
import type { DataType } from '../schema.ts';
import { compareWatermarks } from '../watermark-text.ts';

/** Counts of rows, columns and rules. Those of two frames add up to those of both, in any order (`addMeasures`). */
export interface Measures {
  readonly rows: number;
  /** By the names of rules: a row that breaks two counts for both. */
  readonly broken: Readonly<Record<string, number>>;
  /** Absent: an earlier version did not count it. */
  readonly judged?: JudgedCounts;
  readonly columns: Readonly<Record<string, ColumnStatistics>>;
  /** Figures of the rows that settle. Absent: all rows settle, or an earlier version did not measure them. */
  readonly settled?: MeasuredRows;
}

export interface MeasuredRows {
  readonly rows: number;
  readonly columns: Readonly<Record<string, ColumnStatistics>>;
}

/** Of so many rows, how many each rule has an answer about: it has none where its column is null, or its condition does not apply. */
export interface JudgedCounts {
  readonly rows: number;
  /** By the names of rules. */
  readonly rules: Readonly<Record<string, number>>;
}

export interface ColumnStatistics {
  readonly type: DataType;
  readonly nulls: number;
  /** Values that are not numbers; absent: it was not asked for, or there are none. */
  readonly nans?: number;
  /** Canonical text, of floats as JavaScript writes them; absent: it was not asked for, the column has nothing but nulls, or its type has no order. */
  readonly min?: string;
  readonly max?: string;
  /** Of integers and decimals exact: as many units of the last digit as the type has. Of floats about right. Absent: it was not asked for. */
  readonly sum?: string;
  /** See `distinctValues`. Absent: it was not asked for. */
  readonly smallest?: readonly string[];
}

/** A column, and what of it is measured beside its nulls. */
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

/** Without rows that mark a deletion: their values are not measured. */
export const readOf = ({ rows, columns, judged }: Measures): MeasuredRows => ({ rows: judged?.rows ?? rows, columns });

export const settledOf = ({ rows, columns, settled = { rows, columns } }: Measures): MeasuredRows => settled;

function addRows(a: MeasuredRows, b: MeasuredRows): MeasuredRows {
  return { rows: a.rows + b.rows, columns: merged(a.columns, b.columns, addColumn) };
}

function addJudged(a: JudgedCounts | undefined, b: JudgedCounts | undefined): JudgedCounts | undefined {
  if (a === undefined || b === undefined) return undefined;
  return { rows: a.rows + b.rows, rules: merged(a.rules, b.rules, (one = 0, other) => one + other) };
}

/** The values of both by their names, which may be any text, `constructor` or `__proto__` among them. */
export function merged<T>(
  a: Readonly<Record<string, T>>,
  b: Readonly<Record<string, T>>,
  add: (one: T | undefined, other: T) => T,
): Readonly<Record<string, T>> {
  const all = new Map(Object.entries(a));
  for (const [name, value] of Object.entries(b)) all.set(name, add(all.get(name), value));
  return Object.fromEntries(all);
}

/** The value of that name, and nothing that any object has. */
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

/** Below zero when `a` is the smaller. Texts as `ColumnStatistics.min` has them. */
export function compareTexts(type: DataType, a: string, b: string): number {
  return isFloat(type) ? Number(a) - Number(b) : compareWatermarks({ type, text: a }, { type, text: b });
}

/** So many hashes of a column's values are kept. */
export const mostHashes = 1024;

/** The smallest hashes, each once. @param hashes 16 hex digits each. */
export const smallestOf = (hashes: readonly string[]): readonly string[] => [...new Set(hashes)].sort().slice(0, mostHashes);

/**
 * How many distinct values a column has beside nulls, by the smallest hashes of them: exact below `mostHashes`. Above that an estimate, as evenly as hashes lie: within
 * 3 % for two columns of three, and within 10 % for nearly all.
 */
export function distinctValues(smallest: readonly string[]): { readonly n: number; readonly exact: boolean } {
  const last = smallest[mostHashes - 1];
  if (last === undefined) return { n: smallest.length, exact: true };
  return { n: Math.round((mostHashes - 1) / (Number(BigInt(`0x${last}`)) / 2 ** 64)), exact: false };
}
