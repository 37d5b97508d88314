/** The SQL dialect of Polars, over rows. */
import { type LazyDataFrame, polars } from './native.ts';

interface Sql {
  execute(query: string): LazyDataFrame;
}

/** The result of a query over `home`, as a plan. Throws Polars’ message for a query that it can’t read. Some faults appear only when rows are collected. */
export async function queried(home: LazyDataFrame, query: string): Promise<LazyDataFrame> {
  const { SQLContext } = (await polars()) as unknown as { readonly SQLContext: new (frames: object) => Sql };
  const plan = new SQLContext({ home }).execute(withoutDateLiterals(query));
  // For a query that it can’t read, Polars returns a result and throws no exception.
  const wrong = (plan as unknown as { readonly _ldf: unknown })._ldf;
  if (wrong instanceof Error) throw wrong;
  return plan;
}

/** Texts and names in quotes, and date literals, of which only the last have a group. */
const quotedOrDate = /"(?:[^"]|"")*"|\bdate\s+('(?:[^']|'')*')|'(?:[^']|'')*'/gi;

/** `date '2020-01-01'` as the function `date('2020-01-01')`: for the literal, Polars prints a deprecation warning to stderr in each run. */
export function withoutDateLiterals(query: string): string {
  return query.replace(quotedOrDate, (whole, day: string | undefined) => (day === undefined ? whole : `date(${day})`));
}
