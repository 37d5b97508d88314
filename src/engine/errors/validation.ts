/** Why a run stops because of the rules and checks of its rows. Codes: src/errors/codes/validation.ts. */
import { entityName } from '../../errors/as-argument.ts';
import { asYaml } from '../../errors/as-yaml.ts';
import { FlowError } from '../../errors/hygge-error.ts';
import { type Measures, ownOf } from '../../frames/rules/measures.ts';
import { reasonOf } from '../../frames/rules/reason.ts';
import type { Rule } from '../../frames/rules/rule.ts';
import type { Samples } from '../../frames/rules/sample.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import type { Check, ValidationSpec } from '../contracts/validation.ts';

const inContract = ({ validation }: EntitySpec) => validation?.contract ?? 'validation';

export function ruleDoesNotFit(spec: EntitySpec, rule: Rule, problem: string): FlowError {
  return new FlowError({
    code: 'HYG-2120',
    what: `The rule ${rule.name} can't judge the rows of ${entityName(spec)}.`,
    why: [problem, 'Rules use the columns that settle, after polish, migrations and schema_evolution.'],
    tryThis: [`Correct the rule in ${inContract(spec)}`, `See columns and rows of the source: hygge preview ${entityName(spec)}`],
    where: spec.where,
  });
}

/** @param said the error that the rule’s evaluation gave. */
export const ruleNotAsked = (spec: EntitySpec, rule: Rule, said: string): FlowError =>
  ruleDoesNotFit(spec, rule, `The rule can't be checked on all rows: ${said}.`);

export function checkDoesNotFit(spec: EntitySpec, check: Check, problem: string): FlowError {
  return new FlowError({
    code: 'HYG-2120',
    what: `The check ${check.name} can't judge the rows of ${entityName(spec)}.`,
    why: [problem],
    tryThis: [
      `Correct the check in ${inContract(spec)}, or leave it out`,
      `See columns and rows of the source: hygge preview ${entityName(spec)}`,
    ],
    where: spec.where,
  });
}

/** @param problem the problem, as a sentence. */
export function noNumber(spec: EntitySpec, check: Check, problem: string): FlowError {
  return new FlowError({
    code: 'HYG-2127',
    what: `The query of the check ${check.name} of ${entityName(spec)} returns no number.`,
    why: [problem, 'Nothing was read: the destination and the watermark are unchanged.'],
    tryThis: ['Write a query that returns one row with one number: SELECT count(*) AS n FROM orders WHERE amount < 0'],
    where: spec.where,
  });
}

export const queryTooSlow = (spec: EntitySpec, check: Check): FlowError =>
  noNumber(spec, check, 'The query takes longer than two minutes.');

export const noQueries = (spec: EntitySpec, check: Check, place: string): FlowError => noNumber(spec, check, `${place} takes no queries.`);

export function ruleBroken(
  spec: EntitySpec,
  rules: readonly Rule[],
  { measures, samples }: { readonly measures: Measures; readonly samples: Samples },
): FlowError {
  const [first] = rules;
  const rows = (rule: Rule) => `${ownOf(measures.broken, rule.name) ?? 0} of ${measures.rows} rows so far`;
  return new FlowError({
    code: 'HYG-2121',
    what: `Rows of ${entityName(spec)} break the rule ${first?.name}${first?.column == null ? '' : ` of column ${first.column}`}, which ends the run.`,
    why: [
      ...rules.slice(0, 10).map((rule) => {
        // The journal keeps this text, so it shows only what the values look like. The values themselves are only in events.
        const forms = [...new Set((ownOf(samples, rule.name) ?? []).map(({ form }) => form))];
        const like = forms.length === 0 ? '' : `; they look like ${forms.join(' and ')}`;
        return `${rule.name}: ${reasonOf(rule)} (${rows(rule)}${like})`;
      }),
      'Nothing was committed: the destination and the watermark are unchanged.',
    ],
    tryThis: [
      'Correct the rows in the source, and run again',
      'Put rows that break the rule into quarantine, and let the others settle: severity: quarantine',
      'Or let these rows settle with a warning: severity: warn',
    ],
    where: spec.where,
  });
}

export function tooManyApart(
  spec: EntitySpec,
  { apart, of, most }: { readonly apart: number; readonly of: number | null; readonly most: NonNullable<ValidationSpec['maxQuarantined']> },
): FlowError {
  const allowed = 'rows' in most ? String(most.rows) : `${most.percent}%`;
  return new FlowError({
    code: 'HYG-2122',
    what: `More rows of ${entityName(spec)} would be in quarantine than max_quarantined (${allowed}) allows.`,
    why: [
      of === null ? `One slice alone has ${apart} such rows.` : `${apart} of ${of} rows would go there.`,
      'The usual cause of so many broken rows is a changed source or a wrong rule. Nothing was committed.',
    ],
    tryThis: [
      `Look at the rules in ${inContract(spec)} and the present columns of the source: hygge schema diff ${entityName(spec)}`,
      'If all of them may go to quarantine, raise max_quarantined',
    ],
    where: spec.where,
  });
}

export interface FailedCheck {
  readonly check: Check;
  /** What the check found, as a sentence. */
  readonly said: string;
  /** Present if the newest time is in the future. */
  readonly isAhead?: true | undefined;
  /** Whether the check would pass with all rows that were read. The config does not say whether it means these rows or the rows that settle. */
  readonly passesByRead: boolean;
}

const saidOf = ({ said, passesByRead }: FailedCheck) => `${said}${passesByRead ? ' (with rows: read it passes)' : ''}`;

/** @param judged which rows were judged. `replay`: the rows that should leave the quarantine. */
export function checksFailed(spec: EntitySpec, failed: readonly FailedCheck[], judged: 'run' | 'replay'): FlowError {
  const [first = ''] = failed.map(({ check }) => check.name);
  const ahead = failed.filter(({ isAhead }) => isAhead).map(({ check }) => ('column' in check ? check.column : null) ?? 'file');
  return new FlowError({
    code: 'HYG-2123',
    what:
      failed.length === 1
        ? `The check ${first} of ${entityName(spec)} failed.`
        : `${failed.length} checks of ${entityName(spec)} failed, the first of them ${first}.`,
    why: [...failed.slice(0, 10).map(saidOf), 'Nothing was committed: the destination and the watermark are unchanged.'],
    tryThis:
      judged === 'replay'
        ? [
            `Replay the rows run by run: hygge quarantine replay ${entityName(spec)} --run ID`,
            `Or settle only the rows in a file: hygge quarantine show ${entityName(spec)} --to FILE`,
            'Or let the rows settle with a warning: on_fail: warn',
          ]
        : [
            ...ahead.map(futureRemedy),
            'Correct the rows in the source, and run again',
            'If the data is right, change the limits of the check',
            'Or let the rows settle with a warning: on_fail: warn',
          ],
    where: spec.where,
  });
}

/** @param newest what the check is about: a column, or `file`. */
const futureRemedy = (newest: string) =>
  newest === 'file'
    ? 'Set the time of the files with a future time to now (touch), and correct the clock of the machine that wrote them'
    : `Correct the rows whose ${newest} is in the future, or leave them out, for example with where: in the home`;

/** Machines of two types, or with two versions of hygge, moved the slices. */
export function hashesDiffer(spec: EntitySpec): FlowError {
  return new FlowError({
    code: 'HYG-2124',
    what: `The slices of ${entityName(spec)} were read by processes that hash keys differently, so their keys can't be compared.`,
    why: ['hygge was updated during the run, or its processes run on processors of different kinds.', 'Nothing was committed.'],
    tryThis: ['Run again, with all processes of one version on processors of one kind', 'Or leave the checks of uniqueness out'],
    where: spec.where,
  });
}

/** How many rules and checks the error is about. 0: the error is about something else. */
export function checksFailedBy({ code, why }: { readonly code: string; readonly why?: readonly string[] }): number {
  return code === 'HYG-2121' || code === 'HYG-2123' ? Math.max(1, (why ?? []).length - 1) : 0;
}

export function fileLacksColumns(spec: EntitySpec, file: string, columns: readonly string[]): FlowError {
  return lacksColumns(spec, columns, { what: file, remedy: 'Have the file written with', others: 'files' });
}

export function tableLacksColumns(spec: EntitySpec, columns: readonly string[]): FlowError {
  return lacksColumns(spec, columns, { what: 'The source', remedy: 'Have the source return', others: 'it' });
}

interface Lacking {
  readonly what: string;
  readonly remedy: string;
  readonly others: string;
}

function lacksColumns(spec: EntitySpec, columns: readonly string[], { what, remedy, others }: Lacking): FlowError {
  const [is, them] = columns.length === 1 ? ['column', 'it'] : ['columns', 'them'];
  const optional = columns.map((column) => `${asYaml(column)}: { optional: true }`).join(', ');
  return new FlowError({
    code: 'HYG-2138',
    what: `${what} does not have the ${is} ${columns.join(', ')} of the contract of ${entityName(spec)}.`,
    why: ['Its rows would settle with null there, and most rules accept null. Nothing was committed.'],
    tryThis: [
      `${remedy} ${them}`,
      `If ${others} may lack ${them}, declare that in the contract: columns: { ${optional} }`,
      'Or settle these rows with a warning: validation: { mode: warn }',
    ],
    where: spec.where,
  });
}
