/** Folds keys, so that keys that are equal in their source have the same folded text. Only letters that are equal in every such source are folded, because two different rows must never become equal. */
import type { KeyEquality } from './key-equality.ts';

/** The first and the last letter of stretches of Latin, Greek and Cyrillic letters that have one small and one capital form. */
const alphabets: readonly (readonly [first: number, last: number])[] = [
  [0xc0, 0x17e],
  [0x391, 0x3c9],
  [0x401, 0x45f],
];

function small(letter: string): string {
  const lower = letter.toLowerCase();
  return lower.length === 1 && lower.toUpperCase() === letter ? lower : letter;
}

/** The ASCII letter for a Latin-1 letter with an accent. */
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

/** The letters that `case` and `accents` replace in addition to ASCII letters. A test compares them with servers. */
export const foldedLetters: Readonly<Record<'case' | 'accents', ReadonlyMap<string, string>>> = { case: cases, accents };

const small7 = (text: string): string => text.replaceAll(/[A-Z]+/g, (some) => some.toLowerCase());

export function foldedKeyText(text: string, { letters, isPadded }: KeyEquality): string {
  const kept = isPadded ? text.replace(/ +$/, '') : text;
  if (letters === 'exact' || letters === 'unknown') return kept;
  const plain = small7(kept);
  return letters === 'ascii' ? plain : plain.replaceAll(/[\u0080-\uffff]/g, (letter) => foldedLetters[letters].get(letter) ?? letter);
}

/** The folded text of a whole key. @param equalities one for each column. Undefined: the texts of the column are compared unchanged. */
export function foldedKey(texts: readonly (string | null)[], equalities: readonly (KeyEquality | undefined)[]): string {
  return JSON.stringify(
    texts.map((text, at) => {
      const equality = equalities[at];
      return text === null || equality === undefined ? text : foldedKeyText(text, equality);
    }),
  );
}
