/** Checks whether an entity’s rules and checks fit its columns. If the columns are known, this happens before a row is read. */
import { failsInsteadOfQuarantine } from '../../checks/check.ts';
import { checkProblem } from '../../checks/judge-checks.ts';
import { HyggeError } from '../../errors/hygge-error.ts';
import { columnsNamedIn } from '../../frames/rules/condition.ts';
import { saidWithoutValues } from '../../frames/rules/fit.ts';
import type { Judging } from '../../frames/rules/judge.ts';
import type { Rule } from '../../frames/rules/rule.ts';
import type { Schema } from '../../frames/schema.ts';
import type { DriftFound, Noted } from '../../ports/notes.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import { type EntitySpec, rulesOf } from '../contracts/spec.ts';
import type { JudgedRows } from '../contracts/validation.ts';
import { checkDoesNotFit, ruleDoesNotFit, ruleNotAsked, tableLacksColumns } from '../errors/validation.ts';

/** Throws HYG-2120 if a rule or a check does not fit the columns. */
export async function rulesMustFit({ frames }: Pick<EnginePorts, 'frames'>, spec: EntitySpec, schema: Schema): Promise<void> {
  for (const rule of rulesOf(spec)) {
    const problem = await frames.ruleProblem(rule, schema);
    if (problem !== null) throw ruleDoesNotFit(spec, rule, problem);
  }
  for (const check of spec.validation?.checks ?? []) {
    const problem = checkProblem(check, schema);
    if (problem !== null) throw checkDoesNotFit(spec, check, problem);
  }
}

/** The survey, with notes about what is judged. Throws HYG-2120 if a rule or a check does not fit the columns. */
export async function withValidationNotes<
  S extends {
    readonly schema: Schema | null;
    readonly notes: readonly Noted[];
    readonly warnings: readonly Noted[];
    readonly drift: readonly DriftFound[];
  },
>(ports: Pick<EnginePorts, 'frames'>, spec: EntitySpec, survey: S): Promise<S> {
  const { validation } = spec;
  if (validation === undefined) return survey;
  if (survey.schema !== null) await rulesMustFit(ports, spec, survey.schema);
  const { contract, rules, checks } = validation;
  if (rules.length + checks.length === 0) {
    // Without a contract, the config only says what happens to rows that can’t be read.
    return contract === null ? survey : { ...survey, notes: [...survey.notes, { code: 'judges', contract, rules: [], checks: [] }] };
  }
  const asking = checks.filter((check) => check.type === 'sql').map(({ name }) => name);
  const whole = checks.filter(failsInsteadOfQuarantine).map(({ name }) => name);
  const notes: readonly Noted[] = [
    { code: 'judges', contract, rules: rules.map(({ name }) => name), checks: checks.map(({ name }) => name) },
    ...(asking.length === 0 ? [] : [{ code: 'checks_ask', checks: asking } as const]),
    ...(survey.schema === null ? [{ code: 'judges_unseen' } as const] : []),
    ...(whole.length === 0 ? [] : [{ code: 'checks_fail', checks: whole } as const]),
  ];
  return { ...survey, notes: [...survey.notes, ...notes], warnings: [...survey.warnings, ...leftBehind(rules, survey.drift)] };
}

/** Throws HYG-2138 if a table lacks a column of the contract. The column would be null in each row, and a null keeps most rules. A file is checked while it is read. */
export function tableMustHaveColumns(spec: EntitySpec, drift: readonly DriftFound[]): void {
  if (spec.validation?.mode !== 'fail') return;
  const lacking = goneFromAll(spec, drift);
  if (lacking.length > 0) throw tableLacksColumns(spec, lacking);
}

/** The columns of the contract that the source lacks. The plan’s warning of a changed schema names these columns. */
export function goneFromAll(
  { validation }: EntitySpec,
  drift: readonly Pick<DriftFound, 'kind' | 'column' | 'severity'>[],
): readonly string[] {
  const gone = drift.flatMap(({ kind, column, severity }) => (kind === 'removed' && severity === 'warn' ? [column] : []));
  return (validation?.needed ?? []).filter((column) => gone.includes(column));
}

/** The rules about columns that get no more values, because the source’s values settle in another column. */
function leftBehind(rules: readonly Rule[], drift: readonly DriftFound[]): readonly Noted[] {
  return drift.flatMap(({ outcome }): readonly Noted[] => {
    if (typeof outcome === 'string' || outcome.code !== 'new_column') return [];
    const { column, as } = outcome;
    const names = rules.filter((rule) => looksAt(rule, column)).map(({ name }) => name);
    return names.length === 0 ? [] : [{ code: 'rules_without_values', column, as, rules: names }];
  });
}

/** Whether the rule or its condition is about the column. */
export function looksAt(rule: Rule, column: string): boolean {
  if (rule.what !== 'holds') return rule.column === column;
  return columnsNamedIn(`${rule.check}\n${rule.when ?? ''}`, [column]).length > 0;
}

/** Judges rows. If a rule can’t be evaluated (a text is not a number, for example), the error names the rule. The journal keeps the error, so it never shows values, whatever `samples` says. */
export async function judgedOrExplained(
  spec: EntitySpec,
  judging: Judging,
  judge: (judging: Judging) => Promise<JudgedRows>,
): Promise<JudgedRows> {
  try {
    return await judge(judging);
  } catch (error) {
    if (error instanceof HyggeError) throw error;
    for (const rule of judging.rules) {
      const cause = await judge({ ...judging, rules: [rule], measured: [] }).then(
        () => null,
        (again: unknown) => again,
      );
      if (cause !== null) throw ruleNotAsked(spec, rule, saidWithoutValues(cause));
    }
    throw error;
  }
}
