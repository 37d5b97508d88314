import { frameBuilder } from './builders.ts';
import { type DataFrame, type LazyDataFrame, polars } from './native.ts';
import type { DataType } from './schema.ts';

/** The plan with columns of nulls of any type, also of those that no expression makes (nodejs-polars can't cast to Binary); in the order of `names`. */
export async function withNullColumns(
  plan: LazyDataFrame,
  columns: readonly { readonly name: string; readonly type: DataType }[],
  names: readonly string[],
): Promise<LazyDataFrame> {
  const pl = await polars();
  const data = await plan.collect();
  const builder = await frameBuilder({ columns: columns.map(({ name, type }) => ({ name, type, nullable: true })) });
  const rows = data.height;
  const row = columns.map(() => null);
  for (let i = 0; i < rows; i++) builder.append(row);
  const others = data.select(...data.columns.filter((name) => !columns.some((column) => column.name === name)));
  const both = pl.concat([others, await (await builder.take()).collect()], { how: 'horizontal' }) as DataFrame;
  return both.lazy().select(...names);
}
