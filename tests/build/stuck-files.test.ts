import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
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
