import { type Arrow, arrow, type DataFrame } from './native.ts';

/** Polars → Arrow: `writeIPCStream` → `tableFromIPC`. Values are views into the stream, almost free; walk them typed, never as records. */
export async function toArrow(data: DataFrame): Promise<Arrow.Table> {
  const A = await arrow();
  return A.tableFromIPC(data.writeIPCStream());
}

/** One row of counts (`nullCount`) as numbers, in column order. */
export async function readCounts(counts: DataFrame): Promise<readonly number[]> {
  const table = await toArrow(counts);
  return table.schema.fields.map((_, index) => Number(table.getChildAt(index)?.get(0) ?? 0));
}
