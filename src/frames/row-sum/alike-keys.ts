/** Keys that are equal in their source have one folded text. Only letters that are equal in every such source are folded: two different rows must never become equal. */
import type { KeyEquality } from './key-equality.ts';

/** Letters of several alphabets with one small and one capital form, by the code points of Latin, Greek and Cyrillic. */
const alphabets: readonly (readonly [first: number, last: number])[] = [
  [0xc0, 0x17e],
  [0x391, 0x3c9],
  [0x401, 0x45f],
];

function small(letter: string): string {
  const lower = letter.toLowerCase();
  return lower.length === 1 && lower.toUpperCase() === letter ? lower : letter;
}

/** The ASCII letter of a Latin-1 letter with an accent. */
function bare(letter: string): string {
  const [base = letter, ...marks] = letter.normalize('NFD');
  return marks.length > 0 && /^[a-z]$/.test(base) ? base : letter;
}

const letters = alphabets.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, at) => String.fromCharCode(first + at)));
const cases = new Map(letters.flatMap((letter) => (small(letter) === letter ? [] : [[letter, small(letter)] as const])));
const accents = new Map(
  letters.flatMap((letter) => {
    const folded = letter <= '\u00ff' ? bare(small(letter)) : small(letter);
    return folded === letter ? [] : [[letter, folded] as const];
  }),
);

/** The replacements of `case` and `accents` in addition to ASCII letters, for a test that queries servers. */
export const foldedLetters: Readonly<Record<'case' | 'accents', ReadonlyMap<string, string>>> = { case: cases, accents };

const small7 = (text: string): string => text.replaceAll(/[A-Z]+/g, (some) => some.toLowerCase());

export function foldedKeyText(text: string, { letters, isPadded }: KeyEquality): string {
  const kept = isPadded ? text.replace(/ +$/, '') : text;
  if (letters === 'exact' || letters === 'unknown') return kept;
  const plain = small7(kept);
  return letters === 'ascii' ? plain : plain.replaceAll(/[\u0080-\uffff]/g, (letter) => foldedLetters[letters].get(letter) ?? letter);
}

/** The same for whole keys. @param equalities of each column; undefined: its texts are compared unchanged. */
export function foldedKey(texts: readonly (string | null)[], equalities: readonly (KeyEquality | undefined)[]): string {
  return JSON.stringify(
    texts.map((text, at) => {
      const equality = equalities[at];
      return text === null || equality === undefined ? text : foldedKeyText(text, equality);
    }),
  );
}
