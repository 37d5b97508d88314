import fc from 'fast-check';
import { expect, test } from 'vitest';
import { didYouMean, levenshtein } from '../../src/errors/did-you-mean.ts';
import { SEED } from '../support/samples.ts';

test.each([
  ['batchSize', 'batch_size'],
  ['BATCH-SIZE', 'batch_size'],
  ['batc_size', 'batch_size'],
  ['stroe', 'store'],
  ['hom', 'home'],
  ['homee', 'home'],
])('%s was meant to be %s', (word, meant) => {
  expect(didYouMean(word, ['home', 'store', 'batch_size', 'if_exists'])).toBe(meant);
});

test.each(['x', 'ho', 'warehouse', 'query', ''])('%j is near nothing', (word) => {
  expect(didYouMean(word, ['home', 'store', 'batch_size'])).toBeUndefined();
});

test('of several candidates the nearest is meant', () => {
  expect(didYouMean('acounts', ['account', 'accounts', 'counts'])).toBe('accounts');
});

test('the distance is that of edits: none to itself, the same both ways, one for each change', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), fc.nat(11), (a, b, at) => {
      expect(levenshtein(a, a)).toBe(0);
      expect(levenshtein(a, b)).toBe(levenshtein(b, a));
      expect(levenshtein(a, `${a.slice(0, at)}\u0001${a.slice(at)}`)).toBe(1);
    }),
    { seed: SEED },
  );
  expect(levenshtein('ab', 'ba')).toBe(1);
});
