import type { DataFrame } from '../../frames/native.ts';
import type { Schema } from '../../frames/schema.ts';
import type { PolarsFrame } from '../../frames/values/polars-frame.ts';

/** Takes the rows of a frame, and puts the columns into the schema’s order. The columns of a source file may be in another order. */
export async function takenInOrder(frame: PolarsFrame, { columns }: Schema): Promise<DataFrame> {
  const data = await frame.taken();
  if (columns.every(({ name }, index) => frame.schema.columns[index]?.name === name)) return data;
  return data.select(...columns.map(({ name }) => name));
}
