import { describe, expect, test } from 'vitest';
import type { LooseRecord } from '../../../src/formats/csv/records.ts';
import { tableOf } from '../../../src/formats/csv/row-ends.ts';

const field = (text: string, isQuoted = false) => ({ text, isQuoted });
/** `1|2|`: three fields, the last of them empty. `1|2|""`: the last one is a value. */
const record = (written: string, malformed = false): LooseRecord => {
  const fields = written.split('|').map((text) => (text === '""' ? field('', true) : field(text)));
  return { fields, malformed } as unknown as LooseRecord;
};
const shown = (records: readonly LooseRecord[]) =>
  records.map(({ fields }) => fields.map(({ text, isQuoted }) => (isQuoted ? `""` : text)).join('|'));

describe('rows that end with a delimiter, below names that do not', () => {
  test.each<readonly [string, readonly string[], boolean]>([
    ['all of them', ['1|2|', '3|4|'], true],
    ['most of them', ['1|2|', '3|4', '5|6|'], true],
    ['half of them', ['1|2|', '3|4'], false],
    ['half of four', ['1|2|', '3|4', '5|6|', '7|8'], false],
    ['few of them', ['1|2', '3|4', '5|6|'], false],
    ['none of them', ['1|2', '3|4'], false],
    ['no rows', [], false],
    ['most of them, and one holds something there', ['1|2|', '3|4|', '5|6|x'], false],
    ['most of them, and one holds an empty text in quotes there', ['1|2|', '3|4|', '5|6|""'], false],
    ['two delimiters each', ['1|2||', '3|4||'], false],
  ])('lose the empty field behind it where it is that of %s', (_, rows, isCut) => {
    const cut = (row: string) => (isCut && row.split('|').length === 3 ? row.slice(0, -1) : row);
    expect(shown(tableOf([record('a|b'), ...rows.map((row) => record(row))]))).toEqual(['a|b', ...rows.map(cut)]);
  });

  test('are counted without rows that are malformed', () => {
    const rows = [record('1|2|', true), record('3|4|'), record('5|6')];
    expect(shown(tableOf([record('a|b'), ...rows]))).toEqual(['a|b', '1|2|', '3|4|', '5|6']);
  });
});
