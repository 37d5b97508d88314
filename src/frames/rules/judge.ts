/** Separates rows by the rules that they satisfy or break. Names of columns are the frame’s names. */
import type { Frame } from '../../engine/contracts/frame.ts';
import { type DataFrame, type Expr, type LazyDataFrame, type Polars, polars } from '../native.ts';
import { shownText } from '../row-sum/canonical-text.ts';
import { canonicalTexts } from '../row-sum/row-hashes.ts';
import { shortHash } from '../short-hash.ts';
import { frameBuilder } from '../values/builders.ts';
import { readCounts } from '../values/from-polars.ts';
import { asPolars, PolarsFrame } from '../values/polars-frame.ts';
import { brokenColumns, brokenColumnsIn, brokenSchema } from '../values/rejected-rows.ts';
import { measuredColumns } from './measured-columns.ts';
import { isFloat, type MeasuredColumn, type Measures, settledOf } from './measures.ts';
import { reasonOf } from './reason.ts';
import { type Rule, settlesApart } from './rule.ts';
import { breakingRows, columnsNamedBy, freeNames } from './rule-conditions.ts';
import { fewSamples, type Sample, type Samples, sampleOf } from './sample.ts';

export interface Judging {
  readonly rules: readonly Rule[];
  /** The columns whose values are measured. */
  readonly measured: readonly MeasuredColumn[];
  /** The id of the entity run, which settles with broken rows. Null: broken rows do not settle. */
  readonly run: string | null;
  /** Columns whose values differ from run to run for the same row. The ids of broken rows do not depend on these columns. */
  readonly stamped: readonly string[];
  /** `show`: samples are values. `mask`: samples show only the form of values. */
  readonly samples: 'mask' | 'show';
  /** The name of a boolean column. Rows in which the column is true are exempt from all rules, and their values are not measured. A deleted row, for example, may have only its key left. */
  readonly exempts?: string;
}

/** Settings for rows that are only separated. Such rows neither settle nor are reported. */
export const apartOnly = { measured: [], run: null, stamped: [], samples: 'mask' } as const satisfies Omit<Judging, 'rules'>;

export interface JudgedFrame {
  /** The rows that settle. Some of them may break rules of severity `warn` or `fail`. */
  readonly kept: PolarsFrame;
  /** The rows that break a rule of severity `quarantine`, with the columns of `brokenSchema`. These columns have the name of the first such rule, and the reasons of all such rules. Null: no row breaks such a rule. */
  readonly broken: PolarsFrame | null;
  /** The counts of all rows, kept and broken. */
  readonly measures: Measures;
  readonly samples: Samples;
}

/** Applies each rule to each row once. Throws if a rule does not fit the rows. `ruleProblem` (fit.ts) reports such rules in advance. */
export async function judged(given: Frame, judging: Judging): Promise<JudgedFrame> {
  const frame = asPolars(given);
  const { rules, measured, exempts } = judging;
  const pl = await polars();
  if (exempts !== undefined && frame.schema.columns.some(({ name }) => name === exempts)) {
    const isExempt = pl.col(exempts).fillNull(pl.lit(false));
    const rows = (await frame.collect()).lazy();
    const [exempt, others] = [await rows.filter(isExempt).collect(), await rows.filter(isExempt.not()).collect()];
    const { exempts: _, ...rest } = judging;
    const found = await judged(frame.partOf(others), rest);
    if (exempt.height === 0) return found;
    // The statistics describe only the rows that are not exempt, but the number of rows that were read includes all rows.
    const measures = { ...found.measures, rows: frame.rows, settled: settledOf(found.measures) };
    return { ...found, measures, kept: frame.partOf(pl.concat([await found.kept.collect(), exempt], { how: 'vertical' }) as DataFrame) };
  }
  const [flagName, answerName] = [freeNames(frame.schema, 'rule'), freeNames(frame.schema, 'answer')];
  const flags = await flagsOf(pl, frame, { rules, flagName, answerName });
  const counts = flags === null ? [] : await sumsOf(pl, flags);
  const countsFrom = (start: number) => Object.fromEntries(rules.map(({ name }, i) => [name, counts[start + i] ?? 0]));
  const [broken, answered] = [countsFrom(0), countsFrom(rules.length)];
  const measures = {
    rows: frame.rows,
    broken,
    judged: { rows: frame.rows, rules: answered },
    columns: await measuredColumns(frame, measured),
  };
  const met = rules.flatMap((rule, i) => ((counts[i] ?? 0) > 0 ? [{ rule, flag: pl.col(flagName(i)) }] : []));
  if (met.length === 0 || flags === null) return { kept: frame, broken: null, measures, samples: {} };
  const rows = (pl.concat([await frame.collect(), flags], { how: 'horizontal' }) as DataFrame).lazy();
  const samples = await samplesOf(frame, rows, { met, shows: judging.samples });
  const apart = met.filter(({ rule }) => settlesApart(rule));
  if (apart.length === 0) return { kept: frame, broken: null, measures, samples };
  const breaks = apart.map(({ flag }) => flag).reduce((all, one) => all.or(one));
  const names = frame.schema.columns.map(({ name }) => name);
  const kept = await rows
    .filter(breaks.not())
    .select(...names)
    .collect();
  const settling = frame.partOf(kept);
  const settled = measured.length === 0 ? undefined : { rows: settling.rows, columns: await measuredColumns(settling, measured) };
  return {
    kept: settling,
    broken: await withReasons(pl, frame, { rows: rows.filter(breaks), apart, judging }),
    measures: settled === undefined ? measures : { ...measures, settled },
    samples,
  };
}

async function sumsOf(pl: typeof Polars, flags: DataFrame): Promise<readonly number[]> {
  const sums = flags.columns.map((name) => pl.col(name).sum());
  return readCounts(
    await flags
      .lazy()
      .select(...sums)
      .collect(),
  );
}

/** Makes two columns for each rule: whether the row breaks the rule, and whether the rule applies to the row. All columns of the first kind come before all columns of the second kind. Encoded rows are decoded only in the columns of the rules. */
async function flagsOf(
  pl: typeof Polars,
  frame: PolarsFrame,
  { rules, flagName, answerName }: { readonly rules: readonly Rule[]; readonly flagName: Numbered; readonly answerName: Numbered },
): Promise<DataFrame | null> {
  if (rules.length === 0 || frame.rows === 0) return null;
  const named = columnsNamedBy(rules, frame.schema);
  // If the rules name no column, any column of the frame shows the number of rows.
  const looks = named.length > 0 ? named : frame.schema.columns.slice(0, 1).map(({ name }) => name);
  const schema = { columns: frame.schema.columns.filter(({ name }) => looks.includes(name)) };
  const { rows: looked, breaks, answers } = await breakingRows((await frame.columns(looks)).lazy(), schema, rules);
  const names = [...breaks.map((_, i) => flagName(i)), ...answers.map((_, i) => answerName(i))];
  return looked
    .withColumns(...[...breaks, ...answers].map((one, i) => one.alias(names[i] ?? '')))
    .select(...names.map((name) => pl.col(name)))
    .collect();
}

type Numbered = (i: number) => string;

interface BrokenRule {
  readonly rule: Rule;
  readonly flag: Expr;
}

async function samplesOf(
  { schema }: PolarsFrame,
  rows: LazyDataFrame,
  { met, shows }: { readonly met: readonly BrokenRule[]; readonly shows: Judging['samples'] },
): Promise<Samples> {
  const samples = new Map<string, readonly Sample[]>();
  for (const { rule, flag } of met) {
    const column = schema.columns.find(({ name }) => name === rule.column);
    if (column === undefined || rule.what === 'not null') continue;
    const some = await rows.filter(flag).select(column.name).limit(20).collect();
    const texts = await canonicalTexts(PolarsFrame.of({ schema: { columns: [column] }, data: some, bytes: 0 }), [column]);
    const found = texts.map(([text = null]): Sample => {
      const shown = shownText(column.type, text);
      // The form of NaN and infinity shows nothing, so the value itself is shown.
      return isFloat(column.type) && !Number.isFinite(Number(shown)) ? { form: String(shown) } : sampleOf(shown, shows);
    });
    samples.set(rule.name, fewSamples(found));
  }
  return Object.fromEntries(samples);
}

/** Adds the reasons and ids. Only for a few rows, because each row becomes a text for its id. */
async function withReasons(
  pl: typeof Polars,
  frame: PolarsFrame,
  { rows, apart, judging }: { readonly rows: LazyDataFrame; readonly apart: readonly BrokenRule[]; readonly judging: Judging },
): Promise<PolarsFrame> {
  const names = brokenColumns(frame.schema);
  const own = frame.schema.columns.map(({ name }) => name);
  const text = (value: string | null): Expr => pl.lit(value).cast(pl.String);
  const types = new Map(frame.schema.columns.map(({ name, type }) => [name, type]));
  // NaN is in no range, and is neither above nor below a range.
  const reason = (rule: Rule): Expr =>
    rule.what === 'between' && isFloat(types.get(rule.column) ?? { kind: 'null' })
      ? pl
          .when(pl.col(rule.column).isNan())
          .then(text(`${rule.column} is NaN`))
          .otherwise(text(reasonOf(rule)))
      : text(reasonOf(rule));
  // A row gets the reasons of all rules that it breaks, so that a person can correct the row once.
  const reasons = apart.map(({ rule, flag }) => pl.when(flag).then(reason(rule)).otherwise(text(null)));
  const first = (exprOf: (rule: Rule) => Expr, as: string): Expr => {
    return apart.reduceRight<Expr>((others, { rule, flag }) => pl.when(flag).then(exprOf(rule)).otherwise(others), text(null)).alias(as);
  };
  const told = await rows
    .withColumns(
      first(({ name }) => text(name), names.rule),
      first(({ column }) => text(column), names.column),
      pl.concatString(reasons, '; ', true).alias(names.reason),
      pl.lit(judging.run).cast(pl.String).alias(names.run),
    )
    .select(...own, names.rule, names.column, names.reason, names.run)
    .collect();
  return withIds(pl, frame, { told, stamped: judging.stamped });
}

/** Why rows settle apart although they break no rule for single rows. */
export interface BrokenFor {
  readonly rule: string;
  /** The column of the reason. Null: the reason concerns several columns. */
  readonly column: string | null;
  readonly reason: string;
  /** See `Judging.stamped`. */
  readonly stamped: readonly string[];
}

/** The rows with the columns of `brokenSchema`. All rows have the same reason. @param run the id of the entity run. */
export async function asBroken(given: Frame, { rule, column, reason, stamped }: BrokenFor, run: string): Promise<PolarsFrame> {
  const frame = asPolars(given);
  const pl = await polars();
  const names = brokenColumns(frame.schema);
  const text = (value: string | null, as: string): Expr => pl.lit(value).cast(pl.String).alias(as);
  const told = (await frame.collect())
    .lazy()
    .withColumns(text(rule, names.rule), text(column, names.column), text(reason, names.reason), text(run, names.run))
    .collect();
  return withIds(pl, frame, { told: await told, stamped });
}

/** The broken rows that settle apart for one of these rules or for one of these reasons. */
export async function brokenBy(given: Frame, rules: readonly string[], reasons: readonly string[]): Promise<PolarsFrame> {
  const frame = asPolars(given);
  const pl = await polars();
  const { rule, reason } = brokenColumnsIn(frame.schema);
  const among = (column: string | undefined, texts: readonly string[]): readonly Expr[] =>
    column === undefined ? [] : texts.map((text) => pl.col(column).eq(pl.lit(text)));
  const isOne = [...among(rule, rules), ...among(reason, reasons)];
  const is = isOne.reduce((all, one) => all.or(one), pl.lit(false) as Expr);
  return frame.partOf(await (await frame.collect()).lazy().filter(is).collect());
}

/** Adds the ids. @param of.told the rows and, after their columns, all of `brokenColumns` except the id. */
async function withIds(
  pl: typeof Polars,
  frame: PolarsFrame,
  { told, stamped }: { readonly told: DataFrame; readonly stamped: readonly string[] },
): Promise<PolarsFrame> {
  const schema = brokenSchema(frame.schema);
  const names = brokenColumns(frame.schema);
  const without = { columns: schema.columns.filter(({ name }) => name !== names.id) };
  const ids = await idsOf(frame.partOf(told, without), names.rule, stamped);
  return frame.partOf(pl.concat([told, ids.rename({ id: names.id })], { how: 'horizontal' }) as DataFrame, schema);
}

/** The id of each row: a hash of the row’s content and of the rule that the row breaks. */
async function idsOf(told: PolarsFrame, rule: string, stamped: readonly string[]): Promise<DataFrame> {
  // The columns of the row itself are sorted by name, because files may have the columns in another order.
  const own = told.schema.columns.slice(0, -4).filter(({ name }) => !stamped.includes(name));
  const columns = [...own].sort((a, b) => (a.name < b.name ? -1 : 1));
  const ruled = told.schema.columns.filter(({ name }) => name === rule);
  const builder = await frameBuilder({ columns: [{ name: 'id', type: { kind: 'string' }, nullable: false }] });
  for (const texts of await canonicalTexts(told, [...ruled, ...columns])) builder.append([shortHash(JSON.stringify(texts))]);
  return (await builder.take()).collect();
}
