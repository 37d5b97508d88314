import { literally, matchesPattern, oneCharacter, type Piece } from './wildcards.ts';

/**
 * What `*` and `?` stand for in names of tables, and nothing else does. A letter with its accent is one letter, however a file system or an editor composes it.
 * @param flags of the comparison: `iu` takes no notice of capitals.
 */
export function namePattern(pattern: string, flags: 'u' | 'iu'): { test(name: string): boolean } {
  const pieces = pattern
    .normalize('NFC')
    .split(/(\*+|\?)/)
    .filter((part) => part !== '')
    .map((part): Piece => (part === '?' ? oneCharacter(flags) : part.startsWith('*') ? 'any' : literally(part, flags)));
  return { test: (name) => matchesPattern(pieces, name.normalize('NFC')) };
}

/** Whether a name is meant, and no pattern. */
export const isPlainName = (written: string): boolean => !/[*?]/.test(written);
