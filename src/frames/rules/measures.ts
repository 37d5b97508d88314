/** What is counted while rows are judged. Counts of parts of the rows add up to those of all, in any order. */
import type { DataType } from '../schema.ts';
import { compareWatermarks } from '../watermark-text.ts';

/** Counts of rows, columns and rules. Those of two frames add up to those of both, in any order (`addMeasures`). */
export interface Measures {
  readonly rows: number;
  /** By the names of rules: a row that breaks two counts for both. */
  readonly broken: Readonly<Record<string, number>>;
  readonly columns: Readonly<Record<string, ColumnStatistics>>;
}

export interface ColumnStatistics {
  readonly type: DataType;
  readonly nulls: number;
  /** Canonical text; absent: it has nothing but nulls, or its type has no order. */
  readonly min?: string;
  readonly max?: string;
}

export const noMeasures: Measures = { rows: 0, broken: {}, columns: {} };

export function addMeasures(a: Measures, b: Measures): Measures {
  const broken = { ...a.broken };
  for (const [rule, rows] of Object.entries(b.broken)) broken[rule] = (broken[rule] ?? 0) + rows;
  const columns = { ...a.columns };
  for (const [name, column] of Object.entries(b.columns)) columns[name] = addColumn(columns[name], column);
  return { rows: a.rows + b.rows, broken, columns };
}

function addColumn(a: ColumnStatistics | undefined, b: ColumnStatistics): ColumnStatistics {
  if (a === undefined) return b;
  const { type } = a;
  const edge = (one: string | undefined, other: string | undefined, sign: 1 | -1) => {
    if (one === undefined || other === undefined) return one ?? other;
    return sign * compareWatermarks({ type, text: one }, { type, text: other }) <= 0 ? one : other;
  };
  const [min, max] = [edge(a.min, b.min, 1), edge(a.max, b.max, -1)];
  return { type, nulls: a.nulls + b.nulls, ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
}
