import { expect, test } from 'vitest';
import { readCsv } from './files.ts';

const proposed = async (text: string, options: Readonly<Record<string, unknown>> = {}): Promise<readonly string[]> =>
  (await readCsv(text, options)).notes.filter((note) => note.includes('as text'));

const table = (...rows: readonly string[]): string => `${rows.join('\n')}\n`;

test.each([
  [
    'a decimal comma',
    table('id;amount', '1;12,50', '2;7,00'),
    'amount ("12,50") settles as text: with decimal_separator: "," in the home it is decimal(18,2)',
    { decimal_separator: ',' },
    ['int64', 'decimal(18,2)'],
  ],
  [
    'points between groups',
    table('id;amount', '1;1.234,50', '2;7,00'),
    'amount ("1.234,50") settles as text: with decimal_separator: "," and thousands_separator: "." in the home it is decimal(18,2)',
    { decimal_separator: ',', thousands_separator: '.' },
    ['int64', 'decimal(18,2)'],
  ],
  [
    'commas between groups',
    table('id;amount', '1;1,234.50', '2;7.00'),
    'amount ("1,234.50") settles as text: with thousands_separator: "," in the home it is decimal(18,2)',
    { thousands_separator: ',' },
    ['int64', 'decimal(18,2)'],
  ],
  [
    'days first',
    table('id;day', '1;31-12-2026', '2;01-01-2027'),
    'day ("31-12-2026") settles as text: with date_format: "%d-%m-%Y" in the home it is date',
    { date_format: '%d-%m-%Y' },
    ['int64', 'date'],
  ],
  [
    'moments',
    table('id;at', '1;31.12.2026 23:59', '2;01.01.2027 00:01'),
    'at ("31.12.2026 23:59") settles as text: with timestamp_format: "%d.%m.%Y %H:%M" in the home it is timestamp[us]',
    { timestamp_format: '%d.%m.%Y %H:%M' },
    ['int64', 'timestamp[us]'],
  ],
])('%s: the key is proposed with a value, and reads the column', async (_, text, note, options, types) => {
  expect(await proposed(text)).toEqual([note]);
  const read = await readCsv(text, options);
  expect([read.types, await proposed(text, options)]).toEqual([types, []]);
});

test('several columns are named together', async () => {
  const text = table('net;gross;day;due', '1,00;1,25;31.12.2026;31.01.2027', '2,00;2,50;01.01.2027;01.02.2027');
  expect(await proposed(text)).toEqual([
    'net, gross ("1,00") settle as text: with decimal_separator: "," in the home they are decimal(18,2)',
    'day, due ("31.12.2026") settle as text: with date_format: "%d.%m.%Y" in the home they are date',
  ]);
});

test('values that fit two forms are told as that', async () => {
  expect(await proposed(table('id;day', '1;01/02/2026', '2;03/04/2026'))).toEqual([
    'day ("01/02/2026") settles as text: the values fit date_format: "%d/%m/%Y", or date_format: "%m/%d/%Y". The home can say which form is right',
  ]);
  expect(await proposed(table('id;amount', '1;1,234', '2;5,678'))).toEqual([
    'amount ("1,234") settles as text: the values fit decimal_separator: ",", or thousands_separator: ",". The home can say which form is right',
  ]);
});

test('a key that would make text of another column is named with that', async () => {
  const text = table('id;amount;rate', '1;12,50;1.5', '2;7,00;2.25');
  expect(await proposed(text)).toEqual([
    'amount ("12,50") settles as text: decimal_separator: "," would read it, but other columns are written otherwise',
  ]);
});

test('words and codes are left unchanged', async () => {
  expect(await proposed(table('id;code;version', '1;12,a;1.2.3', '2;7,b;1.2.20'))).toEqual([]);
  expect(await proposed(table('id;amount', '1;12,50', '2;none of it'))).toEqual([]);
});

test('points between thousands are no fractions, where another column writes a comma before its own', async () => {
  const text = table('item;stock;price', 'Nut;100;0,03', 'Bolt;1.000;12,50', 'Pin;0;1,10');
  const read = await readCsv(text);
  expect([read.types, read.rows[1]]).toEqual([
    ['string', 'string', 'string'],
    ['Bolt', '1.000', '12,50'],
  ]);
  expect(await proposed(text)).toEqual([
    'stock, price ("1.000") settle as text: with decimal_separator: "," and thousands_separator: "." in the home they are int64',
  ]);
  const told = await readCsv(text, { decimal_separator: ',', thousands_separator: '.' });
  expect(told.types).toEqual(['string', 'int64', 'decimal(18,2)']);
  expect(told.rows[1]?.slice(1).map(String)).toEqual(['1000', '12.50']);
});

test.each([
  ['fractions that are no groups', table('item;rate;price', 'Nut;1.5;0,03', 'Bolt;1.000;12,50'), 'float64'],
  ['a zero before the point', table('item;rate;price', 'Nut;0.125;0,03', 'Bolt;1.250;12,50'), 'decimal(18,3)'],
])('but %s leave a column of numbers', async (_, text, type) => {
  expect((await readCsv(text)).types[1]).toBe(type);
});
