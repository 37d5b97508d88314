import { type Arrow, arrow, type DataFrame, type Polars, polars } from '../native.ts';
import { letGoOfBytes } from '../native-bytes.ts';
import type { Schema } from '../schema.ts';
import { arrowSchema } from './arrow-type.ts';
import { PolarsFrame } from './polars-frame.ts';

/**
 * Passes a table from Arrow to Polars: an IPC stream and then `readIPCStream`. nodejs-polars corrupts every other input. The bytes are put
 * together in memory that is reused, because V8 checks its whole heap whenever some megabytes of new memory are allocated.
 */
export async function toPolars(table: Arrow.Table): Promise<DataFrame> {
  return dataFrameOf(await arrow(), await polars(), table);
}

/** Passes a table to Polars at once. The memory of the table may be overwritten afterwards. */
export function dataFrameOf(A: typeof Arrow, pl: typeof Polars, table: Arrow.Table): DataFrame {
  const { named: of, standIn } = withNames(A, table);
  const pieces = streamed(A, of);
  const size = pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const isKept = size <= mostKept;
  const memory = isKept ? roomFor(size) : Buffer.allocUnsafeSlow(size);
  let at = 0;
  for (const piece of pieces) {
    memory.set(piece, at);
    at += piece.byteLength;
  }
  const data = pl.readIPCStream(memory.subarray(0, size));
  if (!isKept) letGoOfBytes(memory);
  return standIn === null ? data : data.rename({ [standIn]: '' });
}

/** The largest stream, in bytes, that uses the reused memory. Larger streams get memory of their own. */
const mostKept = 32 * 1024 * 1024;
let kept = Buffer.alloc(0);

function roomFor(bytes: number): Buffer {
  if (bytes <= kept.length) return kept;
  const before = kept;
  kept = Buffer.allocUnsafeSlow(Math.min(mostKept, Math.max(bytes, before.length * 2)));
  if (before.length > 0) letGoOfBytes(before);
  return kept;
}

/** The bytes of a stream, in pieces. Most pieces are memory of the table itself. */
function streamed(A: typeof Arrow, table: Arrow.Table): readonly Uint8Array[] {
  const pieces: Uint8Array[] = [];
  class Collected extends A.AsyncByteQueue {
    override write(piece: Uint8Array): void {
      pieces.push(piece);
    }
  }
  const writer = new A.RecordBatchStreamWriter().reset(new Collected(), table.schema);
  for (const batch of table.batches) writer.write(batch);
  writer.finish();
  return pieces;
}

/** A table as bytes that Polars reads, in this thread or in another thread. */
export interface ArrowStream {
  readonly bytes: Uint8Array;
  /** The name that stands in the stream for the column without a name. Null: all columns have a name. */
  readonly standIn: string | null;
}

export function arrowStreamOf(A: typeof Arrow, table: Arrow.Table): ArrowStream {
  const { named: of, standIn } = withNames(A, table);
  return { bytes: A.tableToIPC(of, 'stream'), standIn };
}

function withNames(A: typeof Arrow, table: Arrow.Table): { readonly named: Arrow.Table; readonly standIn: string | null } {
  const names = table.schema.fields.map(({ name }) => name);
  const standIn = names.includes('') ? freeName(names) : null;
  return { named: standIn === null ? table : named(A, table, standIn), standIn };
}

/** Makes a frame of the stream. The bytes must not be used afterwards. */
export async function dataFrameFromArrow({ bytes, standIn }: ArrowStream): Promise<DataFrame> {
  const pl = await polars();
  const data = pl.readIPCStream(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  letGoOfBytes(bytes);
  return standIn === null ? data : data.rename({ [standIn]: '' });
}

/** A name that differs from the names of all columns. */
function freeName(names: readonly string[]): string {
  let name = '_';
  while (names.includes(name)) name += '_';
  return name;
}

/** The table with a name for the column that has none. Polars reads no Arrow field without a name, though a column in Polars may have no name. */
function named(A: typeof Arrow, table: Arrow.Table, name: string): Arrow.Table {
  const fields = table.schema.fields.map((field) => (field.name === '' ? new A.Field(name, field.type, field.nullable) : field));
  const schema = new A.Schema(fields);
  return new A.Table(
    schema,
    table.batches.map((batch) => new A.RecordBatch(schema, batch.data as never)),
  );
}

/** A frame without rows that has all columns of the schema, with their types. */
export async function emptyFrame(schema: Schema): Promise<PolarsFrame> {
  const A = await arrow();
  return PolarsFrame.of({ schema, data: await toPolars(new A.Table(arrowSchema(A, schema))), bytes: 0 });
}
