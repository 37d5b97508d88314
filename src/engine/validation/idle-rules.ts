/** Rules that had no answer about any row of a run. It is not a warning: a column may be null in each row of a small increment, and a condition may seldom apply. */
import { columnsNamedIn } from '../../frames/rules/condition.ts';
import { type Measures, ownOf } from '../../frames/rules/measures.ts';
import type { Rule } from '../../frames/rules/rule.ts';
import type { CheckTold } from '../../ports/events.ts';
import type { Note } from '../../ports/notes.ts';
import { defined } from '../../ports/values.ts';
import { sourcesOf } from '../contracts/home.ts';
import type { Plan } from '../contracts/records.ts';
import { type EntitySpec, rulesOf } from '../contracts/spec.ts';
import { looksAt } from './fit.ts';

export interface IdleRules {
  readonly rules: readonly { readonly event: { readonly event: 'check' } & CheckTold }[];
  readonly notes: readonly Note[];
}

/** @param found.lacking columns that a warning reports already, with their rules. */
export function idleRules(
  spec: EntitySpec,
  plan: Plan,
  { measures: { judged, rows, columns }, lacking }: { readonly measures: Measures; readonly lacking: Readonly<Record<string, string>> },
): IdleRules {
  if (judged === undefined || judged.rows === 0) return { rules: [], notes: [] };
  const idle = rulesOf(spec).filter(
    (rule) =>
      (ownOf(judged.rules, rule.name) ?? 0) === 0 &&
      !isAboutOptional(rule, spec) &&
      !Object.keys(lacking).some((column) => looksAt(rule, column)),
  );
  const isLacking = (column: string) => Object.hasOwn(lacking, column) || (spec.validation?.optional ?? []).includes(column);
  const isNull = (column: string) => rows > 0 && ownOf(columns, column)?.nulls === rows;
  // A key with a null repeats no other.
  const checks = (spec.validation?.checks ?? []).flatMap((check) =>
    check.type === 'uniqueness' && check.columns.some(isNull) && !check.columns.some(isLacking) ? [check] : [],
  );
  if (idle.length + checks.length === 0) return { rules: [], notes: [] };
  const file = onlyFile(plan);
  const of = defined({ file });
  const eventOf = (rule: Rule) => {
    const because = rule.what === 'holds' && rule.when !== null ? ('not met' as const) : ('no values' as const);
    const column = rule.what === 'holds' ? null : rule.column;
    return { event: 'check', kind: 'rule', name: rule.name, column, outcome: 'not_judged', because, of: judged.rows, ...of } as const;
  };
  const ofChecks = checks.map(({ name, columns: [column = null, ...others] }) => {
    const about = { kind: 'check', name, column: others.length === 0 ? column : null } as const;
    return { event: 'check', ...about, outcome: 'not_judged', because: 'no values', of: judged.rows, ...of } as const;
  });
  return {
    rules: [...idle.map(eventOf), ...ofChecks].map((event) => ({ event })),
    notes: [{ code: 'rules_idle', rules: [...idle, ...checks].map(({ name }) => name), rows: judged.rows, ...of }],
  };
}

/** The contract says that files may be without the column. */
function isAboutOptional(rule: Rule, { validation }: EntitySpec): boolean {
  const optional = validation?.optional ?? [];
  if (rule.what !== 'holds') return optional.includes(rule.column);
  return columnsNamedIn(`${rule.check}\n${rule.when ?? ''}`, [...optional]).length > 0;
}

function onlyFile({ slices }: Plan): string | undefined {
  const files = new Set(slices.flatMap(({ slice }) => sourcesOf(slice)));
  return files.size === 1 ? [...files][0] : undefined;
}
