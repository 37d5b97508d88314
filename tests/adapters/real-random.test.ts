import { expect, test } from 'vitest';
import { realRandom } from '../../src/adapters/real-random.ts';

const random = realRandom();

test('ids are ULIDs that rise, also within a millisecond, and never repeat', () => {
  const ids = Array.from({ length: 5000 }, () => random.id());
  expect(ids.every((id) => /^[0-9A-HJKMNP-TV-Z]{26}$/.test(id))).toBe(true);
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(ids).size).toBe(5000);
});

test('nonces are ten characters of 0-9 and a-z, all of them used, none twice', () => {
  const nonces = Array.from({ length: 5000 }, () => random.nonce());
  expect(nonces.every((nonce) => /^[0-9a-z]{10}$/.test(nonce))).toBe(true);
  expect(new Set(nonces).size).toBe(5000);
  expect(new Set(nonces.join('')).size).toBe(36);
});

test('fractions are spread over [0, 1)', () => {
  const fractions = Array.from({ length: 5000 }, () => random.fraction());
  expect(fractions.every((fraction) => fraction >= 0 && fraction < 1)).toBe(true);
  expect(Math.abs(fractions.reduce((sum, fraction) => sum + fraction, 0) / 5000 - 0.5)).toBeLessThan(0.05);
});
