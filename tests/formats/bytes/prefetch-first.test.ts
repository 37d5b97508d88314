import { expect, test } from 'vitest';
import { prefetched } from '../../../src/formats/bytes/prefetch-first.ts';
import { collect } from '../../support/collect.ts';

function recorded(fails = false) {
  const events: string[] = [];
  async function* values(): AsyncGenerator<number> {
    try {
      for (const value of [1, 2, 3]) {
        events.push(`asked for ${value}`);
        if (fails) throw new RangeError('none');
        yield value;
      }
    } finally {
      events.push('over');
    }
  }
  return { events, values };
}

test('the first is asked for at once, and no other before it is read', async () => {
  const { events, values } = recorded();
  const listing = prefetched(values());
  expect(events).toEqual(['asked for 1']);
  expect(await collect(listing)).toEqual([1, 2, 3]);
  expect(events).toEqual(['asked for 1', 'asked for 2', 'asked for 3', 'over']);
});

test('who leaves early leaves nothing open', async () => {
  const { events, values } = recorded();
  for await (const value of prefetched(values())) if (value === 1) break;
  expect(events).toEqual(['asked for 1', 'over']);
});

test('a failure is met by the reader that goes through them, and by no other', async () => {
  prefetched(recorded(true).values());
  await new Promise(setImmediate);
  await expect(collect(prefetched(recorded(true).values()))).rejects.toThrow(RangeError);
});
