import { describe, expect, test } from 'vitest';
import { csvFormat } from '../../../src/formats/csv/csv.ts';
import { failureOf, fileOf, readCsv } from './files.ts';

const rows = (line: (at: number) => string, before: readonly string[] = []): string =>
  `${[...before, ...Array.from({ length: 40 }, (_, at) => line(at + 11))].join('\n')}\n`;

/** What the first look says stands between fields. */
async function delimiterOf(text: string): Promise<string> {
  const sampled = await csvFormat({}).sample?.({ sources: [fileOf(text)], pinned: null, scratch: {} as never, look: 'briefly' });
  const { delimiter } = (sampled?.pinned ?? {}) as { readonly delimiter: string };
  return delimiter;
}

describe('commas in every row cut fields apart no better where', () => {
  test.each([
    ['amounts have a decimal comma', rows((at) => `${at},50;${at + 1},25`), ';'],
    ['three amounts have one', rows((at) => `${at},50;${at},2;-${at},125`), ';'],
    ['amounts stand between tabs', rows((at) => `${at},50\t${at + 1},25`), '\t'],
    ['amounts stand between bars', rows((at) => `${at},50|${at + 1},25`), '|'],
    ['places have decimal commas', rows((at) => `55,6${at}123;12,5${at}321`), ';'],
    ['a single row has them', '12,5;7,25\n', ';'],
    ['names of columns have one as well', rows((at) => `${at},50;${at},25`, ['Umsatz, EUR;Kosten, EUR']), ';'],
    ['names and streets have one', rows((at) => `Hansen, Anna|Vej ${at}, Byen`), '|'],
    ['moments have one', rows((at) => `2024-05-01 10:00:${at},0${at}|INFO|did it`), '|'],
    ['the row of names has none', rows((at) => `Hansen, Bo|Vej ${at}, Byen`, ['name|address']), '|'],
    ['the row of names has none, and lists of numbers have two', rows((at) => `a${at};1,2,${at}`, ['code;sizes']), ';'],
  ])('%s', async (_, text, delimiter) => {
    expect(await delimiterOf(text)).toBe(delimiter);
  });
});

test('a title with a comma does not make a comma of the semicolons below it', async () => {
  const text = rows((at) => `${at}.05.2024;${at},5`, ['Report, 2024', 'Dato;Værdi']);
  expect((await failureOf(readCsv(text))).tryThis[0]).toBe('Skip the lines above the table: skip_rows: 1');
  expect((await readCsv(text, { skip_rows: 1 })).names).toEqual(['Dato', 'Værdi']);
});

describe('commas cut fields apart, though another character is in every row, where', () => {
  test.each([
    ['two fields are lists', rows((at) => `${at},a;b,c;d`)],
    ['one field is a place of two numbers', rows((at) => `${at},Ann,55.${at};12.${at}`)],
    ['one field is a list', rows((at) => `Film ${at},Studio,drama|comedy`)],
    ['the row of names has nothing else', rows((at) => `Hans,55.${at};12.${at}`, ['name,place'])],
    ['a blank follows each', rows((at) => `${at}, Ann, x;y`, ['id, name, tags'])],
  ])('%s', async (_, text) => {
    expect(await delimiterOf(text)).toBe(',');
  });
});
