/** Finds the lists in a body. The list of an API is the whole document, or a member of an object around the list. */
import { BadRecord, type Lexer } from '../../formats/bytes/json-lexer.ts';
import { type Body, brace, bracket, eachItem, eachMember, lexerOf, mustEnd } from './document.ts';

export interface ListPlace {
  /** The names on the path to the list, from the outside in, with dots between them, as in `records`. '.': the whole document is the list. */
  readonly at: string;
  readonly items: number;
  /** Whether each item of the list is an object. True for an empty list. */
  readonly hasObjects: boolean;
}

/** The maximum number of names on the path to a list. Deeper lists are parts of records. */
const deepest = 3;

/** The lists of a body that `records` can name, in their order. Throws BadRecord if the body is not one JSON document. */
export function listPlaces(body: Body): readonly ListPlace[] {
  const lexer = lexerOf(body);
  const places: ListPlace[] = [];
  valueAt([], { lexer, places });
  mustEnd(lexer);
  return places;
}

/** The lists inside an object, of which `records` can name one. Empty: the body is an array, or is not JSON. */
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
