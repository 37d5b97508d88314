import { literally, matchesPattern, oneCharacter, type Piece } from './wildcards.ts';

/** What `*` and `?` stand for in names of tables, and nothing else does. @param flags of the comparison: `iu` takes no notice of capitals. */
export function namePattern(pattern: string, flags: 'u' | 'iu'): { test(name: string): boolean } {
  const pieces = pattern
    .split(/(\*+|\?)/)
    .filter((part) => part !== '')
    .map((part): Piece => (part === '?' ? oneCharacter(flags) : part.startsWith('*') ? 'any' : literally(part, flags)));
  return { test: (name) => matchesPattern(pieces, name) };
}
