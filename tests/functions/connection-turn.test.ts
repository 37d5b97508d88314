import { expect, test } from 'vitest';
import type { ActivityContext } from '../../functions/activities/activity.ts';
import { whenBorne } from '../../functions/activities/connection-turn.ts';
import type { EntityInput } from '../../functions/run-input.ts';
import { ConnectionLimits } from '../../src/engine/entity/connection-limits.ts';

const connection = { name: 'erp', type: 't', maxReads: 1, maxWrites: null };
const spec = { home: { connection }, store: {} };
const input = { n: 0, of: { flow: 'f' } } as unknown as EntityInput;
const does = { reads: true, writes: true };

/** A process whose clock sleeps until it is told that the time is over. */
function roomOf() {
  const wake: (() => void)[] = [];
  const sleep = (_ms: number, signal?: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      wake.push(resolve);
      signal?.addEventListener('abort', () => reject(signal.reason));
    });
  const clock = { now: () => '2026-01-01T00:00:00.000Z', sleep };
  const room = { app: { clock, limits: new ConnectionLimits() }, pinned: { flow: { entities: [spec] } } } as unknown as ActivityContext;
  return { room, wake };
}

test('a step whose connection bears no more for now comes again a little later, and has not begun', async () => {
  const { room, wake } = roomOf();
  let end: () => void = () => undefined;
  const busy = whenBorne(input, room, {
    does,
    from: undefined,
    work: () => new Promise<{ done: string }>((resolve) => (end = () => resolve({ done: 'first' }))),
  });
  let begun = false;
  const work = async () => {
    begun = true;
    return { done: 'second' };
  };
  const late = whenBorne(input, room, { does, from: undefined, work });
  wake[1]?.();
  expect(await late).toEqual({ again: null, notBefore: '2026-01-01T00:00:15.000Z' });
  expect(begun).toBe(false);
  const inTime = whenBorne(input, room, { does, from: { at: 3 }, work });
  end();
  expect(await busy).toEqual({ done: 'first' });
  expect(await inTime).toEqual({ done: 'second' });
});

test('what a step fails with is its own failure', async () => {
  const { room } = roomOf();
  const work = () => Promise.reject(new Error('its own'));
  await expect(whenBorne(input, room, { does, from: undefined, work })).rejects.toThrow('its own');
});
