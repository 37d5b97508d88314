import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BadRecord, Lexer } from '../../../src/formats/bytes/json-lexer.ts';
import { cases } from '../../support/samples.ts';

/** Whether the lexer passes the whole text as one value. */
function passes(text: string, lines: boolean): boolean {
  const lexer = new Lexer(lines);
  const bytes = Buffer.concat([Buffer.from(text), Buffer.from(lines ? '\n\0' : ' \0')]);
  lexer.load(bytes, 0, bytes.length - 1);
  try {
    lexer.space();
    lexer.skipValue();
    lexer.space();
    return lexer.p === bytes.length - (lines ? 2 : 1);
  } catch (error) {
    if (error instanceof BadRecord) return false;
    throw error;
  }
}

function parses(text: string): boolean {
  let isText = true;
  try {
    JSON.parse(text, (key, value: unknown) => {
      // Half a surrogate pair is JSON, but no text.
      if (!key.isWellFormed() || (typeof value === 'string' && !value.isWellFormed())) isText = false;
      return value;
    });
  } catch {
    return false;
  }
  return isText;
}

const tokens = fc.constantFrom(
  ...[
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '"a"',
    '""',
    '\\',
    '\\"',
    '\\u0041',
    '\\ud83c\\udfe1',
    '\\ud83c',
    '\\u00',
    'true',
    'false',
    'null',
    'nul',
  ],
  ...['0', '1', '-', '+', '.', 'e', 'E', '12', '-0', '1.5', '1e5', '01', ' ', '\t', '\r', 'x', '🏡', '\u0001', '\u007f', '\u2028'],
);

const mutated = fc
  .tuple(fc.jsonValue(), fc.constantFrom(undefined, 1), fc.nat(), fc.nat(4), fc.array(tokens, { maxLength: 2 }))
  .map(([value, indent, at, cut, put]) => {
    const text = JSON.stringify(value, null, indent).replaceAll('\n', ' ');
    const place = at % (text.length + 1);
    return text.slice(0, place) + put.join('') + text.slice(place + cut);
  })
  .filter((text) => text.isWellFormed());

test('takes for JSON what JSON.parse takes, and nothing else', () => {
  const check = (text: string) => {
    for (const lines of [true, false]) expect([text, passes(text, lines)]).toEqual([text, parses(text)]);
  };
  fc.assert(fc.property(mutated, check), cases(5_000));
  fc.assert(
    fc.property(
      fc.array(tokens, { maxLength: 8 }).map((some) => some.join('')),
      check,
    ),
    cases(5_000),
  );
});
