/** What a person says of the files, and what they leave open: how numbers, days and uuids are written. */
import { describe, expect, test } from 'vitest';
import { valueOfText } from '../../../src/formats/bytes/json-texts.ts';
import type { Json } from '../../../src/ports/values.ts';
import { failureOf, readCsv } from './files.ts';

const table = (...rows: readonly string[]): string => `${rows.join('\n')}\n`;
const bothForms =
  'p ("1.234") settles as text: the values fit decimal_separator: ".", or decimal_separator: "," and thousands_separator: ".". The home can say which form is right';

describe('a point before three digits, between semicolons, is a fraction for some and a group for others', () => {
  test.each([
    ['alone', ['1.234']],
    ['next to small whole numbers', ['1.234', '12', '0', '-7']],
    ['with a sign', ['1.234', '-12.345']],
  ])('%s: it settles as text, and both forms are named', async (_, values) => {
    const { types, rows, notes } = await readCsv(table('id;p', ...values.map((value, i) => `${i};${value}`)));
    expect([types[1], rows.map(([, p]) => p)]).toEqual(['string', values]);
    expect(notes.filter((note) => note.includes('as text')).map((note) => note.replace(/\(".*?"\)/, '("1.234")'))).toEqual([bothForms]);
  });

  test.each([
    ['a fraction of another length in the column', table('id;p', '1;1.234', '2;1.5'), 'float64'],
    ['a zero before the point', table('id;p', '1;1.234', '2;0.125'), 'float64'],
    ['four digits without a point', table('id;p', '1;1.234', '2;1234'), 'float64'],
    ['a fraction in another column', table('id;p;lat', '1;1.234;55.6', '2;5.670;56.75'), 'decimal(18,3)'],
    ['commas between the fields', table('id,p', '1,1.234', '2,5.670'), 'decimal(18,3)'],
    ['tabs between the fields', table('id\tp', '1\t1.234', '2\t5.670'), 'decimal(18,3)'],
    ['bars between the fields', table('id|p', '1|1.234', '2|5.670'), 'decimal(18,3)'],
  ])('%s decides that it is a fraction', async (_, text, type) => {
    const { types, notes } = await readCsv(text);
    expect([types[1], notes.some((note) => note.includes('as text'))]).toEqual([type, false]);
  });

  test.each(['\t', '|', ';'])('beside days with points between %j it settles as text too, and a fraction decides', async (mark) => {
    const of = (...rows: readonly string[]) => table(...rows.map((row) => row.replaceAll(';', mark)));
    const { types, rows, notes } = await readCsv(of('d;p', '31.12.2026;1.234', '01.02.2026;5.670'));
    expect([types, rows.map(([, p]) => p)]).toEqual([
      ['string', 'string'],
      ['1.234', '5.670'],
    ]);
    expect(notes.map((note) => note.replace(/\(".*?"\)/, '("1.234")'))).toContain(bothForms);
    expect((await readCsv(of('d;p', '31.12.2026 10:00;1.234'))).types[1]).toBe('string');
    expect((await readCsv(of('d;p;lat', '31.12.2026;1.234;55.6'))).types[1]).toBe('float64');
    for (const other of ['2026-12-31', '1.2.3', '31.12.26.1'])
      if (mark !== ';') expect((await readCsv(of('d;p', `${other};1.234`, `${other};5.670`))).types[1]).toBe('decimal(18,3)');
  });

  test('a flow that settled numbers next to such days continues with one WARN', async () => {
    const text = table('d|p', '31.12.2026|1.234', '01.02.2026|5.670');
    const columns = [
      { name: 'd', type: { kind: 'string' } },
      { name: 'p', type: { kind: 'decimal', precision: 18, scale: 3 } },
    ] as const;
    const pinned: Json = { version: 1, delimiter: '|', header: true, loneReturns: false, columns };
    const { types, warnings } = await readCsv(text, {}, { pinned });
    expect([types[1], warnings]).toEqual([
      'decimal(18,3)',
      [expect.stringContaining('In addition to days such as "31.12.2026" the text often means "1234".')],
    ]);
  });

  test('a comma before three digits settles as text between tabs, commas and bars, and both forms are named', async () => {
    for (const text of [table('id\tp', '1\t1,234'), table('id,p', '1,"1,234"'), table('id|p', '1|1,234')]) {
      const { types, notes } = await readCsv(text);
      expect(types[1]).toBe('string');
      expect(notes.some((note) => note.includes('fit decimal_separator: ",", or thousands_separator: ","'))).toBe(true);
    }
  });

  test.each([
    [{ decimal_separator: '.' }, 'decimal(18,3)', ['1.234', '5.670']],
    [{ decimal_separator: ',', thousands_separator: '.' }, 'int64', ['1234', '5670']],
    [{ types: { p: 'float64' } }, 'float64', ['1.234', '5.67']],
    [{ types: { p: 'string' } }, 'string', ['1.234', '5.670']],
  ])('%j in the config decides it', async (options, type, values) => {
    const read = await readCsv(table('id;p', '1;1.234', '2;5.670'), options);
    expect([read.types[1], read.rows.map(([, p]) => p), read.warnings]).toEqual([type, values, []]);
    expect(read.notes.some((note) => note.includes('as text'))).toBe(false);
  });

  const settled = (column: Readonly<Record<string, Json>>): Json => ({
    version: 1,
    delimiter: ';',
    header: true,
    loneReturns: false,
    columns: [{ name: 'id', type: { kind: 'int64' } }, column as Json],
  });
  const asNumber = settled({ name: 'p', type: { kind: 'decimal', precision: 18, scale: 3 } });

  test('a flow that settled numbers before hygge asked continues with one WARN', async () => {
    const text = table('id;p', '1;1.234', '2;5.670');
    const first = await readCsv(text, {}, { pinned: asNumber });
    expect([first.types[1], first.rows.map(([, p]) => p)]).toEqual(['decimal(18,3)', ['1.234', '5.670']]);
    expect(first.warnings).toEqual([
      'p is decimal(18,3): the point in "1.234" is read as a decimal point. If fields are separated by semicolons the text often means "1234". If so, say decimal_separator: "," and thousands_separator: "." of the home and load the entity again (-d). If not, say decimal_separator: "."',
    ]);
    expect((await readCsv(text, {}, { pinned: first.pinned })).warnings).toEqual([]);
    expect((await readCsv(text, { decimal_separator: '.' }, { pinned: asNumber })).warnings).toEqual([]);
    const grouped = await readCsv(text, { decimal_separator: ',', thousands_separator: '.' }, { pinned: asNumber });
    expect([grouped.types[1], grouped.rows.map(([, p]) => p)]).toEqual(['int64', ['1234', '5670']]);
  });

  test('no WARN where a fraction shows what the point means, or where the column is text', async () => {
    expect((await readCsv(table('id;p', '1;1.234', '2;1.5'), {}, { pinned: asNumber })).warnings).toEqual([]);
    const asText = settled({ name: 'p', type: { kind: 'string' } });
    expect((await readCsv(table('id;p', '1;1.234'), {}, { pinned: asText })).warnings).toEqual([]);
  });
});

describe('a key that the config gains, loses or changes decides the types again', () => {
  test.each([
    ['decimal_separator', table('id;p', '1;1,5', '2;2,25'), {}, { decimal_separator: ',' }, ['string', 'float64']],
    ['decimal_separator, taken away', table('id;p', '1;1,5', '2;2,25'), { decimal_separator: ',' }, {}, ['float64', 'string']],
    ['thousands_separator', table('id;p', "1;1'234", "2;5'678"), {}, { thousands_separator: "'" }, ['string', 'int64']],
    [
      'both separators',
      table('id;p', '1;1.234'),
      { decimal_separator: '.' },
      { decimal_separator: ',', thousands_separator: '.' },
      ['float64', 'int64'],
    ],
    ['date_format', table('id;p', '1;31.12.2026'), {}, { date_format: '%d.%m.%Y' }, ['string', 'date']],
    [
      'another date_format',
      table('id;p', '1;31.12.2026'),
      { date_format: '%m.%d.%Y', types: {} },
      { date_format: '%d.%m.%Y' },
      ['string', 'date'],
    ],
    ['timestamp_format', table('id;p', '1;31.12.2026 10:00'), {}, { timestamp_format: '%d.%m.%Y %H:%M' }, ['string', 'timestamp[us]']],
    ['null_values', table('id;p', '1;NA', '2;7'), {}, { null_values: ['NA', ''] }, ['string', 'int64']],
    ['null_values, taken away', table('id;p', '1;NA', '2;7'), { null_values: ['NA'] }, {}, ['int64', 'string']],
    [
      'quoted_nulls',
      table('id;p', '1;"NA"', '2;7'),
      { null_values: ['NA'] },
      { null_values: ['NA'], quoted_nulls: true },
      ['string', 'int64'],
    ],
    ['quote', table('id;p', "1;'7'", "2;'8'"), {}, { quote: "'" }, ['string', 'int64']],
    ['comment', table('id;p', '1;5', '#2;x', '3;7'), { comment: '%' }, { comment: '#' }, ['string', 'int64']],
    ['types', table('id;p', '1;5'), {}, { types: { p: 'decimal(10,2)' } }, ['int64', 'decimal(10,2)']],
    ['types, taken away', table('id;p', '1;5'), { types: { p: 'decimal(10,2)' } }, {}, ['decimal(10,2)', 'int64']],
  ])('%s', async (_, text, before, after, [then, now]) => {
    const first = await readCsv(text, before);
    expect(first.types[1]).toBe(then);
    const second = await readCsv(text, after, { pinned: first.pinned });
    expect(second.types[1]).toBe(now);
    expect((await readCsv(text, after, { pinned: second.pinned })).types).toEqual(second.types);
  });

  test('a column that the key does not touch stays as it settled, whatever a new sample would say', async () => {
    const first = await readCsv(table('id;p;n', '1;1,5;0.5'));
    expect(first.types).toEqual(['int64', 'string', 'float64']);
    const { types } = await readCsv(table('id;p;n', '2;2,5;3'), { date_format: '%d.%m.%Y' }, { pinned: first.pinned });
    expect(types).toEqual(['int64', 'string', 'float64']);
  });

  test('what an older hygge settled, which kept no keys, changes only where it had no key', async () => {
    const { keys: _, ...older } = (await readCsv(table('id;p', '1;1,5'))).pinned as Readonly<Record<string, Json>>;
    expect((await readCsv(table('id;p', '1;1,5'), { decimal_separator: ',' }, { pinned: older })).types[1]).toBe('float64');
    const { keys: __, ...keyed } = (await readCsv(table('id;p', '1;1,50'), { decimal_separator: ',' })).pinned as Readonly<
      Record<string, Json>
    >;
    expect((await readCsv(table('id;p', '1;1,5'), { decimal_separator: ',' }, { pinned: keyed })).types[1]).toBe('decimal(18,2)');
  });
});

describe('a value that is not written as the config says is a bad row', () => {
  test.each([
    ['a decimal point', { decimal_separator: ',' }, ['1,50', '2,75', '3.20'], 'decimal(18,2)', '3.20'],
    ['a word', { decimal_separator: ',' }, ['1,50', '2,70', 'gratis'], 'decimal(18,2)', 'gratis'],
    ['a decimal comma', { decimal_separator: '.' }, ['1.50', '2.70', '3,20'], 'decimal(18,2)', '3,20'],
    ['a group of two digits', { thousands_separator: ',' }, ['1,234', '5,678', '1,23'], 'int64', '1,23'],
    ['a group without its separator', { thousands_separator: "'" }, ["1'234", "5'678", '1,234'], 'int64', '1,234'],
    ['a day of another form', { date_format: '%d.%m.%Y' }, ['31.12.2026', '01.02.2026', '2026-03-01'], 'date', '2026-03-01'],
    ['a day that does not exist', { date_format: '%d.%m.%Y' }, ['31.12.2026', '01.02.2026', '31.02.2026'], 'date', '31.02.2026'],
    [
      'a moment of another form',
      { timestamp_format: '%d.%m.%Y %H:%M' },
      ['31.12.2026 10:00', '01.02.2026 11:30', '2026-03-01 10:00'],
      'timestamp[us]',
      '2026-03-01 10:00',
    ],
  ])('%s', async (_, options, values, type, misfit) => {
    const text = table('id|p', ...values.map((value, i) => `${i}|${value}`));
    const { code, what } = await failureOf(readCsv(text, options));
    expect([code, what]).toEqual(['HYG-3305', `orders.csv, line 4: column p is ${type}, but "${misfit}" is not.`]);
    const skipped = await readCsv(text, { ...options, bad_rows: 'skip' });
    expect([skipped.types[1], skipped.rows.length]).toEqual([type, 2]);
    const asText = await readCsv(text, { ...options, types: { p: 'string' } });
    expect(asText.rows.map(([, p]) => p)).toEqual(values);
  });

  test('a word for nothing is one that null_values may name', async () => {
    const text = table('id;p', '1;1,50', '2;n/a');
    const { tryThis } = await failureOf(readCsv(text, { decimal_separator: ',' }));
    expect(tryThis).toContain('If this value means that there is no value: null_values: ["n/a", ""]');
    const { rows } = await readCsv(text, { decimal_separator: ',', null_values: ['n/a', ''] });
    expect(rows.map(([, p]) => p)).toEqual(['1.50', null]);
  });

  test.each([
    ['codes among whole numbers', { decimal_separator: ',' }, ['12', 'A13', '14']],
    ['a few numbers among words', { decimal_separator: ',' }, ['1,5', 'red', 'green']],
    ['numbers with signs and bare points, which only a type that is named takes', { decimal_separator: ',' }, ['1,5', '+2,5', ',5']],
    ['a day among words', { date_format: '%d.%m.%Y' }, ['31.12.2026', 'soon', 'later']],
  ])('but not %s: they are text, as they stand', async (_, options, values) => {
    const { types, rows } = await readCsv(table('id|p', ...values.map((value, i) => `${i}|${value}`)), options);
    expect([types[1], rows.map(([, p]) => p)]).toEqual(['string', values]);
  });

  test('a column that has settled as text stays text', async () => {
    const text = table('id;p', '1;1,50', '2;x');
    const first = await readCsv(text);
    expect((await readCsv(table('id;p', '1;y', '2;x'), { decimal_separator: ',' }, { pinned: first.pinned })).types[1]).toBe('string');
  });
});

test('a uuid is read in small letters with hyphens, however it is written', async () => {
  const one = '6f9619ff-8b86-d011-b42d-00cf4fc964ff';
  const written = [one, one.toUpperCase(), `{${one.toUpperCase()}}`, `"${one.toUpperCase()}"`, one.replaceAll('-', '')];
  const { rows } = await readCsv(table('id', ...written), { types: { id: 'uuid' } });
  expect(rows.map(([id]) => id)).toEqual(written.map(() => one));
  for (const bad of [`${one}0`, `{${one}`, 'x', one.slice(1)])
    expect((await failureOf(readCsv(table('id,n', `${bad},1`), { types: { id: 'uuid' } }))).code).toBe('HYG-3305');
});

describe('a whole number settles as a float only if the float holds it', () => {
  const [most32, most64] = [2 ** 24, 2 ** 53];
  test.each([
    ['float32', String(most32), true],
    ['float32', String(most32 + 1), false],
    ['float32', String(-most32 - 1), false],
    ['float32', String(most32 + 2), true],
    ['float32', '123456790', true],
    ['float64', String(most64), true],
    ['float64', '9007199254740993', false],
    ['float64', '+9007199254740993', false],
    ['float64', '123456789012345680000', true],
    ['float64', '0.1234567890123456789', true],
    ['float32', '16777217.0', false],
    ['float32', '16777216.0', true],
    ['float32', '16777217.5', true],
    ['float32', '1.6777217e7', false],
    ['float32', '167772170e-1', false],
    ['float32', '1.6777218e7', true],
    ['float32', '3.4028235e38', true],
    ['float32', '3.5e38', false],
    ['float32', '1e400', false],
    ['float32', '1e-50', false],
    ['float32', '0e-50', true],
    ['float32', '1e-45', true],
    ['float64', '9007199254740993.0', false],
    ['float64', '9007199254740992.0', true],
    ['float64', '9.007199254740993e15', false],
    ['float64', '1.2345678901234568e20', true],
    ['float64', '1e309', false],
  ] as const)('%s and %s: %s', async (type, text, fits) => {
    const reading = readCsv(table('id,n', `1,${text}`, '2,1'), { types: { n: type } });
    if (fits) expect((await reading).rows).toHaveLength(2);
    else expect((await failureOf(reading)).what).toBe(`orders.csv, line 2: column n is ${type}, but "${text}" is not.`);
    const cell = valueOfText({ kind: type }, text);
    expect(text.startsWith('+') || (cell !== undefined) === fits).toBe(true);
  });

  test.each([
    ['float32', '16.777.217,0', false],
    ['float32', '16.777.216,0', true],
    ['float64', '9.007.199.254.740.993', false],
    ['float64', '9.007.199.254.740.993,00', false],
    ['float64', '9.007.199.254.740.992,00', true],
  ] as const)('also in groups, with a comma: %s and %s: %s', async (type, text, fits) => {
    const forms = { decimal_separator: ',', thousands_separator: '.' };
    const reading = readCsv(table('id;n', `1;${text}`, '2;1'), { types: { n: type }, ...forms });
    if (fits) expect((await reading).rows).toHaveLength(2);
    else expect((await failureOf(reading)).code).toBe('HYG-3305');
  });
});
