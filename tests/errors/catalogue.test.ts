import { describe, expect, test } from 'vitest';
import { commitGivenUp } from '../../src/engine/errors/refused.ts';
import { catalogue } from '../../src/errors/codes/catalogue.ts';
import { codesNear, entryOf, explainedCatalogue } from '../../src/errors/codes/examples.ts';
import { sourcesBelow } from '../architecture/sources.ts';

const rangeOf: Readonly<Record<string, string>> = {
  ConfigError: '1',
  FlowError: '2',
  HomeError: '3',
  StoreError: '4',
  StateError: '5',
  ConnectionError: '6',
  DefectError: '9',
};

test('every code is in the range of its kind, and is there once', () => {
  expect(catalogue.filter(({ code, kind }) => !new RegExp(`^HYG-${rangeOf[kind]}\\d{3}$`).test(code))).toEqual([]);
  expect(new Set(catalogue.map(({ code }) => code)).size).toBe(catalogue.length);
  expect(catalogue.length).toBeGreaterThan(30);
});

describe('every code', () => {
  const codesOf = (entries: readonly { readonly code: string }[]) => entries.map(({ code }) => code);
  const isSentence = (text: string | undefined) => text !== undefined && /^.{8,}[.!]$/.test(text);

  test('says what it means, in sentences', () => {
    expect(codesOf(catalogue.filter(({ title, meaning }) => title.trim() === '' || !isSentence(meaning)))).toEqual([]);
  });

  test('says how it comes about in a sentence, where the example does not', () => {
    expect(codesOf(catalogue.filter(({ why }) => why !== undefined && !isSentence(why)))).toEqual([]);
  });

  test('has a next step', () => {
    expect(codesOf(catalogue.filter(({ tryThis }) => tryThis?.every(isSentence) === false))).toEqual([]);
  });

  test('shows what it looks like, with a headline and a next step', () => {
    const isTold = (example: (typeof explainedCatalogue)[number]['example']) =>
      (example?.what.length ?? 0) > 8 && example?.tryThis.length !== 0;
    expect(codesOf(explainedCatalogue.filter(({ example }) => !isTold(example)))).toEqual([]);
  });
});

test('what the sources raise is in the catalogue, and what is in the catalogue is raised in the sources', () => {
  const elsewhere = ['src', 'infra'].flatMap(sourcesBelow).filter(({ path }) => !path.startsWith('src/errors/'));
  const raised = new Set(elsewhere.flatMap(({ text }) => [...text.matchAll(/'(HYG-\d{4})'/g)].map(([, code = '']) => code)));
  expect([...raised].filter((code) => entryOf(code) === undefined)).toEqual([]);
  expect(catalogue.filter(({ code }) => !raised.has(code)).map(({ code }) => code)).toEqual([]);
});

describe('a code as a person types it', () => {
  test.each(['HYG-2002', 'hyg-2002', 'HYG2002', '2002', ' HYG-2002 '])('%s is found', (typed) => {
    expect(entryOf(typed)?.code).toBe('HYG-2002');
  });

  test.each(['', 'HYG-', 'HYG-20', 'HYG-20021', 'nonsense', 'HYG-0000'])('%j is not', (typed) => {
    expect(entryOf(typed)).toBeUndefined();
  });

  test('is offered its neighbours when it is mistyped', () => {
    expect(codesNear('HYG-2099')).toContain('HYG-2001');
    expect(codesNear('HYG-2099').every((code) => code.startsWith('HYG-20'))).toBe(true);
    expect(codesNear('nonsense')).toEqual([]);
  });
});

test('says once that a run is to be made again, where a commit was refused permanently', () => {
  const because = { code: 'HYG-6501', what: 'gone', why: [], tryThis: ['Check the host', 'Then run it again: nothing is done twice'] };
  const { tryThis } = commitGivenUp({ flow: 'shop', entity: 'orders' }, 'lake', { reason: { code: 'HYG-6501', reason: 'gone' }, because });
  expect(tryThis).toEqual(['Check the host', 'Then hygge go -e shop.orders: it begins again after the settled rows']);
});
