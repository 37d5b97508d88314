import { describe, expect, it } from 'vitest';
import { noColor } from '../../src/narrate/text/palette.ts';
import { table } from '../../src/narrate/text/table.ts';
import { columns } from '../../src/narrate/text/width.ts';

const head = [{ title: 'name', least: 6 }, { title: 'rows', align: 'right' as const }, { title: 'place', leave: 1 }, { title: 'nothing' }];
const body = [
  ['shop.orders_of_all_times', '1,000', 'data/lake', ''],
  ['数据.表', '7', 'x', ''],
];

describe('a table', () => {
  it('is as wide as it needs in a pipe, and leaves empty columns out', () => {
    expect(table(head, body, noColor)).toEqual([
      'name                       rows  place',
      'shop.orders_of_all_times  1,000  data/lake',
      '数据.表                       7  x',
    ]);
  });

  it('cuts what may be cut, so that it fits', () => {
    expect(table(head, body, noColor, 32)).toEqual([
      'name             rows  place',
      'shop.or…_times  1,000  data/lake',
      '数据.表             7  x',
    ]);
  });

  it('leaves out what may be left out, when cutting is not enough', () => {
    expect(table(head, body, noColor, 16)).toEqual(['name        rows', 'shop…imes  1,000', '数据.表        7']);
  });

  it.each([80, 40, 24, 16, 13])('of %i columns has no line that is wider', (room) => {
    for (const line of table(head, body, noColor, room)) expect(columns(line)).toBeLessThanOrEqual(room);
  });
});
