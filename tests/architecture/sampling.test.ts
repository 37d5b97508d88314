import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sampling } from '../../vitest.soak.config.ts';

const root = join(import.meta.dirname, '..', '..');
const tests = readdirSync(join(root, 'tests'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => `tests/${name.replaceAll('\\', '/')}`)
  .sort();
const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');

test('what npm test samples, npm run soak has whole', () => {
  const samples = tests.filter((path) => /import \{[^}]*\bsampled\b[^}]*\} from '.*\/day\.ts'/.test(textOf(path)));
  expect(samples).toEqual([...sampling].sort());
});

test('a sample has its seed in a name', () => {
  expect(sampling.filter((path) => !/SEED=\$\{day\}/.test(textOf(path)))).toEqual([]);
});

test('no test has a time limit of its own', () => {
  const limited = tests.filter((path) => /^\s*\}, [\d_]+\);|^\s*test\.?.*\btimeout: *[\d_]+/m.test(textOf(path)));
  expect(limited).toEqual([]);
});
