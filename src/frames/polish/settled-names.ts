import { hash } from 'node:crypto';
import { nameBy } from './name-rules.ts';
import type { NameRules, Names } from './polish.ts';

/** A column that could not get its name by the rules, because another column has the name. */
export interface Collision {
  readonly source: string;
  readonly wanted: string;
  readonly settled: string;
  /** Whether the column settled under this name before. If so, the collision is not reported again. */
  readonly known: boolean;
}

export interface SettledNames {
  /** The names, in the order of the columns. */
  readonly names: Names;
  readonly collisions: readonly Collision[];
}

/**
 * Finds the settled names of all columns. A name that settled before stays as long as the rules allow it, so a new column never changes an
 * old name. New columns may compete for one name (case is ignored, as in SQL). The column that already has this name in the source gets it,
 * or else the first of the columns. Each other column gets a suffix that depends only on its own name.
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

/** The name in a form that ignores case, and how accents are composed. */
export function folded(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

function allowed(source: string, wanted: string | undefined, settled: string): boolean {
  if (wanted === undefined) return false;
  const length = settled.length - wanted.length - 1;
  return settled === wanted || (length >= 6 && settled === suffixed(wanted, source, length));
}

/** The name with a suffix of `length` digits. After the 64 digits of the digest come zeros, so another name can always be made. */
function suffixed(name: string, source: string, length: number): string {
  return `${name}_${hash('sha256', source, 'hex').slice(0, length).padEnd(length, '0')}`;
}

/** The rules of a store for the names of its columns. */
export interface NamingRules {
  /** The longest name. Null: names may have any length. */
  readonly longest: { readonly most: number; readonly of: 'bytes' | 'characters' } | null;
  /** `kept`: names that differ only in case are two names. `ignored`: such names are one name, spelled as the first of them. `lower`, `upper`: names settle in this case. */
  readonly case: 'kept' | 'ignored' | 'lower' | 'upper';
  /** The names that a column must not have, even in quotes. */
  readonly reserved: readonly string[];
  /** Text that a name must not contain. With `g`, all matches are removed. Absent: names may contain any text. */
  readonly never?: RegExp;
}

/** A wanted name, and the form of the name in the store. */
export interface NameWithin {
  readonly wanted: string;
  readonly settled: string;
  /** Why the name was changed. Null: the name is unchanged. `case`: only the case of the name was changed. */
  readonly why: 'taken' | 'too long' | 'reserved' | 'not allowed' | 'case' | null;
}

/**
 * Finds names that a store accepts, one for each column, all different. A name that settled before stays. A name that is too long, reserved
 * or taken gets a suffix. The suffix depends only on the wanted name, so a new column never changes an old name.
 * @param settled the existing names. If case is ignored, another spelling is the same name.
 */
export function namesWithin(columns: readonly string[], naming: NamingRules, settled: readonly string[]): readonly NameWithin[] {
  const key = (name: string) => (naming.case === 'kept' ? name : folded(name));
  const reserved = new Set(naming.reserved.map(key));
  const spelt = new Map(settled.map((name) => [key(name), name]));
  const taken = new Set<string>();
  const made = new Map<string, NameWithin>();
  const whyNot = (name: string): NameWithin['why'] => {
    if (taken.has(key(name))) return 'taken';
    if (reserved.has(key(name))) return 'reserved';
    if (naming.never && name.search(naming.never) >= 0) return 'not allowed';
    return isWithin(name, naming) ? null : 'too long';
  };
  const give = (wanted: string, name: string, why: NameWithin['why']): void => {
    taken.add(key(name));
    made.set(wanted, { wanted, settled: name, why });
  };
  const offer = (wanted: string, name: string | undefined): void => {
    if (name === undefined || made.has(wanted) || whyNot(name) !== null) return;
    give(wanted, name, name === wanted ? null : 'case');
  };
  const exact = new Set(settled);
  for (const wanted of columns) if (exact.has(wanted)) offer(wanted, wanted);
  for (const wanted of columns) offer(wanted, spelt.get(key(wanted)));
  for (const wanted of columns) offer(wanted, inCaseOf(wanted, naming));
  for (const wanted of columns) {
    if (made.has(wanted)) continue;
    const why = whyNot(inCaseOf(wanted, naming));
    const name = inCaseOf(naming.never ? wanted.replace(naming.never, '') : wanted, naming);
    for (let length = 6; !made.has(wanted); length++) {
      const other = suffixedWithin(name, wanted, length, naming);
      if (whyNot(other) === null && !spelt.has(key(other))) give(wanted, other, why);
      // If even a whole digest does not make the names different, the two columns have exactly the same name.
      else if (length > 64) give(wanted, other, why);
    }
  }
  return columns.map((wanted) => made.get(wanted) ?? { wanted, settled: wanted, why: null });
}

function inCaseOf(name: string, naming: NamingRules): string {
  if (naming.case === 'lower') return name.toLowerCase();
  return naming.case === 'upper' ? name.toUpperCase() : name;
}

/** Whether a name is short enough. Characters are counted as UTF-16 units. A store that counts in another way never counts more. */
function isWithin(name: string, { longest }: NamingRules): boolean {
  if (longest === null) return true;
  return (longest.of === 'bytes' ? Buffer.byteLength(name) : name.length) <= longest.most;
}

function suffixedWithin(name: string, wanted: string, length: number, naming: NamingRules): string {
  const suffix = inCaseOf(suffixed('', wanted, length), naming);
  let kept = '';
  for (const character of name) {
    if (!isWithin(`${kept}${character}${suffix}`, naming)) break;
    kept += character;
  }
  return `${kept}${suffix}`;
}
