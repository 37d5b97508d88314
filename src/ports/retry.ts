/**
 * The retry policy for all requests over a network.
 *
 * | a request was | such as                                           | so                  | a `safe` one is sent again      | a `once` one is sent again      |
 * | ------------- | ------------------------------------------------- | ------------------- | ------------------------------- | ------------------------------- |
 * | throttled     | 429; 503 `SlowDown`, `ServerBusy`; a quota         | nothing was done    | until `giveUpAfterMs`          | until `giveUpAfterMs`          |
 * | undone        | no such host, no connection, no tunnel, `BadDigest` | nothing was done    | `mostSends` in all              | `mostSends` in all              |
 * | open          | 500, 502, 408; reset, timed out, broken off        | it is not known     | `mostSends` in all              | by its caller, who checks first: |
 * |               |                                                   |                     |                                 | `mostSends` of the same write   |
 * | final         | every other answer                                | it is the answer    | never                           | never                           |
 *
 * `safe`: reads, and writes that may be done twice. `once`: conditional writes (docs/building/protocol.md, 2.8). If the outcome of a `once` write
 * is open, the call throws `OutcomeUnknown` after the pause. Its caller checks what happened before it sends the same write again.
 *
 * Pauses double from `firstMs` to `longestMs`, and are never shorter than `Retry-After`. Half of each pause is random. If a pause would last beyond the
 * deadline of the step (`withWaiting`) or beyond `giveUpAfterMs`, the call ends without this pause. A host that has never answered is most likely misspelt,
 * so a request to this host is sent `firstContactSends` times.
 *
 * Each call has one budget. If a failure has used up the budget, its error says so (`spent`). Then neither `retry` here nor the driver in process sends the
 * request again. The durable driver may send it again, because its timers last minutes.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock } from './clock.ts';

/** How long a rejected login is not sent again, because a server may lock the account after several wrong passwords within minutes. */
export const refusedLoginMs = 10 * 60_000;

/** How often one request is sent, including the first time. */
export const mostSends = 8;
/** How often one request is sent to a host that has never answered. */
export const firstContactSends = 4;
/** The most milliseconds of all pauses of one request together, while a service asks for pauses. */
export const usualGiveUpMs = 300_000;

export type FailureKind = 'throttled' | 'undone' | 'open' | 'final';

const pauses: Readonly<Record<Exclude<FailureKind, 'final'>, { readonly firstMs: number; readonly longestMs: number }>> = {
  throttled: { firstMs: 1_000, longestMs: 30_000 },
  undone: { firstMs: 500, longestMs: 20_000 },
  open: { firstMs: 500, longestMs: 20_000 },
};

/**
 * The milliseconds to wait before the request is sent again. @param failures how many earlier attempts failed, from 0. @param fraction a random number from
 * 0 to 1, so that callers with a failure at the same time do not retry at the same time.
 */
export function backoffMs(ending: Exclude<FailureKind, 'final'>, failures: number, fraction: number): number {
  const { firstMs, longestMs } = pauses[ending];
  return Math.min(firstMs * 2 ** failures, longestMs) * (0.5 + fraction / 2);
}

/** How long requests within a step may wait, and the clock that measures the wait. */
export interface Waiting {
  readonly clock: Pick<Clock, 'monotonicMs' | 'sleep'>;
  /** Random numbers in [0, 1), uniformly distributed. */
  readonly fraction: () => number;
  /** The latest end of a pause, by `clock.monotonicMs`. */
  readonly untilMs?: number | undefined;
  /** The most milliseconds of all pauses of one request together, while a service asks for pauses. Absent: `usualGiveUpMs`. */
  readonly giveUpAfterMs?: number | undefined;
  /** The signal that ends every pause when it aborts. */
  readonly signal?: AbortSignal | undefined;
  /** Called before each pause. */
  readonly onPause?: ((pause: Pause) => void) | undefined;
}

export interface Pause {
  readonly ms: number;
  /** How often the request was sent. */
  readonly sends: number;
  /** The failure before the pause, as it would be thrown. */
  readonly error: unknown;
}

const steps = new AsyncLocalStorage<Waiting | undefined>();

/** Runs `work`. Requests over a network in `work` wait by the limits of `waiting`; undefined: by the limits outside a step. */
export function withWaiting<T>(waiting: Waiting | undefined, work: () => T): T {
  return steps.run(waiting, work);
}

/** The limits of the running step; undefined: no step is running. */
export function stepWaiting(): Waiting | undefined {
  return steps.getStore();
}

/** What a process remembers of a host between requests. */
export interface HostContact {
  answered: boolean;
  /** How often each conditional write without an answer was sent, by its target (`RetriedRequest.once`). */
  readonly open: Map<string, number>;
}

export function newContact(): HostContact {
  return { answered: false, open: new Map() };
}

/** The properties of a request that the policy needs. */
export interface RetriedRequest {
  /** The target of a conditional write. Absent: the request may be done twice. */
  readonly once?: string | undefined;
}

export interface Failure {
  readonly ending: FailureKind;
  /** The HTTP status; undefined: the request had no answer. */
  readonly status: number | undefined;
  /** The pause that the service asked for, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** Makes the error to throw. @param spent whether the budget is used up. */
  readonly error: (spent: boolean) => unknown;
}

/** The budget of all attempts of one request. */
export class Budget {
  readonly #contact: HostContact;
  readonly #request: RetriedRequest;
  readonly #waiting: Waiting;
  #sends = 0;
  #throttles = 0;
  #pausedMs = 0;

  /** @param outside how the request waits when no step is running. */
  constructor(contact: HostContact, request: RetriedRequest, outside: Waiting) {
    this.#contact = contact;
    this.#request = request;
    this.#waiting = stepWaiting() ?? outside;
  }

  get clock(): Waiting['clock'] {
    return this.#waiting.clock;
  }

  /** Records that the request succeeded. */
  done(): void {
    this.#contact.answered = true;
    this.#forget();
  }

  /** Pauses, if the request may be sent again. Otherwise, or if the caller must check first, throws the failure. */
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

  /** A busy service answers 503. After a 503, a conditional write may still have happened (I5). */
  #endingOf({ ending, status }: Failure): FailureKind {
    return ending === 'open' && status === 503 && this.#request.once === undefined ? 'throttled' : ending;
  }

  #isLast(sends: number): boolean {
    return sends >= (this.#contact.answered ? mostSends : firstContactSends);
  }

  /** Counts the attempts of a request. Several calls send the same conditional write and check between them, so its attempts are counted by target. */
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

/** Repeats a read, or a write to a name that is used once, while its outcome is unknown. The pause is in `call` itself. */
export async function retry<T>(call: () => Promise<T>): Promise<T> {
  for (let sends = 1; ; sends++) {
    try {
      return await call();
    } catch (error) {
      mustBeUnresolved(error, sends);
    }
  }
}

/** Throws the error, unless it is an `OutcomeUnknown` after which the caller may check and send again. @param sends how often the request was sent. */
export function mustBeUnresolved(error: unknown, sends: number): asserts error is OutcomeUnknown {
  if (!(error instanceof OutcomeUnknown) || error.spent) throw error;
  if (sends >= mostSends) throw new OutcomeUnknown(error.message, { cause: error.cause, retryAfterMs: error.retryAfterMs, spent: true });
}

/**
 * A write without an answer: it may have happened, or may still happen. The caller checks ids or sends the same conditional write again. The caller never
 * guesses, and never deletes data because of a missing answer (docs/building/protocol.md).
 */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';
  /** The pause that the service asked for, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** Whether the write was sent as often as the policy allows. If so, only the durable driver tries again, because this driver can wait for minutes. */
  readonly spent: boolean;

  constructor(message?: string, options: ErrorOptions & { readonly retryAfterMs?: number | undefined; readonly spent?: boolean } = {}) {
    super(message, options);
    this.retryAfterMs = options.retryAfterMs;
    this.spent = options.spent ?? false;
  }
}
