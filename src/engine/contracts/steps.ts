import type { Clock } from '../../ports/clock.ts';
import type { Json } from '../../ports/values.ts';
import type { Step } from './contracts.ts';

/** "Again, not before then", in process: asks until the answer is there, with the cursor of the last one. */
export async function untilDone<T>(
  clock: Pick<Clock, 'now' | 'sleep'>,
  ask: (cursor: Json | undefined) => Promise<Step<T>>,
  signal?: AbortSignal,
): Promise<T> {
  let step = await ask(undefined);
  while (!('done' in step)) {
    if (step.notBefore !== undefined) await clock.sleep(Math.max(0, Date.parse(step.notBefore) - Date.parse(clock.now())), signal);
    step = await ask(step.again);
  }
  return step.done;
}
