/** Walks through one JSON document with the lexer of the JSON format. Values are passed to callers as bytes, without parsing. Each function throws BadRecord if the bytes are not JSON. */
import { Lexer } from '../../formats/bytes/json-lexer.ts';

/** The bytes of a body, with one byte 0 at the end that `length` does not count. */
export interface Body {
  readonly bytes: Buffer;
  readonly length: number;
}

export const [brace, bracket] = [0x7b, 0x5b];
const [quote, colon, braceEnd, bracketEnd] = [0x22, 0x3a, 0x7d, 0x5d];

/** A lexer at the first byte of the document. A byte order mark of UTF-8 before the document is skipped. */
export function lexerOf({ bytes, length }: Body): Lexer {
  const lexer = new Lexer(false);
  lexer.load(bytes, bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0, length);
  return lexer;
}

export function mustEnd(lexer: Lexer): void {
  lexer.space();
  if (lexer.p < lexer.end) throw lexer.fail('more data follows after the document');
}

/**
 * Calls `each` for the members of an object. The lexer is at the brace of the object.
 * @param each is called at the first byte of the value, and moves the lexer past the value. `nameAt`: the position of the name, with its quotation mark.
 */
export function eachMember(lexer: Lexer, each: (name: string, nameAt: number) => void): void {
  lexer.p++;
  if (lexer.space() === braceEnd) {
    lexer.p++;
    return;
  }
  do {
    if (lexer.space() !== quote) throw lexer.unexpected('a name in quotes');
    const nameAt = lexer.p;
    const name = lexer.text();
    lexer.take(colon, 'a colon');
    lexer.space();
    each(name, nameAt);
  } while (lexer.more(braceEnd));
}

/** Calls `each` for the items of an array. The lexer is at the bracket of the array. @param each is called at the first byte of the item, `first`, and moves the lexer past the item. */
export function eachItem(lexer: Lexer, each: (first: number) => void): void {
  lexer.p++;
  if (lexer.space() === bracketEnd) {
    lexer.p++;
    return;
  }
  do each(lexer.space());
  while (lexer.more(bracketEnd));
}
