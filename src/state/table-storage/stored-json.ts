import { StateError } from '../../errors/hygge-error.ts';
import { parsedJson } from '../../ports/values.ts';

/** The service’s limits: 64 KiB of UTF-16 for a property, 1 MiB for a row with all names. */
const pieceCharacters = 32_000;
const mostCharacters = 14 * pieceCharacters;

/** Characters that end a line for some readers, but not in JSON. Several rows are sent together as lines of text, so if a row contained one of these characters, Azurite would answer with status 500. */
export const lineEnds = /[\u0085\u2028\u2029]/g;

/** A value as JSON in as many properties as needed: `name`, `name_2`, … Throws StateError HYG-5007 if a row can't hold it. */
export function jsonPieces(name: string, value: unknown, what: string): Record<string, string> {
  const text = JSON.stringify(value).replace(lineEnds, (end) => `\\u${end.charCodeAt(0).toString(16).padStart(4, '0')}`);
  if (text.length > mostCharacters) throw tooLarge(what, { bytes: text.length * 2, most: mostCharacters * 2 });
  const found: Record<string, string> = {};
  for (let from = 0, n = 1; from < text.length; n++) {
    const to = endOfPiece(text, from);
    found[pieceName(name, n)] = text.slice(from, to);
    from = to;
  }
  return found;
}

/** The value that `jsonPieces` split. Undefined: a part is missing, or the joined text is not JSON. */
export function joinPieces(name: string, row: Readonly<Record<string, unknown>>): unknown {
  let text = '';
  for (let n = 1; ; n++) {
    const piece = row[pieceName(name, n)];
    if (typeof piece !== 'string') break;
    text += piece;
  }
  return parsedJson(text);
}

function pieceName(name: string, n: number): string {
  return n === 1 ? name : `${name}_${n}`;
}

/** The end of the next piece. Each piece is sent as UTF-8, so a text is never cut between the two halves of a character. */
function endOfPiece(text: string, from: number): number {
  const end = Math.min(from + pieceCharacters, text.length);
  const isHalf = end < text.length && /[\uD800-\uDBFF]/.test(text.charAt(end - 1));
  return isHalf ? end - 1 : end;
}

export function tooLarge(what: string, { bytes, most }: { readonly bytes: number; readonly most: number }): StateError {
  return new StateError({
    code: 'HYG-5007',
    what: `${what} is too large for its row in Table Storage: ${bytes} bytes of JSON, ${most} at most.`,
    why: ['The new content was not written, and the earlier content is unchanged.'],
    tryThis: [
      'See what makes the row so large: hygge state show',
      'Shorten the paths, globs or queries of home and store that the row contains',
    ],
  });
}
