import { type DataFrame, type LazyDataFrame, polars } from '../../frames/native.ts';

/** Joins batches of the same columns one after the other, without copying their rows. */
export async function joined(batches: readonly DataFrame[]): Promise<LazyDataFrame> {
  const [only] = batches;
  if (only !== undefined && batches.length === 1) return only.lazy();
  const pl = await polars();
  return pl.concat(
    batches.map((batch) => batch.lazy()),
    { rechunk: false },
  );
}
