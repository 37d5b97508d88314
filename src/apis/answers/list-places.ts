/** Where a body has lists. An API puts its list at the top, or into a member of an object around it. */
import { BadRecord, Lexer } from '../../formats/bytes/json-lexer.ts';
import type { Body } from './envelope.ts';

export interface ListPlace {
  /** Names from the outside in, with dots between them, as `records` has them. '.': the whole document is the list. */
  readonly at: string;
  readonly items: number;
  /** Each item is an object. True for a list without items. */
  readonly hasObjects: boolean;
}

/** Deeper lists are parts of records. */
const deepest = 3;

const [brace, bracket, quote, colon, braceEnd, bracketEnd] = [0x7b, 0x5b, 0x22, 0x3a, 0x7d, 0x5d];

/** Lists that `records` can name, in their order. Throws BadRecord where the body is not one JSON document. */
export function listPlaces({ bytes, length }: Body): readonly ListPlace[] {
  const lexer = new Lexer(false);
  lexer.load(bytes, bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0, length);
  const places: ListPlace[] = [];
  valueAt([], { lexer, places });
  lexer.space();
  if (lexer.p < lexer.end) throw lexer.fail('more follows behind the document');
  return places;
}

/** Lists beside which the document has more: an object that `records` names a part of. Empty where the body is an array, or no JSON. */
export function listsInside(body: Body): readonly ListPlace[] {
  try {
    return listPlaces(body).filter(({ at }) => at !== '.');
  } catch (error) {
    if (error instanceof BadRecord) return [];
    throw error;
  }
}

interface Search {
  readonly lexer: Lexer;
  readonly places: ListPlace[];
}

function valueAt(path: readonly string[], search: Search): void {
  const { lexer, places } = search;
  const first = lexer.space();
  if (first === bracket) places.push({ at: path.length === 0 ? '.' : path.join('.'), ...itemsAt(lexer) });
  else if (first === brace && path.length < deepest) membersAt(path, search);
  else lexer.skipValue(path.length);
}

function itemsAt(lexer: Lexer): { readonly items: number; readonly hasObjects: boolean } {
  lexer.p++;
  if (lexer.space() === bracketEnd) {
    lexer.p++;
    return { items: 0, hasObjects: true };
  }
  let items = 0;
  let hasObjects = true;
  do {
    hasObjects &&= lexer.space() === brace;
    lexer.skipValue();
    items++;
  } while (lexer.more(bracketEnd));
  return { items, hasObjects };
}

function membersAt(path: readonly string[], search: Search): void {
  const { lexer } = search;
  lexer.p++;
  if (lexer.space() === braceEnd) {
    lexer.p++;
    return;
  }
  do {
    if (lexer.space() !== quote) throw lexer.unexpected('a name in quotes');
    const name = lexer.text();
    lexer.take(colon, 'a colon');
    valueAt([...path, name], search);
  } while (lexer.more(braceEnd));
}
