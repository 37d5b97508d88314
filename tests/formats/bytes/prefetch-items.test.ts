import { expect, test } from 'vitest';
import { prefetchItems } from '../../../src/formats/bytes/prefetch-items.ts';
import { collect } from '../../support/collect.ts';

function recorded(fails: number | null = null) {
  const events: string[] = [];
  const begin = async (item: number): Promise<string> => {
    events.push(`begin ${item}`);
    if (item === fails) throw new RangeError(`no ${item}`);
    return `begun ${item}`;
  };
  const drop = async (begun: string): Promise<void> => void events.push(`drop ${begun.slice('begun '.length)}`);
  return { events, begin, drop };
}

test('the next is begun before the last is used, and each is dropped when it was', async () => {
  const { events, begin, drop } = recorded();
  for await (const { item, begun } of prefetchItems([1, 2, 3], begin, drop)) events.push(`use ${item} ${begun}`);
  expect(events).toEqual([
    'begin 1',
    'begin 2',
    'use 1 begun 1',
    'drop 1',
    'begin 3',
    'use 2 begun 2',
    'drop 2',
    'use 3 begun 3',
    'drop 3',
  ]);
});

test('nothing is begun for nothing', async () => {
  const { events, begin, drop } = recorded();
  expect(await collect(prefetchItems([], begin, drop))).toEqual([]);
  expect(events).toEqual([]);
});

test('who leaves early leaves nothing behind', async () => {
  const { events, begin, drop } = recorded();
  for await (const { item } of prefetchItems([1, 2, 3], begin, drop)) if (item === 1) break;
  expect(events).toEqual(['begin 1', 'begin 2', 'drop 1', 'drop 2']);
});

test('a failure comes when its turn does, and what was begun before it is dropped', async () => {
  const { events, begin, drop } = recorded(2);
  const used: number[] = [];
  const going = async (): Promise<void> => {
    for await (const { item } of prefetchItems([1, 2, 3], begin, drop)) used.push(item);
  };
  await expect(going()).rejects.toThrow(new RangeError('no 2'));
  expect(used).toEqual([1]);
  expect(events).toEqual(['begin 1', 'begin 2', 'drop 1']);
});
