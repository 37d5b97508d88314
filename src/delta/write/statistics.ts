/** The statistics of a new file, by which readers pass it over: the number of rows, the nulls of plain columns, and the bounds of the watermark. */
import type { DataType, Schema } from '../../frames/schema.ts';

export interface WrittenRows {
  readonly rows: number;
  /** In the order of `schema`. */
  readonly nulls: readonly number[];
  readonly schema: Schema;
  /** Columns that are not in the file. */
  readonly partitionColumns: readonly string[];
  /** Canonical texts; null: the column is not known, or has no values. */
  readonly bounds: { readonly column: string; readonly min: string; readonly max: string } | null;
}

export function statisticsOf({ rows, nulls, schema, partitionColumns, bounds }: WrittenRows): string {
  const nullCount: Record<string, number> = {};
  const inFile = schema.columns.filter(({ name }) => !partitionColumns.includes(name));
  if (nulls.length === inFile.length)
    for (const [i, { name, type }] of inFile.entries()) if (type.kind !== 'list' && type.kind !== 'struct') nullCount[name] = nulls[i] ?? 0;
  const column = inFile.find(({ name }) => name === bounds?.column);
  const min = bounds && column && boundOf(column.type, bounds.min, 'min');
  const max = bounds && column && boundOf(column.type, bounds.max, 'max');
  const hasBounds = column && min !== undefined && min !== null && max !== undefined && max !== null;
  const named = (value: unknown) => (hasBounds ? { [column.name]: value } : {});
  return JSON.stringify({ numRecords: rows, minValues: named(min), maxValues: named(max), nullCount });
}

/**
 * A bound as readers parse it: whole numbers as numbers, days and instants as texts. Other writers cut instants to milliseconds and readers add one to the largest, so a
 * largest instant with more digits is the next millisecond here. Undefined: readers disagree on values of the type.
 */
function boundOf(type: DataType, text: string, which: 'min' | 'max'): number | string | undefined {
  if (/^int(8|16|32|64)$/.test(type.kind)) {
    const value = Number(text);
    return Number.isSafeInteger(value) ? value : undefined;
  }
  if (type.kind === 'date') return /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : undefined;
  if (type.kind !== 'timestamp' || type.zone === undefined) return undefined;
  // A wall-clock time of the source has no Z, and settles as the instant that it would be in UTC.
  const [, seconds, fraction = ''] = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d+))?Z?$/.exec(text) ?? [];
  if (seconds === undefined) return undefined;
  const whole = Date.parse(`${seconds}.${fraction.padEnd(3, '0').slice(0, 3)}Z`);
  const isCut = /[1-9]/.test(fraction.slice(3));
  return new Date(which === 'max' && isCut ? whole + 1 : whole).toISOString();
}
