import type { Rejected } from '../../frames/values/rejected-rows.ts';
import type { Clock } from '../../ports/clock.ts';
import { retry } from '../../ports/retry.ts';
import type { Instant, Json } from '../../ports/values.ts';
import { parentsNotRead } from './errors.ts';
import type { Frame, Step } from './frame.ts';
import type { AskedOfSource, Breadth, Home, Look, LookedPart, MissedParents, SliceRef, SourceDescription, Window } from './home.ts';
import type { Store, Target } from './store.ts';

/** Calls a step in this process until it is done. Each call gets the cursor of the previous result. `onPause` is called before each wait. */
export async function untilDone<T>(
  clock: Pick<Clock, 'now' | 'sleep'>,
  ask: (cursor: Json | undefined) => Promise<Step<T>>,
  signal?: AbortSignal,
  onPause: (until: Instant, waitsFor?: string) => void = () => undefined,
): Promise<T> {
  let step = await ask(undefined);
  while (!('done' in step)) {
    const { notBefore, waitsFor } = step;
    if (notBefore !== undefined && msUntil(clock, notBefore) > 0) {
      onPause(notBefore, waitsFor);
      await sleepUntil(clock, notBefore, signal);
    }
    step = await ask(step.again);
  }
  return step.done;
}

export interface FreshDescription extends SourceDescription {
  /** `Freshness.isBehind`: whether the copies may lack rows. */
  readonly isBehind: boolean;
}

/**
 * Brings the copies of a home up to date, and then describes the home. Plans and comparisons call this, because `Home.describe` alone leaves the
 * copies as they are. If copies stay behind, there is a lasting warning.
 */
export async function describeNewest(
  home: Home,
  cursor: Json | undefined,
  ...how: [look?: Look, breadth?: Breadth, part?: LookedPart]
): Promise<Step<FreshDescription>> {
  const { copied } = home;
  if (copied === undefined) {
    const step = await home.describe(cursor, ...how);
    return 'again' in step ? step : { done: { ...step.done, isBehind: false } };
  }
  const at = (cursor ?? {}) as { readonly refresh?: Json; readonly describe?: Json };
  const shown = await copied.refresh(at.refresh);
  if ('again' in shown) return { ...shown, again: { refresh: shown.again } };
  const described = await home.describe(at.describe, ...how);
  if ('again' in described) return { ...described, again: { ...at, describe: described.again } };
  const { done } = described;
  if (shown.done === null) return { done: { ...done, isBehind: false } };
  const { isBehind, note } = shown.done;
  const { provisos = [], lastingWarnings = [] } = done;
  return {
    done: { ...done, isBehind, ...(isBehind ? { lastingWarnings: [...lastingWarnings, note] } : { provisos: [...provisos, note] }) },
  };
}

/** Milliseconds from now to an instant. A number of 0 or less: the instant has passed. */
export function msUntil(clock: Pick<Clock, 'now'>, instant: Instant): number {
  return Date.parse(instant) - Date.parse(clock.now());
}

const mostEarlyMs = 90 * 60_000;

/**
 * Whether the time since `last` has reached `everyMs`. It counts as reached a sixteenth of `everyMs` early, but at most 90 minutes. The reason: a
 * flow that runs at two each night begins some seconds earlier on some nights, and an hour earlier when the clock changes. If `last` is in the
 * future, a wrong clock wrote it, so the time counts as reached, too.
 */
export function isPeriodOver(everyMs: number, last: Instant, now: Instant): boolean {
  const age = Date.parse(now) - Date.parse(last);
  const early = Math.min(mostEarlyMs, everyMs / 16);
  return age >= everyMs - early || age < -early;
}

/** Sleeps until `instant` by the engine’s clock, even if timers run too fast. If the signal aborts first, it throws the signal’s reason. */
export async function sleepUntil(clock: Pick<Clock, 'now' | 'sleep'>, instant: Instant, signal?: AbortSignal): Promise<void> {
  for (let left = msUntil(clock, instant); left > 0; left = msUntil(clock, instant)) await clock.sleep(left, signal);
}

/** The error of a failed step whose source asked for a pause until `notBefore`. With this error, the step is not tried again before that time. Undefined: the source asked for no pause. */
export function withNotBefore(error: unknown, notBefore: Instant | undefined): unknown {
  return error instanceof Error && notBefore !== undefined ? Object.create(error, { notBefore: { value: notBefore } }) : error;
}

/** The time before which the failed step must not be tried again. Undefined: the source asked for no pause. */
export function notBeforeOf(error: unknown): Instant | undefined {
  return error instanceof Error && 'notBefore' in error ? (error.notBefore as Instant) : undefined;
}

export interface OneStepRead {
  readonly window: Window;
  readonly signal: AbortSignal;
  /** Called with the parents whose rows can’t be read. Absent: HomeError HYG-3640 is thrown instead. */
  readonly onMissed?: (missed: MissedParents) => void;
  /** Called with the number of requests that were sent to the source. */
  readonly onAsked?: (asked: AskedOfSource) => void;
}

function refuseMissed({ missed }: MissedParents): never {
  throw parentsNotRead(missed);
}

/**
 * Reads a slice from beginning to end in one step, for callers that can’t continue in a later step. If the source asks for a pause, it sleeps. If the
 * signal aborts, even during the sleep, it throws the signal’s reason.
 */
export async function* readSliceInOneStep(
  clock: Pick<Clock, 'now' | 'sleep'>,
  home: Pick<Home, 'read'>,
  slice: SliceRef,
  { window, signal, onMissed = refuseMissed, onAsked }: OneStepRead,
): AsyncGenerator<Frame | Rejected> {
  for await (const item of home.read(slice, window, undefined, signal)) {
    if (!('checkpoint' in item)) {
      yield item;
      continue;
    }
    if (item.missed !== undefined) onMissed(item.missed);
    if (item.asked !== undefined) onAsked?.(item.asked);
    if (item.notBefore !== undefined) await sleepUntil(clock, item.notBefore, signal);
  }
}

/** Calls `Store.inspect` until it is done. */
export function inspectTarget({ clock }: { readonly clock: Pick<Clock, 'now' | 'sleep'> }, store: Store): Promise<Target> {
  return untilDone(clock, (cursor) => retry(() => store.inspect(cursor)));
}

/** A limit on the time of some work. When the time is over, its signal aborts. Disposing of the object ends the limit. */
export class TimeLimit implements Disposable {
  readonly #over = new AbortController();
  readonly #done = new AbortController();

  /** @param reason makes the reason with which the signal aborts. */
  constructor(clock: Pick<Clock, 'sleep'>, ms: number, reason: () => Error = () => new Error('too late')) {
    clock.sleep(ms, this.#done.signal).then(
      () => this.#over.abort(reason()),
      () => undefined,
    );
  }

  get signal(): AbortSignal {
    return this.#over.signal;
  }

  [Symbol.dispose](): void {
    this.#done.abort();
  }
}
