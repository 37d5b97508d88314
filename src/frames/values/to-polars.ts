import { type Arrow, arrow, type DataFrame, polars } from '../native.ts';
import { letGoOfBytes } from '../native-bytes.ts';
import type { Schema } from '../schema.ts';
import { arrowSchema } from './arrow-type.ts';
import { PolarsFrame } from './polars-frame.ts';

/** Arrow → Polars: `tableToIPC` → `readIPCStream`. Bytes are the only way in that nodejs-polars does not corrupt. */
export async function toPolars(table: Arrow.Table): Promise<DataFrame> {
  return dataFrameFromArrow(arrowStreamOf(await arrow(), table));
}

/** A table as bytes that Polars reads, in this thread or in another one. */
export interface ArrowStream {
  readonly bytes: Uint8Array;
  /** What the column is called in it that has no name; null: each has one. */
  readonly standIn: string | null;
}

export function arrowStreamOf(A: typeof Arrow, table: Arrow.Table): ArrowStream {
  const names = table.schema.fields.map(({ name }) => name);
  const standIn = names.includes('') ? freeName(names) : null;
  return { bytes: A.tableToIPC(standIn === null ? table : named(A, table, standIn), 'stream'), standIn };
}

/** The bytes are used no more. */
export async function dataFrameFromArrow({ bytes, standIn }: ArrowStream): Promise<DataFrame> {
  const pl = await polars();
  const data = pl.readIPCStream(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  letGoOfBytes(bytes);
  return standIn === null ? data : data.rename({ [standIn]: '' });
}

/** Of no column. */
function freeName(names: readonly string[]): string {
  let name = '_';
  while (names.includes(name)) name += '_';
  return name;
}

/** The table with a name for the column that has none: Polars reads no Arrow field without one, though a column of it may be. */
function named(A: typeof Arrow, table: Arrow.Table, name: string): Arrow.Table {
  const fields = table.schema.fields.map((field) => (field.name === '' ? new A.Field(name, field.type, field.nullable) : field));
  const schema = new A.Schema(fields);
  return new A.Table(
    schema,
    table.batches.map((batch) => new A.RecordBatch(schema, batch.data as never)),
  );
}

/** A frame without rows, with every column and type of the schema. */
export async function emptyFrame(schema: Schema): Promise<PolarsFrame> {
  const A = await arrow();
  return PolarsFrame.of({ schema, data: await toPolars(new A.Table(arrowSchema(A, schema))), bytes: 0 });
}
