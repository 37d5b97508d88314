import { describe, expect, test } from 'vitest';
import { riddlesIn } from './plain-comments.ts';
import { productSources } from './sources.ts';

test('comments name their subject', () => {
  expect(riddlesIn(productSources())).toEqual([]);
});

describe('this rule finds what it is for', () => {
  const planted = (text: string) => riddlesIn([{ path: 'src/ports/a.ts', text }]);

  test.each([
    ['/** Whoever asks gets it. */'],
    ['/**\n * Kept until\n * nobody needs it.\n */'],
    ['const a = 1; // Somebody may have written it.'],
    ["const url = 'https://a.example'; // Nobody answers there."],
  ])('%j', (text) => {
    expect(planted(text)).toHaveLength(1);
  });

  test.each([
    ['a printed text', "throw new Error('Nobody is signed in.');"],
    ['an address', "const url = 'https://nobody.example';"],
    ['a name of something', 'const nobodyTold = 1; // The error of a notice that was not sent.'],
  ])('but not %s', (_, text) => {
    expect(planted(text)).toEqual([]);
  });
});
