import { arrowSchema } from './arrow-type.ts';
import { type Arrow, arrow, type DataFrame, polars } from './native.ts';
import { letGoOfBytes } from './native-bytes.ts';
import { PolarsFrame } from './polars-frame.ts';
import type { Schema } from './schema.ts';

/** Arrow → Polars: `tableToIPC` → `readIPCStream`. Bytes are the only way in that nodejs-polars does not corrupt. */
export async function toPolars(table: Arrow.Table): Promise<DataFrame> {
  const [A, pl] = await Promise.all([arrow(), polars()]);
  const bytes = A.tableToIPC(table, 'stream');
  const data = pl.readIPCStream(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  letGoOfBytes(bytes);
  return data;
}

/** A frame without rows, with every column and type of the schema. */
export async function emptyFrame(schema: Schema): Promise<PolarsFrame> {
  const A = await arrow();
  return PolarsFrame.of({ schema, data: await toPolars(new A.Table(arrowSchema(A, schema))), bytes: 0 });
}
