import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { Threads } from '../../../src/formats/threads/threads.ts';
import { cases } from '../../support/samples.ts';
import { type How, type Read, readText } from './over-text.ts';

const here = new Threads(0);
afterAll(() => here.end());

/** Kernels are only asked where threads are: the other way knows nothing of them. */
async function sameBothWays(lines: readonly string[], how: How = {}): Promise<unknown> {
  const outcome = (more: How) =>
    readText(lines.map((line) => `${line}\n`).join(''), { ...how, ...more }).then(
      ({ frames: _, ...read }: Read) => read,
      (error: Error & { code?: string; why?: unknown }) => ({ code: error.code, message: error.message, why: error.why }),
    );
  const slowly = await outcome({});
  expect(await outcome({ threads: { these: here, from: 0 } })).toEqual(slowly);
  return slowly;
}

const number = fc.oneof(
  { weight: 3, arbitrary: fc.integer().map(String) },
  { weight: 3, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }).map(String) },
  { weight: 1, arbitrary: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('0', '-0', '0.0', '-0.5', '1e5', '1E-7', '123456789012345678', '0.12345678901234567', '9007199254740993'),
  },
);
const written = fc.string({ maxLength: 30, unit: 'grapheme' }).map((text) => JSON.stringify(text));
const text = fc.oneof(
  written,
  fc.constantFrom('""', '"null"', '"é🏡"', '"\\u00e9"', '"a\\"b"', '"tab\\t"', '"a,b}"', `"${'long '.repeat(20)}"`),
);
const truth = fc.constantFrom('true', 'false');
const nullOr = (value: fc.Arbitrary<string>) => fc.oneof({ weight: 5, arbitrary: value }, { weight: 1, arbitrary: fc.constant('null') });
/** Mostly of the column, seldom not, seldom no JSON at all. */
const mostly = (value: fc.Arbitrary<string>) =>
  fc.oneof(
    { weight: 300, arbitrary: nullOr(value) },
    { weight: 1, arbitrary: fc.constantFrom('[1]', '{"x":1}', 'nul', '01', '1.', '-', 'NaN', '"open', 'truee', '1 2', '') },
    { weight: 1, arbitrary: fc.oneof(number, text, truth) },
  );

const record = fc.tuple(mostly(fc.integer().map(String)), mostly(number), mostly(text), mostly(truth));
type Values = readonly [string, string, string, string];
/** Nearly all lines are written as the first one. */
const layouts: readonly ((values: Values) => string)[] = [
  ([a, b, c, d]) => `{"a":${a},"b":${b},"c":${c},"d":${d}}`,
  ([a, b, c, d]) => `{"a": ${a}, "b": ${b}, "c": ${c}, "d": ${d}}`,
  ([a, b, c, d]) => `{ "d" : ${d} , "c" : ${c} , "b" : ${b} , "a" : ${a} }\r`,
  ([a, b, c, d]) => `  {"a":${a},\t"b":${b},"c":${c},"d":${d}}  `,
  ([a, , c]) => `{"c":${c},"a":${a}}`,
  ([a, b]) => `{"a":${a},"b":${b},"a":1}`,
  () => '',
];

const lines = fc
  .tuple(fc.nat(4), fc.array(fc.tuple(record, fc.integer({ min: 0, max: 80 })), { minLength: 20, maxLength: 150 }))
  .map(([usual, records]) =>
    records.map(([values, other]) => (layouts[other < layouts.length ? other : usual] ?? layouts[0])?.(values) ?? ''),
  );

describe('kernels and the decoder agree', () => {
  const types = { a: 'int64', b: 'float64', c: 'string', d: 'bool' };

  test.each(['fail', 'skip', 'quarantine'])('on lines of any kind, with bad_rows: %s', async (bad_rows) => {
    await fc.assert(
      fc.asyncProperty(lines, fc.boolean(), fc.constantFrom(1, 7, 64, 100_000), async (all, told, frameRows) => {
        await sameBothWays(all, { options: { bad_rows, ...(told ? { types } : { mixed: 'json' }) }, frameRows });
      }),
      cases(40),
    );
  });

  test('on records whose columns are decided by what is in them', async () => {
    await fc.assert(
      fc.asyncProperty(lines, fc.constantFrom('fail', 'string'), async (all, mixed) => {
        await sameBothWays(all, { options: { mixed, bad_rows: 'skip' } });
      }),
      cases(60),
    );
  });

  test('on what only the last of many lines has', async () => {
    const same = Array.from({ length: 500 }, (_, i) => `{"n":${i},"t":"text ${i}"}`);
    const read = (await sameBothWays([...same, '{"n":0.5,"t":null}', ...same, '{"n":1,"t":"x","late":true}'])) as Read;
    expect(read.schema.columns.map(({ name, type }) => [name, type.kind])).toEqual([
      ['n', 'float64'],
      ['t', 'string'],
      ['late', 'bool'],
    ]);
    expect(read.rows).toHaveLength(1002);
  });

  test('on whole numbers that a float64 would round, among floats', async () => {
    const same = Array.from({ length: 100 }, (_, i) => `{"n":${i}.25}`);
    const all = [...same, '{"n":9007199254740993}', ...same, '{"n":9007199254740992}', '{"n":123456789012345680}'];
    await sameBothWays(all, { options: { bad_rows: 'skip', types: { n: 'float64' } } });
    await sameBothWays(all, { options: { mixed: 'string' } });
  });

  // Their memory holds 48 KiB of what stands between values.
  test.each([49_150, 90_000])('on lines of two values whose names have %i bytes', async (bytes) => {
    const [one, other] = ['a', 'b'].map((letter) => letter.repeat(bytes / 2));
    await sameBothWays(Array.from({ length: 40 }, (_, i) => `{"${one}":${i},"${other}":"text ${i}"}`));
  });
});
