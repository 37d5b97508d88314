import type { NameRules } from './polish.ts';

/** The name of one column by the rules. The names of other columns are ignored here. If the rules would leave an empty name, the name stays unchanged. */
export function nameBy(rules: NameRules, source: string): string {
  const moved = rules.removeSpecial ? parenthesesLast(source) : source;
  const made = rules.case === null ? cleaned(moved, rules) : inCase(wordsOf(moved, rules), rules.case);
  return made === '' ? source : made;
}

/** Moves words in parentheses to the end: `Amount (EUR) net` becomes `Amount net EUR`. */
function parenthesesLast(name: string): string {
  const inside = [...name.matchAll(/\(([^()]*)\)/g)].map(([, words = '']) => words);
  return [name.replace(/\([^()]*\)/g, ' '), ...inside].join(' ');
}

const special = /[^\p{L}\p{N}\p{M}_\s]/gu;

function cleaned(name: string, rules: NameRules): string {
  const plain = rules.removeSpecial ? name.replace(special, '').replace(/\s+/g, ' ').trim() : name;
  return rules.removeSpaces ? plain.replace(/\s+/g, '') : plain;
}

/** The words of a name. A word ends at `_`, `-` or a space, before a capital that follows a small letter, and before the last capital of `XMLParser`. */
function wordsOf(name: string, rules: NameRules): readonly string[] {
  return name
    .replace(/(\p{Ll}\p{M}*)(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu}\p{M}*)(\p{Lu}\p{M}*\p{Ll})/gu, '$1 $2')
    .split(/[_\-\s]+/)
    .map((word) => (rules.removeSpecial ? word.replace(special, '') : word))
    .filter((word) => word !== '');
}

function inCase(words: readonly string[], kind: 'pascal' | 'camel' | 'snake'): string {
  const lower = words.map((word) => word.toLowerCase());
  if (kind === 'snake') return lower.join('_');
  return lower.map((word, index) => (kind === 'camel' && index === 0 ? word : capitalized(word))).join('');
}

function capitalized(word: string): string {
  const [first = '', ...rest] = word;
  return first.toUpperCase() + rest.join('');
}
