/** Rules that rows keep or break, and what is counted on the way. Names are those of the frame. */
import { comparable, exactLiteral } from './exact-literal.ts';
import { extremesOf } from './extremes.ts';
import { readCounts } from './from-polars.ts';
import { type DataFrame, type Expr, type Polars, polars } from './native.ts';
import type { PolarsFrame } from './polars-frame.ts';
import type { DataType, Schema } from './schema.ts';
import { canBeWatermark, compareWatermarks } from './watermark-text.ts';

/** Of one column. A null keeps every rule but `not null`, as in SQL. Values are canonical text of the column's type. */
export type Rule = { readonly name: string; readonly column: string } & (
  | { readonly what: 'not null' }
  | { readonly what: 'one of'; readonly texts: readonly string[] }
  /** Both ends belong to it; null: no end. */
  | { readonly what: 'between'; readonly min: string | null; readonly max: string | null }
  /** Texts only; anywhere in them, unless the expression says otherwise. */
  | { readonly what: 'matches'; readonly pattern: string }
);

/** Counts of rows, columns and rules. Those of two frames add up to those of both, in any order (`addMeasures`). */
export interface Measures {
  readonly rows: number;
  /** By the names of rules: a row that breaks two counts for both. */
  readonly broken: Readonly<Record<string, number>>;
  readonly columns: Readonly<Record<string, ColumnStatistics>>;
}

export interface ColumnStatistics {
  readonly type: DataType;
  readonly nulls: number;
  /** Canonical text; absent: it has nothing but nulls, or its type has no order. */
  readonly min?: string;
  readonly max?: string;
}

export interface JudgedFrame {
  readonly kept: PolarsFrame;
  /** The columns of the frame, and behind them `brokenColumns`: the first rule that the row breaks, and the rule's column. */
  readonly broken: PolarsFrame;
  /** Of the columns that rules speak of, all rows together. */
  readonly measures: Measures;
}

export const noMeasures: Measures = { rows: 0, broken: {}, columns: {} };

export function addMeasures(a: Measures, b: Measures): Measures {
  const broken = { ...a.broken };
  for (const [rule, rows] of Object.entries(b.broken)) broken[rule] = (broken[rule] ?? 0) + rows;
  const columns = { ...a.columns };
  for (const [name, column] of Object.entries(b.columns)) columns[name] = addColumn(columns[name], column);
  return { rows: a.rows + b.rows, broken, columns };
}

function addColumn(a: ColumnStatistics | undefined, b: ColumnStatistics): ColumnStatistics {
  if (a === undefined) return b;
  const { type } = a;
  const edge = (one: string | undefined, other: string | undefined, sign: 1 | -1) => {
    if (one === undefined || other === undefined) return one ?? other;
    return sign * compareWatermarks({ type, text: one }, { type, text: other }) <= 0 ? one : other;
  };
  const [min, max] = [edge(a.min, b.min, 1), edge(a.max, b.max, -1)];
  return { type, nulls: a.nulls + b.nulls, ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
}

/** What rows that break a rule settle with. */
const brokenColumns = ['_rule', '_column'] as const;

export function brokenSchema({ columns }: Schema): Schema {
  const own = new Set<string>(brokenColumns);
  const text = (name: string) => ({ name, type: { kind: 'string' } as const, nullable: false });
  return { columns: [...columns.filter(({ name }) => !own.has(name)), ...brokenColumns.map(text)] };
}

/** Row for row, each is either kept or broken. `rules` speak of columns that the frame has. */
export async function judged(frame: PolarsFrame, rules: readonly Rule[]): Promise<JudgedFrame> {
  const pl = await polars();
  const data = await frame.collect();
  const types = new Map(frame.schema.columns.map(({ name, type }) => [name, type]));
  const fails = rules.map((rule) => failing(pl, rule, types.get(rule.column)));
  const breaks = fails.reduce<Expr | null>((all, one) => (all === null ? one : all.or(one)), null);
  const broken = breaks === null ? data.limit(0) : await data.lazy().filter(breaks).collect();
  const measures = await measured(pl, { data, broken, rules, fails, types });
  const kept = breaks === null || broken.height === 0 ? frame : frame.partOf(await data.lazy().filter(breaks.not()).collect());
  return { kept, broken: await withReasons(pl, { frame, broken, rules, fails }), measures };
}

/** True for rows that break it, never null. */
function failing(pl: typeof Polars, rule: Rule, type: DataType | undefined): Expr {
  const { column } = rule;
  if (type === undefined) throw new Error(`the rule ${rule.name} speaks of ${column}, which the frame does not have`);
  switch (rule.what) {
    case 'not null':
      return pl.col(column).isNull();
    case 'one of': {
      const value = type.kind === 'uuid' ? pl.col(column).str.toLowerCase() : comparable(pl, column, type);
      const isOne = rule.texts.map((text) => value.eq(exactLiteral(pl, type, text)));
      const known = isOne.reduce<Expr>((all, one) => all.or(one), pl.lit(false));
      return known.not().fillNull(pl.lit(false)).and(pl.col(column).isNotNull());
    }
    case 'between': {
      const value = comparable(pl, column, type);
      const below = rule.min === null ? pl.lit(false) : value.lt(exactLiteral(pl, type, rule.min));
      const above = rule.max === null ? pl.lit(false) : value.gt(exactLiteral(pl, type, rule.max));
      return below.or(above).fillNull(pl.lit(false));
    }
    case 'matches':
      return pl.col(column).str.contains(rule.pattern).not().fillNull(pl.lit(false));
  }
}

interface Measuring {
  readonly data: DataFrame;
  readonly broken: DataFrame;
  readonly rules: readonly Rule[];
  readonly fails: readonly Expr[];
  readonly types: ReadonlyMap<string, DataType>;
}

async function measured(pl: typeof Polars, { data, broken, rules, fails, types }: Measuring): Promise<Measures> {
  const counts: Record<string, number> = {};
  for (const [i, { name, column }] of rules.entries()) {
    const fail = fails[i];
    const rows = broken.height === 0 || !fail ? 0 : (await broken.lazy().filter(fail).select(pl.col(column)).collect()).height;
    counts[name] = (counts[name] ?? 0) + rows;
  }
  const columns: Record<string, ColumnStatistics> = {};
  for (const column of new Set(rules.map((rule) => rule.column))) {
    const type = types.get(column);
    if (type === undefined) continue;
    const [nulls = 0] = readCounts(data.select(column).nullCount());
    columns[column] = { type, nulls, ...(canBeWatermark(type) ? await extremesOf(data.lazy(), { column, type }) : {}) };
  }
  return { rows: data.height, broken: counts, columns };
}

interface BrokenRows {
  readonly frame: PolarsFrame;
  readonly broken: DataFrame;
  readonly rules: readonly Rule[];
  readonly fails: readonly Expr[];
}

async function withReasons(pl: typeof Polars, { frame, broken, rules, fails }: BrokenRows): Promise<PolarsFrame> {
  const schema = brokenSchema(frame.schema);
  const first = (of: 'name' | 'column', as: string): Expr => {
    let value: Expr = pl.lit(null).cast(pl.String);
    for (const [i, rule] of [...rules.entries()].reverse()) {
      const fail = fails[i];
      if (fail) value = pl.when(fail).then(pl.lit(rule[of])).otherwise(value);
    }
    return value.alias(as);
  };
  const data = await broken
    .lazy()
    .withColumns(first('name', brokenColumns[0]), first('column', brokenColumns[1]))
    .select(...schema.columns.map(({ name }) => name))
    .collect();
  return frame.partOf(data, schema);
}
