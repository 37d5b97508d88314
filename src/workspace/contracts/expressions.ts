/** Conditions and patterns of a contract, tried on no rows: Polars says what it has against them, and that costs next to nothing. */
import { didYouMean } from '../../errors/did-you-mean.ts';
import { conditionProblem } from '../../frames/rules/condition.ts';
import { ruleProblem } from '../../frames/rules/fit.ts';
import type { Rule } from '../../frames/rules/rule.ts';
import type { Schema } from '../../frames/schema.ts';
import { quoted } from '../yaml/problems.ts';

export type Condition = Rule & { readonly what: 'holds' };

const fromPolars = /^Polars says: /;

/** Why no row of some columns can be judged by a condition, as a sentence. `missing`: the column that is not among them; null: it is not that. */
export interface ExpressionProblem {
  readonly wrong: string;
  readonly missing: string | null;
}

/** Null: rows of these columns can be judged. @param isPartial there may be columns that `schema` does not have. */
export async function expressionProblem(rule: Condition, schema: Schema, isPartial: boolean): Promise<ExpressionProblem | null> {
  // Without any type there is nothing to try it on.
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

/** What Rust has against a pattern; null: it takes it. */
export async function patternProblem(pattern: string): Promise<string | null> {
  const problem = await ruleProblem(
    { name: '', column: 'value', what: 'matches', pattern },
    { columns: [{ name: 'value', type: { kind: 'string' }, nullable: true }] },
  );
  return problem?.replace(fromPolars, '').replace(/\.$/, '') ?? null;
}
