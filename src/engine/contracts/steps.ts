import type { Rejected } from '../../frames/rejected.ts';
import type { Clock } from '../../ports/clock.ts';
import { retry } from '../../ports/retry.ts';
import type { Instant, Json } from '../../ports/values.ts';
import type { Frame, Step } from './frame.ts';
import type { Home, SliceRef, Window } from './home.ts';
import type { Store, Target } from './store.ts';

/** "Again, not before then", in process: asks until the answer is there, with the cursor of the last one. `onPause` hears of each wait before it. */
export async function untilDone<T>(
  clock: Pick<Clock, 'now' | 'sleep'>,
  ask: (cursor: Json | undefined) => Promise<Step<T>>,
  signal?: AbortSignal,
  onPause: (until: Instant) => void = () => undefined,
): Promise<T> {
  let step = await ask(undefined);
  while (!('done' in step)) {
    const { notBefore } = step;
    if (notBefore !== undefined && msUntil(clock, notBefore) > 0) {
      onPause(notBefore);
      await sleepUntil(clock, notBefore, signal);
    }
    step = await ask(step.again);
  }
  return step.done;
}

/** Milliseconds from now; 0 or less: its time has come. */
export function msUntil(clock: Pick<Clock, 'now'>, instant: Instant): number {
  return Date.parse(instant) - Date.parse(clock.now());
}

/** Wakes up not before `instant` by the clock that others go by, however its timers run. Rejects with the signal's reason when it aborts first. */
export async function sleepUntil(clock: Pick<Clock, 'now' | 'sleep'>, instant: Instant, signal?: AbortSignal): Promise<void> {
  for (let left = msUntil(clock, instant); left > 0; left = msUntil(clock, instant)) await clock.sleep(left, signal);
}

/** The same error, of a step whose source asked to be left alone until `until`: the step is not tried again before. */
export function failedWhileAlone(error: unknown, until: Instant): unknown {
  return error instanceof Error ? Object.create(error, { leftAloneUntil: { value: until } }) : error;
}

/** Until when the source of the step that failed is left alone; undefined: it asked for no pause. */
export function leftAloneUntil(error: unknown): Instant | undefined {
  return error instanceof Error && 'leftAloneUntil' in error ? (error.leftAloneUntil as Instant) : undefined;
}

/** A slice as a whole, for whoever can't go on with it in a later step: waits in place where the source wants to be left alone. Ends with the signal's reason, while it waits as well. */
export async function* readWholeSlice(
  clock: Pick<Clock, 'now' | 'sleep'>,
  home: Pick<Home, 'read'>,
  slice: SliceRef,
  { window, signal }: { readonly window: Window; readonly signal: AbortSignal },
): AsyncGenerator<Frame | Rejected> {
  for await (const item of home.read(slice, window, undefined, signal)) {
    if (!('checkpoint' in item)) yield item;
    else if (item.notBefore !== undefined) await sleepUntil(clock, item.notBefore, signal);
  }
}

/** `Store.inspect`, for who needs the answer at once. */
export function inspected({ clock }: { readonly clock: Pick<Clock, 'now' | 'sleep'> }, store: Store): Promise<Target> {
  return untilDone(clock, (cursor) => retry(() => store.inspect(cursor)));
}
