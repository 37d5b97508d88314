import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Lexer } from '../../../src/formats/bytes/json-lexer.ts';
import { PlainLines } from '../../../src/formats/json/plain-lines.ts';
import { ShapeScan } from '../../../src/formats/json/shape-scan.ts';
import { kindBits } from '../../../src/formats/kernels/familiar.ts';
import { kernels } from '../../../src/formats/kernels/kernels.ts';
import { areas } from '../../../src/formats/kernels/layout.ts';
import { SEED } from '../../support/samples.ts';

/** Bits of every kind that is met in practice. */
const everything = Object.values(kindBits).reduce((all, bit) => all | bit, 0);
const lineOf = (value: string) => `{"n":${value},"t":"x"}\n`;

/** How many lines pass when the values of `n` are of these kinds; the first line is what the others are compared with. */
function passed(values: readonly string[], kinds: number): number {
  const text = Buffer.from([lineOf('0'), ...values.map(lineOf)].join(''));
  const loaded = kernels().load(text);
  if (loaded === undefined) throw new Error('the text is too long');
  const lexer = new Lexer(true);
  lexer.load(loaded, areas.text, loaded.length);
  const lines = new PlainLines(kernels(), (names) => names.map(() => 0));
  lines.learn(lexer, areas.text);
  lexer.p = areas.text + lineOf('0').length;
  return lines.passFamiliar(lexer, (name) => (name === 'n' ? kinds : kindBits.text));
}

/** What going through it byte by byte finds; undefined: it is not JSON. */
function slowly(value: string): number | undefined {
  const bytes = Buffer.from(`${lineOf(value)}\0`);
  const lexer = new Lexer(true);
  lexer.load(bytes, 0, bytes.length - 1);
  const scan = new ShapeScan('in/data', lexer);
  try {
    scan.record(0);
  } catch {
    return undefined;
  }
  return lexer.p === bytes.length - 2 ? scan.root.fields?.get('n')?.kinds : undefined;
}

const often = (value: string) => Array.from({ length: 40 }, () => value);
const digits = (most: number) => fc.stringMatching(new RegExp(`^[0-9]{1,${most}}$`));
const value = fc.oneof(
  digits(22),
  fc
    .tuple(fc.constantFrom('', '-', '.', 'e', '+'), digits(22), fc.constantFrom('', '.', '..', 'e', ' '), digits(18))
    .map((parts) => parts.join('')),
  fc.double().map(String),
  fc.bigInt({ min: -(2n ** 65n), max: 2n ** 65n }).map(String),
  fc.constantFrom(
    'null',
    'true',
    'false',
    'nul',
    'nulls',
    'True',
    'truE',
    'fals',
    'falsE',
    '-',
    '--1',
    '1-',
    '.5',
    '5.',
    '""',
    '"a\\n"',
    '',
  ),
  fc.constantFrom(
    '9007199254740991',
    '9007199254740993',
    '1700000000000000',
    '9223372036854775807',
    '9223372036854775808',
    '-9223372036854775809',
  ),
);

describe('lines in which there is nothing new', () => {
  test('are none with a kind that was not met, nor with anything that is not JSON', () => {
    fc.assert(
      fc.property(value, fc.integer({ min: 0, max: everything }), (one, known) => {
        const kinds = slowly(one);
        if (passed(often(one), known) === 0) return;
        expect(kinds).toBeDefined();
        expect((kinds ?? 0) & ~known).toBe(0);
      }),
      { seed: SEED, numRuns: 2_000 },
    );
  });

  test.each([
    ['null', kindBits.null],
    ['true', kindBits.bool],
    ['false', kindBits.bool],
    ['0', kindBits.whole],
    ['-7', kindBits.whole],
    ['1700000000000000', kindBits.whole],
    ['9007199254740993', kindBits.whole | kindBits.long],
    ['-8999999999999999999', kindBits.whole | kindBits.long],
    ['0.5', kindBits.fraction],
    ['-0.25', kindBits.fraction],
    ['1234567.123456789012345', kindBits.fraction],
    ['"é"', kindBits.text],
    [`"${'long '.repeat(50)}"`, kindBits.text],
  ])('are passed all at once: %s', (one, kinds) => {
    expect(passed(often(one), kinds)).toBe(40);
    expect(passed(often(one), everything & ~kinds)).toBe(0);
  });

  test('end where the news begin', () => {
    expect(passed([...often('1'), '0.5', ...often('1')], kindBits.whole)).toBe(40);
    expect(passed([...often('1'), '1e5', ...often('1')], everything)).toBe(40);
  });
});
