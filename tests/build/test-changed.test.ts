import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testsOfChange } from '../support/reaching-tests.ts';

const usual = () => 4;

test('a change is met by the tests that it reaches, those of its connector among them, and by 50 of a whole hygge', () => {
  const tests = testsOfChange(['src/databases/postgres/read.ts', 'tests/copy/local.test.ts'], usual);
  expect(tests).toContain('tests/copy/local.test.ts');
  expect(tests).toContain('tests/databases/postgres/home.test.ts');
  expect(tests.filter((path) => path.startsWith('tests/architecture/')).length).toBeGreaterThan(4);
  expect(tests.length).toBeLessThan(150);
});

test('files of tests that a change reaches only in a whole hygge get 200 seconds', () => {
  const slow = testsOfChange(['src/narrate/run/narrator.ts'], () => 100);
  expect(testsOfChange(['src/narrate/run/narrator.ts'], usual).length - slow.length).toBe(48);
});

test('the 200 seconds go to the tests of the folder that changed before those of another database', () => {
  const tests = testsOfChange(['src/databases/sqlite/errors.ts'], () => 20);
  expect(tests).toContain('tests/databases/sqlite/types.test.ts');
  expect(tests).not.toContain('tests/databases/mysql/connecting.test.ts');
});

test('a page is met by the tests of pages, and nothing else but the architecture', () => {
  const rooms = testsOfChange(['docs/lake.md'], usual).map((path) => path.split('/')[1]);
  expect([...new Set(rooms)].sort()).toEqual(['architecture', 'docs']);
});

test.each(['package.json', 'vitest.config.ts', 'tests/support/workspace.ts', 'src/registry.ts'])(
  'a change of %s is met by everything',
  (path) => {
    expect(testsOfChange([path], usual).length).toBeGreaterThan(900);
  },
);

test('npm run test:changed chooses tests for what changed since a commit, and says which commit is not there', () => {
  const root = join(import.meta.dirname, '..', '..');
  const run = (...words: string[]) =>
    spawnSync(process.execPath, [join(root, 'scripts', 'test-changed.mjs'), ...words], { cwd: root, encoding: 'utf8' });
  const { status, stdout } = run('HEAD', '--list');
  expect(status).toBe(0);
  expect(stdout).toMatch(/^\d+ changed files?, \d+ files of tests\n/);
  expect(stdout).toContain('tests/architecture/arrows.test.ts');
  expect(run('no-such-commit', '--list')).toMatchObject({ status: 2, stderr: expect.stringContaining('npm run test:changed -- HEAD~1') });
});
