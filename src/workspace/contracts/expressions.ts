/** Tries conditions and patterns of a contract on an empty table, where Polars reports their errors at almost no cost. */
import { didYouMean } from '../../errors/did-you-mean.ts';
import { conditionProblem } from '../../frames/rules/condition.ts';
import { ruleProblem } from '../../frames/rules/fit.ts';
import type { Rule } from '../../frames/rules/rule.ts';
import type { Schema } from '../../frames/schema.ts';
import { quoted } from '../yaml/problems.ts';

export type Condition = Rule & { readonly what: 'holds' };

const fromPolars = /^Polars says: /;

/** Why a condition can't judge rows with these columns, as a sentence. `missing`: the missing column; null: the reason is another one. */
export interface ExpressionProblem {
  readonly wrong: string;
  readonly missing: string | null;
}

/** Why a condition can’t judge rows; null: the condition can judge rows with these columns. @param isPartial whether the rows may have more columns than `schema`. */
export async function expressionProblem(rule: Condition, schema: Schema, isPartial: boolean): Promise<ExpressionProblem | null> {
  // If the column types are unknown, the condition is not tried, because the empty table needs types.
  if (schema.columns.length === 0)
    return sayWrong(conditionProblem(rule.check) ?? (rule.when === null ? null : conditionProblem(rule.when)));
  const problem = await ruleProblem({ ...rule, column: null }, schema);
  const missing = problem === null ? undefined : /unable to find column "(.*?)"; valid columns/s.exec(problem)?.[1];
  if (missing === undefined) return sayWrong(problem);
  if (isPartial) return null;
  const near = didYouMean(
    missing,
    schema.columns.map(({ name }) => name),
  );
  return {
    wrong: `There is no column ${quoted(missing)} in the contract.${near === undefined ? '' : ` Did you mean ${quoted(near)}?`}`,
    missing,
  };
}

const sayWrong = (wrong: string | null): ExpressionProblem | null => (wrong === null ? null : { wrong, missing: null });

/** Why Rust rejects a pattern; null: Rust accepts the pattern. */
export async function patternProblem(pattern: string): Promise<string | null> {
  const problem = await ruleProblem(
    { name: '', column: 'value', what: 'matches', pattern },
    { columns: [{ name: 'value', type: { kind: 'string' }, nullable: true }] },
  );
  return problem?.replace(fromPolars, '').replace(/\.$/, '') ?? null;
}
