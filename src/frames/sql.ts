/** The SQL that Polars speaks, over rows. */
import { type LazyDataFrame, polars } from './native.ts';

interface Sql {
  execute(query: string): LazyDataFrame;
}

/** The answer to a query over `home`, as a plan. Throws what Polars says of a query that it can't read; of some it says so only once rows are collected. */
export async function queried(home: LazyDataFrame, query: string): Promise<LazyDataFrame> {
  const { SQLContext } = (await polars()) as unknown as { readonly SQLContext: new (frames: object) => Sql };
  const plan = new SQLContext({ home }).execute(withoutDateLiterals(query));
  // What it can't read is an answer, not an exception.
  const wrong = (plan as unknown as { readonly _ldf: unknown })._ldf;
  if (wrong instanceof Error) throw wrong;
  return plan;
}

/** Texts and names in quotes, and literals of dates, of which only the last have a group. */
const quotedOrDate = /"(?:[^"]|"")*"|\bdate\s+('(?:[^']|'')*')|'(?:[^']|'')*'/gi;

/** `date '2020-01-01'` as the function `date('2020-01-01')`: of the literal Polars tells on stderr, in each run, that it will go. */
export function withoutDateLiterals(query: string): string {
  return query.replace(quotedOrDate, (whole, day: string | undefined) => (day === undefined ? whole : `date(${day})`));
}
