/** The keys that MySQL and MariaDB treat as equal, according to the name of the column’s collation. */
import type { KeyEquality } from '../../frames/row-sum/key-equality.ts';

/** Collations in Unicode’s own order, where a letter is equal with and without accents. */
const withoutAccents = /^utf8(?:mb[34])?_(?:general|unicode|unicode_520|0900_ai|uca1400_ai)_ci$/;
const withoutCase = /^utf8(?:mb[34])?_(?:0900|uca1400)_as_ci$/;
const onlyAscii = /^latin1_(?:swedish|general)_ci$/;

export function keyEquality(collation: string): KeyEquality {
  const isPadded = collation !== 'binary' && !/_0900_|_nopad_/.test(collation);
  return { letters: lettersOf(collation.replace('_nopad', '')), isPadded };
}

/** The letters that a collation treats as equal. A language may treat two letters as one: Danish does so for `aa`, but not for `aA`. The letters of such a collation are unknown here. */
function lettersOf(collation: string): KeyEquality['letters'] {
  if (withoutAccents.test(collation)) return 'accents';
  if (withoutCase.test(collation)) return 'case';
  if (onlyAscii.test(collation)) return 'ascii';
  return /_(?:ci|ai)$/.test(collation) ? 'unknown' : 'exact';
}
