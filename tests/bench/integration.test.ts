import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { node } from '../support/run-hygge.ts';

const root = join(import.meta.dirname, '..', '..');
const run = (...args: readonly string[]) =>
  promisify(execFile)(node, args, { cwd: root, env: { ...process.env, HYGGE_TEST_MSSQL: '', HYGGE_TEST_MYSQL: '' } });

test('the plans of integration say which servers there are, where none of them is meant', async () => {
  await expect(run('bench/integration.ts', 'oracle')).rejects.toMatchObject({ code: 1, stdout: '✗ which server? mssql or mysql\n' });
});

test.each([
  ['mssql', 'HYGGE_TEST_MSSQL'],
  ['mysql', 'HYGGE_TEST_MYSQL'],
])('the suites against a server are skipped in one sentence where no %s is named', async (which, variable) => {
  const { stdout } = await run('scripts/test-server.mjs', which);
  expect(stdout).toMatch(new RegExp(`^Skipped: ${variable} names no server \\(${which}://\\S+\\)\\. .*\\n$`));
});
