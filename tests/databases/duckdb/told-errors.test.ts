import { describe, expect, test } from 'vitest';
import { databaseError, sentences } from '../../../src/databases/duckdb/errors.ts';

const asJson = (told: object, before = '') =>
  new Error(`${before}${JSON.stringify({ exception_type: 'Binder', exception_message: 'no column', ...told })}`);

describe('an error of DuckDB', () => {
  test.each([
    ['select nope from t', 'nope', '7'],
    ['nope', 'nope', '0'],
  ])('points at the character that is wrong, counted from 1: %s', (sql, wrong, position) => {
    const { position: at } = databaseError(asJson({ position }));
    expect(sql.slice((at ?? 0) - 1)).toMatch(new RegExp(`^${wrong}`));
  });

  test('points nowhere where none is told', () => {
    expect(databaseError(asJson({})).position).toBeUndefined();
    expect(databaseError(new Error('Binder Error: no column\n\nLINE 1: select nope')).position).toBeUndefined();
  });

  test.each<readonly [string, Error, string, string, boolean]>([
    ['as JSON', asJson({}), 'Binder', 'no column', false],
    ['as JSON behind a word', asJson({}, 'Binder Error: '), 'Binder', 'no column', false],
    ['as text', new Error('Conversion Error: no number'), 'Conversion', 'no number', false],
    ['of two words', new Error('Out of Memory Error: too much'), 'Out of Memory', 'too much', false],
    ['with its line', new Error('Parser Error: odd\n\nLINE 1: select\n   ^'), 'Parser', 'odd', false],
    ['with more to read', new Error('IO Error: gone\nSee also https://duckdb.org/x'), 'IO', 'gone', false],
    ['of the engine itself', new Error('INTERNAL Error: odd'), 'INTERNAL', 'odd', false],
    ['that ends the database', new Error('FATAL Error: over'), 'FATAL', 'over', true],
    ['that ends the database, as JSON', asJson({ exception_type: 'Fatal', exception_message: 'over' }), 'FATAL', 'over', true],
    ['without a kind', new Error('odd'), '', 'odd', false],
  ])('is told by its kind and its words: %s', (_, error, code, message, isLost) => {
    expect(databaseError(error)).toMatchObject({ code, message, isLost, cause: error });
  });

  test('that is known already stays unchanged', () => {
    const known = databaseError(new Error('IO Error: gone'));
    expect(databaseError(known)).toBe(known);
  });
});

test('each line of an error is a sentence', () => {
  expect(sentences('one\n\n two. \nwhy?\nlist:')).toEqual(['one.', 'two.', 'why?', 'list:']);
});
