import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testsOfChange } from '../support/near-tests.ts';

test('a change is met by the tests that are named for it, the flows of its room, the engine, the seeds and the architecture', () => {
  const tests = testsOfChange(['src/databases/postgres/read.ts', 'tests/copy/local.test.ts', 'README.md']);
  expect(tests).toContain('tests/copy/local.test.ts');
  expect(tests).toContain('tests/databases/postgres/flows.test.ts');
  expect(tests).toContain('tests/simulator/seeds.test.ts');
  expect(tests.filter((path) => path.startsWith('tests/engine/')).length).toBeGreaterThan(20);
  expect(tests.filter((path) => path.startsWith('tests/architecture/')).length).toBeGreaterThan(4);
  expect(tests.filter((path) => path.startsWith('tests/databases/postgres/')).length).toBeGreaterThan(3);
  expect(tests.length).toBeLessThan(120);
});

test('npm run test:changed chooses tests for what changed since a commit, and says which commit is not there', () => {
  const root = join(import.meta.dirname, '..', '..');
  const run = (...words: string[]) =>
    spawnSync(process.execPath, [join(root, 'scripts', 'test-changed.mjs'), ...words], { cwd: root, encoding: 'utf8' });
  const { status, stdout } = run('HEAD', '--list');
  expect(status).toBe(0);
  expect(stdout).toMatch(/^\d+ changed files?, \d+ files of tests\n/);
  expect(stdout).toContain('tests/engine/protocol.test.ts');
  expect(run('no-such-commit', '--list')).toMatchObject({ status: 2, stderr: expect.stringContaining('npm run test:changed -- HEAD~1') });
});
