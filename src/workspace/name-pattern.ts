import { literally, matchesPattern, oneCharacter, type Piece } from './wildcards.ts';

/**
 * A pattern of table names with `*` and `?` as the only wildcards. A letter with its accent counts as one letter, even if a file system or an editor has
 * composed it of two. @param flags of the comparison: `iu` ignores case.
 */
export function namePattern(pattern: string, flags: 'u' | 'iu'): { test(name: string): boolean } {
  const pieces = pattern
    .normalize('NFC')
    .split(/(\*+|\?)/)
    .filter((part) => part !== '')
    .map((part): Piece => (part === '?' ? oneCharacter(flags) : part.startsWith('*') ? 'any' : literally(part, flags)));
  return { test: (name) => matchesPattern(pieces, name.normalize('NFC')) };
}

/** Whether the text is a name (true) or a pattern (false). */
export const isPlainName = (written: string): boolean => !/[*?]/.test(written);
