/** The statistics of a new file, with which readers can skip it: the number of rows, the nulls of plain columns, and the bounds of the watermark and of keys. */
import type { DataType, Schema } from '../../frames/schema.ts';

export interface WrittenRows {
  readonly rows: number;
  /** The number of nulls of each column, in the order of `schema`. Columns that are not in the file may be left out. Empty: unknown. */
  readonly nulls: readonly number[];
  readonly schema: Schema;
  /** Columns that are not in the file. */
  readonly partitionColumns: readonly string[];
  /** The bounds of columns that have values, as canonical texts. */
  readonly bounds: readonly ColumnBounds[];
}

export interface ColumnBounds {
  readonly column: string;
  readonly min: string;
  readonly max: string;
}

export function statisticsOf({ rows, nulls, schema, partitionColumns, bounds }: WrittenRows): string {
  const nullCount: Record<string, number> = {};
  const inFile = schema.columns.filter(({ name }) => !partitionColumns.includes(name));
  const counted = nulls.length === schema.columns.length ? schema.columns : nulls.length === inFile.length ? inFile : [];
  for (const [i, column] of counted.entries())
    if (inFile.includes(column) && column.type.kind !== 'list' && column.type.kind !== 'struct') nullCount[column.name] = nulls[i] ?? 0;
  const [minValues, maxValues]: [Record<string, unknown>, Record<string, unknown>] = [{}, {}];
  for (const { column, min, max } of bounds) {
    const type = inFile.find(({ name }) => name === column)?.type;
    const [least, most] = type === undefined ? [] : [boundOf(type, min, 'min'), boundOf(type, max, 'max')];
    if (least === undefined || most === undefined) continue;
    minValues[column] = least;
    maxValues[column] = most;
  }
  return JSON.stringify({ numRecords: rows, minValues, maxValues, nullCount });
}

/** The maximum length of text bounds, as other writers cut them. */
const mostCharacters = 32;

/** A text as a bound. As a minimum, the text is cut: a cut text sorts before the whole text. As a maximum, the highest character is added to the cut text, which then sorts after the whole text. */
function textBound(text: string, which: 'min' | 'max'): string | undefined {
  if (!text.isWellFormed()) return undefined;
  const characters = [...text.slice(0, 2 * mostCharacters + 1)];
  if (characters.length <= mostCharacters && text.length <= 2 * mostCharacters) return text;
  return `${characters.slice(0, mostCharacters).join('')}${which === 'max' ? '\u{10ffff}' : ''}`;
}

/**
 * A bound as readers parse it: whole numbers as numbers, days and instants as texts. Instants have milliseconds, as other writers write them; a largest instant with
 * more digits is rounded up. Undefined: readers disagree on values of the type, so no bound is written.
 */
function boundOf(type: DataType, text: string, which: 'min' | 'max'): number | string | undefined {
  if (/^int(8|16|32|64)$/.test(type.kind)) {
    const value = Number(text);
    return Number.isSafeInteger(value) ? value : undefined;
  }
  if (type.kind === 'string') return textBound(text, which);
  if (type.kind === 'date') return /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : undefined;
  if (type.kind !== 'timestamp' || type.zone === undefined) return undefined;
  // A wall-clock time of the source has no Z, but settles as the same time in UTC.
  const [, seconds, fraction = ''] = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d+))?Z?$/.exec(text) ?? [];
  if (seconds === undefined) return undefined;
  const whole = Date.parse(`${seconds}.${fraction.padEnd(3, '0').slice(0, 3)}Z`);
  const isCut = /[1-9]/.test(fraction.slice(3));
  return new Date(which === 'max' && isCut ? whole + 1 : whole).toISOString();
}
