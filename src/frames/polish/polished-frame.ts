import type { Frame } from '../../engine/contracts/frame.ts';
import { type Expr, type LazyDataFrame, type Polars, polars } from '../native.ts';
import type { DataType } from '../schema.ts';
import { typedLiteral } from '../values/exact-literal.ts';
import { asPolars, type PolarsFrame } from '../values/polars-frame.ts';
import { polarsType } from '../values/polars-type.ts';
import { hashColumns } from './hash-ids.ts';
import { loadTimeText } from './load-time.ts';
import type { AddedColumn, Polish, RunFacts } from './polish.ts';
import { loadTimeType, type SettledColumn } from './settled-columns.ts';

/**
 * The rows as they settle. A frame that is still a plan stays a plan, unless it gets hash ids, because ids are made here value by value.
 * @param settled the settled columns for the frame’s own schema.
 */
export async function polishedFrame(
  given: Frame,
  how: { readonly polish: Polish; readonly settled: readonly SettledColumn[]; readonly run: RunFacts },
): Promise<PolarsFrame> {
  const pl = await polars();
  const frame = asPolars(given);
  const { polish, settled, run } = how;
  const columns = polish.added.map((added) => addedColumn(pl, added, { ...run, origin: frame.origin }));
  const hasIds = polish.hashIds.length > 0;
  const and = (plan: LazyDataFrame) => (columns.length === 0 ? plan : plan.withColumns(...columns.map(({ value }) => value)));
  return frame.recast({
    schema: { columns: settled.map(({ column }) => column) },
    plan: hasIds ? and(await withHashIds(frame, how)) : async () => and(renamed(await frame.lazy(), settled)),
    nulls: [
      ...polish.hashIds.map(() => 0),
      ...frame.schema.columns.map((_, index) => ({ as: index })),
      ...columns.map(({ isNull }) => (isNull ? frame.rows : 0)),
    ],
    sourceName: (name) => settled.find(({ column }) => column.name === name)?.from ?? undefined,
    // The columns do not keep their positions if ids are put before them.
    ...(hasIds ? {} : { inPlace: polishedInPlace(frame, { polish, settled, columns }) }),
  });
}

/** Polishes only the requested columns, so that only these columns are read. */
function polishedInPlace(
  frame: PolarsFrame,
  of: { readonly polish: Polish; readonly settled: readonly SettledColumn[]; readonly columns: readonly { readonly value: Expr }[] },
) {
  const { polish, settled } = of;
  return {
    changed: polish.added.map(({ name }) => name),
    async columns(names: readonly string[]) {
      const own = settled.filter(({ column, from }) => from !== null && names.includes(column.name));
      const made = of.columns.filter((_, at) => names.includes(polish.added[at]?.name ?? ''));
      // If all requested columns are added ones, one column of the frame is still needed for the number of rows.
      const rows = own.length > 0 ? own : settled.filter(({ from }) => from !== null).slice(0, 1);
      const plan = renamed((await frame.columns(rows.flatMap(({ from }) => from ?? []))).lazy(), rows);
      return (made.length === 0 ? plan : plan.withColumns(...made.map(({ value }) => value))).select(...names).collect();
    },
  };
}

/** Renames all columns at once, so that columns may exchange their names. */
function renamed(plan: LazyDataFrame, settled: readonly SettledColumn[]): LazyDataFrame {
  const changed = settled.flatMap(({ column, from }) => (from === null || from === column.name ? [] : [[from, column.name] as const]));
  return changed.length === 0 ? plan : plan.rename(Object.fromEntries(changed));
}

async function withHashIds(
  frame: PolarsFrame,
  { polish, settled }: { readonly polish: Polish; readonly settled: readonly SettledColumn[] },
): Promise<LazyDataFrame> {
  const pl = await polars();
  const data = await frame.collect();
  const ids = await hashColumns(data, frame.schema, polish.hashIds);
  const named = await renamed(data.lazy(), settled).collect();
  return pl.DataFrame([...ids.getColumns(), ...named.getColumns()]).lazy();
}

function addedColumn(
  pl: typeof Polars,
  added: AddedColumn,
  run: RunFacts & { readonly origin: string | undefined },
): { readonly value: Expr; readonly isNull: boolean } {
  const [type, text] = typedText(added, run);
  const value = text === null ? pl.lit(null).cast(polarsType(pl, type) ?? pl.String) : typedLiteral(pl, type, text);
  return { value: value.alias(added.name), isNull: text === null };
}

const string: DataType = { kind: 'string' };

function typedText(added: AddedColumn, run: RunFacts & { readonly origin: string | undefined }): readonly [DataType, string | null] {
  switch (added.what) {
    case 'constant':
      return [added.type, added.text];
    case 'load time':
      return added.format === null
        ? [loadTimeType, `${run.startedAt.slice(0, -1)}000Z`]
        : [string, loadTimeText(run.startedAt, added.format)];
    case 'run id':
      return [string, run.runId];
    case 'entity run id':
      return [string, run.entityRunId];
    case 'source file':
      return [string, run.origin ?? null];
  }
}
