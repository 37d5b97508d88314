/** Makes columns that no expression can make. Their values are built row by row. */

import { FlowError } from '../../errors/hygge-error.ts';
import { documentOfRows, NotInJson } from '../documents.ts';
import { type DataFrame, type LazyDataFrame, polars } from '../native.ts';
import type { DataType } from '../schema.ts';
import { frameBuilder } from './builders.ts';
import type { Conforms } from './conforms.ts';
import { inParts } from './from-polars.ts';

/** Adds columns of nulls to the plan, in the order of `names`. The columns may have any type, also a type that no expression can make (nodejs-polars can’t cast to Binary). */
export async function withNullColumns(
  plan: LazyDataFrame,
  columns: readonly { readonly name: string; readonly type: DataType }[],
  names: readonly string[],
): Promise<LazyDataFrame> {
  const data = await plan.collect();
  const builder = await frameBuilder({ columns: columns.map(({ name, type }) => ({ name, type, nullable: true })) });
  const rows = data.height;
  const row = columns.map(() => null);
  for (let i = 0; i < rows; i++) builder.append(row);
  return (await withColumns(data, await (await builder.take()).collect())).lazy().select(...names);
}

/**
 * Adds these columns to the plan as documents, under their new names. All rows are loaded into memory. Throws FlowError HYG-2023 for a
 * value that has no form in JSON.
 * @param of.columns each is a list or a struct in `of.of`, whose rows are those of the plan.
 * @param of.types the types of the columns of `of.of`, by their names.
 */
export async function withDocumentColumns(
  plan: LazyDataFrame,
  {
    columns,
    of,
    types,
  }: {
    readonly columns: readonly Pick<Conforms, 'name' | 'from'>[];
    readonly of: DataFrame;
    readonly types: ReadonlyMap<string, DataType>;
  },
): Promise<LazyDataFrame> {
  const sources = columns.map(({ name, from }) => ({ name, from: from ?? name }));
  const builder = await frameBuilder({ columns: sources.map(({ name }) => ({ name, type: { kind: 'json' }, nullable: true })) });
  let before = 0;
  for (const table of await inParts(of.select(...new Set(sources.map(({ from }) => from))))) {
    for (const batch of table.batches) {
      const readers = sources.map(({ name, from }) => {
        const [vector] = batch.getChild(from)?.data ?? [];
        const type = types.get(from);
        if (vector === undefined || type === undefined) throw new RangeError(`there is no column ${from}`);
        return { name, document: documentOfRows(type, vector) };
      });
      for (let row = 0; row < batch.numRows; row++) builder.append(readers.map((one) => documentAt(one, { row, before })));
      before += batch.numRows;
    }
  }
  return (await withColumns(await plan.collect(), await (await builder.take()).collect())).lazy();
}

/** The rows with these columns, which replace the columns that have the same names. */
async function withColumns(rows: DataFrame, columns: DataFrame): Promise<DataFrame> {
  const others = rows.columns.filter((name) => !columns.columns.includes(name));
  if (others.length === 0) return columns;
  const pl = await polars();
  return pl.concat([rows.select(...others), columns], { how: 'horizontal' }) as DataFrame;
}

function documentAt(
  { name, document }: { readonly name: string; readonly document: (row: number) => string | null },
  { row, before }: { readonly row: number; readonly before: number },
): string | null {
  try {
    return document(row);
  } catch (error) {
    if (!(error instanceof NotInJson)) throw error;
    throw new FlowError({
      code: 'HYG-2023',
      what: `A value of ${name} can't settle as JSON: it ${error.message}.`,
      why: [`The value is in row ${(before + row + 1).toLocaleString('en-US')} of rows that were read together.`],
      tryThis: ['Correct the value in the source', 'Or leave the column out: exclude of the home'],
    });
  }
}
