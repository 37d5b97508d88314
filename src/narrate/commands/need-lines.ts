import type { Palette } from '../text/palette.ts';
import { visible } from '../text/visible.ts';

/** What a config needs beside hygge itself. */
export interface ListedNeed {
  readonly need: 'role' | 'secret' | 'environment' | 'host';
  readonly name: string;
  /** What a role is given on, as a sentence has it. */
  readonly scope?: string;
  /** Of a role: the connector that asks, what it does there, and what the role is given on in the system's own terms. */
  readonly system?: string;
  readonly doing?: readonly string[];
  readonly resource?: Readonly<Record<string, string>>;
  /** Of a secret, whose name is that of its key: the variable that holds it; null: none does. */
  readonly variable?: string | null;
  /** Entities, shown already safe. */
  readonly by: readonly string[];
  /** The lines of the config that ask for it. */
  readonly where: readonly { readonly file: string; readonly line: number }[];
}

/** `filesystem raw of lake.dfs.core.windows.net`; an ARN says by itself what it is. */
export function resourceText(resource: Readonly<Record<string, string>>): string {
  const [first, ...others] = Object.entries(resource);
  if (first === undefined) return '';
  const [term, value] = first;
  return [term === 'arn' ? value : `${term} ${value}`, ...others.map(([, one]) => `of ${one}`)].join(' ');
}

const words: Readonly<Record<ListedNeed['need'], string>> = { role: 'role', secret: 'secret', environment: 'variable', host: 'host' };
const order: readonly ListedNeed['need'][] = ['role', 'secret', 'environment', 'host'];

/** Roles first, then secrets, variables and hosts. */
export function needLines(needed: readonly ListedNeed[], palette: Palette): readonly string[] {
  if (needed.length === 0) return [];
  const sorted = [...needed].sort((a, b) => order.indexOf(a.need) - order.indexOf(b.need));
  const lines = sorted.map((one) => {
    const { need, scope, by, where } = one;
    const on = scope === undefined ? '' : ` on ${visible(scope)}`;
    return `  ${palette.quiet(words[need].padEnd(8))}  ${visible(nameOf(one))}${on}  ${palette.quiet(`${forWhom(by)}${writtenIn(where)}`)}`;
  });
  return ['', palette.strong('needs'), ...lines];
}

/** A secret is put where its variable is read. */
function nameOf({ name, variable = null }: ListedNeed): string {
  return variable === null ? name : `${variable} (${name})`;
}

function writtenIn([first]: ListedNeed['where']): string {
  return first === undefined ? '' : `, ${visible(first.file)}:${first.line}`;
}

function forWhom([first = '', ...others]: readonly string[]): string {
  return others.length === 0 ? `for ${first}` : `for ${first} and ${others.length} more`;
}

/** A variable of the config, and where its value comes from; null: it has none. */
export type Variable = { readonly name: string } & (
  | { readonly from: 'environment' | 'default' | null }
  | { readonly from: 'file'; readonly file: string }
  | { readonly from: 'target'; readonly target: string }
  | { readonly from: 'vault'; readonly vault: string; readonly secret: string; readonly version: string }
);

/** Never a value. */
export function variableLines(variables: readonly Variable[], palette: Palette): readonly string[] {
  if (variables.length === 0) return [];
  const width = Math.max(...variables.map(({ name }) => name.length));
  return [
    '',
    palette.strong('variables'),
    ...variables.map((one) => `  ${one.name.padEnd(width)}  ${palette.quiet(visible(originText(one)))}`),
  ];
}

function originText(variable: Variable): string {
  switch (variable.from) {
    case 'environment':
      return 'the environment';
    case 'file':
      return variable.file;
    case 'target':
      return `the target ${variable.target}`;
    case 'vault':
      return `${variable.vault}: ${variable.secret}, version ${variable.version}`;
    default:
      return variable.from === 'default' ? 'its default' : 'not set';
  }
}
