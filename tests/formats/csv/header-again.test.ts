/** Files that were put together have the header of each: as other programs wrote it, and with columns in another order. */
import { describe, expect, test } from 'vitest';
import { failureOf, readCsv } from './files.ts';

const lines = (...rows: readonly string[]): string => `${rows.join('\n')}\n`;
const people = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, at) => `Person ${at},${['Oslo', 'Rome', 'Lyon'][at % 3]}`);

describe('the header is not a row where it stands again', () => {
  test.each([
    ['with capitals', 'name,city', 'Name,City'],
    ['in capitals', 'name,city', 'NAME,CITY'],
    ['in small letters', 'Name,City', 'name,city'],
    ['with blanks around names', 'name,city', 'name , city'],
    ['in capitals and quotes', 'name,city', '"NAME","CITY"'],
    ['with capitals behind a byte order mark', 'name,city', '\ufeffName,City'],
    ['with blanks between words', 'full_name,home_city', 'Full Name,Home City'],
  ])('%s', async (_, header, again) => {
    const text = lines(header, ...people(5), again, ...people(4));
    expect(await failureOf(readCsv(text))).toMatchObject({
      code: 'HYG-3305',
      what: 'orders.csv, line 7: it repeats the header and is not a row.',
    });
    const { rows, rejected } = await readCsv(text, { bad_rows: 'skip' });
    expect([rows.length, rejected.length]).toEqual([9, 1]);
  });

  test('and says nothing of the types below', async () => {
    const { types, rows, rejected } = await readCsv(lines('id,name', '1,Ann', 'ID,Name', '2,Bo'), { bad_rows: 'skip' });
    expect([types, rows.length, rejected[0]?.reason]).toEqual([['int64', 'string'], 2, 'it repeats the header and is not a row']);
  });

  test('far behind the rows that are looked at first, wherever the text is cut', async () => {
    const text = lines('name,city', ...people(10_000), 'NAME,CITY', ...people(10_000));
    for (const chunkBytes of [1021, 1024 * 1024]) {
      const { rows, rejected } = await readCsv(text, { bad_rows: 'skip' }, { chunkBytes });
      expect([rows.length, rejected.map(({ line }) => line)]).toEqual([20_000, [10_002]]);
    }
  });

  test('but a value in a file of one column may be called as it, in other letters', async () => {
    expect((await readCsv(lines('word', 'House', 'Word', 'Tree'), { header: true })).rows).toHaveLength(3);
  });

  test('and a row that has but some of the names is a row', async () => {
    expect((await readCsv(lines('name,city', ...people(20), 'name,Oslo', 'name,name', 'city,city'), { header: true })).rows).toHaveLength(
      23,
    );
  });
});

describe('the header with columns in another order stops the run: rows below it would settle in the wrong columns', () => {
  test.each([
    ['of two columns', lines('name,city', ...people(8), 'city,name', 'Oslo,Ann')],
    ['of three, in capitals', lines('name,city,land', ...people(8).map((row) => `${row},DK`), 'CITY,NAME,LAND', 'Oslo,Ann,SE')],
    ['of which one holds numbers', lines('id,name', '1,Ann', '2,Bo', 'name,id', 'Cem,3')],
    ['of which one that stays holds numbers', lines('name,city,age', 'Ann,Oslo,5', 'Bo,Rome,6', 'city,name,age', 'Lyon,Cem,7')],
  ])('%s', async (_, text) => {
    for (const bad_rows of ['fail', 'skip', 'quarantine']) {
      const { code, what, tryThis } = await failureOf(readCsv(text, { bad_rows, header: true }));
      const line = text.split('\n').length - 2;
      expect([code, what]).toEqual(['HYG-3305', `orders.csv, line ${line}: the header is repeated, with its columns in another order.`]);
      expect(tryThis[0]).toBe(`Write line ${line} and the rows below it to a separate file: columns are matched by name`);
    }
  });

  test('unless the config calls the columns otherwise: then it is a row, as the advice says', async () => {
    const text = lines('source,target', 'a,b', 'b,c', 'target,source', 'c,d');
    expect((await failureOf(readCsv(text, { header: true }))).tryThis[1]).toBe(
      'If this line is a row of values, name the 2 columns differently: header: [a, b, …] with skip_rows: 1',
    );
    expect((await readCsv(text, { header: ['from_node', 'to_node'], skip_rows: 1 })).rows).toHaveLength(4);
  });

  test('and rows of a file without a header are rows, in any order', async () => {
    const { rows } = await readCsv(lines('DK,SE', 'SE,DK', 'DK,NO', 'NO,SE', 'DK,SE', 'SE,NO', 'SE,DK'));
    expect(rows).toHaveLength(7);
  });
});
