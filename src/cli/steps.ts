import type { Step } from '../engine/contracts.ts';
import type { Clock } from '../ports/clock.ts';
import type { Json } from '../ports/values.ts';

/** Asks until the answer is there, with the cursor of the last one, and not before it says. */
export async function untilDone<T>(clock: Pick<Clock, 'now' | 'sleep'>, ask: (cursor?: Json) => Promise<Step<T>>): Promise<T> {
  let step = await ask();
  while (!('done' in step)) {
    if (step.notBefore !== undefined) await clock.sleep(Math.max(0, Date.parse(step.notBefore) - Date.parse(clock.now())));
    step = await ask(step.again);
  }
  return step.done;
}
