import { expect, test } from 'vitest';
import { LruCache } from '../../src/ports/lru-cache.ts';

test('what was not asked for longest goes, the others are made once', () => {
  const made: string[] = [];
  const recent = new LruCache<string>(2);
  const get = (key: string) => recent.get(key, () => `${key}${made.push(key)}`);
  expect(['a', 'b', 'a', 'c', 'a', 'b'].map(get)).toEqual(['a1', 'b2', 'a1', 'c3', 'a1', 'b4']);
  expect(made).toEqual(['a', 'b', 'c', 'b']);
});

test('callers at once get the same; a failure is made again for the next one', async () => {
  const recent = new LruCache<Promise<number>>(2);
  let times = 0;
  const get = () =>
    recent.get('a', async () => {
      times++;
      if (times === 1) throw new RangeError('not yet');
      return times;
    });
  const both = await Promise.allSettled([get(), get()]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect([await get(), await get()]).toEqual([2, 2]);
});

test('a failure of what went already does not take away what came after it', async () => {
  const recent = new LruCache<Promise<string>>(1);
  const { promise, reject } = Promise.withResolvers<string>();
  const first = recent.get('a', () => promise);
  await recent.get('b', async () => 'b');
  const second = recent.get('a', async () => 'again');
  reject(new RangeError('late'));
  await expect(first).rejects.toThrow('late');
  expect(await second).toBe('again');
  expect(recent.get('a', async () => 'recreated')).toBe(second);
});

test('what is set takes the place of what was made', () => {
  const recent = new LruCache<string>(2);
  recent.get('a', () => 'made');
  recent.set('a', 'set');
  expect(recent.get('a', () => 'recreated')).toBe('set');
  recent.set('b', 'b');
  recent.set('c', 'c');
  expect(recent.get('a', () => 'recreated')).toBe('recreated');
});
