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

test.each([
  'const pools = new Map<string, Pool>();',
  'const atWork = new WeakMap<EnginePorts, LruCache<Promise<Home>>>();',
  'export const homes = new LruCache<Promise<Home>>(64);',
  'let client: Client | undefined;',
  'const idle: Connection[] = [];',
])('this rule finds %s', (text) => {
  expect(moduleState({ path: 'src/planted.ts', text })).toHaveLength(1);
});

test.each(["const words = new Map([['a', 1]]);", '  const pools = new Map();', "const kinds: ReadonlySet<string> = new Set(['a']);"])(
  'and not: %s',
  (text) => {
    expect(moduleState({ path: 'src/planted.ts', text })).toEqual([]);
  },
);
