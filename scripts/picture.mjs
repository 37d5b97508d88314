/** `npm run picture`: records the session of the README again, in a real terminal beside a real PostgreSQL, and draws it: docs/pictures/copy.svg. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './runtime.mjs';

const vitest = join(root, 'node_modules/vitest/vitest.mjs');
const { status } = spawnSync(process.execPath, [vitest, 'run', 'tests/docs/recording.test.ts', '-t', 'what the command prints'], {
  cwd: root,
  env: { ...process.env, HYGGE_RECORD: '1' },
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
