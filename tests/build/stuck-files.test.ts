import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { TestModule } from 'vitest/node';
import StuckFiles from '../support/stuck-files.ts';
import { TestWorkspace } from '../support/workspace.ts';

const root = join(import.meta.dirname, '..', '..');

// It blocks rather than spins: what counts is that it does not answer, and a processor is for the others.
test('a file whose process hangs is named and ends alone: the results of the others are kept, and the run fails', () => {
  using place = new TestWorkspace({
    'hangs.test.ts':
      "import { test } from 'vitest';\ntest('never ends', () => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));\n",
    ...Object.fromEntries([1, 2].map((i) => [`ends-${i}.test.ts`, "import { test } from 'vitest';\ntest('ends', () => undefined);\n"])),
  });
  const support = join(root, 'tests', 'support');
  place.write({
    'vitest.config.mjs': `export default { test: { setupFiles: [${JSON.stringify(join(support, 'file-process.ts'))}], isolate: false, maxWorkers: 2 } };`,
  });
  const reporters = [`--reporter=${join(support, 'stuck-files.ts')}`, '--reporter=json', '--outputFile.json=report.json'];
  const vitest = [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', '--root', place.root, '--pool=forks', ...reporters];
  const { status, stdout } = spawnSync(process.execPath, vitest, {
    // As many workers as its config says, whatever this run has.
    env: { ...process.env, VITEST_MAX_WORKERS: '2', HYGGE_TEST_ENDS_AFTER_MS: '3000', HYGGE_TEST_PROJECT: '' },
    encoding: 'utf8',
  });
  expect(stdout).toContain('✗ hangs.test.ts: its process has not ended it after 3 s and ends here. The other files continue.\n');
  expect(status).toBe(1);
  expect(JSON.parse(readFileSync(place.path('report.json'), 'utf8'))).toMatchObject({ numPassedTests: 2, numFailedTests: 0 });
});

const moduleOf = (project: string) => ({ moduleId: '/tests/a.test.ts', project: { name: project, config: { root: '/' } } }) as TestModule;

test('of a file that two projects run at once, only the process that is stuck ends', () => {
  const before = process.env.HYGGE_TEST_PROCESSES;
  const watch = new StuckFiles();
  watch.onInit();
  const folder = process.env.HYGGE_TEST_PROCESSES ?? '';
  for (const [pid, project] of ['MySQL', 'shared'].entries()) writeFileSync(join(folder, String(pid)), `${project} /tests/a.test.ts`);
  expect([watch.processesOf(moduleOf('MySQL')), watch.processesOf(moduleOf('shared'))]).toEqual([[0], [1]]);
  watch.onTestRunEnd();
  if (before === undefined) delete process.env.HYGGE_TEST_PROCESSES;
  else process.env.HYGGE_TEST_PROCESSES = before;
});
