/** Runs queries over rows in the SQL dialect of Polars. */
import { type LazyDataFrame, polars } from './native.ts';

interface Sql {
  execute(query: string): LazyDataFrame;
}

/** The result of a query over `home`, as a plan. Throws Polars’ message for a query that Polars can’t read. Some faults are noticed only when rows are collected. */
export async function queried(home: LazyDataFrame, query: string): Promise<LazyDataFrame> {
  const { SQLContext } = (await polars()) as unknown as { readonly SQLContext: new (frames: object) => Sql };
  const plan = new SQLContext({ home }).execute(withoutDateLiterals(query));
  // If Polars can’t read the query, it throws nothing and returns an error in the place of the plan.
  const wrong = (plan as unknown as { readonly _ldf: unknown })._ldf;
  if (wrong instanceof Error) throw wrong;
  return plan;
}

/** Matches texts in quotes, names in quotes, and date literals. Only a date literal has a group. */
const quotedOrDate = /"(?:[^"]|"")*"|\bdate\s+('(?:[^']|'')*')|'(?:[^']|'')*'/gi;

/** Replaces the literal `date '2020-01-01'` by the function `date('2020-01-01')`. For the literal, Polars prints a deprecation warning to stderr in each run. */
export function withoutDateLiterals(query: string): string {
  return query.replace(quotedOrDate, (whole, day: string | undefined) => (day === undefined ? whole : `date(${day})`));
}
