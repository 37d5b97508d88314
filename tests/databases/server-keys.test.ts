import { expect, test } from 'vitest';
import { serverKeys } from '../../src/databases/server-keys.ts';

test('a port is a whole number from 1 to 65,535', () => {
  const port = serverKeys.port('5432');
  const takes = (one: unknown) => port.safeParse(one).success;
  expect([1, 5432, 65_535, undefined].filter(takes)).toEqual([1, 5432, 65_535, undefined]);
  expect([0, 65_536, -1, 1.5, '5432', null].filter(takes)).toEqual([]);
});
