import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../../../src/frames/row-sum/canonical-json.ts';
import { SEED } from '../../support/samples.ts';

describe('the canonical text of JSON', () => {
  test.each([
    ['null', 'null'],
    [' true\r\n', 'true'],
    ['1', '1e0'],
    ['1.0', '1e0'],
    ['1e0', '1e0'],
    ['10E-1', '1e0'],
    ['1.10', '11e-1'],
    ['-120.50e+3', '-1205e2'],
    ['0', '0'],
    ['-0.00e5', '0'],
    ['0.001', '1e-3'],
    ['1e99999999999999999999', '1e99999999999999999999'],
    ['9007199254740993', '9007199254740993e0'],
    ['[]', '[]'],
    ['[ ]', '[]'],
    ['{ }', '{}'],
    ['[1, [ ], {"a" : null}]', '[1e0,[],{"a":null}]'],
    ['{"b":1,"a":2}', '{"a":2e0,"b":1e0}'],
    ['{"a":1,"a":2}', '{"a":2e0}'],
    ['{"":1,"\\u0061":2}', '{"":1e0,"a":2e0}'],
    ['{"\u{10000}":1,"\uffee":2}', '{"\uffee":2e0,"\u{10000}":1e0}'],
    ['{"ab":1,"a":2}', '{"a":2e0,"ab":1e0}'],
    ['"\\u00e9\\/\\u000A\\u001F\\""', '"é/\\n\\u001f\\""'],
    ['"\\ud83c\\udfe1"', '"🏡"'],
    ['"\\ud83c"', '"\\ud83c"'],
    ['"\\udfe1\\ud83c"', '"\\udfe1\\ud83c"'],
    ['"\u007f\u2028"', '"\u007f\u2028"'],
    ['', '!'],
    ['01', '!01'],
    ['+1', '!+1'],
    ['1.', '!1.'],
    ['.5', '!.5'],
    ['NaN', '!NaN'],
    ['[1,]', '![1,]'],
    ['[1 2]', '![1 2]'],
    ['{"a"}', '!{"a"}'],
    ['{a:1}', '!{a:1}'],
    ['{"a":1,}', '!{"a":1,}'],
    ['1 2', '!1 2'],
    ['[1}', '![1}'],
    ['"a\nb"', '!"a\nb"'],
    ['"\\x"', '!"\\x"'],
    ['\u00a0 1', '!\u00a0 1'],
    ['tru', '!tru'],
    ['[', '!['],
  ])('of %j is %j', (text, canonical) => {
    expect(canonicalJson(text)).toBe(canonical);
  });

  test('is the same for every spelling of a document, and JSON reads it back', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), (text) => {
        const value: unknown = JSON.parse(text);
        const canonical = canonicalJson(text);
        expect(JSON.parse(canonical)).toEqual(JSON.parse(text, (_, of: unknown) => (Object.is(of, -0) ? 0 : of)));
        expect(canonicalJson(JSON.stringify(value, null, 3))).toBe(canonical);
        expect(canonicalJson(canonical)).toBe(canonical);
      }),
      { seed: SEED },
    );
  });

  test('knows what is JSON as JSON.parse does', () => {
    const pieces = fc.constantFrom('{', '}', '[', ']', ',', ':', '"a"', '"b', '1', '-', '0', '.', 'e', 'true', 'null', ' ', '\\', '\t');
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 8 }), (some) => {
        const text = some.join('');
        let isJson = true;
        try {
          JSON.parse(text);
        } catch {
          isJson = false;
        }
        expect(canonicalJson(text).startsWith('!')).toBe(!isJson);
      }),
      { seed: SEED, numRuns: 3000 },
    );
  });

  test('is reckoned of documents deeper than calls nest', () => {
    const deep = `${'[ '.repeat(200_000)}1${' ]'.repeat(200_000)}`;
    expect(canonicalJson(deep)).toBe(`${'['.repeat(200_000)}1e0${']'.repeat(200_000)}`);
  });
});
