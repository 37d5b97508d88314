/** Checks whether a rule fits the columns that it names. */
import { describeType } from '../describe-type.ts';
import type { DataType, Schema } from '../schema.ts';
import { emptyFrame } from '../values/to-polars.ts';
import { canBeWatermark } from '../watermark-text.ts';
import { canonicalValue, fittedBounds } from './bounds.ts';
import { conditionProblem } from './condition.ts';
import { isFloat } from './measures.ts';
import type { BetweenRule, ColumnRule, Rule } from './rule.ts';
import { breakingRows, TimesWithoutRoom } from './rule-conditions.ts';
import { isOfKind } from './value-kinds.ts';

/**
 * Says in a sentence why a rule can’t be applied to rows of these columns. Null: the rule can be applied. The rule is tried without rows.
 * This finds columns or types that do not fit, and expressions that Polars or Rust’s regular expressions can’t read. Faults that depend on
 * values, such as a cast of a text, are not found.
 */
export async function ruleProblem(rule: Rule, schema: Schema): Promise<string | null> {
  const found = plainProblem(rule, schema);
  if (found !== null) return found;
  // The two conditions are tried one by one, because Polars warns if it joins a number and a condition.
  if (rule.what === 'holds' && rule.when !== null)
    return (await ruleProblem({ ...rule, check: rule.when, when: null }, schema)) ?? (await ruleProblem({ ...rule, when: null }, schema));
  try {
    const { rows, breaks } = await breakingRows(await (await emptyFrame(schema)).lazy(), schema, [rule]);
    const data = await rows.select(...breaks.map((one) => one.alias('breaks'))).collect();
    return String(data.dtypes[0]).includes('Bool') ? null : noCondition;
  } catch (error) {
    // Polars may give a condition over whole numbers the type Int128, for which hygge has no name.
    return saidBy(error).includes('Int128 is not supported') ? noCondition : `Polars says: ${saidBy(error)}.`;
  }
}

const noCondition = 'The rule is not a condition: its value is neither true nor false.';

/** The fault that an error states. This is the first line of its message, or the fault of an expression, which is below a drawing of the expression. */
export function saidBy(error: unknown): string {
  const lines = (error instanceof Error ? error.message : String(error)).split('\n');
  const wrong = lines.find((line) => line.startsWith('error: '));
  return wrong?.slice('error: '.length) ?? lines[0] ?? '';
}

const castThatFailed = /^conversion from `.*?` to `.*?` failed in column '.*?' for \d+ out of \d+ values/;

/** The same text as `saidBy` without the values of rows. A sentence of an unknown form is replaced by a plain sentence. */
export function saidWithoutValues(error: unknown): string {
  if (error instanceof TimesWithoutRoom) return error.message;
  const said = saidBy(error);
  return castThatFailed.exec(said)?.[0] ?? (/["'\d[]/.test(said) ? 'Polars can not compute it for some of them' : said);
}

/** Finds faults without a trial: refused words of a condition, and a column or a type that does not fit. */
export function plainProblem(rule: Rule, schema: Schema): string | null {
  return wordsProblem(rule) ?? columnProblem(rule, schema);
}

function wordsProblem(rule: Rule): string | null {
  if (rule.what !== 'holds') return null;
  return conditionProblem(rule.check) ?? (rule.when === null ? null : conditionProblem(rule.when));
}

function columnProblem(rule: Rule, { columns }: Schema): string | null {
  if (rule.column === null) return null;
  const column = columns.find(({ name }) => name === rule.column);
  if (column === undefined) return `There is no column ${rule.column}. The columns are: ${shortList(columns.map(({ name }) => name))}.`;
  return rule.what === 'holds' ? null : typeProblem(rule, column.type);
}

const shortList = (names: readonly string[]) => `${names.slice(0, 20).join(', ')}${names.length > 20 ? ', …' : ''}`;

function typeProblem(rule: ColumnRule, type: DataType): string | null {
  switch (rule.what) {
    case 'not null':
      return null;
    case 'there':
      return rule.as === null || isOfKind(type, rule.as)
        ? null
        : `The column is ${describeType(type)}, but the contract has it as ${rule.as}.`;
    case 'one of':
    case 'none of':
      if (!canBeWatermark(type) && !isFloat(type) && type.kind !== 'bool')
        return `The column is ${describeType(type)}, which has no list of values.`;
      return rule.what === 'none of' ? null : valueProblem(rule.texts, type);
    case 'between':
      if (!canBeWatermark(type) && !isFloat(type)) return `The column is ${describeType(type)}, which has no smallest and largest value.`;
      return boundProblem(rule, type);
    case 'length':
    case 'matches':
      return isText(type) ? null : `The column is ${describeType(type)}, not text.`;
    case 'format':
      return type.kind === 'string' || alwaysHas[rule.format]?.includes(type.kind) === true
        ? null
        : `The column is ${describeType(type)}, but only text can have the format ${rule.format}.`;
  }
}

const isText = ({ kind }: DataType) => kind === 'string' || kind === 'uuid' || kind === 'json';

/** For each format, the types whose values all have the format. */
const alwaysHas: Readonly<Record<string, readonly DataType['kind'][]>> = { uuid: ['uuid'], date: ['date'], datetime: ['timestamp'] };

function valueProblem(texts: readonly string[], type: DataType): string | null {
  const wrong = texts.find((text) => canonicalValue(type, text) === undefined);
  return wrong === undefined ? null : `${JSON.stringify(wrong)} is not a value of ${describeType(type)}.`;
}

function boundProblem(rule: BetweenRule, type: DataType): string | null {
  for (const end of ['min', 'max'] as const) {
    const text = rule[end];
    if (text === null || fittedBounds(type, { ...rule, min: null, max: null, [end]: text }) !== undefined) continue;
    return `${JSON.stringify(text)} is not a possible ${end === 'min' ? 'smallest' : 'largest'} value for ${describeType(type)}.`;
  }
  return null;
}
