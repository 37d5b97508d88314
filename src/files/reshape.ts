/** Rows of one file, as rows of the home: widened, completed with nulls and with what the folders' names say. Plans stay plans. */
import type { Frame, Window } from '../engine/contracts.ts';
import { frameBuilder } from '../frames/builders.ts';
import { type DataFrame, type Expr, type Polars, polars } from '../frames/native.ts';
import { asPolars, PolarsFrame } from '../frames/polars-frame.ts';
import type { Column } from '../frames/schema.ts';
import { partitionLiteral } from './partition-values.ts';
import { polarsType } from './polars-type.ts';
import type { Fitting } from './shape.ts';
import { windowFilter } from './window-filter.ts';

/** `after`: rows of the frame that are not in it are left out. */
export async function reshaped(frame: Frame, fitting: Fitting, after: Window | null): Promise<Frame> {
  const { schema, widened, missing, folders } = fitting;
  const fits = frame.schema.columns.length === schema.columns.length;
  if (after === null && fits && widened.length + missing.length + folders.length === 0) return frame;
  const data = asPolars(frame);
  const fitted = await asFitted(data, fitting);
  if (after === null) return fitted;
  const pl = await polars();
  const filter = windowFilter(pl, after);
  const rows = filter === undefined ? await fitted.collect() : await (await fitted.collect()).lazy().filter(filter).collect();
  return PolarsFrame.of({ schema, data: rows, bytes: Math.ceil((fitted.bytes * rows.height) / Math.max(1, fitted.rows)) });
}

async function asFitted(frame: PolarsFrame, fitting: Fitting): Promise<PolarsFrame> {
  const { schema, widened, missing, folders } = fitting;
  const pl = await polars();
  // Asked for first: where they have to be counted, the rows are in memory from then on.
  const known = await frame.nullCounts();
  const { columns, beyond } = additions(pl, fitting);
  const plan = columns.length === 0 ? await frame.lazy() : (await frame.lazy()).withColumns(...columns);
  const completed = beyond.length === 0 ? plan : (await beside(await plan.collect(), beyond)).lazy();
  const names = schema.columns.map(({ name }) => name);
  const nulls = schema.columns.map(({ name }) => {
    const index = frame.schema.columns.findIndex((column) => column.name === name);
    if (index >= 0) return known[index] ?? 0;
    return folders.some((folder) => folder.name === name && folder.text !== null) ? 0 : frame.rows;
  });
  const isCast = new Set(widened.map(({ name }) => name));
  return PolarsFrame.lazy({
    schema,
    plan: completed.select(...names),
    rows: frame.rows,
    bytes: frame.bytes + 8 * frame.rows * (missing.length + folders.length),
    facts: {
      nulls,
      explain: (cause) => asError(frame.explain(cause)),
      bounds: (name) => {
        const text = folders.find((folder) => folder.name === name)?.text;
        if (text != null) return { min: text, max: text };
        return isCast.has(name) ? undefined : frame.bounds(name);
      },
    },
  });
}

/** What the plan can add; `beyond`: columns of types that it can't make. */
function additions(pl: typeof Polars, { widened, missing, folders }: Fitting): { columns: Expr[]; beyond: Column[] } {
  const typed = (column: Pick<Column, 'name' | 'type'>, value: Expr): Expr | undefined => {
    const type = polarsType(pl, column.type);
    return type === undefined ? undefined : (column.type.kind === 'null' ? value : value.cast(type, true)).alias(column.name);
  };
  const casts = widened.map((column) => typed(column, pl.col(column.name)));
  const constants = folders.map((folder) => typed(folder, partitionLiteral(pl, folder)));
  const nulls = missing.map((column) => typed(column, pl.lit(null)));
  return {
    columns: [...casts, ...constants, ...nulls].filter((column) => column !== undefined),
    // Of the widened ones only those of nothing but nulls can be of such a type.
    beyond: [...widened.filter((_, i) => casts[i] === undefined), ...missing.filter((_, i) => nulls[i] === undefined)],
  };
}

async function beside(data: DataFrame, columns: readonly Column[]): Promise<DataFrame> {
  const pl = await polars();
  const builder = await frameBuilder({ columns });
  for (let row = 0; row < data.height; row++) builder.append(columns.map(() => null));
  const others = data.select(...data.columns.filter((name) => !columns.some((column) => column.name === name)));
  return pl.concat([others, await (await builder.take()).collect()], { how: 'horizontal' }) as DataFrame;
}

function asError(cause: unknown): Error {
  return cause instanceof Error ? cause : new Error(String(cause));
}
