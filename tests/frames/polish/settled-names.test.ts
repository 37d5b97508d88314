import { hash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { NameRules, Names } from '../../../src/frames/polish/polish.ts';
import { folded, settledNames } from '../../../src/frames/polish/settled-names.ts';
import { SEED } from '../../support/samples.ts';

const snake: NameRules = { removeSpecial: true, removeSpaces: false, case: 'snake' };
const suffix = (source: string, digits = 6) => `_${hash('sha256', source, 'hex').slice(0, digits)}`;
const settled = (columns: readonly string[], before: Names = [], rules = snake) =>
  settledNames(columns, rules, before).names.map(([, name]) => name);

describe('columns that want the same name', () => {
  test('the first one has it, the others get a suffix of their own name', () => {
    expect(settled(['Order No', 'order-no', 'OrderNo'])).toEqual([
      'order_no',
      `order_no${suffix('order-no')}`,
      `order_no${suffix('OrderNo')}`,
    ]);
  });

  test('one that is called so already has it, wherever it stands', () => {
    expect(settled(['Order No', 'order_no'])).toEqual([`order_no${suffix('Order No')}`, 'order_no']);
  });

  test('are told apart whatever the case, since databases do not', () => {
    const rules: NameRules = { removeSpecial: false, removeSpaces: true, case: null };
    expect(settled(['Id', 'ID', 'caf\u00e9', 'cafe\u0301'], [], rules)).toEqual([
      'Id',
      `ID${suffix('ID')}`,
      'caf\u00e9',
      `cafe\u0301${suffix('cafe\u0301')}`,
    ]);
  });

  test('each are named with what they wanted and what they got', () => {
    expect(settledNames(['a b', 'a-b', 'c'], snake, []).collisions).toEqual([
      { source: 'a-b', wanted: 'a_b', settled: `a_b${suffix('a-b')}`, known: false },
    ]);
  });

  test('get a longer suffix when the short one is taken as well', () => {
    const taken = `a_b${suffix('a-b')}`;
    expect(settled(['a b', 'a-b', taken])).toEqual(['a_b', `a_b${suffix('a-b', 7)}`, taken]);
  });
});

describe('names that settled before', () => {
  const before = settledNames(['Order No', 'total'], snake, []).names;

  test('stay, when a column comes in front that wants the same name', () => {
    expect(settled(['order-no', 'Order No', 'total'], before)).toEqual([`order_no${suffix('order-no')}`, 'order_no', 'total']);
  });

  test('stay, even when a column comes that is called so already', () => {
    expect(settled(['order_no', 'Order No'], before)).toEqual([`order_no${suffix('order_no')}`, 'order_no']);
  });

  test('stay with their suffix when the other column goes', () => {
    const two = settledNames(['Order No', 'order-no'], snake, []).names;
    expect(settled(['order-no'], two)).toEqual([`order_no${suffix('order-no')}`]);
  });

  test('count as known collisions, which are not told again', () => {
    const two = settledNames(['Order No', 'order-no'], snake, []).names;
    expect(settledNames(['Order No', 'order-no'], snake, two).collisions.map(({ known }) => known)).toEqual([true]);
  });

  test('go when the rules are others now', () => {
    expect(settled(['Order No', 'total'], before, { ...snake, case: 'pascal' })).toEqual(['OrderNo', 'Total']);
  });
});

const columnName = fc.oneof(
  fc.stringMatching(/^[aAbB_\- ]{1,4}$/),
  fc.constantFrom('__proto__', 'constructor', 'a_b', 'A B', 'a_b_c48280'),
);
const columns = fc.uniqueArray(columnName, { minLength: 1, maxLength: 8 });

test('no two columns settle under one name, whatever they are called', () => {
  fc.assert(
    fc.property(columns, (sources) => {
      const names = settled(sources).map(folded);
      expect(new Set(names).size).toBe(sources.length);
    }),
    { seed: SEED },
  );
});

test('whatever comes later, and wherever, what settled keeps its name', () => {
  fc.assert(
    fc.property(columns, columns, fc.boolean(), (first, more, inFront) => {
      const before = settledNames(first, snake, []).names;
      const added = more.filter((name) => !first.includes(name));
      const later = settledNames(inFront ? [...added, ...first] : [...first, ...added], snake, before).names;
      expect(new Map(later)).toEqual(new Map([...later, ...before]));
      expect(new Set(later.map(([, name]) => folded(name))).size).toBe(later.length);
    }),
    { seed: SEED },
  );
});
