import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Violation } from '../support/function-host/rules.ts';
import { type FunctionHost, startFunctionHost } from '../support/function-host/start-host.ts';

const app = join(import.meta.dirname, '..', 'support', 'function-host', 'fixtures', 'ill-behaved.ts');

let host: FunctionHost;

beforeAll(async () => {
  host = await startFunctionHost({ app });
});

afterAll(() => host[Symbol.asyncDispose]());

async function noticed(orchestrator: string): Promise<Violation> {
  const violation = host.expectViolation(`one-${orchestrator}`);
  await host.startOrchestration(orchestrator, `one-${orchestrator}`, {});
  return await violation;
}

test.each([
  ['fickle', 'non-determinism', /action 1 of this replay is not what it was/],
  ['speechless', 'stuck', /nothing that is on its way would wake it/],
  ['calls-large', 'payload', /the output of large is 5011 bytes long, allowed are 4096/],
  ['large-input', 'payload', /the input of echo is 5011 bytes long/],
  ['calls-bare', 'bare string', /the output of bare is a bare string/],
  ['calls-stamped', 'reserved name', /the output of stamped has a property named Timestamp/],
  ['large-status', 'custom status', /17011 bytes/],
  ['bad-child', 'instance id', /"a\/b" is no instance id/],
  ['long-timer', 'timer', /over six days/],
  ['retries', 'orchestrator', /an action of type 1 is none that this host replays/],
])('%s: %s', async (orchestrator, rule, what) => {
  const violation = await noticed(orchestrator);
  expect(violation).toMatchObject({ rule, instance: `one-${orchestrator}`, what: expect.stringMatching(what) as string });
});

test('a child whose id another instance has', async () => {
  await host.startOrchestration('waits', 'busy', {});
  expect(await noticed('child-in-use')).toMatchObject({ rule: 'instance id', what: expect.stringContaining('busy') as string });
});

test('a worker that ends by itself, and one that offers other functions than the one before', async () => {
  await using other = await startFunctionHost({ app });
  const [exit, functions] = [other.expectViolation(null, 'worker'), other.expectViolation(null, 'functions')];
  await other.startOrchestration('exits', 'e', { marker: join(other.folder, 'exited') });
  expect(await exit).toMatchObject({ rule: 'worker', what: 'a worker ended by itself (3)' });
  expect(await functions).toMatchObject({ rule: 'functions', what: expect.stringContaining('of-process-') as string });
  expect(await other.ask('ended', 'e')).toMatchObject({ status: 'Completed' });
});

test('a task that is awaited again is scheduled again, and results shift', async () => {
  const violation = await noticed('twice-awaited');
  expect(violation.rule).toMatch(/stuck|non-determinism/);
  expect(violation.history.join('\n')).toContain('TaskScheduled #0 echo {"n":1}');
});

test('a violation fails its waiting test, with the history', async () => {
  const other = await startFunctionHost({ app });
  await other.startOrchestration('speechless', 's');
  await expect(other.ask('ended', 's')).rejects.toThrow(/stuck in s: .*\n {2}OrchestratorStarted\n {2}ExecutionStarted speechless/);
  await expect(other[Symbol.asyncDispose]()).rejects.toThrow('stuck in s');
});

test('an orchestrator’s own error is no violation', async () => {
  const other = await startFunctionHost({ app });
  await other.startOrchestration('empty-wave', 'e');
  expect(await other.ask('ended', 'e')).toMatchObject({ status: 'Failed' });
  await other[Symbol.asyncDispose]();
});
