import type { EntityKey } from '../../ports/values.ts';
import { shownWorkspace } from '../run/sentences.ts';
import { count, counted, duration } from '../text/figures.ts';
import type { Palette } from '../text/palette.ts';
import { entityArgument, shownEntity, visible, visibleLines } from '../text/visible.ts';

/** The result of one check of `hygge debug`. */
export interface CheckResult {
  /** The subject of the check: `workspace`, `state`, `crm.users`. The text is already safe to show. */
  readonly about: string;
  readonly ok: boolean;
  readonly what: string;
  readonly why?: readonly string[];
  readonly tryThis: readonly string[];
  /** Whether a run would continue despite the finding, with a warning. */
  readonly warns?: true;
  /** Lines of YAML that a person may copy into the config. The lines are shown unchanged. */
  readonly proposal?: readonly string[];
}

export function debugOpening(of: Parameters<typeof shownWorkspace>[0], root: string, palette: Palette): readonly string[] {
  return [`Let's see whether everything is in its place in ${shownWorkspace(of, palette)}.`, palette.quiet(`  ${visible(root)}`)];
}

/** Findings that are already on the screen, each with its subject. */
export type ShownFindings = Map<string, string>;

/** The findings of one subject, under its name. A repeated finding is shown in full only at its first subject. */
export function findingLines(
  about: string,
  findings: readonly CheckResult[],
  palette: Palette,
  shown: ShownFindings = new Map(),
): readonly string[] {
  const repeats = new Map<string, number>();
  const lines = findings.flatMap((finding) => {
    const key = JSON.stringify({ ...finding, about: '' });
    const first = shown.get(key);
    if (first === undefined || first === about) {
      shown.set(key, about);
      return wholeFinding(finding, palette);
    }
    if (finding.ok && !finding.warns) {
      repeats.set(first, (repeats.get(first) ?? 0) + 1);
      return [];
    }
    return [`  ${markOf(finding, palette)} ${visible(finding.what)} ${palette.quiet(`(as for ${first})`)}`];
  });
  const passed = [...repeats].map(([first, times]) => `  ${palette.good('✓')} ${counted(times, 'check')} as for ${first}`);
  return ['', palette.strong(about), ...lines, ...passed];
}

function markOf({ ok, warns }: CheckResult, palette: Palette): string {
  return ok ? (warns ? palette.caution('!') : palette.good('✓')) : palette.bad('✗');
}

function wholeFinding(finding: CheckResult, palette: Palette): readonly string[] {
  return [
    `  ${markOf(finding, palette)} ${visible(finding.what)}`,
    ...labelled('why', finding.why ?? [], palette),
    ...(finding.ok ? [] : labelled('try', finding.tryThis.map(withoutItself), palette)),
    ...((finding.proposal ?? []).length === 0 ? [] : ['', ...(finding.proposal ?? []).map(visible), '']),
  ];
}

/** Advice to run `hygge debug` is left out of the output of `hygge debug`. */
const withoutItself = (line: string): string => line.replace(/: hygge debug(\.?)$/, '$1');

function labelled(label: string, texts: readonly string[], palette: Palette): readonly string[] {
  return texts.flatMap((text, nth) => visibleLines(text).map((line) => `      ${palette.quiet(nth === 0 ? label : '   ')}  ${line}`));
}

export function debugClosing(findings: readonly CheckResult[], palette: Palette): readonly string[] {
  const wrong = findings.filter((finding) => !finding.ok).length;
  const warnings = findings.filter(({ warns }) => warns).length;
  if (wrong === 0 && warnings > 0)
    return ['', palette.caution(`All ${counted(findings.length, 'check')} passed, ${warnings} with a warning. You are ready: hygge go`)];
  if (wrong === 0) return ['', palette.good(`All ${counted(findings.length, 'check')} passed. You are ready: hygge go`)];
  return [
    '',
    palette.bad(`${counted(wrong, 'check')} of ${findings.length} ${wrong === 1 ? 'needs' : 'need'} attention.`),
    'Each ✗ says what to try. Then check again: hygge debug',
  ];
}

/** The facts about a config in which `hygge check` found no error. */
export interface FilesChecked {
  readonly flows: number;
  readonly entities: number;
  /** How many flows find their entities when a run begins. */
  readonly finding: number;
  /** The checked contracts; empty: the config has no contract. */
  readonly targets: readonly string[];
  /** Variables that are not set on this machine. */
  readonly unset: readonly string[];
  readonly warnings: readonly string[];
  readonly contracts: readonly ContractChecked[];
}

/** How many rules and checks judge the rows of an entity. */
export interface ContractChecked extends EntityKey {
  /** The contract’s file; null: the config has checks without a contract. */
  readonly contract: string | null;
  readonly mode: 'fail' | 'warn' | 'quarantine';
  readonly rules: number;
  readonly checks: number;
}

const mostContracts = 10;

function contractsChecked(contracts: readonly ContractChecked[], palette: Palette): readonly string[] {
  const [first] = contracts;
  if (first === undefined) return [];
  const lines = contracts.slice(0, mostContracts).map(({ flow, entity, contract, mode, rules, checks }) => {
    const judges = `${counted(rules, 'rule')}, ${counted(checks, 'check')}, mode ${mode}`;
    const by = rules + checks === 0 ? 'no rule and no check, so rows are not checked' : judges;
    return `  ${shownEntity(flow, entity)}  ${contract === null ? '' : `${visible(contract)}: `}${by}`;
  });
  const more = contracts.length > mostContracts ? [palette.quiet(`  … ${contracts.length - mostContracts} more`)] : [];
  const command = `hygge explain ${entityArgument(first.flow, first.entity)}`;
  return ['Rows are judged:', ...lines, ...more, `${palette.quiet('next')}  ${command}    its rules and checks in words`];
}

export function checkedLines(
  { flows, entities, finding, targets, unset, warnings, contracts }: FilesChecked,
  palette: Palette,
): readonly string[] {
  const found = finding === 0 ? '' : ` and what ${counted(finding, 'flow finds', 'flows find')} at home when a run begins`;
  const each = targets.length < 2 ? '' : `, for ${targets.map(visible).join(', ')}`;
  return [
    ...warnings.map((text) => `${palette.caution('!')} ${visible(text)}`),
    ...(unset.length === 0 ? [] : [`Not set here, so not checked: ${unset.map(visible).join(', ')}`]),
    `${palette.good('✓')} ${counted(flows, 'flow')}, ${counted(entities, 'entity', 'entities')}${found}: nothing is wrong in the files${each}.`,
    ...contractsChecked(contracts, palette),
  ];
}

/** A connection of hygge.yml, with its limits on parallel work. */
export function connectionText(of: {
  name: string;
  type: string;
  maxReads: number | null;
  maxWrites: number | null;
  retryForMs?: number;
}): string {
  const { name, type, maxReads, maxWrites, retryForMs } = of;
  const limits = [
    ...(maxReads === null ? [] : [`${maxReads} reads at once`]),
    ...(maxWrites === null ? [] : [`${maxWrites} writes at once`]),
    ...(retryForMs === undefined ? [] : [`retried for ${duration(retryForMs / 1000)} if it does not answer`]),
  ];
  return `connection ${visible(name)}: ${[visible(type), ...limits].join(', ')}`;
}

export function configIsValid(found: { readonly flows: number; readonly entities: number; readonly files: number }): string {
  return `The config is valid: ${counted(found.flows, 'flow')}, ${counted(found.entities, 'entity', 'entities')}, from ${counted(found.files, 'file')}`;
}

/** Tables that no flow reads, although a flow lists other tables of the same database. */
export function unlistedTablesText(tables: readonly string[]): string {
  const named = tables.slice(0, 3).map(visible).join(', ');
  const more = tables.length > 3 ? ` and ${count(tables.length - 3)} more` : '';
  const [are, them] = tables.length === 1 ? ['is', 'it'] : ['are', 'them'];
  return `${counted(tables.length, 'table')} ${are} next to those that the flow lists, but no flow reads ${them}: ${named}${more} (entities: "*" takes all)`;
}

/** A warning about the config. */
export function warningText(warning: {
  readonly message: string;
  readonly where: { readonly file: string; readonly line: number };
}): string {
  return `${warning.message} (${warning.where.file}:${warning.where.line})`;
}
