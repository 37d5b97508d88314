import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { endLeftovers, leftoverProcesses } from '../support/leftover-processes.ts';

function idle(mark: string): ChildProcess {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], {
    env: { ...process.env, HYGGE_TEST_RUN: mark },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

test.runIf(process.platform === 'linux')('a process that a test left running is found by the mark it inherited, and ended', async () => {
  const child = idle('a-test-run');
  await once(child, 'spawn');

  const found = await leftoverProcesses('a-test-run', 0);
  expect(found.map(({ pid }) => pid)).toEqual([child.pid]);

  endLeftovers(found);
  await once(child, 'exit');
  expect(await leftoverProcesses('a-test-run', 0)).toEqual([]);
});

test('processes of another test run are left alone', async () => {
  const child = idle('another-test-run');
  await once(child, 'spawn');
  expect(await leftoverProcesses('a-test-run', 0)).toEqual([]);
});
