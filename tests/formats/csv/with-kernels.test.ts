import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CsvDecoder, type HowToDecode } from '../../../src/formats/csv/csv-decoder.ts';
import { dialectOf } from '../../../src/formats/csv/detect.ts';
import type { CsvHomeOptions } from '../../../src/formats/csv/options.ts';
import { kernels } from '../../../src/formats/kernels/kernels.ts';
import { areas } from '../../../src/formats/kernels/layout.ts';
import { arrow } from '../../../src/frames/native.ts';
import type { DataType } from '../../../src/frames/schema.ts';
import { cases } from '../../support/samples.ts';

interface Decoded {
  readonly values: readonly unknown[][];
  readonly nulls: readonly number[];
  readonly bad: readonly { readonly start: number; readonly reason: string; readonly value: string | undefined }[];
}

/** Everything that decoding answers about a text, by kernels as far as they get or by JavaScript alone. */
async function decoded(text: string, how: HowToDecode, isFast: boolean): Promise<Decoded> {
  const A = await arrow();
  const decoding = new CsvDecoder(how);
  const fast = kernels();
  const given = Buffer.from(text);
  const loaded = isFast ? fast.load(given) : undefined;
  const [bytes, start] = loaded ? [loaded, areas.text] : [given, 0];
  const quotes = how.dialect.quote >= 0 && given.includes(how.dialect.quote);
  for (let from = start; ; ) {
    const of = { bytes, from, to: bytes.length, last: true, quotes, kernels: loaded && fast };
    const next = decoding.take({ text: of, badRows: 'fail' });
    if (next === from) break;
    from = next;
  }
  const values = decoding.decoders.map((decoder) =>
    Array.from(new A.Vector([decoder.finish(A)]), (value: unknown) => (value instanceof Uint32Array ? [...value].join() : exact(value))),
  );
  const bad = decoding.bad.map((row) => ({ start: row.start - start, reason: row.reason, value: row.misfit?.value }));
  return { values, nulls: decoding.decoders.map((decoder) => decoder.values.nulls), bad };
}

/** -0 and 0 are not the same. */
function exact(value: unknown): unknown {
  return typeof value === 'number' && Object.is(value, -0) ? '-0' : value;
}

async function sameBothWays(text: string, how: HowToDecode): Promise<void> {
  let slowly: Decoded | string;
  try {
    slowly = await decoded(text, how, false);
  } catch (error) {
    slowly = (error as Error).name;
  }
  const fast = await decoded(text, how, true).catch((error: Error) => error.name);
  expect(fast).toEqual(slowly);
}

const number = fc.oneof(
  fc.integer().map(String),
  fc.bigInt({ min: -(2n ** 66n), max: 2n ** 66n }).map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.tuple(fc.integer({ min: -2000, max: 2000 }), fc.nat(4)).map(([n, places]) => n.toFixed(places)),
  fc.tuple(fc.constantFrom('', '-', '+', ' ', '--'), fc.stringMatching(/^\d{0,20}(\.\d{0,20})?$/)).map((parts) => parts.join('')),
  fc.constantFrom('0', '-0', '-0.00', '00', '007', '1.', '.5', '-', '.', '1e5', 'NaN', 'inf', 'NA', '1 ', '12:30', '9223372036854775808'),
);
const time = fc.oneof(
  fc.date({ min: new Date('0000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }).map((date) => date.toISOString()),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString().replace('T', ' ').replace('Z', '')),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10)),
  fc
    .tuple(
      fc.nat(9999),
      fc.nat(19),
      fc.nat(39),
      fc.constantFrom('T', ' ', 'x'),
      fc.nat(29),
      fc.nat(69),
      fc.nat(69),
      fc.stringMatching(/^(\.\d{0,11})?Z?$/),
    )
    .map(([y, m, d, t, h, min, s, rest]) => `${pad(y, 4)}-${pad(m)}-${pad(d)}${t}${pad(h)}:${pad(min)}:${pad(s)}${rest}`),
  fc.tuple(fc.nat(9999), fc.nat(13), fc.nat(32)).map(([y, m, d]) => `${pad(y, 4)}-${pad(m)}-${pad(d)}`),
  fc.constantFrom(
    '1900-02-29',
    '2000-02-29',
    '2024-02-30',
    '2024-1-1',
    '20x4-01-02',
    '2024-01-02T10:00',
    '2262-04-11 23:47:16.854775807',
    '1677-09-21',
  ),
);
const pad = (n: number, digits = 2): string => String(n).padStart(digits, '0');
const text = fc.oneof(
  fc.string({ maxLength: 40, unit: 'grapheme' }).map((written) => written.replaceAll(/[",\n\r]/gu, '')),
  fc.constantFrom('true', 'false', 'True', 'trues', 'fals', '""', '"a""b"', '"x,y"', '"a\nb"', 'a"b', '"', '"a"b', 'x\r'),
);
const value = fc.oneof({ weight: 4, arbitrary: number }, { weight: 4, arbitrary: time }, { weight: 3, arbitrary: text }, fc.constant(''));

const types: readonly DataType[] = [
  { kind: 'int64' },
  { kind: 'int8' },
  { kind: 'uint64' },
  { kind: 'decimal', precision: 18, scale: 4 },
  { kind: 'decimal', precision: 38, scale: 10 },
  { kind: 'decimal', precision: 5, scale: 0 },
  { kind: 'float64' },
  { kind: 'bool' },
  { kind: 'date' },
  { kind: 'timestamp', unit: 'us' },
  { kind: 'timestamp', unit: 'ns' },
  { kind: 'timestamp', unit: 'ms', zone: 'UTC' },
  { kind: 'string' },
];

function howOf(columns: HowToDecode['columns'], options: CsvHomeOptions = {}): HowToDecode {
  return {
    options,
    dialect: dialectOf(options, { delimiter: ',', loneReturns: false }),
    columns,
    wanted: columns.map((_, place) => place),
  };
}

describe('kernels and JavaScript agree', () => {
  test.each([true, false])('on whole numbers with a point that a float64 does not have (told: %s)', async (told) => {
    const how = howOf([{ name: 'a', type: { kind: 'float64' }, told }]);
    for (const one of ['9007199254740993.0', '-9007199254740993.0', '9007199254740992.0', '1234567890123456.7', '12345678901234567'])
      await sameBothWays(`1.5\n${one}\n`, how);
  });

  test.each(types.flatMap((type) => [false, true].map((told) => [JSON.stringify(type), told, type] as const)))(
    'on columns of %s (told: %s)',
    async (_, told, type) => {
      const how = howOf([
        { name: 'a', type, told },
        { name: 'b', type: { kind: 'string' }, told: false },
      ]);
      await fc.assert(
        fc.asyncProperty(fc.array(fc.tuple(value, text), { maxLength: 30 }), async (rows) => {
          await sameBothWays(rows.map((row) => `${row.join(',')}\n`).join(''), how);
        }),
        cases(120),
      );
    },
  );

  test.each<CsvHomeOptions>([
    { null_values: ['NA', ''] },
    { null_values: ['0', '-'], quoted_nulls: true },
    { null_values: ['NA'] },
    { decimal_separator: ',', thousands_separator: '.', delimiter: ';' },
    { comment: '1' },
    { quote: 'none' },
    { escape: '\\' },
    { date_format: '%d.%m.%Y' },
  ])('on how values are written: %j', async (options) => {
    const how = howOf(
      (['int64', 'float64', 'date', 'string'] as const).map((kind) => ({ name: kind, type: { kind }, told: false })),
      options,
    );
    const between = options.delimiter ?? ',';
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(number, number, time, value), { maxLength: 20 }), async (rows) => {
        await sameBothWays(rows.map((row) => `${row.join(between)}\n`).join(''), how);
      }),
      cases(60),
    );
  });
});
