/**
 * When something is done again: the one policy of all that goes over a network.
 *
 * | a request was | such as                                           | so                  | a `safe` one is sent again      | a `once` one is sent again      |
 * | ------------- | ------------------------------------------------- | ------------------- | ------------------------------- | ------------------------------- |
 * | throttled     | 429; 503 `SlowDown`, `ServerBusy`; a quota         | nothing was done    | until `giveUpAfterMs`          | until `giveUpAfterMs`          |
 * | undone        | no such host, no connection, no tunnel, `BadDigest` | nothing was done    | `mostSends` in all              | `mostSends` in all              |
 * | open          | 500, 502, 408; reset, timed out, broken off        | nobody knows        | `mostSends` in all              | by its caller, who looks first: |
 * |               |                                                   |                     |                                 | `mostSends` of the same write   |
 * | final         | every other answer                                | it is the answer    | never                           | never                           |
 *
 * `safe`: reads, and writes for which twice is as good as once. `once`: conditional writes (docs/protocol.md, 2.8): an open one is
 * `OutcomeUnknown`, thrown after the pause, and whoever gets it looks before the same write is sent again.
 *
 * Pauses double from `firstMs` to `longestMs`, half of each by chance, and are never shorter than `Retry-After`. One that would end behind the
 * deadline of the step (`withWaiting`), or behind `giveUpAfterMs`, is not begun: the call is over. A host that never answered yet is most likely
 * misspelt: `firstContactSends` there.
 *
 * Each call has one budget. A failure that has used it up says so (`spent`), and nobody above sends again: neither `retry` here, nor the driver
 * in process. What has minutes, the durable driver's timers, may.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock } from './clock.ts';

/** How often one request is sent, the first time included. */
export const mostSends = 8;
/** The same to a host that has not answered anything yet. */
export const firstContactSends = 4;
/** Pauses of one request in all, while a service asks for them. */
export const usualGiveUpMs = 300_000;

export type Ending = 'throttled' | 'undone' | 'open' | 'final';

const pauses: Readonly<Record<Exclude<Ending, 'final'>, { readonly firstMs: number; readonly longestMs: number }>> = {
  throttled: { firstMs: 1_000, longestMs: 30_000 },
  undone: { firstMs: 500, longestMs: 20_000 },
  open: { firstMs: 500, longestMs: 20_000 },
};

/** @param failures before, from 0. @param fraction of 0 to 1: those who were turned away together don't come back together. */
export function backoffMs(ending: Exclude<Ending, 'final'>, failures: number, fraction: number): number {
  const { firstMs, longestMs } = pauses[ending];
  return Math.min(firstMs * 2 ** failures, longestMs) * (0.5 + fraction / 2);
}

/** What a step allows those who wait in it. */
export interface Waiting {
  readonly clock: Pick<Clock, 'monotonicMs' | 'sleep'>;
  /** Uniform in [0, 1). */
  readonly fraction: () => number;
  /** By its clock: no pause may end later. */
  readonly untilMs?: number | undefined;
  /** Pauses of one request in all, while a service asks for them. Absent: `usualGiveUpMs`. */
  readonly giveUpAfterMs?: number | undefined;
  /** Aborted: nothing is waited for any more. */
  readonly signal?: AbortSignal | undefined;
  /** Told before each pause. */
  readonly onPause?: ((pause: Pause) => void) | undefined;
}

export interface Pause {
  readonly ms: number;
  /** How often the request was sent. */
  readonly sends: number;
  /** What is paused for, as it would be thrown. */
  readonly error: unknown;
}

const steps = new AsyncLocalStorage<Waiting | undefined>();

/** Everything that is asked over a network in `work` waits as `waiting` says; undefined: as outside of a step. */
export function withWaiting<T>(waiting: Waiting | undefined, work: () => T): T {
  return steps.run(waiting, work);
}

/** Of the step that is under way; undefined: outside of one. */
export function stepWaiting(): Waiting | undefined {
  return steps.getStore();
}

/** What is remembered of a host between requests. */
export interface HostContact {
  answered: boolean;
  /** How often a conditional write, by what it writes, was sent without an answer. */
  readonly open: Map<string, number>;
}

export function newContact(): HostContact {
  return { answered: false, open: new Map() };
}

/** One request. */
export interface RetriedRequest {
  /** It is a conditional write, and this is what it writes. Absent: twice is as good as once. */
  readonly once?: string | undefined;
}

export interface Failure {
  readonly ending: Ending;
  /** HTTP status; undefined: no answer. */
  readonly status: number | undefined;
  /** Milliseconds that it asked to be left alone. */
  readonly retryAfterMs: number | undefined;
  /** What would be thrown. @param spent the budget is used up. */
  readonly error: (spent: boolean) => unknown;
}

/** The budget of one request, from its first sending to its last. */
export class Budget {
  readonly #contact: HostContact;
  readonly #request: RetriedRequest;
  readonly #waiting: Waiting;
  #sends = 0;
  #throttles = 0;
  #pausedMs = 0;

  /** @param outside as it is waited outside of a step. */
  constructor(contact: HostContact, request: RetriedRequest, outside: Waiting) {
    this.#contact = contact;
    this.#request = request;
    this.#waiting = stepWaiting() ?? outside;
  }

  get clock(): Waiting['clock'] {
    return this.#waiting.clock;
  }

  /** It was answered with what was asked for. */
  done(): void {
    this.#contact.answered = true;
    this.#forget();
  }

  /** Pauses when it may be sent again, or looked for. Throws what became of it when it may not. */
  async goOn(failure: Failure): Promise<void> {
    const ending = this.#endingOf(failure);
    this.#contact.answered ||= failure.status !== undefined;
    if (ending === 'final') {
      this.#forget();
      throw failure.error(false);
    }
    const isOpenWrite = ending === 'open' && this.#request.once !== undefined;
    const failures = ending === 'throttled' ? this.#throttles++ : this.#count(isOpenWrite) - 1;
    const ms = Math.max(backoffMs(ending, failures, this.#waiting.fraction()), failure.retryAfterMs ?? 0);
    const isOver =
      ending === 'throttled' ? this.#pausedMs + ms > (this.#waiting.giveUpAfterMs ?? usualGiveUpMs) : this.#isLast(failures + 1);
    const goesOn = !isOver && (await this.#pause({ ms, sends: failures + 1, error: failure.error(false) }));
    if (!goesOn) this.#forget();
    if (!goesOn || isOpenWrite) throw failure.error(!goesOn);
  }

  /** A service that is too busy to answer says 503. That nothing was done, it must say more clearly (I5). */
  #endingOf({ ending, status }: Failure): Ending {
    return ending === 'open' && status === 503 && this.#request.once === undefined ? 'throttled' : ending;
  }

  #isLast(sends: number): boolean {
    return sends >= (this.#contact.answered ? mostSends : firstContactSends);
  }

  /** The same write is sent by several calls, with a look between them. */
  #count(isOpenWrite: boolean): number {
    const { once } = this.#request;
    if (!isOpenWrite || once === undefined) return ++this.#sends;
    const sends = (this.#contact.open.get(once) ?? 0) + 1;
    this.#contact.open.set(once, sends);
    return sends;
  }

  #forget(): void {
    if (this.#request.once !== undefined) this.#contact.open.delete(this.#request.once);
  }

  async #pause(pause: Pause): Promise<boolean> {
    const { clock, signal, untilMs, onPause } = this.#waiting;
    if (signal?.aborted || (untilMs !== undefined && clock.monotonicMs() + pause.ms > untilMs)) return false;
    onPause?.(pause);
    this.#pausedMs += pause.ms;
    try {
      await clock.sleep(pause.ms, signal);
    } catch (error) {
      if (!signal?.aborted) throw error;
    }
    return signal?.aborted !== true;
  }
}

/** For reads and for writes on names used once: done again while nobody knows what became of it. What is called has waited by then. */
export async function retry<T>(call: () => Promise<T>): Promise<T> {
  for (let sends = 1; ; sends++) {
    try {
      return await call();
    } catch (error) {
      mustBeUnresolved(error, sends);
    }
  }
}

/** Throws what may not, or no more, be done again after a look. @param sends how often it was done. */
export function mustBeUnresolved(error: unknown, sends: number): asserts error is OutcomeUnknown {
  if (!(error instanceof OutcomeUnknown) || error.spent) throw error;
  if (sends >= mostSends) throw new OutcomeUnknown(error.message, { cause: error.cause, retryAfterMs: error.retryAfterMs, spent: true });
}

/**
 * A write whose answer never came: it may have happened, may not have, or may still happen. Resolved by looking at ids or by
 * sending the same conditional write again; never by guessing, and nothing is deleted because of it (docs/protocol.md).
 */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';
  /** Milliseconds that the system asked to be left alone. */
  readonly retryAfterMs: number | undefined;
  /** It was sent as often as the policy allows (see `retry`): only who has minutes tries again. */
  readonly spent: boolean;

  constructor(message?: string, options: ErrorOptions & { readonly retryAfterMs?: number | undefined; readonly spent?: boolean } = {}) {
    super(message, options);
    this.retryAfterMs = options.retryAfterMs;
    this.spent = options.spent ?? false;
  }
}
