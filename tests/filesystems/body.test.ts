import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { wholeBody } from '../../src/filesystems/remote/body.ts';

test.each([
  ['iterated', (pieces: readonly Uint8Array[]) => pieces],
  ['read', (pieces: readonly Uint8Array[]) => Readable.from(pieces)],
])('of a body that is %s nothing is left but the whole, and larger buffers that pieces lie in', async (_, bodyOf) => {
  const own = new Uint8Array([1, 2, 3]);
  const larger = new Uint8Array(10).fill(7);
  const whole = await wholeBody(bodyOf([own, larger.subarray(0, 2)]), 5);
  expect([...whole]).toEqual([1, 2, 3, 7, 7]);
  expect([own.length, larger.length]).toEqual([0, 10]);
});

test('pieces stay until it is known how much comes', async () => {
  const pieces = [new Uint8Array([1, 2]), new Uint8Array([3])];
  expect([...(await wholeBody(Readable.from(pieces), undefined))]).toEqual([1, 2, 3]);
});
