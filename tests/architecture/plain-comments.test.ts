import { expect, test } from 'vitest';
import { riddlesIn } from './plain-comments.ts';
import { productSources } from './sources.ts';

test('comments name their subject', () => {
  expect(riddlesIn(productSources())).toEqual([]);
});
