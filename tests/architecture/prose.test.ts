import { expect, test } from 'vitest';
import { proseIn } from './prose.ts';
import { productSources } from './sources.ts';

test('the engine has no sentences but those of errors, which are in its errors', () => {
  expect(proseIn('src/engine/', productSources())).toEqual([]);
});
