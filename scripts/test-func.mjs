/**
 * `npm run test:func`: the end-to-end tests that are about no more than what every host of function apps does, under `func start` instead of the
 * test host. Needs the Azure Functions Core Tools.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { root } from './runtime.mjs';

const suite = 'tests/functions-host/settles.test.ts';

function onPath(program) {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, process.platform === 'win32' ? `${program}.exe` : program))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

const func = onPath('func');
if (func === undefined) {
  process.stderr.write(
    'There is no `func` on the PATH: this needs the Azure Functions Core Tools, version 4.\nThe same tests without them: npm test -- tests/functions-host\n',
  );
  process.exitCode = 1;
} else {
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const env = { ...process.env, HYGGE_FUNC: func };
  const { status } = spawnSync(process.execPath, [vitest, 'run', '--testTimeout=300000', suite, ...process.argv.slice(2)], {
    cwd: root,
    stdio: 'inherit',
    env,
  });
  process.exitCode = status ?? 1;
}
