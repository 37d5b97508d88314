/**
 * `npm run test:changed [-- BASE]`: types, lint, and the tests that what changed since BASE reaches (`main` by default, or the last commit where that
 * is all there is). It is for the hand; `npm test` runs everything.
 * `--list` prints the files of tests, and runs nothing.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { check } from './check.mjs';
import { root } from './runtime.mjs';

const git = (...args) =>
  execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    .split('\n')
    .filter((line) => line !== '');
const found = (base) => {
  try {
    return git('merge-base', 'HEAD', base)[0];
  } catch {
    return undefined;
  }
};

const words = process.argv.slice(2);
const given = words.find((word) => word !== '--list');
const from = found(given ?? 'main');
if (from === undefined) {
  process.stderr.write(`There is no commit ${given ?? 'main'} here. Name one: npm run test:changed -- HEAD~1\n`);
  process.exit(2);
}
const sinceThen = (base) => [...new Set([...git('diff', '--name-only', base), ...git('ls-files', '--others', '--exclude-standard')])];
const here = sinceThen(from);
const changed = here.length > 0 || given !== undefined || found('HEAD~1') === undefined ? here : sinceThen('HEAD~1');

const { testsOfChange } = await import('../tests/support/reaching-tests.ts');
const tests = testsOfChange(changed);
process.stdout.write(`${changed.length} changed files, ${tests.length} files of tests\n`);
if (words.includes('--list')) {
  process.stdout.write(`${tests.join('\n')}\n`);
  process.exit();
}
const failedChecks = await check();
const { status } = spawnSync(process.execPath, [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', ...tests], {
  cwd: root,
  stdio: 'inherit',
});
for (const name of failedChecks) process.stdout.write(`✗ ${name} failed; see above.\n`);
process.exitCode = status === 0 && failedChecks.length === 0 ? 0 : 1;
