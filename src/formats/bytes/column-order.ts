import type { DataFrame } from '../../frames/native.ts';
import type { Schema } from '../../frames/schema.ts';
import type { PolarsFrame } from '../../frames/values/polars-frame.ts';

/** The rows of a frame for one use, with their columns in the schema's order. Source files may have the same columns in another order. */
export async function takenInOrder(frame: PolarsFrame, { columns }: Schema): Promise<DataFrame> {
  const data = await frame.taken();
  if (columns.every(({ name }, index) => frame.schema.columns[index]?.name === name)) return data;
  return data.select(...columns.map(({ name }) => name));
}
