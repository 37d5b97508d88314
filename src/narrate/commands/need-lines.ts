import type { Palette } from '../text/palette.ts';
import { visible } from '../text/visible.ts';

/** A right, secret, variable or host that a config needs. */
export interface ListedNeed {
  readonly need: 'role' | 'secret' | 'environment' | 'host';
  readonly name: string;
  /** The resource of a role’s rights, as text for a sentence. */
  readonly scope?: string;
  /** For a role: the connector that needs the role, the actions of the connector, and the scope in the system’s own terms. */
  readonly system?: string;
  readonly doing?: readonly string[];
  readonly resource?: Readonly<Record<string, string>>;
  /** For a secret, which is named after its key: the variable that holds the secret; null: the secret is in no variable. */
  readonly variable?: string | null;
  /** Names of entities, already safe to show. */
  readonly by: readonly string[];
  /** The config lines that cause the need. */
  readonly where: readonly { readonly file: string; readonly line: number }[];
}

/** `filesystem raw of lake.dfs.core.windows.net`; an ARN needs no explanation. */
export function resourceText(resource: Readonly<Record<string, string>>): string {
  const [first, ...others] = Object.entries(resource);
  if (first === undefined) return '';
  const [term, value] = first;
  return [term === 'arn' ? value : `${term} ${value}`, ...others.map(([, one]) => `of ${one}`)].join(' ');
}

const words: Readonly<Record<ListedNeed['need'], string>> = { role: 'role', secret: 'secret', environment: 'variable', host: 'host' };
const order: readonly ListedNeed['need'][] = ['role', 'secret', 'environment', 'host'];

/** Lines about roles, then secrets, then variables, then hosts. */
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

/** A secret is set at the place from which its variable is read. */
function nameOf({ name, variable = null }: ListedNeed): string {
  return variable === null ? name : `${variable} (${name})`;
}

function writtenIn([first]: ListedNeed['where']): string {
  return first === undefined ? '' : `, ${visible(first.file)}:${first.line}`;
}

function forWhom([first = '', ...others]: readonly string[]): string {
  return others.length === 0 ? `for ${first}` : `for ${first} and ${others.length} more`;
}

/** A variable of the config, and the origin of its value; null: the variable is not set. */
export type Variable = { readonly name: string } & (
  | { readonly from: 'environment' | 'default' | null }
  | { readonly from: 'file'; readonly file: string }
  | { readonly from: 'target'; readonly target: string }
  | { readonly from: 'vault'; readonly vault: string; readonly secret: string; readonly version: string }
);

/** The lines never include the value of a variable. */
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
