/** Lists inside records of which an API returns only the first items: an object with an array, and `has_more: true` next to it. */

import { Lexer } from '../../formats/bytes/json-lexer.ts';
import { type Body, brace, bracket, eachItem, eachMember } from './document.ts';
import type { Span } from './envelope.ts';
import { orIfBad } from './readable.ts';

export interface CutList {
  /** Names from the outside in, with dots between them. */
  readonly at: string;
  readonly items: number;
}

const sign = Buffer.from('"has_more"');

/** Whether a record of the page may have a list that is cut. */
export function mayBeCut({ bytes, length }: Body): boolean {
  return bytes.subarray(0, length).includes(sign);
}

/** The first list of the record that is cut; undefined: there is none, or the record is not JSON, which decoding reports. */
export function cutListIn({ bytes }: Body, { start, end }: Span): CutList | undefined {
  // Searches only within the record. Most records have no such name, so each search would go through all later records.
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
    // A member of the record itself is a column.
    if (name === 'has_more' && path.length > 0) isCut = lexer.src.toString('latin1', from, lexer.p) === 'true';
  });
  if (isCut && list !== undefined) found.push(list);
}
