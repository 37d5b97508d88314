import type { Palette } from './palette.ts';
import { visible } from './visible.ts';

/** What a config needs beside hygge itself. */
export interface Needed {
  readonly need: 'role' | 'secret' | 'environment' | 'host';
  readonly name: string;
  /** What a role is given on. */
  readonly scope?: string;
  /** Entities, shown already safe. */
  readonly by: readonly string[];
}

const words: Readonly<Record<Needed['need'], string>> = { role: 'role', secret: 'secret', environment: 'variable', host: 'host' };
const order: readonly Needed['need'][] = ['role', 'secret', 'environment', 'host'];

/** Roles first, then secrets, variables and hosts. */
export function needLines(needed: readonly Needed[], palette: Palette): readonly string[] {
  if (needed.length === 0) return [];
  const sorted = [...needed].sort((a, b) => order.indexOf(a.need) - order.indexOf(b.need));
  const lines = sorted.map(({ need, name, scope, by }) => {
    const on = scope === undefined ? '' : ` on ${visible(scope)}`;
    return `  ${palette.quiet(words[need].padEnd(8))}  ${visible(name)}${on}  ${palette.quiet(forWhom(by))}`;
  });
  return ['', palette.strong('needs'), ...lines];
}

function forWhom([first = '', ...others]: readonly string[]): string {
  return others.length === 0 ? `for ${first}` : `for ${first} and ${others.length} more`;
}
