/** The SQL that Polars speaks, over rows. */
import { type LazyDataFrame, polars } from './native.ts';

interface Sql {
  execute(query: string): LazyDataFrame;
}

/** The answer to a query over `home`, as a plan. Throws what Polars says of a query that it can't read; of some it says so only once rows are collected. */
export async function queried(home: LazyDataFrame, query: string): Promise<LazyDataFrame> {
  const { SQLContext } = (await polars()) as unknown as { readonly SQLContext: new (frames: object) => Sql };
  const plan = new SQLContext({ home }).execute(query);
  // What it can't read is an answer, not an exception.
  const wrong = (plan as unknown as { readonly _ldf: unknown })._ldf;
  if (wrong instanceof Error) throw wrong;
  return plan;
}
