import { matchesGlob } from 'node:path';
import { expect, test } from 'vitest';
import { pure, shared } from '../../vitest.config.ts';
import { filesBelow, read } from './sources.ts';

const all = filesBelow('tests')
  .filter((path) => path.endsWith('.ts') && !path.includes('/node_modules/') && !path.endsWith('/test-files.test.ts'))
  .map(read);
const tests = all.filter(({ path }) => path.endsWith('.test.ts'));

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

/** A clock or chance, in a line that decides which tests run or what a random test begins with. */
const choosing = /\.each\(|skipIf\(|runIf\(|\bsampled\(|\bcases\(|\bskip\(|\bseed\b *[:=]|SEED/;
const clock = /\bDate\.now\(\)|\bnew Date\(\)|\bMath\.random\(\)|\bperformance\.now\(\)|\btoday\(\)/;

function choosingByClock(text: string): readonly string[] {
  return text.split('\n').filter((line) => clock.test(line) && choosing.test(line));
}

test('no clock and no chance chooses what runs: npm test runs the same tests each day', () => {
  expect(all.flatMap(({ path, text }) => choosingByClock(text).map((line) => `${path}: ${line.trim()}`))).toEqual([]);
});

test('each property test has a written seed', () => {
  const properties = (text: string) => text.match(/\bfc\.(assert|sample|check)\(/g)?.length ?? 0;
  const seeds = (text: string) => text.match(/\bcases\(|\bseed\b|\btried\b/g)?.length ?? 0;
  expect(tests.filter(({ text }) => properties(text) > seeds(text)).map(({ path }) => path)).toEqual([]);
});
