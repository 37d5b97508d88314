/** Answers without a list at the place of `records`. */
import { describe, expect, test } from 'vitest';
import { restConfig } from '../../src/apis/rest/config.ts';
import { pageOf } from '../../src/apis/rest/page-of-answer.ts';
import type { HyggeError } from '../../src/errors/hygge-error.ts';

function page(text: string, keys: Readonly<Record<string, unknown>>) {
  const config = restConfig.parse({ base_url: 'https://api.example.com', endpoint: 'items', ...keys });
  const bytes = Buffer.from(`${text}\0`);
  const answer = {
    bytes,
    length: bytes.length - 1,
    url: new URL('https://api.example.com/items'),
    date: undefined,
    header: () => undefined,
    status: 200,
  };
  return pageOf(answer, 'items', { config, selectors: [], hidden: (said) => said });
}

describe('an answer is a page without records', () => {
  test.each<[string, Readonly<Record<string, unknown>>]>([
    ['{"data": null}', { records: 'data' }],
    ['{"data": {"items": null}, "errors": []}', { records: 'data.items' }],
    [' null ', {}],
    ['{}', { records: 'items', absent_records: 'empty' }],
    ['{"kind": "list"}', { records: 'data.items', absent_records: 'empty' }],
    ['{"items": []}', { records: 'items', absent_records: 'empty' }],
  ])('%s with %o', (text, keys) => {
    expect(page(text, keys).records).toEqual([]);
  });
});

describe('an answer is an error', () => {
  test.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['{}', { records: 'items' }, 'HYG-3602'],
    ['{"items": "none"}', { records: 'items', absent_records: 'empty' }, 'HYG-3602'],
    ['"maintenance"', { records: 'items', absent_records: 'empty' }, 'HYG-3602'],
    ['{"data": null, "errors": [{"message": "no"}]}', { records: 'data' }, 'HYG-3602'],
    ['{"error": "quota"}', { records: 'items', absent_records: 'empty' }, 'HYG-3602'],
    ['{"data": null, "total": 57}', { records: 'data' }, 'HYG-3609'],
  ])('%s with %o', (text, keys, code) => {
    expect(() => page(text, keys)).toThrow(code);
  });

  test.each([
    ['{}', true],
    ['{"other": [{"id": 1}]}', false],
    ['{"items": 7}', false],
  ])('%s names absent_records: %s', (text, isNamed) => {
    let error: HyggeError | undefined;
    try {
      page(text, { records: 'items' });
    } catch (thrown) {
      error = thrown as HyggeError;
    }
    expect(error?.tryThis.join(' ').includes('absent_records')).toBe(isNamed);
  });
});

test.each([
  ['{"message": "There is no such page"}', 'message'],
  ['{"error": "no such page", "code": "E404"}', 'error'],
  ['{"error": "no such page", "message": "There is no such page"}', 'error, message'],
])('%s in the place of a list names both lines that read it', (text, beside) => {
  const lines = (keys: object) => {
    try {
      page(text, { records: 'items', ...keys });
    } catch (error) {
      return (error as HyggeError).tryThis.flatMap((line) => /(absent_records: empty|ignore_members: .*)$/.exec(line)?.[0] ?? []);
    }
    return 'a page without records';
  };
  expect(lines({})).toEqual(['absent_records: empty', `ignore_members: [${beside}]`]);
  expect(lines({ absent_records: 'empty', ignore_members: beside.split(', ') })).toBe('a page without records');
});
