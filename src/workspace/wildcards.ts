/**
 * Matches patterns with wildcards, in time that grows with text × pattern. A regular expression for the same pattern would try every way to divide the text
 * between its stars. With fifteen stars and a name of 44 letters, this takes minutes, during which signals are not handled.
 */

/** A piece of a pattern. `any`: any text, including the empty text. For any other piece: regular expressions with the flag `y` and without repetition, each of which is tried. */
export type Piece = 'any' | readonly RegExp[];

/** Where in the text the pieces that begin at one of `starts` can end. */
export function endsOf(pieces: readonly Piece[], text: string, starts: ReadonlySet<number>): ReadonlySet<number> {
  let reached = starts;
  for (const piece of pieces) {
    if (reached.size === 0) return reached;
    reached = piece === 'any' ? from(Math.min(...reached), text.length) : after(piece, text, reached);
  }
  return reached;
}

export function matchesPattern(pieces: readonly Piece[], text: string): boolean {
  return endsOf(pieces, text, new Set([0])).has(text.length);
}

function from(start: number, length: number): ReadonlySet<number> {
  return new Set(Array.from({ length: length - start + 1 }, (_, i) => start + i));
}

function after(expressions: readonly RegExp[], text: string, starts: ReadonlySet<number>): ReadonlySet<number> {
  const ends = new Set<number>();
  for (const expression of expressions)
    for (const start of starts) {
      expression.lastIndex = start;
      if (expression.test(text)) ends.add(expression.lastIndex);
    }
  return ends;
}

/** A piece that matches exactly one text. @param flags the flags of the expression, in addition to `y`. */
export function literally(text: string, flags = ''): readonly RegExp[] {
  return [new RegExp(text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), `${flags}y`)];
}

/** A piece that matches one character of any kind. */
export function oneCharacter(flags = ''): readonly RegExp[] {
  return [new RegExp('.', `${flags}sy`)];
}
