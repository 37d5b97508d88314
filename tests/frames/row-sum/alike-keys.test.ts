import { describe, expect, test } from 'vitest';
import { foldedKey, foldedKeyText } from '../../../src/frames/row-sum/alike-keys.ts';

describe('texts of keys that a source takes for one', () => {
  test.each([
    ['exact', false, ['a', 'A', 'a ', 'á']],
    ['exact', true, ['a', 'A', 'á']],
    ['ascii', false, ['a', 'a ', 'é', 'É']],
    ['case', false, ['a', 'á', 'ß', 'ss', 'ı', 'i', 'K', 'я', 'й', 'æ', 'a ']],
    ['accents', true, ['a', 'æ', 'ß', 'ø', 'o', 'đ', 'd', ' a', 'a\t']],
  ] as const)('of %s letters, with padding %s, stay apart where the source tells them apart', (letters, isPadded, texts) => {
    expect(new Set(texts.map((text) => foldedKeyText(text, { letters, isPadded }))).size).toBe(texts.length);
  });

  test.each([
    ['exact', true, ['a', 'a  ']],
    ['ascii', false, ['ann@X', 'ANN@x']],
    ['case', false, ['Ærø', 'ærØ']],
    ['case', false, ['Ямал', 'яМАЛ']],
    ['case', false, ['ΣΟΦΟ', 'σοφο']],
    ['accents', true, ['René', 'RENE ', 'rêne', 'renÈ  ']],
  ] as const)('of %s letters, with padding %s, are one where it takes them for one', (letters, isPadded, texts) => {
    expect(new Set(texts.map((text) => foldedKeyText(text, { letters, isPadded }))).size).toBe(1);
  });

  test('fold only the columns whose equality is wider, and never run into each other', () => {
    const wide = { letters: 'ascii', isPadded: true } as const;
    expect(foldedKey(['A ', 'B '], [wide, undefined])).toBe(foldedKey(['a', 'B '], [wide, undefined]));
    expect(foldedKey(['a', 'B'], [wide, undefined])).not.toBe(foldedKey(['a', 'b'], [wide, undefined]));
    expect(foldedKey(['a","b', 'c'], [wide, wide])).not.toBe(foldedKey(['a', 'b","c'], [wide, wide]));
    expect(foldedKey([null], [wide])).not.toBe(foldedKey(['null'], [wide]));
  });
});
