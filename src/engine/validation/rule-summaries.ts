/** What the rules and checks of an entity require, in words for people. It opens neither home nor store. */
import { failsInsteadOfQuarantine } from '../../checks/check.ts';
import { expectedOf } from '../../checks/judge-checks.ts';
import { reasonOf } from '../../frames/rules/reason.ts';
import type { Severity } from '../../frames/rules/rule.ts';
import { filled } from '../../ports/values.ts';
import type { ValidationSpec } from '../contracts/validation.ts';

/** A rule or a check of an entity, explained for people. */
export interface ExplainedRule {
  readonly kind: 'rule' | 'check';
  readonly name: string;
  readonly column: string | null;
  /** What a row that breaks the rule looks like, or what the check expects. */
  readonly what: string;
  readonly severity: Severity;
  /** Present if the check is about all rows together, so that it fails the run. */
  readonly fails?: true;
  /** Where the check gets its answer, if not from the rows that a run reads. */
  readonly asks?: 'source' | 'files';
}

/** @param validation the entity’s rules and checks. Undefined: the entity has none. */
export function explainedRules(validation: ValidationSpec | undefined): Readonly<Record<'rules' | 'checks', readonly ExplainedRule[]>> {
  const rules = (validation?.rules ?? []).map((rule): ExplainedRule => {
    const { name, column, severity = 'quarantine' } = rule;
    return { kind: 'rule', name, column, what: reasonOf(rule), severity };
  });
  const checks = (validation?.checks ?? []).map((check): ExplainedRule => {
    const { name, type, onFail: severity } = check;
    const column = 'column' in check ? check.column : type === 'broken rows' ? check.rule.column : null;
    const asks: ExplainedRule['asks'] | undefined =
      type === 'sql' ? 'source' : type === 'freshness' && column === null ? 'files' : undefined;
    return {
      ...{ kind: 'check', name, column, what: expectedOf(check), severity },
      ...filled({ fails: failsInsteadOfQuarantine(check), asks }),
    };
  });
  return { rules, checks };
}
