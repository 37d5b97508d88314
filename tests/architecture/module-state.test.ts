import { expect, test } from 'vitest';
import { exceptions, moduleState } from './module-state.ts';
import { sourcesBelow } from './sources.ts';

const found = sourcesBelow('src').flatMap(moduleState);

test('nothing that is opened is kept in a module', () => {
  expect(found.filter(({ what }) => exceptions[what] === undefined).map(({ what, line }) => `${what} in line ${line}`)).toEqual([]);
});

test('every exception is still there', () => {
  const there = new Set(found.map(({ what }) => what));
  expect(Object.keys(exceptions).filter((one) => !there.has(one))).toEqual([]);
});
