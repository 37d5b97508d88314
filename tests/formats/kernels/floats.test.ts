import fc from 'fast-check';
import { expect, test } from 'vitest';
import { kernels } from '../../../src/formats/kernels/kernels.ts';
import { areas, mostFields } from '../../../src/formats/kernels/layout.ts';
import { cases } from '../../support/samples.ts';

/** The numbers of the texts, as the kernel reads them; undefined: it leaves them to others. */
function read(texts: readonly string[], exact = 0): readonly (number | undefined)[] {
  const fast = kernels();
  fast.load(Buffer.from(`${texts.join('\n')}\n`));
  const [starts, ends] = [new Uint32Array(fast.memory, areas.starts, mostFields), new Uint32Array(fast.memory, areas.ends, mostFields)];
  let at: number = areas.text;
  for (const [row, { length }] of texts.entries()) {
    starts[row] = at;
    ends[row] = at + length;
    at += length + 1;
  }
  fast.call.floats(0, 1, texts.length, 17, exact);
  const odd = new Set(fast.rows('odd', fast.answer('odd')));
  return [...new Float64Array(fast.memory, areas.values, texts.length)].map((value, row) => (odd.has(row) ? undefined : value));
}

/** Those that the kernel has to tell itself. */
const plain = /^-?(0|[1-9]\d*)(\.\d+)?$/;
const isOurs = (text: string): boolean =>
  plain.test(text) && text.replace(/[-.]/g, '').length <= 17 && text.replace('-', '').indexOf('.') < 16;

function nearest(texts: readonly string[]): void {
  const found = read(texts);
  for (const [row, text] of texts.entries()) {
    expect([text, found[row]]).toEqual([text, isOurs(text) ? Number(text) : undefined]);
    if (isOurs(text)) expect(Object.is(found[row], Number(text)), text).toBe(true);
  }
}

test('any number of up to 17 digits is read as the nearest float64', () => {
  const digits = fc.stringMatching(/^-?(0|[1-9]\d{0,16})(\.\d{1,16})?$/);
  fc.assert(fc.property(fc.array(digits, { minLength: 1, maxLength: 500 }), nearest), cases(200));
});

test('what a program prints of any float64 is read as that very number', () => {
  const printed = fc.double({ min: -1e15, max: 1e15, noNaN: true }).map((value) => String(value));
  fc.assert(fc.property(fc.array(printed, { minLength: 1, maxLength: 500 }), nearest), cases(100));
});

test('numbers next to the middle of two float64 are read as the nearest, the very middle as the even one', () => {
  const middles = fc
    .tuple(fc.bigInt({ min: 2n ** 53n, max: 49_999_999_999_999_999n }), fc.integer({ min: 0, max: 16 }))
    .map(([n, places]) => {
      const odd = String((n & ~3n) | 2n | (n & 1n));
      return places === 0 ? odd : `${odd.slice(0, -places)}.${odd.slice(-places)}`;
    });
  const halves = fc
    .tuple(fc.bigInt({ min: 2n ** 52n, max: 2n ** 53n - 1n }), fc.constantFrom('5', '4', '6'))
    .map(([n, last]) => `${n}.${last}`);
  fc.assert(fc.property(fc.array(fc.oneof(middles, halves), { minLength: 1, maxLength: 300 }), nearest), cases(200));
});

test('where digits matter, only numbers are read that print as they are written', () => {
  const written = fc.oneof(
    fc.stringMatching(/^-?(0|[1-9]\d{0,16})(\.\d{1,16})?$/),
    fc.bigInt({ min: 2n ** 52n - 1000n, max: 99_999_999_999_999_999n }).map(String),
    fc.double({ noNaN: true, min: -1e6, max: 1e6 }).map(String),
  );
  const digits = (text: string): string => {
    const [whole = '', fraction = ''] = text.split('.');
    return `${whole}.${fraction}`.replace(/0+$/, '').replace(/^-?0\.$/, '0.');
  };
  let kept = 0;
  fc.assert(
    fc.property(fc.array(written, { minLength: 100, maxLength: 300 }), (texts) => {
      for (const [row, value] of read(texts, 1).entries()) {
        const text = texts[row] ?? '';
        if (value === undefined || /e/.test(String(value))) continue;
        kept++;
        expect(digits(String(value))).toBe(digits(text));
      }
    }),
    cases(200),
  );
  expect(kept).toBeGreaterThan(300);
});

test('what is written otherwise is left to others', () => {
  const odd = [
    '1e5',
    '1.',
    '.5',
    '+1',
    '01',
    '-',
    '1.2.3',
    'NaN',
    '123456789012345678',
    '0.12345678901234567',
    '1 ',
    '1x',
    '--1',
    '12345678901234567.5',
  ];
  expect(read(odd)).toEqual(odd.map(() => undefined));
});
