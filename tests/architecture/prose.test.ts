import { describe, expect, test } from 'vitest';
import { proseIn } from './prose.ts';
import { productSources } from './sources.ts';

test('the engine has no sentences but those of errors, which are in its errors', () => {
  expect(proseIn('src/engine/', productSources())).toEqual([]);
});

describe('this rule finds what it is for', () => {
  const planted = (text: string, path = 'src/engine/plan/a.ts') => proseIn('src/engine/', [{ path, text }]);

  const filled = (text: string) => text.replaceAll('§', '$');

  test.each([
    ["export const a = 'rows wait until then';"],
    [filled('export const a = (n: number) => `§{n} rows wait`;')],
    [filled("export const a = (n: number) => `§{n === 1 ? 'one' : 'the'} rows wait`;")],
    ["import { FlowError } from './b.ts';\nexport const a = () => new FlowError({\n  code: 'HYG-2001',\n  what: 'The run stops.',\n});"],
    ["export const quotes = /[\"']/;\nexport const a = 'rows wait until then';"],
  ])('%s', (text) => {
    expect(planted(text)).toHaveLength(1);
  });

  test.each([
    ['a comment', '/** Rows wait until then. */\nexport const a = 1; // and then continue'],
    ['a code of several words', "export type A = 'for a dry run' | 'briefly';\nexport const a: A = 'for a dry run';"],
    ['a fault of ours', "export const a = () => {\n  throw new Error('the plan has no slice 7');\n};"],
  ])('but not %s', (_, text) => {
    expect(planted(text)).toEqual([]);
  });

  test('nor what makes errors', () => {
    expect(planted("export const a = 'The run stops.';", 'src/engine/errors/a.ts')).toEqual([]);
    expect(planted("export const a = 'The run stops.';", 'src/engine/contracts/errors.ts')).toEqual([]);
  });
});
