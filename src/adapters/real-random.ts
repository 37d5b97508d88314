import { randomInt } from 'node:crypto';
import { monotonicFactory } from 'ulid';
import type { Random } from '../ports/random.ts';

const alphabet = '0123456789abcdefghijklmnopqrstuvwxyz';
const nonceLength = 10;

/** Randomness of the operating system. Ids of one process increase even within the same millisecond. */
export function realRandom(): Random {
  const id = monotonicFactory(() => randomInt(2 ** 32) / 2 ** 32);
  return {
    id: () => id(),
    nonce: () => Array.from({ length: nonceLength }, () => alphabet[randomInt(alphabet.length)]).join(''),
    fraction: () => randomInt(2 ** 47) / 2 ** 47,
  };
}
