import { expect, test } from 'vitest';
import { EntityRuns } from '../../src/assembly/entity-runs.ts';
import type { EnginePorts } from '../../src/engine/contracts/ports.ts';
import type { EntitySpec } from '../../src/engine/contracts/spec.ts';

const spec = { flow: 'f', entity: 'e' } as EntitySpec;

/** Runs, what they have opened and closed, and a clock whose sleeps end when they are told to. */
function runsWith() {
  const wake: (() => void)[] = [];
  const told: string[] = [];
  const sleep = (_ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      wake.push(resolve);
      signal?.addEventListener('abort', () => reject(signal.reason));
    });
  const home = async () => {
    told.push('opened');
    return { [Symbol.asyncDispose]: async () => void told.push('closed') };
  };
  const ports = { home } as unknown as EnginePorts;
  const runs = new EntityRuns({ sleep });
  /** One step, which reads. */
  const step = async (run: string, ends = false): Promise<void> => {
    await using open = runs.borrow(run);
    await open.sides.over(ports).home(spec, null);
    if (ends) open.end();
  };
  return { runs, told, wake, step, ports };
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

test('what a step opened the next one finds, and the last one closes it', async () => {
  const { told, step } = runsWith();
  await step('a');
  await step('a');
  expect(told).toEqual(['opened']);
  await step('a', true);
  expect(told).toEqual(['opened', 'closed']);
});

test('what is not asked for again is closed after a while', async () => {
  const { told, step, wake } = runsWith();
  await step('a');
  wake[0]?.();
  await turn();
  expect(told).toEqual(['opened', 'closed']);
});

test('a step that comes in the very moment that the while is over finds everything open', async () => {
  const { runs, told, step, wake, ports } = runsWith();
  await step('a');
  wake[0]?.();
  await using open = runs.borrow('a');
  await turn();
  await open.sides.over(ports).home(spec, null);
  expect(told).toEqual(['opened']);
});

test('of runs without work, sixteen stay open', async () => {
  const { told, step } = runsWith();
  for (let n = 0; n < 18; n++) await step(`run ${n}`);
  expect(told.filter((one) => one === 'closed')).toHaveLength(2);
});
