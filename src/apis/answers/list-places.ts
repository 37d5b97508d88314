/** The places of lists in a body. The list of an API is at the top, or in a member of an object around it. */
import { BadRecord, type Lexer } from '../../formats/bytes/json-lexer.ts';
import { type Body, brace, bracket, eachItem, eachMember, lexerOf, mustEnd } from './document.ts';

export interface ListPlace {
  /** Names from the outside in, with dots between them, as in `records`. '.': the whole document is the list. */
  readonly at: string;
  readonly items: number;
  /** Each item is an object. True for a list without items. */
  readonly hasObjects: boolean;
}

/** Deeper lists are parts of records. */
const deepest = 3;

/** Lists that `records` can name, in their order. Throws BadRecord if the body is not one JSON document. */
export function listPlaces(body: Body): readonly ListPlace[] {
  const lexer = lexerOf(body);
  const places: ListPlace[] = [];
  valueAt([], { lexer, places });
  mustEnd(lexer);
  return places;
}

/** Lists in an object. `records` can name one of them. Empty if the body is an array or not JSON. */
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
  else if (first === brace && path.length < deepest) eachMember(lexer, (name) => valueAt([...path, name], search));
  else lexer.skipValue(path.length);
}

function itemsAt(lexer: Lexer): { readonly items: number; readonly hasObjects: boolean } {
  let items = 0;
  let hasObjects = true;
  eachItem(lexer, (first) => {
    hasObjects &&= first === brace;
    lexer.skipValue();
    items++;
  });
  return { items, hasObjects };
}
