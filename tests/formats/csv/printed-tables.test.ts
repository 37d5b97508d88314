/** Tables that programs print for people, and files whose delimiter is none of the usual ones: each settles, and a WARN says what is odd. */
import { describe, expect, test } from 'vitest';
import { csvFormat } from '../../../src/formats/csv/csv.ts';
import { fileOf, readCsv } from './files.ts';

async function warningsOf(text: string, options: Parameters<typeof csvFormat>[0] = {}): Promise<ReadonlyMap<string, string>> {
  const sampled = await csvFormat(options).sample?.({ sources: [fileOf(text)], pinned: null, scratch: {} as never, look: 'briefly' });
  return new Map((sampled?.warnings ?? []).map(({ code, text: said }) => [code, said]));
}

const lines = (...rows: readonly string[]): string => `${rows.join('\n')}\n`;

describe('lines that settle as one text are reported, where every one has the same signs', () => {
  test.each([
    ['circumflexes', lines('id^name', '1^Ann', '2^Bob'), '^'],
    ['tildes', lines('id~name', '1~Ann', '2~Bob'), '~'],
    ['colons', lines('name:x:id', 'root:x:0', 'bin:x:1'), ':'],
    ['blanks', lines('id name amount', '1 Ann 5.50', '2 Bob 6.50'), ' '],
    ['commas in quotes around lines', lines('"id,name"', '"1,Ann"', '"2,Bob"'), ','],
  ])('%s: with the delimiter that is advised they are rows', async (_, text, delimiter) => {
    expect((await warningsOf(text)).get('csv.uncut')).toContain(`say delimiter: ${JSON.stringify(delimiter)}`);
    const quote = text.startsWith('"') ? { quote: 'none' } : {};
    const { rows, names } = await readCsv(text, { delimiter, ...quote });
    expect([rows.length, names.length]).toEqual([2, text.split('\n')[0]?.split(delimiter).length]);
    expect([...(await warningsOf(text)).keys()]).not.toContain('csv.delimiter');
  });

  test('two characters can be no delimiter, and the advice is another', async () => {
    expect((await warningsOf(lines('1::Toy Story::Comedy', '2::Jumanji::Action'))).get('csv.uncut')).toContain('have the file written');
  });

  test.each([
    ['moments', lines('at', '2026-01-01 10:00:00', '2026-01-02 11:00:00')],
    ['times', lines('at', '10:00:00', '11:00:00')],
    ['names', lines('name', 'Ann Lee', 'Bob Ray', 'Ann Lee')],
    ['names turned around, in quotes', lines('"Lee, Ann"', '"Ray, Bob"', '"Lee, Ann"')],
    ['pages', lines('page', 'https://example.com/a', 'https://example.com/b')],
    ['prose', lines('note', 'called at 5', 'wrote a mail: no answer', 'none')],
  ])('but not %s', async (_, text) => {
    expect([...(await warningsOf(text)).keys()]).not.toContain('csv.uncut');
  });
});

test('dashes below names are reported, and the advice leaves them out', async () => {
  const text = lines('id,name', '--,----', '1,Ann', '2,Bob');
  expect((await warningsOf(text)).get('csv.rule')).toContain('comment: "--"');
  const { rows, types } = await readCsv(text, { comment: '--' });
  expect([rows.length, types]).toEqual([2, ['int64', 'string']]);
  expect((await warningsOf(lines('id,name', '1,Ann', '--,----'))).has('csv.rule')).toBe(false);
});

describe('words for columns below lines that are none are told', () => {
  test.each([
    ['one line', lines('Report,Sales', 'Region,Product', 'North,Tea', 'South,Cake', 'West,Milk', 'North,Cake'), 1],
    ['two lines', lines('Report;Sales', 'Printed;Monday', 'region;product', 'North;Tea', 'South;Cake', 'West;Milk'), 2],
  ])('%s', async (_, text, skip) => {
    expect((await warningsOf(text)).get('csv.names_below')).toContain(`skip_rows: ${skip}`);
    expect((await readCsv(text, { skip_rows: skip })).names.map((name) => name.toLowerCase())).toEqual(['region', 'product']);
  });

  test('but not where the first line has such words already', async () => {
    const text = lines('type,status', 'order,active', 'North,Tea', 'South,Cake', 'West,Milk');
    expect((await warningsOf(text)).has('csv.names_below')).toBe(false);
  });
});

test('names in two rows are told with the lines to skip, and with nothing that would not help', async () => {
  const text = lines('Person,,Address,', 'First,Last,Street,Zip', 'Anna,Ek,Storgatan 1,22100', 'Bo,Al,Lillgatan 2,22101');
  const said = await warningsOf(text);
  expect([...said.keys()]).toEqual(['csv.names_below']);
  expect(said.get('csv.names_below')).toContain('skip_rows: 1');
  const { names, rows } = await readCsv(text, { skip_rows: 1 });
  expect([names, rows.length]).toEqual([['First', 'Last', 'Street', 'Zip'], 2]);
  await expect(readCsv(text, { on_guess: 'fail' })).rejects.toMatchObject({
    code: 'HYG-3318',
    tryThis: ['If line 2 (First, Last, Street, Zip) names the columns: skip_rows: 1', expect.any(String), expect.any(String)],
  });
  expect((await readCsv(text, { on_guess: 'fail', skip_rows: 1 })).names).toEqual(['First', 'Last', 'Street', 'Zip']);
  const unnamed = lines('name,,zip', 'Anna,Ek,22100', 'Bo,Al,22101');
  expect([...(await warningsOf(unnamed)).keys()]).toEqual(['csv.guess']);
});

describe('a second table below a blank line is told', () => {
  const first = ['Name,Qty', 'Lamp,1', 'Chair,2'];
  const blanks = Array.from({ length: 1_500 }, (_, at) => `Lamp ${at},${at}`);
  test.each([
    ['of texts', first, ['Store,City', 'Alpha,Lund', 'Beta,Oslo']],
    ['of numbers', first, ['Store,Sales', 'Alpha,5', 'Beta,6']],
    ['of one row', first, ['Store,Sales', 'Alpha,5']],
    ['below many rows', ['Name,Qty', ...blanks], ['Store,Sales', 'Alpha,5', 'Beta,6']],
    ['below a table without names', ['1,2.5', '2,3.5'], ['Store,City', 'Alpha,Lund', 'Beta,Oslo']],
  ])('%s: split as is advised, each is a table of its own', async (_, above, below) => {
    for (const blank of ['', ',', '\r']) {
      const text = lines(...above, blank, ...below);
      const told = (await warningsOf(text)).get('csv.second_table') ?? '';
      const line = Number(/line (\d+) /.exec(told)?.[1]);
      expect([line, told.includes('split the file before that line')]).toEqual([above.length + 2, true]);
      const { names, rows } = await readCsv(lines(...text.split('\n').slice(line - 1, -1)));
      expect([names, rows.length]).toEqual([below[0]?.split(','), below.length - 1]);
    }
  });

  test.each([
    ['groups of rows', lines(...first, '', 'Table,3', 'Desk,4', '', 'Sofa,5', 'Bed,6')],
    ['groups of texts', lines('Name,City', 'Ann,Lund', 'Bob,Oslo', '', 'Cat,Bergen', 'Dan,Umea')],
    ['a blank line between all rows', lines('Name,Qty', '', 'Lamp,1', '', 'Chair,many', '', 'Desk,2')],
    ['a blank line below the names', lines('Name,Qty', '', 'Lamp,1', 'Chair,2')],
    ['the names again', lines(...first, '', 'Name,Qty', 'Desk,3')],
    ['a note at the end', lines(...first, '', 'Source,Office')],
    ['a value that is missing', lines(...first, '', 'Desk,n/a', 'Sofa,3')],
    ['blank lines at the end', lines(...first, '', '')],
  ])('but not %s', async (_, text) => {
    expect((await warningsOf(text)).has('csv.second_table')).toBe(false);
  });

  test('nor the names again that the config has', async () => {
    const text = lines('Lamp,1', 'Chair,2', '', 'Name,Qty', 'Desk,3');
    expect((await warningsOf(text, { header: ['Name', 'Qty'] })).has('csv.second_table')).toBe(false);
  });
});

describe('names that are written as a comment are reported, where the config leaves comments out', () => {
  const text = lines('##assembly=hg38', '#chrom\tstart\tgene', 'chr1\t11868\tDDX', 'chr1\t14403\tWASH', 'chrX\t100\tXIST');

  test('with the header that is advised the columns have them, and no row is lost', async () => {
    expect((await warningsOf(text, { comment: '#' })).get('csv.commented')).toContain('say header: ["chrom", "start", "gene"] of the home');
    const { names, rows } = await readCsv(text, { comment: '#', header: ['chrom', 'start', 'gene'] });
    expect([names, rows.length]).toEqual([['chrom', 'start', 'gene'], 3]);
    expect((await warningsOf(text, { comment: '#', header: ['chrom', 'start', 'gene'] })).has('csv.commented')).toBe(false);
    expect((await warningsOf(text, { comment: '#', header: false })).has('csv.commented')).toBe(false);
  });

  test.each([
    ['a comment of fewer texts', lines('# site: attic, north', '1,2.5,a', '2,2.5,b')],
    ['a row that is commented out', lines('#0,2.25,c', '1,2.5,a', '2,2.5,b')],
    ['names below the comment', lines('#id,rate,code', 'id,rate,code', '1,2.5,a', '2,2.5,b')],
    ['a comment below the first row', lines('1,2.5,a', '#id,rate,code', '2,2.5,b')],
  ])('but not %s', async (_, other) => {
    expect((await warningsOf(other, { comment: '#' })).has('csv.commented')).toBe(false);
  });
});

test('a second byte order mark is not part of a name', async () => {
  expect((await readCsv('\ufeff\ufeffid,name\n1,Ann\n')).names).toEqual(['id', 'name']);
  expect((await readCsv(Buffer.from('\ufeff\ufeffid,name\n1,Ann\n', 'utf16le'))).names).toEqual(['id', 'name']);
  expect((await readCsv('\ufeff\ufeff1,Ann\n2,Bob\n')).rows).toEqual([
    ['1', 'Ann'],
    ['2', 'Bob'],
  ]);
});
