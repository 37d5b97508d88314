/** Where two readings of a file are both plausible: the likelier is taken, and the first run says so. */
import { describe, expect, test } from 'vitest';
import { csvFormat } from '../../../src/formats/csv/csv.ts';
import { failureOf, fileOf, readCsv } from './files.ts';

interface Look {
  readonly delimiter: string;
  readonly header: boolean;
  readonly warned: readonly string[];
}

async function lookAt(text: string): Promise<Look> {
  const sampled = await csvFormat({}).sample?.({ sources: [fileOf(text)], pinned: null, scratch: {} as never, look: 'briefly' });
  const { delimiter, header } = (sampled?.pinned ?? {}) as { readonly delimiter: string; readonly header: boolean };
  return { delimiter, header, warned: (sampled?.warnings ?? []).map(({ code }) => code) };
}

const lines = (...rows: readonly string[]): string => `${rows.join('\n')}\n`;
const people = ['Anna', 'Bo', 'Cem', 'Dorte', 'Erik', 'Frida', 'Gus', 'Hanne', 'Ida', 'Jens', 'Karl'];
const cities = ['Oslo', 'Rome', 'Bergen', 'Paris', 'Lyon', 'Aarhus', 'Oslo'];
const colours = ['red', 'blue', 'green', 'pink'];
const person = (at: number): string => people[(at * 7 + (at % 4)) % people.length] ?? '';
const city = (at: number): string => cities[(at * 5) % cities.length] ?? '';
const colour = (at: number): string => colours[at % colours.length] ?? '';
const times = (row: (at: number) => string): string => lines(...Array.from({ length: 12 }, (_, at) => row(at)));

describe('what stands between fields is reported, though other characters stand in every row as often, where', () => {
  test.each([
    ['tabs', 'a list has three parts', '\t', times((at) => `${person(at)}\tred,blue,green`)],
    ['tabs', 'a list has numbers', '\t', times((at) => `${at}\t${at + 1},${at + 2},7`)],
    ['tabs', 'places are two numbers', '\t', times((at) => `${person(at)}\t59.${at},10.${at}`)],
    ['tabs', 'names are turned around', '\t', times((at) => `${city(at)}, ${person(at)}\t${city(at + 1)}`)],
    ['commas', 'lists stand in quotes', ',', times((at) => `${person(at)},"red;blue;green",${city(at)}`)],
    ['commas', 'lists stand next to numbers', ',', times((at) => `${at},red;blue;pink`)],
    ['commas', 'lists with bars stand next to numbers', ',', times((at) => `${at},red|blue|pink`)],
    ['commas', 'lists are of the same words', ',', times((at) => `${person(at)},${colour(at)};${colour(at + 1)};${colour(at + 2)}`)],
    ['commas', 'a text holds a tab next to a number', ',', times((at) => `${at},a\tb`)],
    ['semicolons', 'a list has numbers', ';', times((at) => `${person(at)};1,2,${at}`)],
    ['semicolons', 'lists are of the same words', ';', times((at) => `${person(at)};${colour(at)},${colour(at + 1)},${colour(at + 2)}`)],
    ['bars', 'a list has numbers', '|', times((at) => `${person(at)}|1,2,${at}`)],
    ['bars', 'texts hold semicolons next to numbers', '|', times((at) => `${person(at)}|a;b;c|${at}`)],
  ])('%s: %s', async (_, __, delimiter, text) => {
    const found = await lookAt(text);
    expect(found.delimiter).toBe(delimiter);
    expect(found.warned).not.toContain('csv.delimiter');
    expect((await readCsv(text, { header: false })).rows).toHaveLength(12);
  });

  test.each([
    ['of words of two kinds', times((at) => `${person(at)},red;blue`)],
    ['of three words', times((at) => `${person(at)},red;blue;green`)],
    ['of bars', times((at) => `${person(at)},red|blue|green`)],
    ['of commas', times((at) => `${person(at)};red,blue,green`)],
    ['of semicolons between bars', times((at) => `${person(at)}|a;b;c`)],
  ])('but not where a list %s could as well be fields: it is said, and on_guess: fail stops', async (_, text) => {
    expect((await lookAt(text)).warned).toContain('csv.delimiter');
    const { code, what, tryThis } = await failureOf(readCsv(text, { on_guess: 'fail' }));
    expect([code, what]).toEqual([
      'HYG-3318',
      expect.stringMatching(/^Nothing in orders\.csv says which character separates its fields: "." or "."\.$/),
    ]);
    for (const advice of tryThis) {
      const [, delimiter = ''] = /delimiter: "(.)"$/.exec(advice) ?? [];
      expect((await readCsv(text, { on_guess: 'fail', delimiter })).rows).toHaveLength(12);
    }
  });
});

describe('a first row whose texts stand once below themselves is a guess', () => {
  test.each([
    ['words for columns', lines('name,city', 'ann,oslo', 'name,rome', 'bo,city', 'cem,lyon', 'dan,oslo')],
    ['words for columns above names', lines('Name,City', 'Ann,Oslo', 'Name,Rome', 'Bo,City', 'Cem,Lyon', 'Dan,Oslo')],
    [
      'a list of columns',
      lines('table,column,type', 'customers,id,int', 'customers,name,text', 'table,comment,text', 'orders,column,text'),
    ],
    ['other words', lines('fruit,shade', 'plum,red', 'fruit,blue', 'pear,shade', 'kiwi,green', 'melon,brown')],
    ['a glossary', lines('term,meaning', 'term,a word', 'plan,what is to do', 'word,meaning')],
    ['rows', lines('Anna,Oslo', 'Bo,Rome', 'Cem,Oslo', 'Anna,Lyon', 'Dan,Paris', 'Eva,Nice', 'Finn,Kiel')],
    ['rows of words for columns', lines('active,customer', 'inactive,supplier', 'blocked,customer', 'active,partner', 'new,lead')],
  ])('%s', async (_, text) => {
    expect((await lookAt(text)).warned).toEqual(['csv.guess']);
    expect(await failureOf(readCsv(text, { on_guess: 'fail' }))).toMatchObject({ code: 'HYG-3318' });
  });

  test('but not in a large table of words for columns', async () => {
    const text = lines('name,city,land', ...Array.from({ length: 60 }, (_, at) => `Person ${at},Town ${at},DK`), 'name,Oslo,DK');
    expect(await lookAt(text)).toMatchObject({ header: true, warned: [] });
  });

  test('nor where the texts of rows come again as often', async () => {
    expect(await lookAt(times((at) => `${person(at)},${city(at)}`))).toMatchObject({ header: false, warned: [] });
  });
});

describe('how the first row is written', () => {
  test.each([
    ['one text in capitals among others', lines('IBM,Software', 'Novo,Pharma', 'Vestas,Energy', 'Maersk,Shipping', 'Carlsberg,Beer')],
    ['the only column in capitals', lines('RED', 'green', 'blue', 'pink')],
  ])('is no more than a guess: %s', async (_, text) => {
    expect((await lookAt(text)).warned).toEqual(['csv.guess']);
  });

  test('says where all of it is written otherwise than all below', async () => {
    expect(await lookAt(lines('FRUIT,SHADE', 'Apple,Red', 'Plum,Blue', 'Pear,Green'))).toMatchObject({ header: true, warned: [] });
  });

  test('on above yes and no is a name', async () => {
    expect(await lookAt(lines('feature,on', 'dark mode,yes', 'beta,no'))).toMatchObject({ header: true, warned: [] });
    expect(await lookAt(lines('beta,no', 'dark mode,yes', 'light,no'))).toMatchObject({ header: false, warned: [] });
  });
});

describe('rows that end with a delimiter have no field behind it, where the names have none', () => {
  test.each([
    ['of numbers', lines('id,name', '1,Ann,', '2,Bob,', '3,Cem,'), ['int64', 'string']],
    ['of texts', lines('name,city', 'ann,oslo,', 'bo,rome,', 'cem,lyon,'), ['string', 'string']],
    ['of Windows', 'id;name\r\n1;Ann;\r\n2;Bob;\r\n3;Cem;\r\n', ['int64', 'string']],
    ['of which some do not', lines('id,name', '1,Ann,', '2,Bob', '3,Cem,'), ['int64', 'string']],
    ['in quotes', lines('"id","name"', '"1","Ann",', '"2","Bob",', '"3","Cem, Jr.",'), ['int64', 'string']],
  ])('%s', async (_, text, types) => {
    const table = await readCsv(text);
    expect([table.names.length, table.types, table.rows.length]).toEqual([2, types, 3]);
    expect((await lookAt(text)).warned).toEqual(['csv.trailing']);
    expect((await readCsv(text, { header: [...table.names], skip_rows: 1 })).rows).toEqual(table.rows);
  });

  test('and a value there is a bad row, wherever it stands and however the text is cut', async () => {
    const text = lines(
      'id,name',
      ...Array.from({ length: 5_000 }, (_, at) => (at === 4_000 ? '7,Ann,x' : at === 4_001 ? '8,"Bo",""' : `${at},Ann,`)),
    );
    expect(await failureOf(readCsv(text))).toMatchObject({
      code: 'HYG-3305',
      what: 'orders.csv, line 4002: it has 3 fields instead of 2.',
    });
    for (const chunkBytes of [1021, 1024 * 1024]) {
      const { rows, rejected } = await readCsv(text, { bad_rows: 'quarantine' }, { chunkBytes });
      expect([rows.length, rejected.map(({ line, text: row }) => [line, row])]).toEqual([
        4_998,
        [
          [4_002, '7,Ann,x'],
          [4_003, '8,"Bo",""'],
        ],
      ]);
    }
  });

  test('but a name that is missing above values is not left out', async () => {
    expect((await failureOf(readCsv(lines('name,age', 'a,Ann,5', 'b,Bob,6', 'c,Cem,')))).code).toBe('HYG-3319');
  });

  test('and later files may be written either way', async () => {
    const { pinned } = await readCsv(lines('id,name', '1,Ann', '2,Bob'));
    expect((await readCsv(lines('id,name', '3,Ann,', '4,Bob,'), {}, { pinned })).rows).toEqual([
      ['3', 'Ann'],
      ['4', 'Bob'],
    ]);
  });
});
