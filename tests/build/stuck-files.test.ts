import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { TestCase, TestModule } from 'vitest/node';
import StuckFiles from '../support/stuck-files.ts';
import { TestWorkspace } from '../support/workspace.ts';

const root = join(import.meta.dirname, '..', '..');

test('a file whose process spins is named and ends alone: the results of the others are kept, and the run fails', () => {
  using place = new TestWorkspace({
    'spins.test.ts': "import { test } from 'vitest';\ntest('never ends', async () => {\n  for (;;) await null;\n});\n",
    ...Object.fromEntries(
      [1, 2, 3, 4].map((i) => [`ends-${i}.test.ts`, "import { test } from 'vitest';\ntest('ends', () => undefined);\n"]),
    ),
  });
  const support = join(root, 'tests', 'support');
  place.write({
    'vitest.config.mjs': `export default { test: { setupFiles: [${JSON.stringify(join(support, 'file-process.ts'))}], isolate: false, maxWorkers: 2 } };`,
  });
  const reporters = [`--reporter=${join(support, 'stuck-files.ts')}`, '--reporter=json', '--outputFile.json=report.json'];
  const vitest = [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', '--root', place.root, '--pool=forks', ...reporters];
  const { status, stdout } = spawnSync(process.execPath, vitest, {
    env: { ...process.env, HYGGE_TEST_ANSWERS_WITHIN_MS: '5000' },
    encoding: 'utf8',
  });
  expect(stdout).toContain('✗ spins.test.ts: its process has not answered for 5 s and ends here. The other files go on.\n');
  expect(status).toBe(1);
  expect(JSON.parse(readFileSync(place.path('report.json'), 'utf8'))).toMatchObject({ numPassedTests: 4, numFailedTests: 0 });
});

test('a file is not stuck because an event of its last test comes after its end; one that runs again is watched again', () => {
  const watch = new StuckFiles();
  const module = { moduleId: '/tests/a.test.ts', project: { name: 'pure', config: { root: '/' } } } as TestModule;
  const event = { module } as TestCase;
  const later = () => watch.stuck(performance.now() + 86_400_000);
  watch.onTestModuleStart(module);
  expect(later()).toEqual([module]);
  watch.onTestModuleEnd(module);
  watch.onTestCaseResult(event);
  watch.onTestCaseReady(event);
  expect(later()).toEqual([]);
  watch.onTestModuleStart(module);
  expect(later()).toEqual([module]);
});
