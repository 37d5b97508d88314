import fc from 'fast-check';
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { columns, shorten } from '../../src/narrate/text/width.ts';
import { SEED } from '../support/samples.ts';

test('each character takes the columns that Unicode gives it', () => {
  const characters = Array.from({ length: 0x2fe0 }, (_, n) => String.fromCodePoint(n + 0x20));
  const wrong = characters.filter((one) => columns(one) !== stringWidth(one));
  expect(wrong).toEqual([]);
});

test('text of Latin, Greek and Cyrillic, of punctuation, arrows and lines takes a column for each character, colours none', () => {
  const pieces = ['a', ' ', 'é', 'ø', 'Ω', 'Ж', '…', '—', '“', '→', '│', '✓', '✗', '·', '\x1b[31m', '\x1b[0m', '\x1b[1;38;5;208m'];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces)), (chosen) => columns(chosen.join('')) === stringWidth(chosen.join(''))),
    { seed: SEED },
  );
  expect(columns('\x1b[32m✓ 1 row — “ok”…\x1b[0m')).toBe(15);
});

test('other text takes what its graphemes take', () => {
  const pieces = [
    'a',
    'é',
    '✓',
    '✓\u{FE0F}',
    '©\u{FE0F}',
    '語',
    '한',
    '👩‍💻',
    '🇩🇰',
    'ｶﾞ',
    'e\u0301',
    '\u200b',
    'क्षि',
    '1\u{FE0F}\u20E3',
    '\x1b[31m',
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces)), (chosen) => columns(chosen.join('')) === stringWidth(chosen.join(''))),
    { seed: SEED },
  );
  expect(columns('語👩‍💻e\u0301')).toBe(5);
});

test('text is cut between graphemes', () => {
  expect(shorten('👩‍💻👩‍💻👩‍💻', 5)).toBe('👩‍💻👩‍💻…');
  expect(shorten('rødgrød', 4)).toBe('rød…');
});
