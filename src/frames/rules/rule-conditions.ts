/** Makes expressions that are true for rows that break a rule, and false for all other rows. */

import { arrow, type Expr, isNamePattern, type LazyDataFrame, type Polars, polars } from '../native.ts';
import type { DataType, Schema } from '../schema.ts';
import { queried } from '../sql.ts';
import { isInteger } from '../times/future.ts';
import { comparable, exactLiteral, literalKey, physicalType } from '../values/exact-literal.ts';
import { readCounts } from '../values/from-polars.ts';
import { polarsType } from '../values/polars-type.ts';
import { canonicalValue, fittedBounds } from './bounds.ts';
import { asSqlMeansIt, columnsNamedIn, withOtherNames } from './condition.ts';
import { isFloat } from './measures.ts';
import type { ColumnRule, Rule, TextFormat } from './rule.ts';

/** Some rows, and for each rule an expression that shows which of the rows break the rule. */
export interface Breaking {
  /** The rows, with additional columns that `breaks` refers to. */
  readonly rows: LazyDataFrame;
  readonly breaks: readonly Expr[];
  /** For each rule, an expression that is true for rows to which the rule applies. */
  readonly answers: readonly Expr[];
}

/** The columns of the schema that the rules need, in the schema’s order. */
export function columnsNamedBy(rules: readonly Rule[], { columns }: Schema): readonly string[] {
  const names = columns.map(({ name }) => name);
  const conditions = rules.flatMap((rule) => (rule.what === 'holds' ? [rule.check, rule.when ?? ''] : []));
  const named = new Set([...rules.map(({ column }) => column), ...columnsNamedIn(conditions.join('\n'), names)]);
  return names.filter((name) => named.has(name));
}

type Naming = (i: number) => string;

/** Finds names for additional columns that differ from all names of the rows. */
export function freeNames({ columns }: Pick<Schema, 'columns'>, word: string): Naming {
  let begin = `_hygge ${word}`;
  while (columns.some(({ name }) => name.startsWith(begin))) begin = `_${begin}`;
  return (i) => `${begin} ${i}`;
}

/** Makes the expressions. Throws if a rule does not fit the rows. `ruleProblem` (fit.ts) reports such rules in advance. @param schema has only the columns of `rows`. */
export async function breakingRows(rows: LazyDataFrame, { columns }: Schema, rules: readonly Rule[]): Promise<Breaking> {
  const pl = await polars();
  const types = new Map(columns.map(({ name, type }) => [name, type]));
  const conditions: { readonly sql: string; readonly as: string }[] = [];
  const [conditionName, otherName, ownName] = ['condition', 'named', 'own'].map((word) => freeNames({ columns }, word)) as [
    Naming,
    Naming,
    Naming,
  ];
  const shown = (sql: string) => {
    const as = conditionName(conditions.length);
    conditions.push({ sql, as });
    return pl.col(as);
  };
  const breaks: Expr[] = [];
  const answers: Expr[] = [];
  for (const rule of rules) {
    if (rule.what === 'holds') {
      const holds = shown(rule.check);
      const when = rule.when === null ? null : shown(rule.when);
      breaks.push((when === null ? holds.not() : when.and(holds.not())).fillNull(pl.lit(false)));
      answers.push(when === null ? holds.isNotNull() : when.fillNull(pl.lit(false)).and(holds.isNotNull()));
    } else {
      breaks.push(await columnBreaks(pl, rule, types.get(rule.column) ?? { kind: 'null' }));
      answers.push(judgesNulls(rule) ? pl.lit(true) : pl.col(rule.column).isNotNull());
    }
  }
  if (conditions.length === 0) return { rows, breaks, answers };
  // If Polars treats a name as a pattern, the name can’t be used in SQL, so the column gets another name while SQL is run.
  const plainNames = new Map([...types.keys()].filter(isNamePattern).map((name, i) => [name, otherName(i)]));
  const asked = conditions.map(({ sql, as }) => ({ sql: withOtherNames(sql, plainNames), as }));
  const known = new Map([...types].map(([name, type]) => [plainNames.get(name) ?? name, type]));
  const all = asked.map(({ sql }) => sql).join('\n');
  const named = columnsNamedIn(all, [...known.keys()]).map((name) => ({ name, type: known.get(name) ?? { kind: 'null' } }) as const);
  if (plainNames.size === 0) return { rows: await judgedInWideColumns(rows, { named, ownName }, asked), breaks, answers };
  const judged = await judgedInWideColumns(rows.rename(Object.fromEntries(plainNames)), { named, ownName }, asked);
  return { rows: judged.rename(Object.fromEntries([...plainNames].map(([name, plain]) => [plain, name]))), breaks, answers };
}

const judgesNulls = (rule: ColumnRule) =>
  rule.what === 'not null' || rule.what === 'there' || (rule.what === 'none of' && rule.orNull === true);

/** Adds the results of the conditions. While they are computed, columns of whole numbers have 128 bits, so that no sum and no product wraps, and all times have one unit. */
async function judgedInWideColumns(
  rows: LazyDataFrame,
  { named, ownName }: { readonly named: readonly { readonly name: string; readonly type: DataType }[]; readonly ownName: Naming },
  conditions: readonly { readonly sql: string; readonly as: string }[],
): Promise<LazyDataFrame> {
  const pl = await polars();
  const units = new Set(named.flatMap(({ type }) => (type.kind === 'timestamp' ? [type.unit] : [])));
  const owned = named.map((column, i) => ({ ...column, own: ownName(i) }));
  const whole = owned.filter(({ type }) => isInteger(type));
  const times = owned.filter(({ type }) => type.kind === 'timestamp' && units.has('ns') && type.unit !== 'ns');
  const wide = [...whole, ...times];
  // Each condition is on lines of its own, so that a comment at the end of a condition ends there.
  const asked = `SELECT *, ${conditions.map(({ sql, as }) => `(\n${asSqlMeansIt(sql)}\n) AS "${as}"`).join(', ')} FROM home`;
  if (wide.length === 0) return queried(rows, asked);
  const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
  const kept = rows
    .withColumns(...wide.map(({ name, own }) => pl.col(name).alias(own)))
    .withColumns(...times.map(({ name, type }) => pl.col(name).cast(polarsType(pl, { ...type, unit: 'ns' } as DataType) as never)));
  if (times.length > 0) await mustHaveRoom(kept, times);
  // The type of 128 bits has a name only in SQL, so SQL makes the casts.
  const casts = whole.map(({ name }) => `CAST(${quoted(name)} AS HUGEINT) AS ${quoted(name)}`);
  const widened = casts.length === 0 ? kept : await queried(kept, `SELECT * REPLACE (${casts.join(', ')}) FROM home`);
  return (await queried(widened, asked)).withColumns(...wide.map(({ name, own }) => pl.col(own).alias(name)));
}

/** Thrown for times that nanoseconds can’t hold. The text of the error contains names of columns, but no values. */
export class TimesWithoutRoom extends Error {
  override readonly name = 'TimesWithoutRoom';
}

/** Throws if a time is outside the years that nanoseconds can hold. */
async function mustHaveRoom(widened: LazyDataFrame, times: readonly { readonly name: string; readonly own: string }[]): Promise<void> {
  const pl = await polars();
  const lost = times.map(({ name, own }) => pl.col(name).isNull().and(pl.col(own).isNotNull()).sum().alias(own));
  const counts = readCounts(await widened.select(...lost).collect());
  const at = counts.findIndex((n) => n > 0);
  if (at < 0) return;
  throw new TimesWithoutRoom(
    `${times[at]?.name} is compared with a time in nanoseconds, and has times before 1677 or after 2262, which nanoseconds can't hold`,
  );
}

async function columnBreaks(pl: typeof Polars, rule: ColumnRule & { readonly column: string }, type: DataType): Promise<Expr> {
  const { column } = rule;
  const never = pl.lit(false);
  switch (rule.what) {
    case 'not null':
      return pl.col(column).isNull();
    case 'there':
      return never;
    case 'one of':
    case 'none of': {
      const texts = rule.texts.map((text) => canonicalValue(type, text)).filter((text) => text !== undefined);
      const ofNull = pl.lit(rule.what === 'none of' && rule.orNull === true);
      if (texts.length === 0) return rule.what === 'one of' ? pl.col(column).isNotNull() : pl.col(column).isNull().and(ofNull);
      const value = type.kind === 'uuid' ? pl.col(column).str.toLowerCase() : comparable(pl, column, type);
      const isIn = value.isIn((await valuesOf(pl, texts, type)) as never);
      return (rule.what === 'one of' ? isIn.not() : isIn).fillNull(ofNull);
    }
    case 'between': {
      const value = comparable(pl, column, type);
      const { min, max } = mustFit(fittedBounds(type, rule), rule.column);
      const below = min === null ? never : compared(value, boundOf(pl, type, min.text), min.excluded ? 'ltEq' : 'lt');
      const above = max === null ? never : compared(value, boundOf(pl, type, max.text), max.excluded ? 'gtEq' : 'gt');
      // NaN is in no range, although Polars sorts NaN above all numbers.
      const isNone = isFloat(type) ? value.isNan() : never;
      return below.or(above).or(isNone).fillNull(never);
    }
    case 'length': {
      const length = pl.col(column).str.lengths().cast(pl.Int64);
      const below = rule.min === null ? never : length.lt(pl.lit(String(rule.min)).cast(pl.Int64, true));
      const above = rule.max === null ? never : length.gt(pl.lit(String(rule.max)).cast(pl.Int64, true));
      return below.or(above).fillNull(never);
    }
    case 'matches':
      return pl.col(column).str.contains(rule.pattern).not().fillNull(never);
    case 'format':
      return type.kind === 'string' ? pl.col(column).str.contains(formatPatterns[rule.format]).not().fillNull(never) : never;
  }
}

function mustFit<T>(fitted: T | undefined, column: string): T {
  if (fitted === undefined) throw new Error(`a bound of ${column} is not a value of its type`);
  return fitted;
}

const compared = (value: Expr, bound: Expr, sign: 'lt' | 'ltEq' | 'gt' | 'gtEq'): Expr => value[sign](bound);

function boundOf(pl: typeof Polars, type: DataType, text: string): Expr {
  return isFloat(type) ? pl.lit(text).cast(polarsType(pl, type) ?? pl.Float64, true) : exactLiteral(pl, type, text);
}

/** Makes one list of canonical values, in the form in which the column is compared. The casts of the texts are exact. */
async function valuesOf(pl: typeof Polars, texts: readonly string[], type: DataType): Promise<Polars.Series> {
  const A = await arrow();
  const keys = texts.map((text) => (isFloat(type) || type.kind === 'bool' ? text : literalKey(type, text)));
  const bytes = A.tableToIPC(new A.Table({ value: A.vectorFromArray(keys, new A.Utf8()) }), 'stream');
  const text = pl.col('value');
  const value =
    type.kind === 'string' || type.kind === 'uuid'
      ? text
      : type.kind === 'bool'
        ? text.eq(pl.lit('true'))
        : text.cast(isFloat(type) ? (polarsType(pl, type) ?? pl.Float64) : physicalType(pl, type), true);
  return (await pl.readIPCStream(Buffer.from(bytes)).lazy().select(value.implode()).collect()).getColumn('value');
}

// ---- for each format, the form of its texts, as an expression in Rust’s syntax: the expression matches a whole text or nothing

const label = '[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?';

/** Matches a day of the Gregorian calendar in the years 0000 to 9999. */
const leapYear = '(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)';
const monthDay = '(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))';
const day = `(?:[0-9]{4}-${monthDay}|${leapYear}-02-29)`;

const hours = '(?:[01][0-9]|2[0-3])';
const sixty = '[0-5][0-9]';

const byte = '(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])';
/** Matches a host name. The last part of the name must begin with a letter, because with a digit it would look like an IP address. */
const hostName = '(?:[a-zA-Z0-9_](?:[a-zA-Z0-9_-]*[a-zA-Z0-9_])?\\.)*[a-zA-Z](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?\\.?';
const group = '[0-9a-fA-F]{1,4}';
/** Matches an address of eight groups, or of fewer groups with `::` in the place of the missing groups. */
const ip6 = [
  `(?:${group}:){7}${group}`,
  ...Array.from({ length: 8 }, (_, before) => {
    const left = before === 0 ? '' : `${group}(?::${group}){${before - 1}}`;
    const most = 7 - before;
    return `${left}::${most === 0 ? '' : `(?:${group}(?::${group}){0,${most - 1}})?`}`;
  }),
].join('|');
const port = '(?:6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[0-9]{1,4})';
/** Matches the rest of a URL. A character that must be written as `%20` is refused, and so is a `%` that two digits do not follow. */
const behindHost = '(?:[^\\s\\x00-\\x20\\x7f"<>\\\\^`{|}%]|%[0-9a-fA-F]{2})*';
const user = '(?:[^\\s\\x00-\\x20\\x7f"<>\\\\^`{|}%@/?#\\[\\]]|%[0-9a-fA-F]{2})*@';

/** The pattern of each format. docs/contracts.md describes the formats in words. */
const formatPatterns: Readonly<Record<TextFormat, string>> = {
  email: `^[a-zA-Z0-9.!#$%&'*+/=?^_\`{|}~-]+@${label}(?:\\.${label})*$`,
  uuid: '^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$',
  url: `^(?i:https?|ftp)://(?:${user})?(?:${hostName}|(?:${byte}\\.){3}${byte}|\\[(?:${ip6})\\])(?::${port})?(?:[/?#]${behindHost})?$`,
  date: `^${day}$`,
  datetime: `^${day}[T ]${hours}:${sixty}(?::${sixty}(?:\\.[0-9]{1,9})?)?(?:Z|[+-]${hours}:${sixty})?$`,
};
