import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cases } from '../../support/samples.ts';
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
    ['uuid', '0f8FAD5b-d9cb-469f-a165-70867728950e', '0f8fad5b-d9cb-469f-a165-70867728950e'],
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

describe('a type that was only proposed never bends a later value', () => {
  /** Later values of a column whose type the sample decided: what each becomes, or that it does not fit. */
  async function later(
    type: string,
    sample: readonly string[],
    values: readonly string[],
    options: Readonly<Record<string, unknown>> = {},
  ) {
    const lines = (of: readonly string[]) => `n|v\n${of.map((value, n) => `${n}|${value}\n`).join('')}`;
    const { pinned, types } = await readCsv(lines(sample), { delimiter: '|', ...options });
    expect(types[1]).toBe(type);
    const { rows } = await readCsv(lines(values), { delimiter: '|', bad_rows: 'skip', ...options }, { pinned });
    const found = new Map(rows.map(([n, value]) => [Number(n), value]));
    return values.map((_, n) => found.get(n));
  }

  /** Ten to the power of 40 times the number, exactly. */
  function exactly(number: string): bigint {
    const [, sign, whole = '', fraction = '', exponent = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(number) ?? [];
    const shift = 40 + Number(exponent) - fraction.length;
    const digits = BigInt(`${whole}${fraction}`);
    const scaled = shift >= 0 ? digits * 10n ** BigInt(shift) : digits / 10n ** BigInt(-shift);
    return sign === '-' ? -scaled : scaled;
  }

  const fraction = ['0.5', '1.25', '100.125'];
  test.each([
    ['9007199254740993', undefined],
    ['9007199254740991', '9007199254740991'],
    ['9007199254740992', '9007199254740992'],
    ['-90071992547409931', undefined],
    ['0.12345678901234567', undefined],
    ['0.30000000000000004', '0.30000000000000004'],
    ['1234567.123456789', '1234567.123456789'],
    ['12345678.1234567891', undefined],
    ['3.141592653589793238', undefined],
    ['1.50000000000000000000', '1.5'],
    ['123456789012345678e-3', undefined],
    ['1e22', '1e+22'],
    ['1e400', undefined],
    ['1e-400', undefined],
    ['-0', '0'],
  ])('float64: %s', async (written, expected) => {
    expect(await later('float64', fraction, [written])).toEqual([expected]);
  });

  test.each([
    ['1.0E7', '10000000.00'],
    ['-1.5e-1', '-0.15'],
    ['1.25E-1', undefined],
    ['123456789012345678901234567890123456E0', '123456789012345678901234567890123456.00'],
    ['1E36', undefined],
    ['0E99999', '0.00'],
    ['1E', undefined],
    ['E7', undefined],
  ])('decimal(38,2) with an exponent: %s', async (written, expected) => {
    const types = { types: { v: 'decimal(38,2)' } };
    const { rows } = await readCsv(`n,v\n0,1.5\n1,${written}\n2,2.5\n`, { bad_rows: 'skip', ...types });
    const found = rows.map(([n, value]) => [Number(n), value]);
    expect(found).toEqual([[0, '1.50'], ...(expected === undefined ? [] : [[1, expected]]), [2, '2.50']]);
  });

  const german = { decimal_separator: ',', thousands_separator: '.' };
  test.each([
    ['decimal(18,2)', ['1.234,50', '7,00'], '12.50', undefined],
    ['decimal(18,2)', ['1.234,50', '7,00'], '1.50', undefined],
    ['decimal(18,2)', ['1.234,50', '7,00'], '1234.567,00', undefined],
    ['decimal(18,2)', ['1.234,50', '7,00'], '12.345', '12345.00'],
    ['decimal(18,2)', ['1.234,50', '7,00'], '1.2345,00', undefined],
    ['decimal(18,2)', ['1.234,50', '7,00'], '1.234,5.0', undefined],
    ['decimal(18,2)', ['1.234,50', '7,00'], '0.123', undefined],
    ['int64', ['1.234', '7'], '3.14', undefined],
    ['int64', ['1.234', '7'], '1..234', undefined],
    ['int64', ['1.234', '7'], '1.234.', undefined],
    ['int64', ['1.234', '7'], '1.234.567', '1234567'],
    ['int64', ['1.234', '7'], '9.223.372.036.854.775.808', undefined],
    ['int64', ['1.234', '7'], '-9.223.372.036.854.775.808', '-9223372036854775808'],
    ['float64', ['1,5', '2,25'], '3.14', undefined],
    ['float64', ['1,5', '2,25'], '1.234,5', '1234.5'],
    ['float64', ['1,5', '2,25'], '1,234.5', undefined],
    ['float64', ['1,5', '2,25'], '9.007.199.254.740.993', undefined],
  ] as const)('%s with groups (%j): %s', async (type, sample, written, expected) => {
    expect(await later(type, sample, [written], german)).toEqual([expected]);
  });

  test.each([
    ['int64', ['1', '22'], {}],
    ['float64', fraction, {}],
    ['decimal(18,2)', ['1.50', '2.25'], {}],
    ['decimal(38,0)', ['99999999999999999999', '1'], {}],
    ['int64', ['1.234', '7'], german],
    ['float64', ['1,5', '2,25'], german],
    ['decimal(18,2)', ['1.234,50', '7,00'], german],
  ] as const)('%s keeps every number that it takes to the last digit (%j, %j)', async (type, sample, options) => {
    const digits = (most: number) => fc.stringMatching(new RegExp(`^\\d{1,${most}}$`));
    const number = fc.oneof(
      fc.tuple(
        fc.constantFrom('', '-'),
        digits(21),
        fc.constantFrom('', '.', ',', '.,'),
        digits(20),
        fc.constantFrom('', '', '', 'e3', 'E-7'),
      ),
      fc.array(digits(3), { minLength: 2, maxLength: 5 }).map((groups) => [groups.join('.')]),
      fc.array(fc.stringMatching(/^\d{3}$/), { minLength: 1, maxLength: 5 }).map((groups) => [`1.${groups.join('.')}`]),
      fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e18, max: 1e18 }).map((value) => [String(value)]),
      fc.bigInt({ min: 2n ** 53n - 100n, max: 2n ** 64n }).map((value) => [String(value)]),
    );
    const point = options === german ? ',' : '.';
    const values = fc.sample(number, { numRuns: 4_000, seed: 7 }).map((parts) => parts.join(''));
    const kept = await later(type, sample, values, options);
    for (const [at, written] of values.entries()) {
      const value = kept[at];
      if (value === undefined || value === null) continue;
      const [whole = '', ...rest] = written.split(point);
      if (whole.includes('.')) expect(written).toMatch(/^-?[1-9]\d{0,2}(\.\d{3})+(,|$)/);
      expect([written, exactly(value)]).toEqual([written, exactly([whole.replaceAll('.', ''), ...rest].join('.'))]);
    }
    expect(kept.filter((value) => value !== undefined).length).toBeGreaterThan(20);
  });

  test.each([
    ['date', ['2024-01-01'], ['2024-02-30', '2024-1-1', '2024-01-01 00:00:00']],
    ['timestamp[us]', ['2024-01-01 10:00:00'], ['2024-01-01 10:00:00.1234567', '2024-01-01 24:00:00', '2024-01-01 10:00:60', '2024-01-01']],
    ['timestamp[ns]', ['2024-01-01 10:00:00.123456789'], ['2262-04-12 00:00:00', '1677-09-21 00:12:43', '2024-01-01 10:00:00.1234567891']],
  ] as const)('%s', async (type, sample, values) => {
    expect(await later(type, sample, values)).toEqual(values.map(() => undefined));
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
    cases(100),
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
    cases(60),
  );
});
