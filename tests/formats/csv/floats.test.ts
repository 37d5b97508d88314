import fc from 'fast-check';
import { expect, test } from 'vitest';
import { floatForm } from '../../../src/formats/csv/columns/floats.ts';
import { cases } from '../../support/samples.ts';
import { readCsv } from './files.ts';

/** A number as a sign, its digits without zeros around them, and the power of ten of the last one. */
function exactly(text: string): string | undefined {
  const [, sign, whole = '', , fraction = '', exponent = '0'] = /^([+-]?)(\d*)(\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  if (whole + fraction === '') return undefined;
  const unscaled = BigInt(whole + fraction);
  if (unscaled === 0n) return '0';
  let power = Number(exponent) - fraction.length;
  let digits = unscaled;
  for (; digits % 10n === 0n; digits /= 10n) power++;
  return `${sign === '-' ? '-' : ''}${digits}e${power}`;
}

/** The rule in words: which texts are floats, as what number, when nobody said that the column has floats, and when somebody did. */
function wanted(text: string, told: boolean): number | undefined {
  if (/^[+-]?(inf|infinity)$/i.test(text))
    return told ? (text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY) : undefined;
  if (/^[+-]?nan$/i.test(text)) return told ? Number.NaN : undefined;
  const form = told ? /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/ : /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;
  if (!form.test(text)) return undefined;
  const value = Number(text);
  const exact = exactly(text);
  if (!Number.isFinite(value) || (value === 0 && exact !== '0')) return undefined;
  // Untold, no digit may get lost.
  return told || exactly(String(value)) === exact ? value : undefined;
}

const specialForms: Readonly<Record<string, number>> = { nan: Number.NaN, inf: Number.POSITIVE_INFINITY, '-inf': Number.NEGATIVE_INFINITY };
const formed = (text: string, told: boolean): number | undefined => {
  const form = floatForm(text, told);
  return form === undefined ? undefined : (specialForms[form] ?? Number(form));
};

const doubles = fc.oneof(
  fc.double(),
  fc.double({ noNaN: true, min: -1e12, max: 1e12 }),
  fc.constantFrom(
    0,
    -0,
    5e-324,
    -5e-324,
    2.2250738585072014e-308,
    Number.MAX_VALUE,
    1e21,
    1e-7,
    2 ** 53,
    2 ** 53 + 2,
    Number.NaN,
    Number.POSITIVE_INFINITY,
  ),
);
const digits = (most: number) => fc.stringMatching(new RegExp(`^\\d{0,${most}}$`));
const written = fc.oneof(
  doubles.map(String),
  doubles.map((value) => value.toExponential()),
  fc.tuple(doubles, fc.integer({ min: 1, max: 25 })).map(([value, count]) => value.toPrecision(count)),
  fc
    .tuple(
      fc.constantFrom('', '-', '+'),
      digits(20),
      fc.constantFrom('', '.'),
      digits(20),
      fc.constantFrom('', 'e5', 'E-3', 'e+300', 'e-320', 'e400'),
    )
    .map((parts) => parts.join('')),
  fc.constantFrom(
    '',
    '-',
    '.',
    '1.',
    '.5',
    '-.5',
    '+5',
    '05',
    '1e',
    'NaN',
    'nan',
    'Infinity',
    '-Infinity',
    'inf',
    '0x10',
    '1_0',
    ' 1',
    '1 ',
    '0b1',
    '-0',
    '-0.0',
  ),
);

test('a text is the float that the rule in words says, or none: as programs print it, and in any other form', () => {
  fc.assert(
    fc.property(written, fc.boolean(), (text, told) => {
      expect([text, told, formed(text, told)]).toEqual([text, told, wanted(text, told)]);
    }),
    cases(20_000),
  );
});

test('a column of floats as programs print them is the very numbers, one by one', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(doubles, fc.constant(null)), { minLength: 1, maxLength: 60 }), async (values) => {
      const lines = values.map((value) => `${value === null ? '' : String(value)},x\n`).join('');
      const { rows } = await readCsv(`v,o\n${lines}`, { types: { v: 'float64' }, header: true });
      expect(rows.map(([value]) => value)).toEqual(values.map((value) => (value === null ? null : String(value))));
    }),
    cases(150),
  );
});
