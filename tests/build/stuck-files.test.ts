import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { TestCase, TestModule } from 'vitest/node';
import StuckFiles from '../support/stuck-files.ts';
import { TestWorkspace } from '../support/workspace.ts';

test('a test run whose file spins ends, fails and names the file', () => {
  using place = new TestWorkspace({
    'spins.test.ts': "import { test } from 'vitest';\ntest('never ends', async () => {\n  for (;;) await null;\n});\n",
    'ends.test.ts': "import { test } from 'vitest';\ntest('ends', () => undefined);\n",
  });
  const root = join(import.meta.dirname, '..', '..');
  const reporter = join(root, 'tests', 'support', 'stuck-files.ts');
  const vitest = [
    join(root, 'node_modules', 'vitest', 'vitest.mjs'),
    'run',
    '--root',
    place.root,
    '--pool=forks',
    `--reporter=${reporter}`,
  ];
  const { status, stdout } = spawnSync(process.execPath, vitest, {
    env: { ...process.env, HYGGE_TEST_ANSWERS_WITHIN_MS: '1500' },
    encoding: 'utf8',
    timeout: 60_000,
  });
  expect(stdout).toBe('✗ spins.test.ts: its process has not answered for 2 s. The run ends here.\n');
  expect(status).toBe(1);
});

test('a file is not stuck because an event of its last test comes after its end; one that runs again is watched again', () => {
  const watch = new StuckFiles();
  const module = { moduleId: '/tests/a.test.ts', project: { name: 'pure', config: { root: '/' } } } as TestModule;
  const event = { module } as TestCase;
  const later = () => watch.stuck(performance.now() + 86_400_000);
  watch.onTestModuleStart(module);
  expect(later()).toEqual(['tests/a.test.ts']);
  watch.onTestModuleEnd(module);
  watch.onTestCaseResult(event);
  watch.onTestCaseReady(event);
  expect(later()).toEqual([]);
  watch.onTestModuleStart(module);
  expect(later()).toEqual(['tests/a.test.ts']);
});
