import { hash } from 'node:crypto';
import { nameBy } from './name-rules.ts';
import type { NameRules, Names } from './polish.ts';

/** A column that could not have the name the rules give it, because another has it. */
export interface Collision {
  readonly source: string;
  readonly wanted: string;
  readonly settled: string;
  /** It settled under that name before: nobody needs to hear of it again. */
  readonly known: boolean;
}

export interface SettledNames {
  /** In the order of the columns. */
  readonly names: Names;
  readonly collisions: readonly Collision[];
}

/**
 * What every column settles as. Names that settled before stay while the rules still allow them, so that a new column never changes an old
 * one's name. Of new ones that want the same name (whatever its case: SQL would not tell them apart) one that is called so already has it,
 * else the first; the others get a suffix that depends on their own name only.
 */
export function settledNames(columns: readonly string[], rules: NameRules, before: Names): SettledNames {
  const wanted = new Map(columns.map((source) => [source, nameBy(rules, source)]));
  const taken = new Set<string>();
  const names = new Map<string, string>();
  const give = (source: string, name: string): boolean => {
    if (names.has(source) || taken.has(folded(name))) return false;
    taken.add(folded(name));
    names.set(source, name);
    return true;
  };
  const here = before.filter(([source, settled]) => allowed(source, wanted.get(source), settled));
  for (const [source, settled] of here) give(source, settled);
  const known = new Set(names.keys());
  for (const [source, name] of wanted) if (source === name) give(source, name);
  for (const [source, name] of wanted) give(source, name);
  for (const [source, name] of wanted) for (let length = 6; !names.has(source); length++) give(source, suffixed(name, source, length));
  return {
    names: columns.map((source) => [source, names.get(source) ?? source]),
    collisions: [...wanted]
      .map(([source, name]) => ({ source, wanted: name, settled: names.get(source) ?? source, known: known.has(source) }))
      .filter((one) => one.wanted !== one.settled),
  };
}

/** Case-blind, and blind to how accents are composed. */
export function folded(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

function allowed(source: string, wanted: string | undefined, settled: string): boolean {
  if (wanted === undefined) return false;
  const length = settled.length - wanted.length - 1;
  return settled === wanted || (length >= 6 && settled === suffixed(wanted, source, length));
}

/** As many digits as it takes; beyond a digest's 64 zeros, so that there is always one more name. */
function suffixed(name: string, source: string, length: number): string {
  return `${name}_${hash('sha256', source, 'hex').slice(0, length).padEnd(length, '0')}`;
}
