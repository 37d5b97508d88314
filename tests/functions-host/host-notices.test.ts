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
