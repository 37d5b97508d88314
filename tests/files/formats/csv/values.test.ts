import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { failureOf, readCsv } from './files.ts';

/** One value, told to be of a type; undefined: it does not fit. */
async function told(type: string, written: string, options: Readonly<Record<string, unknown>> = {}): Promise<string | null | undefined> {
  const read = await readCsv(`v|o\n${written}|x\n`, { types: { v: type }, header: true, delimiter: '|', bad_rows: 'skip', ...options });
  return read.rows[0] === undefined ? undefined : read.rows[0][0];
}

const day = 86_400_000_000n;

describe('a value that was told to be', () => {
  test.each([
    ['int64', '9007199254740993', '9007199254740993'],
    ['int64', '-9223372036854775808', '-9223372036854775808'],
    ['int64', '9223372036854775808', undefined],
    ['int64', '+05', '5'],
    ['int64', ' 7 ', '7'],
    ['int64', '1.0', undefined],
    ['int64', '1e3', undefined],
    ['int64', '', null],
    ['int64', '""', null],
    ['int64', '"12"', '12'],
    ['int64', '-', undefined],
    ['int8', '-128', '-128'],
    ['int8', '128', undefined],
    ['uint8', '-1', undefined],
    ['uint16', '65535', '65535'],
    ['int32', '-2147483648', '-2147483648'],
    ['uint32', '4294967295', '4294967295'],
    ['uint64', '18446744073709551615', '18446744073709551615'],
    ['uint64', '18446744073709551616', undefined],
    ['decimal(38,10)', '-1234567890123456789012345678.0123456789', '-1234567890123456789012345678.0123456789'],
    ['decimal(18,2)', '1.500', '1.50'],
    ['decimal(18,2)', '1.505', undefined],
    ['decimal(4,2)', '99.99', '99.99'],
    ['decimal(4,2)', '100', undefined],
    ['decimal(18,4)', '-0.0001', '-0.0001'],
    ['decimal(38,0)', '99999999999999999999999999999999999999', '99999999999999999999999999999999999999'],
    ['decimal(18,2)', '.5', '0.50'],
    ['float64', '0.1', '0.1'],
    ['float64', '1e400', undefined],
    ['float64', '1e-400', undefined],
    ['float64', 'NaN', 'NaN'],
    ['float64', '-inf', '-Infinity'],
    ['float64', '+.5', '0.5'],
    ['float64', '1,5', undefined],
    ['float64', '0.1234567890123456789', '0.12345678901234568'],
    ['float64', '5e-324', '5e-324'],
    ['bool', 'yes', 'true'],
    ['bool', '0', 'false'],
    ['bool', 'maybe', undefined],
    ['date', '2024-02-29', '19782'],
    ['date', '2023-02-29', undefined],
    ['date', '0001-01-01', '-719162'],
    ['date', '2024-1-2', undefined],
    ['time', '23:59:59.999999', '86399999999000'],
    ['time', '24:00', undefined],
    ['time[ms]', '10:00:00.0001', undefined],
    ['timestamp', '1970-01-02', `${day}`],
    ['timestamp', '1969-12-31T23:59:59.999999', '-1'],
    ['timestamp', '9999-12-31 23:59:59.999999', '253402300799999999'],
    ['timestamp', '2024-01-01 10:00', '1704103200000000'],
    ['timestamp', '1970-01-01 00:00:00.1234567', undefined],
    ['timestamp', '1970-01-01 00:00:00.1234560', '123456'],
    ['timestamp', '1970-01-01 00:00:60', undefined],
    ['timestamp', '1970-01-01 00:00:00Z', undefined],
    ['timestamp[ns]', '1970-01-01 00:00:00.123456789', '123456789'],
    ['timestamp[ns]', '2262-04-11T23:47:16.854775807', '9223372036854775807'],
    ['timestamp[ns]', '2262-04-11T23:47:16.854775808', undefined],
    ['timestamp[us, UTC]', '1970-01-01T02:00:00+02:00', '0'],
    ['timestamp[us, UTC]', '1970-01-01T00:00:00-0030', '1800000000'],
    ['timestamp[us, UTC]', '1970-01-01 00:00:01', '1000000'],
    ['timestamp[us, Europe/Copenhagen]', '1970-01-01T01:00:00+01', '0'],
    ['timestamp[us, Europe/Copenhagen]', '1970-01-01T01:00:00', undefined],
    ['uuid', '0f8FAD5b-d9cb-469f-a165-70867728950e', '0f8FAD5b-d9cb-469f-a165-70867728950e'],
    ['uuid', '0f8fad5b', undefined],
    ['json', '"{""a"": [1]}"', '{"a": [1]}'],
    ['json', '{a}', undefined],
    ['binary', 'AP8=', '00ff'],
    ['binary', 'AP8', undefined],
    ['duration[ms]', '1500', '1500'],
    ['string', '  as it is ', '  as it is '],
  ] as const)('%s and reads %s', async (type, written, value) => {
    expect(await told(type, written)).toBe(value);
  });
});

describe('a type that was only proposed', () => {
  test.each([
    ['int64', '1\n2', '+3'],
    ['int64', '1\n2', '03'],
    ['int64', '1\n2', ' 3'],
    ['int64', '1\n2', '-0'],
    ['decimal(18,2)', '1.50\n2.25', '01.50'],
    ['float64', '1.5\n2.25', '0.123456789012345678'],
    ['float64', '1.5\n2.25', 'inf'],
    ['bool', 'true\nfalse', '1'],
    ['timestamp[us]', '2024-01-01 10:00:00', '2024-01-01'],
    ['timestamp[us, UTC]', '2024-01-01T10:00:00Z', '2024-01-01T10:00:00'],
  ])('(%s) takes only its own form', async (type, sample, later) => {
    const lines = (values: string) =>
      `v;o\n${values
        .split('\n')
        .map((value) => `${value};x\n`)
        .join('')}`;
    const { pinned, types } = await readCsv(lines(sample));
    expect(types[0]).toBe(type);
    expect((await failureOf(readCsv(lines(later), {}, { pinned }))).what).toBe(
      `orders.csv, line 2: column v is ${type}, and ${JSON.stringify(later)} is not.`,
    );
  });
});

describe('numbers and times as they are written elsewhere', () => {
  test('with a comma before the fraction and points between groups', async () => {
    const german = { decimal_separator: ',', thousands_separator: '.' };
    const { types, rows } = await readCsv('a;b;c\n1.234.567,50;0,25;1.000\n-1,05;1,5;2\n', german);
    expect(types).toEqual(['decimal(18,2)', 'float64', 'int64']);
    expect(rows).toEqual([
      ['1234567.50', '0.25', '1000'],
      ['-1.05', '1.5', '2'],
    ]);
  });

  test('what looks like groups but is none stays text', async () => {
    expect((await readCsv('a;b\n1.2.3;x\n', { decimal_separator: ',', thousands_separator: '.' })).types[0]).toBe('string');
  });

  test('dates and timestamps by their own patterns', async () => {
    const options = { date_format: '%d.%m.%Y', timestamp_format: '%d/%b/%Y:%H:%M:%S %z' };
    const { types, rows } = await readCsv('born;at\n31.12.1999;10/Oct/2000:13:55:36 -0700\n1.2.2024;11/Nov/2000:00:00:00 +0000\n', options);
    expect(types).toEqual(['date', 'timestamp[us, UTC]']);
    expect(rows[0]).toEqual(['10956', String(BigInt(Date.UTC(2000, 9, 10, 20, 55, 36)) * 1000n)]);
    expect(rows[1]?.[0]).toBe('19754');
  });

  test('hours of twelve', async () => {
    const options = { timestamp_format: '%m/%d/%Y %I:%M %p', types: { at: 'timestamp' } };
    const { rows } = await readCsv('at;o\n12/31/2024 12:05 AM;x\n12/31/2024 12:05 PM;x\n12/31/2024 1:05 pm;x\n', options);
    expect(rows.map(([at]) => new Date(Number(at) / 1000).toISOString().slice(11, 16))).toEqual(['00:05', '12:05', '13:05']);
  });
});

describe('null is', () => {
  const types = { types: { t: 'string', n: 'int64' } };

  test('the empty field, and never an empty text in quotes', async () => {
    expect((await readCsv('t,n\n,\n"",""\nx,1\n', types)).rows).toEqual([
      [null, null],
      ['', null],
      ['x', '1'],
    ]);
  });

  test('what null_values say instead, outside of quotes', async () => {
    const { rows } = await readCsv('t,n\nNA,NA\n"NA",5\n,\n', { ...types, null_values: ['NA'] });
    expect(rows).toEqual([
      [null, null],
      ['NA', '5'],
      ['', null],
    ]);
  });

  test('the empty field as well when it is among them, and in quotes when that is said', async () => {
    expect((await readCsv('t,n\nNA,1\n,2\n', { ...types, null_values: ['NA', ''] })).rows).toEqual([
      [null, '1'],
      [null, '2'],
    ]);
    expect((await readCsv('t,n\n"NA",1\n', { ...types, null_values: ['NA'], quoted_nulls: true })).rows).toEqual([[null, '1']]);
  });
});

test('any float64 arrives as the very number it was', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 50 }), async (numbers) => {
      const { rows } = await readCsv(`v,o\n${numbers.map((n) => `${n},x\n`).join('')}`, { types: { v: 'float64' } });
      expect(rows.map(([v]) => Number(v))).toEqual(numbers.map((n) => (Object.is(n, -0) ? 0 : n)));
    }),
    { numRuns: 100 },
  );
});

test('any instant arrives exactly, in every unit', async () => {
  const unit = fc.constantFrom({ name: 'ms', digits: 3 }, { name: 'us', digits: 6 }, { name: 'ns', digits: 9 });
  await fc.assert(
    fc.asyncProperty(
      unit,
      fc.array(fc.bigInt({ min: -9_000_000_000n, max: 9_000_000_000n }), { minLength: 1, maxLength: 30 }),
      async ({ name, digits }, seconds) => {
        const fractions = seconds.map((s) => ((s % 997n) + 997n) % 997n);
        const texts = seconds.map((s, i) => {
          const clock = new Date(Number(s) * 1000).toISOString();
          return `${clock.slice(0, 19)}.${String(fractions[i] ?? 0n).padStart(digits, '0')}`;
        });
        const { rows } = await readCsv(`v,o\n${texts.map((text) => `${text},x\n`).join('')}`, { types: { v: `timestamp[${name}]` } });
        expect(rows.map(([v]) => v)).toEqual(seconds.map((s, i) => String(s * 10n ** BigInt(digits) + (fractions[i] ?? 0n))));
      },
    ),
    { numRuns: 60 },
  );
});
