/**
 * When something is done again: the one policy of all that goes over a network.
 *
 * | a request was | such as                                           | so                  | a `safe` one is sent again      | a `once` one is sent again      |
 * | ------------- | ------------------------------------------------- | ------------------- | ------------------------------- | ------------------------------- |
 * | throttled     | 429; 503 `SlowDown`, `ServerBusy`; a quota         | nothing was done    | for `patienceMs`                | for `patienceMs`                |
 * | undone        | no such host, no connection, no tunnel, `BadDigest` | nothing was done    | `mostSends` in all              | `mostSends` in all              |
 * | open          | 500, 502, 408; reset, timed out, broken off        | nobody knows        | `mostSends` in all              | by its caller, who looks first: |
 * |               |                                                   |                     |                                 | `mostSends` of the same write   |
 * | final         | every other answer                                | it is the answer    | never                           | never                           |
 *
 * `safe`: reads, and writes for which twice is as good as once. `once`: conditional writes (docs/protocol.md, 2.8): an open one is
 * `OutcomeUnknown`, thrown after the pause, and whoever gets it looks before the same write is sent again.
 *
 * Pauses double from `firstMs` to `longestMs`, half of each by chance, and are never shorter than `Retry-After`. One that would end behind the
 * deadline of the step (`within`), or behind the patience, is not begun: the call is over. A host that never answered yet is most likely
 * misspelt: `firstContactSends` there.
 *
 * Each call has one budget. A failure that has used it up says so (`spent`), and nobody above sends again: neither `retry` here, nor the driver
 * in process. What has minutes, the durable driver's timers, may.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock } from './clock.ts';
import { OutcomeUnknown } from './outcome.ts';

/** How often one request is sent, the first time included. */
export const mostSends = 8;
/** The same to a host that has not answered anything yet. */
export const firstContactSends = 4;
/** Pauses in all, while a service asks for them. */
export const patienceMs = 300_000;

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
  readonly untilMs?: number;
  /** Aborted: nothing is waited for any more. */
  readonly signal?: AbortSignal;
  /** Told before each pause. */
  readonly onPause?: (pause: Pause) => void;
}

export interface Pause {
  readonly ms: number;
  /** How often the request was sent. */
  readonly sends: number;
  readonly ending: Ending;
}

const steps = new AsyncLocalStorage<Waiting>();

/** Everything that is asked over a network in `work` waits as `waiting` says. */
export function within<T>(waiting: Waiting, work: () => Promise<T>): Promise<T> {
  return steps.run(waiting, work);
}

/** Of the step that is under way; undefined: outside of one. */
export function stepWaiting(): Waiting | undefined {
  return steps.getStore();
}

/** What is remembered of a host between requests. */
export interface Contact {
  answered: boolean;
  /** How often a conditional write, by what it writes, was sent without an answer. */
  readonly open: Map<string, number>;
}

export function newContact(): Contact {
  return { answered: false, open: new Map() };
}

export interface Request {
  readonly again: 'safe' | 'once';
  /** Of a `once`: what it writes. */
  readonly about?: string | undefined;
}

export interface Failure {
  readonly ending: Ending;
  /** The service answered, if only with a refusal. */
  readonly answered: boolean;
  /** Milliseconds that it asked to be left alone. */
  readonly retryAfterMs: number | undefined;
}

/** The budget of one request, from its first sending to its last. */
export class Budget {
  readonly #contact: Contact;
  readonly #request: Request;
  readonly #waiting: Waiting;
  #sends = 0;
  #throttles = 0;
  #pausedMs = 0;
  #spent = false;

  /** @param outside as it is waited outside of a step. */
  constructor(contact: Contact, request: Request, outside: Waiting) {
    this.#contact = contact;
    this.#request = request;
    this.#waiting = stepWaiting() ?? outside;
  }

  /** Whether it was sent as often, and waited for as long, as may be. */
  get spent(): boolean {
    return this.#spent;
  }

  /** It was answered with what was asked for. */
  done(): void {
    this.#contact.answered = true;
    this.#forget();
  }

  /** Pauses, and answers whether it may be sent again. */
  async mayGoAgain({ ending, answered, retryAfterMs }: Failure): Promise<boolean> {
    this.#contact.answered ||= answered;
    if (ending === 'final') {
      this.#forget();
      return false;
    }
    const isOpenWrite = ending === 'open' && this.#request.again === 'once';
    const failures = ending === 'throttled' ? this.#throttles++ : this.#count(isOpenWrite) - 1;
    const ms = Math.max(backoffMs(ending, failures, this.#waiting.fraction()), retryAfterMs ?? 0);
    const isOver = ending === 'throttled' ? this.#pausedMs + ms > patienceMs : failures + 1 >= this.#mostSends();
    if (isOver || !(await this.#pause({ ms, sends: failures + 1, ending }))) {
      this.#spent = true;
      this.#forget();
      return false;
    }
    return !isOpenWrite;
  }

  #mostSends(): number {
    return this.#contact.answered ? mostSends : firstContactSends;
  }

  /** The same write is sent by several calls, with a look between them. */
  #count(isOpenWrite: boolean): number {
    const { about } = this.#request;
    if (!isOpenWrite || about === undefined) return ++this.#sends;
    const sends = (this.#contact.open.get(about) ?? 0) + 1;
    this.#contact.open.set(about, sends);
    return sends;
  }

  #forget(): void {
    if (this.#request.about !== undefined) this.#contact.open.delete(this.#request.about);
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
      mustBeOpen(error, sends);
    }
  }
}

/** Throws what may not, or no more, be done again after a look. @param sends how often it was done. */
export function mustBeOpen(error: unknown, sends: number): asserts error is OutcomeUnknown {
  if (!(error instanceof OutcomeUnknown) || error.spent) throw error;
  if (sends >= mostSends) throw new OutcomeUnknown(error.message, { cause: error.cause, retryAfterMs: error.retryAfterMs, spent: true });
}
