import type { Source } from './sources.ts';

/** Strings and templates, so that no `//` of an address opens a comment. */
const literal = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/;
const comment = /\/\*[\s\S]*?\*\/|\/\/[^\n]*/;
const either = new RegExp(`(${comment.source})|${literal.source}`, 'g');

const riddle = /\b(?:whoever|nobody|somebody)\b/i;

/** Lines of comments whose subject is *whoever*, *nobody* or *somebody* instead of a noun. */
export function riddlesIn(sources: readonly Source[]): readonly string[] {
  return sources.flatMap(({ path, text }) =>
    [...text.matchAll(either)]
      .flatMap(([, found]) => found?.split('\n') ?? [])
      .filter((line) => riddle.test(line))
      .map((line) => `${path}: ${line.trim()}`),
  );
}
