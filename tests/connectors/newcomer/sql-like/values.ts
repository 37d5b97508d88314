import type { Held } from '../../../../src/engine/contracts/catalog.ts';
import type { Frame } from '../../../../src/engine/contracts/frame.ts';
import { overArrow } from '../../../../src/frames/from-polars.ts';
import { polars } from '../../../../src/frames/native.ts';
import { asPolars } from '../../../../src/frames/polars-frame.ts';
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

export function holds(declared: string): Held | undefined {
  const type = types[declared.toLowerCase()];
  return type && { type };
}

/** The rows of a frame, in its columns' order. */
export async function rowsOf(frame: Frame): Promise<readonly (readonly Value[])[]> {
  const { columns } = frame.schema;
  const pl = await polars();
  // Arrow gives dates and times as numbers that lose digits: the whole numbers behind them are asked for instead.
  const exact = columns.map(({ name, type }) => (isTime(type) ? pl.col(name).cast(pl.Int64) : pl.col(name)));
  return overArrow((await asPolars(frame).collect()).select(...exact), (table) =>
    Array.from({ length: table.numRows }, (_, row) => columns.map(({ type }, i) => asStored(type, table.getChildAt(i)?.get(row)))),
  );
}

const isTime = ({ kind }: DataType) => kind === 'date' || kind === 'timestamp';

function asStored(type: DataType, value: unknown): Value {
  if (value === null || value === undefined) return null;
  if (type.kind === 'bool') return value ? 1n : 0n;
  if (isTime(type)) return watermarkText(type, value as bigint);
  // The memory behind Arrow's bytes is given back.
  return value instanceof Uint8Array ? Uint8Array.from(value) : (value as Value);
}
