/** Lists inside records of which an API returns only the first items: an object has an array, and `has_more: true` next to the array. */

import { Lexer } from '../../formats/bytes/json-lexer.ts';
import { type Body, brace, bracket, eachItem, eachMember } from './document.ts';
import type { Span } from './envelope.ts';
import { orIfBad } from './readable.ts';

export interface CutList {
  /** The names on the path to the list, from the outside in, with dots between them. */
  readonly at: string;
  readonly items: number;
}

const sign = Buffer.from('"has_more"');

/** Whether a record of the page may contain a list of which the API returned only the first items. */
export function mayBeCut({ bytes, length }: Body): boolean {
  return bytes.subarray(0, length).includes(sign);
}

/** The first list in the record of which the API returned only the first items. Undefined: each list in the record is complete, or the record is not JSON, which the decoder reports. */
export function cutListIn({ bytes }: Body, { start, end }: Span): CutList | undefined {
  // Looks for the name in this record only. Most records lack the name, so a search to the end of the body would pass all later records.
  if (!bytes.subarray(start, end).includes(sign)) return undefined;
  const lexer = new Lexer(false);
  lexer.load(bytes, start, end);
  const found: CutList[] = [];
  return orIfBad(
    () => {
      valueAt([], lexer, found);
      return found[0];
    },
    () => undefined,
  );
}

function valueAt(path: readonly string[], lexer: Lexer, found: CutList[]): void {
  const first = lexer.space();
  if (first === bracket) eachItem(lexer, () => valueAt(path, lexer, found));
  else if (first === brace) objectAt(path, lexer, found);
  else lexer.skipValue(path.length);
}

function objectAt(path: readonly string[], lexer: Lexer, found: CutList[]): void {
  let isCut = false;
  let list: CutList | undefined;
  eachMember(lexer, (name) => {
    const first = lexer.space();
    const inner = [...path, name];
    if (first === bracket && list === undefined) {
      let items = 0;
      eachItem(lexer, () => {
        items++;
        valueAt(inner, lexer, found);
      });
      list = { at: inner.join('.'), items };
      return;
    }
    const from = lexer.p;
    valueAt(inner, lexer, found);
    // A member `has_more` of the record itself is a column.
    if (name === 'has_more' && path.length > 0) isCut = lexer.src.toString('latin1', from, lexer.p) === 'true';
  });
  if (isCut && list !== undefined) found.push(list);
}
