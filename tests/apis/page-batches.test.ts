import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { type PageSource, pageBatches } from '../../src/apis/lists/page-batches.ts';
import { beginning, type Page, type Walk } from '../../src/apis/lists/pages.ts';

/** Pages of 5 MB, so that each is a batch. `asked` are those that were asked for so far. */
function pages(count: number, answer: (page: number) => Promise<Page | { notBefore: string }> | Page | { notBefore: string } = one) {
  const asked: number[] = [];
  const source: PageSource = {
    clock: { monotonicMs: () => 0 },
    page: async ({ pages: number }) => {
      asked.push(number + 1);
      return await answer(number + 1);
    },
    turn: (walk) => ({ from: 0, next: walk.pages + 1 < count ? { ...walk, pages: walk.pages + 1 } : null }),
  };
  return { asked, source };
}

const one = (number: number) => ({ name: String(number), body: { length: 5 * 1024 * 1024 } }) as Page;
const never = new AbortController().signal;
const turns = () => setTimeout(1);

test('one batch is asked for while its reader works at the one before, and no more', async () => {
  const { asked, source } = pages(5);
  const batches = pageBatches(source, beginning, never);
  await batches.next();
  await turns();
  expect(asked).toEqual([1, 2]);
  await batches.next();
  await turns();
  expect(asked).toEqual([1, 2, 3]);
});

test('a batch says where the walk continues behind it, whatever is asked for ahead', async () => {
  const { source } = pages(3);
  const next: (Walk | null)[] = [];
  for await (const batch of pageBatches(source, beginning, never)) next.push(batch.next);
  expect(next.map((walk) => walk?.pages ?? null)).toEqual([1, 2, null]);
});

test('a page ahead that fails is an error when its turn comes, and the pages before it are given out', async () => {
  const { source } = pages(3, (number) => (number === 2 ? Promise.reject(new Error('gone')) : one(number)));
  const batches = pageBatches(source, beginning, never);
  expect((await batches.next()).value?.next?.pages).toBe(1);
  await turns();
  await expect(batches.next()).rejects.toThrow('gone');
});

test('a page ahead that fails once its reader is gone is not an error of the process', async () => {
  const { asked, source } = pages(9, async (number) => {
    await turns();
    if (number === 2) throw new Error('gone');
    return one(number);
  });
  for await (const _ of pageBatches(source, beginning, never)) break;
  await turns();
  await turns();
  expect(asked).toEqual([1, 2]);
});

test('nothing is asked for while the API asks to be left alone', async () => {
  let isOver = false;
  const { asked, source } = pages(3, (number) => (number === 2 && !isOver ? { notBefore: 'later' } : one(number)));
  const batches = pageBatches(source, beginning, never);
  await batches.next();
  expect((await batches.next()).value).toMatchObject({ pages: [], notBefore: 'later', next: { pages: 1 } });
  await turns();
  expect(asked).toEqual([1, 2]);
  isOver = true;
  expect((await batches.next()).value?.next?.pages).toBe(2);
});

test('an aborted signal ends the reading before another page is asked for', async () => {
  const { asked, source } = pages(5);
  const abort = new AbortController();
  const batches = pageBatches(source, beginning, abort.signal);
  await batches.next();
  await turns();
  abort.abort(new Error('stopped'));
  await batches.next();
  await expect(batches.next()).rejects.toThrow('stopped');
  expect(asked).toEqual([1, 2]);
});
