import type { StoredType } from '../../../../src/engine/contracts/catalog.ts';
import type { Cell } from '../../../../src/frames/cell.ts';
import type { Column, DataType } from '../../../../src/frames/schema.ts';
import { watermarkText } from '../../../../src/frames/watermark-text.ts';

/** What SQLite keeps. Dates and times lie there as their canonical text, which sorts as they do. */
export type Value = null | bigint | number | string | Uint8Array;

/** The declared types of columns, and what they hold. */
const types: Readonly<Record<string, DataType>> = {
  boolean: { kind: 'bool' },
  bigint: { kind: 'int64' },
  double: { kind: 'float64' },
  text: { kind: 'string' },
  blob: { kind: 'binary' },
  date_text: { kind: 'date' },
  timestamp_text: { kind: 'timestamp', unit: 'us' },
  timestamptz_text: { kind: 'timestamp', unit: 'us', zone: 'UTC' },
};

/** The declared type of a column for values of ours; undefined: there is none that holds them. */
export function declaredFor(type: DataType): string | undefined {
  if (type.kind === 'timestamp') return type.unit === 'ns' ? undefined : type.zone === undefined ? 'timestamp_text' : 'timestamptz_text';
  if (/^u?int/.test(type.kind)) return type.kind === 'uint64' ? undefined : 'bigint';
  if (type.kind === 'uuid' || type.kind === 'json') return 'text';
  if (type.kind === 'float32') return 'double';
  return Object.entries(types).find(([, { kind }]) => kind === type.kind)?.[0];
}

export const q = (name: string) => `"${name.replaceAll('"', '""')}"`;
export const listed = (names: readonly string[]) => names.map(q).join(', ');
export const columnsOf = (columns: readonly Column[]) =>
  columns.map(({ name, type }) => `${q(name)} ${declaredFor(type) ?? 'text'}`).join(', ');

export function holds(declared: string): StoredType | undefined {
  const type = types[declared.toLowerCase()];
  return type && { type };
}

/** A value of a row, as it lies in a column of its type. */
export function stored(type: DataType, cell: Cell): Value {
  if (typeof cell === 'boolean') return cell ? 1n : 0n;
  const isTime = type.kind === 'date' || type.kind === 'timestamp';
  return isTime && cell !== null ? watermarkText(type, BigInt(cell as number)) : (cell as Value);
}
