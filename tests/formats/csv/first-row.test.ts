import { describe, expect, test } from 'vitest';
import type { FileSource } from '../../../src/formats/contract/format.ts';
import { csvFormat } from '../../../src/formats/csv/csv.ts';
import { failureOf, fileOf, readCsv } from './files.ts';

interface Look {
  readonly header: boolean;
  readonly warned: boolean;
}

/** What the first look at files says their first rows are, and whether it warns. */
async function lookAt(sources: readonly FileSource[], options: Readonly<Record<string, unknown>> = {}): Promise<Look> {
  const sampled = await csvFormat(options).sample?.({ sources, pinned: null, scratch: {} as never, look: 'briefly' });
  const { header } = (sampled?.pinned ?? {}) as { readonly header: boolean };
  return { header, warned: sampled?.warnings?.some(({ code }) => code === 'csv.guess') ?? false };
}

async function lookAtWarnings(
  text: string,
  options: Readonly<Record<string, unknown>> = {},
): Promise<{ readonly warnings: readonly string[] }> {
  const sampled = await csvFormat(options).sample?.({ sources: [fileOf(text)], pinned: null, scratch: {} as never, look: 'briefly' });
  return { warnings: (sampled?.warnings ?? []).map(({ text: said }) => said) };
}

const lookAtText = (text: string): Promise<Look> => lookAt([fileOf(text)]);

const lines = (...rows: readonly string[]): string => `${rows.join('\n')}\n`;
const times = (count: number, row: (at: number) => string): string => lines(...Array.from({ length: count }, (_, at) => row(at)));

describe('a first row is data, and the file tells so, where', () => {
  test.each([
    ['the same date is in every row', times(20, () => '1/1/2020,open,closed')],
    ['dates stand above dates with the day first', lines('31.01.2020;Jensen', '01.02.2020;Hansen', '28.02.2020;Olsen')],
    ['dates stand above dates with the month first', lines('12/31/2026,a', '01/15/2027,b')],
    ['days have the month as a word', lines('3 Jan 2024,Ann', '14 Feb 2024,Bob')],
    ['amounts have a sign', lines('$1.00,tea', '$12.50,cake', '$3.00,milk')],
    ['amounts have a word', lines('tea,12 EUR', 'cake,3 EUR')],
    ['amounts have a decimal comma', lines('tea;1.234,50', 'cake;99,00')],
    ['shares are in percent', lines('north,12%', 'south,88%')],
    ['amounts are in brackets where they are negative', lines('rent;(1,200.00)', 'sale;300.00')],
    ['addresses of e-mail', lines('ann@example.com,Ann', 'bob@example.com,Bob')],
    ['unique ids', lines('6f1c2d34-8a9b-4cde-9f01-23456789abcd,x', '0a1b2c3d-8a9b-4cde-9f01-23456789abcd,y')],
    ['telephone numbers', lines('+45 12 34 56 78,Ann', '+45 87 65 43 21,Bob')],
    ['telephone numbers as in America', lines('Ann,(555) 123-4567', 'Bob,(555) 987-6543')],
    ['numbers of accounts', lines('DK5000400440116243;Ann', 'DE89370400440532013000;Bob')],
    ['addresses of hosts', lines('10.0.0.1,web', '10.0.0.2,db')],
    ['addresses of pages', lines('https://example.com/a,A', 'https://example.com/b,B')],
    ['moments', lines('2024-01-01T10:00:00Z,up', '2024-01-01T10:05:00Z,down')],
    ['times of day', lines('08:15,bus', '09:30,train')],
    ['the same row again and again', times(50, () => 'DK,OPEN,EUR')],
    ['words stand again below themselves', lines('DK,OPEN,EUR', 'SE,CLOSED,SEK', 'DK,OPEN,DKK', 'NO,OPEN,NOK')],
    ['numbers of articles', lines('SKU-0001,lamp', 'SKU-0002,chair', 'SKU-0003,desk')],
    ['numbers of invoices', lines('INV2024001;paid', 'INV2024002;open')],
    ['plates of cars', lines('AB12345,red', 'CD67890,blue')],
    ['whole numbers', lines('1,Ann', '2,Bob')],
    ['numbers with zeros before them', lines('0042,Ann', '0137,Bob')],
    ['years stand above years', lines('Ann,2019', 'Bob,2020', 'Cem,2019')],
    ['truths', lines('true,a', 'false,b', 'true,c')],
    ['documents', lines(`1;{'a':1}`, `2;{'a':2}`)],
    ['one value is missing', lines('ann@example.com,n/a,5', 'bob@example.com,3,6')],
    ['one field is empty', lines('ann@example.com,,5', 'bob@example.com,3,6')],
    ['a single row has a value that no name is', lines('ann@example.com,Ann')],
    ['lines of a log', lines('INFO 2024-01-01 10:00:00;start', 'INFO 2024-01-01 10:00:01;stop')],
    ['paths of files, and sizes', lines('/var/log/a.log,1 KB', '/var/log/b.log,22 KB')],
    ['weights', lines('5 kg;flour', '2 kg;sugar')],
    ['a single row has an amount', lines('tea,$1.00')],
    ['a single column of words comes again', lines('red', 'blue', 'red', 'red', 'green', 'blue')],
    ['quoted', lines('"31.12.2026","Jensen"', '"01.01.2027","Hansen"')],
  ])('%s', async (_, text) => {
    expect(await lookAtText(text)).toEqual({ header: false, warned: false });
  });
});

describe('a first row names the columns, and the file tells so, where', () => {
  test.each([
    ['numbers stand below', lines('id,name', '1,Ann', '2,Bob')],
    ['years are names', lines('country,2019,2020', 'DK,5.1,5.3', 'SE,9.8,10.1')],
    ['years are names above whole numbers', lines('country,2019,2020', 'DK,512,530', 'SE,980,1010')],
    ['days are names', lines('product,2024-01-01,2024-02-01', 'tea,5,7', 'cake,1,2')],
    ['days are names above words', lines('person,2024-01-01,2024-01-02', 'Ann,off,work', 'Bob,work,work')],
    ['months are names', lines('product;Jan 2024;Feb 2024', 'tea;5;7', 'cake;1;2')],
    ['the row number has no name', lines(',id,name', '0,17,Ann', '1,18,Bob')],
    ['the row number has no name above words', lines(',first,last', '0,Ann,Lee', '1,Bob,Ray')],
    ['the row number has no name and columns are numbered', lines(',0,1,2', '0,1.5,2.5,3.5', '1,4.5,5.5,6.5')],
    ['dates stand below', lines('day;who', '31.01.2020;Jensen', '01.02.2020;Hansen')],
    ['amounts stand below', lines('price,item', '$1.00,tea', '$2.00,cake')],
    ['addresses stand below', lines('contact,who', 'ann@example.com,Ann', 'bob@example.com,Bob')],
    ['truths stand below', lines('active,who', 'true,Ann', 'false,Bob')],
    ['yes and no stand below', lines('Member,who', 'yes,Ann', 'no,Bob')],
    ['numbers of articles stand below', lines('sku,what', 'SKU-0001,lamp', 'SKU-0002,chair')],
    ['all is text, and the names are words for columns', lines('name,city', 'ann,oslo', 'bo,bergen')],
    ['all is text, and names are written as programs do', lines('first_name,last_name', 'ann,lee', 'bo,ray')],
    ['all is text, and names are in small letters', lines('fruit,shade', 'Apple,Red', 'Plum,Blue', 'Pear,Green')],
    ['all is text, and names are in capitals', lines('FRUIT,SHADE', 'Apple,Red', 'Plum,Blue', 'Pear,Green')],
    ['names are numbered', lines('C1,C2', '"11,12","2,3"', '"200","6,7"')],
    ['names are questions', lines('q1,q2,q3', '5,4,3', '1,2,2')],
    ['letters that could be truths are names', lines('X,Y', '1.5,2.5', '3.5,4.5')],
    ['a value is called as its column', lines('name,value', 'name,5', 'size,6', 'age,7')],
    ['a value is missing in each row but one', lines('id,amount', '1,', '2,', '3,5.25')],
    ['it is in the middle again', lines('id,name', '1,Ann', 'id,name', '2,Bob')],
    ['names are quoted', lines('"Order No","Amount"', '"A-1","5"', '"A-2","7"')],
    ['another language', lines('Navn;Beløb', 'Ann;12,50', 'Bo;7,00')],
    ['a date is missing in most rows', lines('person,left', 'Ann,', 'Bob,2024-01-01', 'Cem,n/a')],
    ['a single line says nothing else', lines('id,name,created_at')],
    ['classes are names', lines('region,0-9,10-19,20-29', 'north,5,6,7', 'south,8,9,1')],
    ['hours are names', lines('who,00:00,01:00', 'ann,5,6', 'bo,7,8')],
    ['names have units', lines('weight (kg),height (cm)', '71.5,180', '60,165')],
    ['a name has a number', lines('site,top 10,top 100', 'a,5,6', 'b,7,8')],
  ])('%s', async (_, text) => {
    expect(await lookAtText(text)).toEqual({ header: true, warned: false });
  });
});

describe('a warning says what a first row is taken for where', () => {
  test.each([
    ['there is one line of words', lines('DK,OPEN,EUR'), true],
    ['there is one line of words and a year', lines('country,2019,2020'), true],
    ['all are words', lines('anna,oslo', 'bo,bergen'), true],
    ['the first name is empty, and one row is below', lines(',x', '1,y'), true],
    ['columns are numbered as values would be', lines('zone,1,2,3', 'a,4,5,6', 'b,7,8,9'), true],
    ['one year is above numbers', lines('Oslo,2019', 'Bergen,412'), true],
    ['one line is a number', lines('5'), false],
    ['two words of the first row are the same', lines('red,red', 'blue,green'), false],
    ['shares are names', lines('country,10%,50%,90%', 'DK,1.5,2.5,3.5', 'SE,2.5,3.5,4.5'), true],
    ['limits of classes are names', lines('where,0.25,0.5,0.9', 'a,1.5,2.5,4.5', 'b,0.1,3.5,9.5'), false],
    ['sizes are names', lines('site,36,38,44', 'a,5,6,7', 'b,1,2,3'), false],
  ])('%s', async (_, text, header) => {
    expect(await lookAtText(text)).toEqual({ header, warned: true });
  });

  test('it is one of several files, unless another one tells', async () => {
    const [first, second] = [fileOf(lines('DK,OPEN'), { name: 'a.csv' }), fileOf(lines('DK,5', 'SE,6'), { name: 'b.csv' })];
    expect(await lookAt([first])).toEqual({ header: true, warned: true });
    expect(await lookAt([first, second])).toEqual({ header: false, warned: false });
  });

  test('not where types name columns as the first row does', async () => {
    expect(await lookAt([fileOf(lines('anna,oslo', 'bo,bergen'))], { types: { oslo: 'string' } })).toEqual({ header: true, warned: false });
  });

  test('not where the config says what it is, nor where it was decided before', async () => {
    for (const header of [true, false, ['a', 'b']])
      expect((await lookAt([fileOf(lines('anna,oslo', 'bo,bergen'))], { header })).warned).toBe(false);
    const { pinned } = await readCsv(lines('anna,oslo', 'bo,bergen'));
    const again = await csvFormat({}).sample?.({
      sources: [fileOf(lines('anna,oslo', 'x,y'))],
      pinned,
      scratch: {} as never,
      look: 'briefly',
    });
    expect(again?.warnings).toBeUndefined();
  });

  test('and stops the run with on_guess: fail', async () => {
    const { code, what, tryThis } = await failureOf(readCsv(lines('DK,OPEN', 'SE,SHUT'), { on_guess: 'fail' }));
    expect([code, what]).toEqual(['HYG-3318', 'Nothing in orders.csv says whether its first row names the columns: "DK, OPEN".']);
    expect(tryThis[0]).toBe('If the first row names the columns, say so: header: true');
    for (const header of [true, false, ['a', 'b']])
      expect((await readCsv(lines('DK,OPEN', 'SE,SHUT'), { on_guess: 'fail', header })).rows.length).toBeGreaterThan(0);
    expect((await readCsv(lines('id,name', '1,Ann'), { on_guess: 'fail' })).rows).toEqual([['1', 'Ann']]);
  });
});

describe('a guess', () => {
  test('from one line is made again when there are rows', async () => {
    const first = await readCsv('DK,OPEN\n');
    expect(first.rows).toEqual([]);
    const later = await readCsv(lines('DK,OPEN', 'SE,OPEN', 'DK,SHUT', 'NO,OPEN'), {}, { pinned: first.pinned });
    expect(later.rows).toHaveLength(4);
  });

  test('is the same whatever the size of what is read at once, in a large file', async () => {
    const text = times(6_000, (at) => `31.12.${2000 + (at % 20)};Jensen ${at};open`);
    const found = await Promise.all([1024, 64 * 1024, 1024 * 1024].map((chunkBytes) => readCsv(text, {}, { chunkBytes })));
    for (const { rows, names } of found) {
      expect(rows).toHaveLength(6_000);
      expect(names).toEqual(['column_1', 'column_2', 'column_3']);
    }
  });
});

describe('what one file tells of the first row of another', () => {
  const undecided = lines('Ann,open', 'Bob,shut', 'Cem,open');

  test('is taken where it has the same names', async () => {
    const same = lines('Ann,open', '17,2026-01-01', '18,2026-01-02');
    expect(await lookAt([fileOf(undecided), fileOf(same)])).toEqual({ header: true, warned: false });
  });

  test('is nothing where its names are others: it may be the table of another source', async () => {
    const other = lines('id,day', '17,2026-01-01', '18,2026-01-02');
    expect(await lookAt([fileOf(undecided)])).toEqual({ header: false, warned: true });
    expect(await failureOf(lookAt([fileOf(undecided), fileOf(other)]))).toMatchObject({ code: 'HYG-3320' });
  });
});

describe('lines before a table stop the run, with what to skip, where they are', () => {
  const preambled = (...above: readonly string[]): string =>
    lines(...above, 'id,day,amount', '1,2026-01-01,4.50', '2,2026-01-02,5.50', '3,2026-01-03,6.50');

  test.each([
    ['a title', preambled('Report of sales'), 1],
    ['a title and a blank line', preambled('Report of sales', ''), 2],
    ['a title, a day and an author', preambled('Report of sales', 'Printed: 2026-01-04', '', 'By Ann'), 4],
    ['a title with the delimiter in it', preambled('Report of sales, north'), 1],
    ['a title that a spreadsheet has padded', preambled('Report of sales,,', ',,'), 2],
    [
      'more lines than the table has',
      lines('Report of sales', 'by Ann', 'for Bob', 'of May', 'in Oslo', 'id;day;amount', '1;a;4.50', '2;b;5.50'),
      5,
    ],
    ['a title above rows without names', lines('Report of sales', '1,2026-01-01,4.50', '2,2026-01-02,5.50'), 1],
  ])('%s', async (_, text, skip) => {
    for (const bad_rows of ['fail', 'skip', 'quarantine']) {
      const { code, tryThis } = await failureOf(readCsv(text, { bad_rows }));
      expect([code, tryThis[0]]).toEqual(['HYG-3319', `Skip the lines above the table: skip_rows: ${skip}`]);
    }
    const { rows, names, rejected } = await readCsv(text, { skip_rows: skip });
    expect([rows[0]?.[0], names.length, rejected]).toEqual(['1', 3, []]);
  });

  test('in a large file, of any encoding and compression', async () => {
    const text = `Sales\r\n\r\nid;amount\r\n${Array.from({ length: 40_000 }, (_, at) => `${at};${at}.25\r\n`).join('')}`;
    for (const [content, options] of [
      [text, {}],
      [Buffer.from(`\ufeff${text}`, 'utf16le'), {}],
    ] as const) {
      expect(await failureOf(readCsv(content, options))).toMatchObject({
        code: 'HYG-3319',
        tryThis: expect.arrayContaining(['Skip the lines above the table: skip_rows: 2']),
      });
      expect((await readCsv(content, { ...options, skip_rows: 2 })).rows).toHaveLength(40_000);
    }
  });

  test('a header that is one name short is told as that', async () => {
    const { code, tryThis } = await failureOf(readCsv(lines('name,age', '1,Ann,5', '2,Bob,6', '3,Cem,7')));
    expect(code).toBe('HYG-3319');
    expect(tryThis[0]).toBe('Look at the first lines of orders.csv, and name its 3 columns: header: [a, b, …] with skip_rows: 1');
    expect(
      (await readCsv(lines('name,age', '1,Ann,5', '2,Bob,6', '3,Cem,7'), { header: ['a', 'b', 'c'], skip_rows: 1 })).rows,
    ).toHaveLength(3);
  });

  test('a later file that has them is stopped at as well', async () => {
    const { pinned } = await readCsv(lines('id,day,amount', '1,2026-01-01,4.50'));
    expect(await failureOf(readCsv(preambled('Report of sales'), {}, { pinned }))).toMatchObject({ code: 'HYG-3319' });
  });
});

describe('comments before a table stop the run', () => {
  test.each([
    ['one, above names', lines('# made by a program', 'a;b', '1;2', '3;4')],
    ['many, more than rows', lines(...Array.from({ length: 30 }, (_, at) => `# comment ${at}`), 'a;b', '1;2', '3;4')],
    ['one with as many fields', lines('# made by Ann, today', 'id,name', '1,Ann', '2,Bob')],
    ['above a single column', lines('# all names of today', 'name', 'Ann', 'Bob')],
    ['above rows without names', lines('# made by a program', '# on a Monday', '1,Ann', '2,Bob')],
  ])('%s', async (_, text) => {
    expect((await failureOf(readCsv(text))).code).toBe('HYG-3309');
    expect((await readCsv(text, { comment: '#' })).rows).toHaveLength(2);
  });

  test('a # before names, or before every value, is none', async () => {
    expect((await readCsv(lines('#id,name', '1,Ann', '2,Bob'))).names).toEqual(['#id', 'name']);
    expect((await readCsv(lines('#1,Ann', '#2,Bob', '#3,Cem'))).rows).toHaveLength(3);
  });
});

describe('a later file', () => {
  test('with a header, where none had one, stops the run', async () => {
    const { pinned } = await readCsv(lines('DK,OPEN', 'SE,OPEN', 'DK,SHUT'));
    const { code, what } = await failureOf(readCsv(lines('country,status', 'DK,OPEN', 'SE,SHUT'), {}, { pinned }));
    expect([code, what]).toEqual(['HYG-3320', 'orders.csv seems to have a header: its first row is "country, status".']);
    expect((await readCsv(lines('DK,OPEN', 'SE,SHUT'), {}, { pinned })).rows).toHaveLength(2);
  });

  test('of words without the header that the others have stops the run', async () => {
    const { pinned } = await readCsv(lines('country,status', 'DK,OPEN', 'SE,OPEN'));
    expect(await failureOf(readCsv(lines('NO,SHUT', 'FI,OPEN'), {}, { pinned }))).toMatchObject({ code: 'HYG-3310' });
  });
});

describe('a header that stands among the rows again', () => {
  const twice = lines('name,city', 'ann,oslo', 'bo,bergen', 'name,city', 'cem,rome');

  test('is not a row: the run stops at its line, or leaves it out and counts it', async () => {
    const { code, what, tryThis } = await failureOf(readCsv(twice));
    expect([code, what]).toEqual(['HYG-3305', 'orders.csv, line 4: it repeats the header and is not a row.']);
    expect(tryThis).toContain('If the first line is a row too, say header: false');
    for (const bad_rows of ['skip', 'quarantine']) {
      const { rows, rejected } = await readCsv(twice, { bad_rows });
      expect(rows.map(([name]) => name)).toEqual(['ann', 'bo', 'cem']);
      expect(rejected).toMatchObject([{ line: 4, reason: 'it repeats the header and is not a row' }]);
    }
    expect((await readCsv(twice, { header: false })).rows).toHaveLength(5);
  });

  test.each([
    ['as the last line, without an end', 'name,city\nann,oslo\nname,city', 1],
    ['with line ends of Windows', 'name,city\r\nann,oslo\r\nname,city\r\nbo,bergen\r\n', 2],
    ['as the first row', lines('name,city', 'name,city', 'ann,oslo'), 1],
    ['in quotes', lines('"name","city"', 'ann,oslo', '"name","city"', 'bo,bergen'), 2],
    ['in quotes, though the first is not', lines('name,city', 'ann,oslo', '"name","city"', 'bo,bergen'), 2],
    ['without quotes, though the first is in quotes', lines('"name","city"', 'ann,oslo', 'name,city', 'bo,bergen'), 2],
    ['behind the mark that a file began with', lines('\ufeffname,city', 'ann,oslo', '\ufeffname,city', 'bo,bergen'), 2],
    ['behind such a mark, and in quotes', lines('name,city', 'ann,oslo', '\ufeff"name","city"', 'bo,bergen'), 2],
    ['in a file of one column', lines('email', 'ann@example.com', 'email', 'bob@example.com'), 2],
    ['twice in a row', lines('name,city', 'ann,oslo', 'name,city', 'name,city'), 1],
  ])('%s', async (_, text, kept) => {
    const { rows, rejected } = await readCsv(text, { bad_rows: 'skip', header: true });
    expect([rows.length, rows.length + rejected.length]).toEqual([kept, text.trim().split('\n').length - 1]);
  });

  test('where the config gives the names, and the file has them too', async () => {
    expect(await failureOf(readCsv(twice, { header: ['name', 'city'] }))).toMatchObject({ code: 'HYG-3305' });
    expect((await readCsv(twice, { header: ['name', 'city'], bad_rows: 'skip' })).rows).toHaveLength(3);
  });

  test('is text inside of a value that has lines', async () => {
    expect((await readCsv('name,city\nann,"a\nname,city\nb"\n')).rows).toEqual([['ann', 'a\nname,city\nb']]);
  });

  test('says nothing of the types below', async () => {
    expect((await readCsv(lines('id,name', '1,ann', 'id,name', '2,bo'), { bad_rows: 'skip' })).types).toEqual(['int64', 'string']);
  });

  test('is found wherever a large file is cut', async () => {
    const text = [
      'name,city',
      ...Array.from({ length: 10_000 }, (_, at) => (at % 997 === 996 ? 'name,city' : `person ${at},city ${at % 7}`)),
      '',
    ].join('\n');
    for (const [chunkBytes, pieceBytes] of [
      [1021, 64 * 1024],
      [64 * 1024, 1_000_003],
      [8 * 1024 * 1024, 16 * 1024 * 1024],
    ] as const) {
      const { rows, rejected } = await readCsv(text, { bad_rows: 'skip', header: true }, { chunkBytes, pieceBytes });
      expect([rows.length, rejected.length]).toEqual([9_990, 10]);
    }
  });
});

test('names that differ only in case are reported once', async () => {
  const format = csvFormat({});
  const request = { sources: [fileOf(lines('id,N,n', '1,2,3'))], scratch: {} as never, look: 'briefly' as const };
  const first = await format.sample?.({ ...request, pinned: null });
  expect(first?.warnings?.map(({ code, params }) => [code, params])).toEqual([['csv.case', { columns: ['N', 'n'] }]]);
  expect((await format.sample?.({ ...request, pinned: first?.pinned ?? null }))?.warnings).toBeUndefined();
});

describe('a name that is missing above values is a guess', () => {
  test.each([
    ['at the end', `Smith,\n${times(20, (at) => `Name${at},${at}`)}`],
    ['in the middle', `Smith,,Berlin\n${times(20, (at) => `Name${at},${at},Oslo`)}`],
  ])('%s', async (_, text) => {
    expect((await lookAtText(text)).warned).toBe(true);
  });

  test.each([
    ['above nothing', `id,name,\n${times(20, (at) => `${at},Ann,`)}`],
    ['above row numbers', `,name,age\n${times(20, (at) => `${at},Ann,${at}`)}`],
    ['above labels of rows', `,name,age\n${times(20, (at) => `r${at},Ann,${at}`)}`],
  ])('but not %s', async (_, text) => {
    expect(await lookAtText(text)).toEqual({ header: true, warned: false });
  });
});

test('a row without a value above the names stops the run, with what to skip', async () => {
  const text = `;;\n${lines('id;name;amount')}${times(20, (at) => `${at};Ann;${at}`)}`;
  const { code, what, tryThis } = await failureOf(readCsv(text));
  expect([code, tryThis[0]]).toEqual(['HYG-3319', 'Skip the lines above the table: skip_rows: 1']);
  expect(what).toBe('orders.csv begins with a row without a value, which does not name the columns of its table.');
  expect((await readCsv(text, { skip_rows: 1 })).names).toEqual(['id', 'name', 'amount']);
  // Above a row of values it is a row of nulls.
  expect(await lookAtText(`;;\n${times(20, (at) => `${at};Ann;${at}`)}`)).toEqual({ header: false, warned: false });
});

describe('names below the first row are told with a WARN: every column would be text because of them', () => {
  test.each([
    ['below a title of as many fields', `Report of sales,May,2024\nDate,Product,Qty\n${times(20, (at) => `2024-05-01,P${at},${at}`)}`, 1],
    ['below two lines of a bank', `Konto;DK12345678901234\nPeriode;2024\nDato;Beløb\n${times(20, (at) => `01.05.2024;${at},50`)}`, 2],
    ['below other names', `north,south,west\nn,mean,sd\n${times(20, (at) => `${at},${at}.5,${at}`)}`, 1],
  ])('%s', async (_, text, skip) => {
    const { warnings } = await lookAtWarnings(text);
    expect(warnings).toContainEqual(expect.stringContaining(`skip_rows: ${skip}`));
    expect((await lookAtWarnings(text, { skip_rows: skip })).warnings).toEqual([]);
  });

  test.each([
    ['a first row with words for what is missing', `id,age,day\n1,unknown,n/a\n${times(20, (at) => `${at},${at},2024-05-01`)}`],
    ['a first row with one word above numbers', `name,age,city\nAnn,pending,Oslo\n${times(20, (at) => `Bo,${at},Rome`)}`],
    ['texts', `name,city\nAnn,Oslo\n${times(20, () => 'Bo,Rome')}`],
  ])('but not %s', async (_, text) => {
    expect((await lookAtWarnings(text)).warnings).toEqual([]);
  });
});
