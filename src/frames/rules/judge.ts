/** Rows told apart by the rules that they keep or break. Names are those of the frame. */
import type { Frame } from '../../engine/contracts/frame.ts';
import { extremesOf } from '../extremes.ts';
import { readCounts } from '../from-polars.ts';
import { type DataFrame, type Expr, type Polars, polars } from '../native.ts';
import { asPolars, type PolarsFrame } from '../polars-frame.ts';
import { brokenColumns, brokenSchema } from '../rejected.ts';
import { canBeWatermark } from '../watermark-text.ts';
import { breakingRows } from './breaking.ts';
import type { ColumnStatistics, Measures } from './measures.ts';
import { type Rule, settlesApart } from './rule.ts';

export interface Judging {
  readonly rules: readonly Rule[];
  /** The columns whose values are measured. */
  readonly measured: readonly string[];
}

export interface JudgedFrame {
  /** The rows that settle. Some of them may break rules that are `warn` or `fail`. */
  readonly kept: PolarsFrame;
  /** The rows that break a rule which is `quarantine`, as `brokenSchema` has them, for the first such rule; null: there are none. */
  readonly broken: PolarsFrame | null;
  /** Of all rows. */
  readonly measures: Measures;
}

/** Each rule looks at each row once. Throws where a rule does not fit the rows: `ruleProblem` (fit.ts) tells it before. */
export async function judged(given: Frame, { rules, measured }: Judging): Promise<JudgedFrame> {
  const frame = asPolars(given);
  const pl = await polars();
  const flags = await flagsOf(pl, frame, rules);
  const counts =
    flags === null
      ? []
      : readCounts(
          await flags
            .lazy()
            .select(...flags.columns.map((name) => pl.col(name).sum()))
            .collect(),
        );
  const broken = Object.fromEntries(rules.map(({ name }, i) => [name, counts[i] ?? 0]));
  const measures = { rows: frame.rows, broken, columns: await measuredColumns(frame, measured) };
  const apart = rules.flatMap((rule, i) => (settlesApart(rule) && (counts[i] ?? 0) > 0 ? [{ rule, flag: pl.col(flagName(i)) }] : []));
  if (apart.length === 0 || flags === null) return { kept: frame, broken: null, measures };
  const data = await frame.collect();
  const rows = (pl.concat([data, flags], { how: 'horizontal' }) as DataFrame).lazy();
  const breaks = apart.map(({ flag }) => flag).reduce((all, one) => all.or(one));
  const names = frame.schema.columns.map(({ name }) => name);
  const kept = await rows
    .filter(breaks.not())
    .select(...names)
    .collect();
  const schema = brokenSchema(frame.schema);
  const first = (of: 'name' | 'column', as: string): Expr => {
    const none: Expr = pl.lit(null).cast(pl.String);
    return apart.reduceRight<Expr>((others, { rule, flag }) => pl.when(flag).then(textOf(pl, rule[of])).otherwise(others), none).alias(as);
  };
  const rest = await rows
    .filter(breaks)
    .withColumns(first('name', brokenColumns[0]), first('column', brokenColumns[1]))
    .select(...schema.columns.map(({ name }) => name))
    .collect();
  return { kept: frame.partOf(kept), broken: frame.partOf(rest, schema), measures };
}

const textOf = (pl: typeof Polars, text: string | null): Expr => pl.lit(text).cast(pl.String);

const flagName = (i: number) => `_hygge rule ${i}`;

/** One column a rule, true where the row breaks it. Rows that lie encoded are read in the columns of the rules only, so that their encoder may copy them. */
async function flagsOf(pl: typeof Polars, frame: PolarsFrame, rules: readonly Rule[]): Promise<DataFrame | null> {
  if (rules.length === 0 || frame.rows === 0) return null;
  const rows = frame.stored === undefined ? (await frame.collect()).lazy() : await frame.lazy();
  const { rows: looked, breaks } = await breakingRows(rows, frame.schema, rules);
  // Of as many rows as there are, where no rule names a column.
  const flags = breaks.map((breaks_, i) => breaks_.alias(flagName(i)));
  const data = await looked
    .withColumns(...flags)
    .select(...flags.map((_, i) => pl.col(flagName(i))))
    .collect();
  return data;
}

async function measuredColumns(frame: PolarsFrame, names: readonly string[]): Promise<Readonly<Record<string, ColumnStatistics>>> {
  const columns: Record<string, ColumnStatistics> = {};
  if (names.length === 0) return columns;
  const data = await frame.collect();
  for (const { name, type } of frame.schema.columns.filter((column) => names.includes(column.name))) {
    const [nulls = 0] = readCounts(data.select(name).nullCount());
    columns[name] = { type, nulls, ...(canBeWatermark(type) ? await extremesOf(data.lazy(), { column: name, type }) : {}) };
  }
  return columns;
}
