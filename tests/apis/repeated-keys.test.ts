import { describe, expect, test } from 'vitest';
import { RepeatedKeys } from '../../src/apis/odata/repeated-keys.ts';

const keysFrom = (first: number, count: number) => Array.from({ length: count }, (_, i) => String(first + i));

describe('a key that comes twice', () => {
  test('is told with both of its places', () => {
    const keys = new RepeatedKeys();
    keys.add('page 1', 0, ['a', 'b']);
    expect(() => keys.add('page 2', 2, ['c', 'b'])).toThrow(
      expect.objectContaining({ code: 'HYG-3605', why: [expect.stringContaining('records 2 and 4 have the same key b')] }),
    );
  });

  test('is seen among the last 100,000 of a longer list', () => {
    for (const total of [150_000, 350_000]) {
      const keys = new RepeatedKeys();
      for (let at = 0; at < total; at += 10_000) keys.add('page', at, keysFrom(at, 10_000));
      expect(() => keys.add('last page', total, [String(total - 100_000)]), `${total}`).toThrow(/shifted/);
    }
  });

  test('is another reading of the list where its place was met before', () => {
    const keys = new RepeatedKeys();
    keys.add('page 1', 0, ['a', 'b']);
    keys.add('page 1', 0, ['a', 'b']);
    keys.add('page 3', 7, ['a', 'b']);
  });
});
