import { describe, expect, it } from 'vitest';
import { ago, bytes, counted, duration, rate, settledRows } from '../../src/narrate/text/figures.ts';
import { entityArgument, shownEntity, shownName, visible } from '../../src/narrate/text/visible.ts';
import { columns, pad, shorten, shortenName, wrap } from '../../src/narrate/text/width.ts';

describe('numbers read as people write them', () => {
  it.each([
    [counted(1, 'row'), '1 row'],
    [counted(0, 'row'), '0 rows'],
    [counted(3_000_000, 'row'), '3,000,000 rows'],
    [counted(2, 'entity', 'entities'), '2 entities'],
    [settledRows(1), '1 row settled'],
    [settledRows(-2), '2 rows fewer than before'],
    [bytes(1), '1 byte'],
    [bytes(999), '999 bytes'],
    [bytes(9_400), '9.4 kB'],
    [bytes(999_999), '1.0 MB'],
    [bytes(61_234_567), '61 MB'],
    [bytes(5_100_000_000), '5.1 GB'],
    [duration(0.04), '0.04 s'],
    [duration(0.999), '1.0 s'],
    [duration(6.24), '6.2 s'],
    [duration(59.97), '1 m 00 s'],
    [duration(65), '1 m 05 s'],
    [duration(3600), '1 h 00 m'],
    [duration(7380), '2 h 03 m'],
    [duration(-3), '0.00 s'],
    [rate(950), '950/s'],
    [rate(412_345), '412k/s'],
    [rate(999_999), '1.0M/s'],
    [ago(59_000), 'just now'],
    [ago(60_000), '1 minute ago'],
    [ago(3 * 3_600_000), '3 hours ago'],
    [ago(72 * 3_600_000), '3 days ago'],
  ])('%s', (shown, expected) => {
    expect(shown).toBe(expected);
  });
});

describe('names and text from outside', () => {
  it.each([
    ['users', 'users'],
    ['Order Details', 'Order Details'],
    ['Größe', 'Größe'],
    ['a"b', '"a\\"b"'],
    ['a\nb', '"a\\nb"'],
    ['\u001b[31mred', '"\\x1b[31mred"'],
    ['back\\slash', '"back\\\\slash"'],
    ['', '""'],
    ['trailing ', '"trailing "'],
    ['\u202egnp', '"\\u202egnp"'],
    ['\ud800', '"\\ud800"'],
  ])('%j is shown as %s', (name, shown) => {
    expect(shownName(name)).toBe(shown);
  });

  it('joins flow and entity with a dot', () => {
    expect(shownEntity('crm', 'a,b')).toBe('crm."a,b"');
  });

  it('quotes an argument for a shell', () => {
    expect(entityArgument('crm', 'users')).toBe('crm.users');
    expect(entityArgument('crm', "it's here")).toBe("'crm.it'\\''s here'");
  });

  it('leaves ordinary text alone', () => {
    expect(visible('Ærø – 100 % ✓')).toBe('Ærø – 100 % ✓');
  });
});

describe('width', () => {
  it('keeps the beginning and the end of a name', () => {
    expect(shortenName('sales.order_lines_2024', 11)).toBe('sales…_2024');
    expect(shortenName('sales.order', 11)).toBe('sales.order');
    expect(columns(shortenName('数据数据数据数据', 9))).toBeLessThanOrEqual(9);
    expect(shortenName('abcdef', 2)).toBe('a…');
  });

  it('shortens to the limit and pads to it exactly', () => {
    expect(shorten('abcdef', 4)).toBe('abc…');
    expect(shorten('数据数据', 5)).toBe('数据…');
    expect(columns(pad('数据数据', 6))).toBe(6);
    expect(shorten('abc', 0)).toBe('');
  });

  it('breaks long lines between words and hangs the rest below', () => {
    expect(wrap('short', 10)).toEqual(['short']);
    expect(wrap('  one two three four', 12)).toEqual(['  one two', '    three', '    four']);
    expect(wrap('\u001b[31mred\u001b[39m and blue', 8)).toEqual(['\u001b[31mred\u001b[39m and', '  blue']);
    expect(wrap('    averyveryverylongword', 10)).toEqual(['    averyveryverylongword']);
    expect(wrap('  at  a/very/long/path: is read', 12)).toEqual(['  at  a/very/long/path:', '      is', '      read']);
  });
});
