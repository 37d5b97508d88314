import { matchesGlob } from 'node:path';
import { expect, test } from 'vitest';
import { pure, shared } from '../../vitest.config.ts';
import { sampling } from '../../vitest.soak.config.ts';
import { filesBelow, read } from './sources.ts';

const tests = filesBelow('tests')
  .filter((path) => path.endsWith('.test.ts') && !path.endsWith('/sampling.test.ts'))
  .map(read);

test('a sample has its seed in a name; what fast-check tries, it prints with its seed', () => {
  const sampled = tests.filter(({ path, text }) => sampling.includes(path) && /\bsampled(Engines)?\(/.test(text));
  expect(sampled.length).toBeGreaterThan(4);
  expect(sampled.filter(({ text }) => !/SEED=\$\{day\}/.test(text)).map(({ path }) => path)).toEqual([]);
});

test('no test has a time limit of its own', () => {
  expect(
    tests.filter(({ text }) => /^\s*\}, [\d_]+\);|\{[^}]*\btimeout: *[\d_]+[^}]*\}, *(async )?\(/m.test(text)).map(({ path }) => path),
  ).toEqual([]);
});

test('rooms that share a process replace no module of it', () => {
  const sharing = tests.filter(({ path }) => [...pure, ...shared].some((room) => matchesGlob(path, room)));
  expect(sharing.length).toBeGreaterThan(100);
  expect(sharing.filter(({ text }) => /\bvi\.(mock|doMock|resetModules)\(/.test(text)).map(({ path }) => path)).toEqual([]);
});
