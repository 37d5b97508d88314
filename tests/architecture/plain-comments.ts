import { wordsOf } from '../../scripts/plain-words.mjs';
import type { Source } from './sources.ts';

const riddle = /\b(?:whoever|nobody|somebody)\b/i;

/** Lines of comments whose subject is *whoever*, *nobody* or *somebody* instead of a noun. */
export function riddlesIn(sources: readonly Source[]): readonly string[] {
  return sources.flatMap(({ path, text }) =>
    wordsOf(text)
      .filter(({ group }) => group === 'comments')
      .flatMap((comment) => comment.text.split('\n'))
      .filter((line) => riddle.test(line))
      .map((line) => `${path}: ${line.trim()}`),
  );
}
