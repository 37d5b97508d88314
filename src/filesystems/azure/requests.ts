import { HyggeError } from '../../errors/hygge-error.ts';
import type { Network } from '../../ports/network.ts';
import type { Waiting } from '../../ports/retry.ts';
import type { Instant } from '../../ports/values.ts';
import { AccountClock } from '../../remote/account-clock.ts';
import { type Answer, answerIn, endingOf } from '../../remote/azure/answer.ts';
import type { ServiceAnswer } from '../../remote/refusals.ts';
import { Sender, type SendOutcome } from '../../remote/sender.ts';
import { type AddressForErrors, isAbsent, refusal } from './refusals.ts';

/** Options that tests change. */
export interface RequestOptions {
  /** The maximum time without a byte. A successful request never waits so long for a byte. */
  readonly quietMs?: number;
  /** How requests outside of a step wait. */
  readonly waiting?: Partial<Waiting>;
}

const usualQuietMs = 120_000;

/** One sending of a request. */
export interface RequestAttempt extends RequestInFlight {
  /** How often the request was sent before. */
  readonly attempt: number;
}

/** One request, and whether it may be sent a second time. */
export interface SendOptions<T> {
  readonly doing: ServiceAnswer['doing'];
  /**
   * The path of a conditional write. If the write may have been carried out, it is not repeated, and the result is `OutcomeUnknown`.
   * Absent: the request may be repeated.
   */
  readonly once?: string;
  readonly ask: (one: RequestAttempt) => Promise<T>;
  /** The result for an answer with an error status that is expected here. Undefined: the answer is a failure. */
  readonly expected?: (answer: Answer) => T | undefined;
}

/** The requests to one account. */
export class AzureRequests {
  readonly at: AddressForErrors;
  readonly network: Network;
  /** Whether the account is reached over HTTPS. */
  readonly isEncrypted: boolean;
  readonly #sender: Sender;
  readonly #quietMs: number;
  readonly #clock = new AccountClock(() => performance.now());

  constructor(
    accountUrl: string,
    at: AddressForErrors,
    { network, quietMs = usualQuietMs, waiting }: RequestOptions & { readonly network: Network },
  ) {
    this.at = at;
    this.network = network;
    this.isEncrypted = accountUrl.startsWith('https:');
    this.#sender = new Sender(network, accountUrl, waiting);
    this.#quietMs = quietMs;
  }

  /** Throws ConnectionError HYG-6401…6404, HYG-6052, HYG-6053, and `OutcomeUnknown` for a change that may have been made. */
  send<T>(asking: SendOptions<T>): Promise<T> {
    return this.#sender.send(
      { once: asking.once === undefined ? undefined : `${this.at.url} ${asking.once}` },
      async (attempt) => this.#hear(await whileMoving(this.#quietMs, (moving) => asking.ask({ ...moving, attempt }))),
      (error) => this.#judge(error, asking),
    );
  }

  #judge<T>(error: unknown, { doing, expected }: SendOptions<T>): SendOutcome<T> {
    if (error instanceof HyggeError) throw error;
    const answer = answerIn(error);
    this.#clock.hear(answer.date?.toUTCString());
    const answered = expected?.(answer);
    if (answered !== undefined) return { answer: answered };
    if (!answer.told && !answer.denied && answer.status === undefined) throw error;
    const { status, retryAfterMs } = answer;
    const changes = doing !== 'list' && doing !== 'read';
    return { ending: endingOf(answer), status, retryAfterMs, error: (spent) => refusal(answer, { doing, changes, spent }, this.at) };
  }

  #hear<T>(answered: T): T {
    const date = typeof answered === 'object' && answered !== null && 'date' in answered ? answered.date : undefined;
    if (date instanceof Date) this.#clock.hear(date.toUTCString());
    return answered;
  }

  /** Whether the answer means that the path does not exist. A 404 of any other form is about the container, or comes from another server. */
  isAbsent(answer: Answer): boolean {
    return isAbsent(answer, this.at);
  }

  /** The service’s time; before its first answer, this machine’s time. */
  now(): Instant {
    return this.#clock.now() ?? new Date().toISOString();
  }
}

/** A request that is being sent. */
export interface RequestInFlight {
  /** Aborted if no byte has moved for too long. */
  readonly abortSignal: AbortSignal;
  /** Must be called whenever bytes were sent or received. */
  moved(): void;
}

/**
 * Runs a request as long as bytes are sent or received, so that a slow request is not aborted. @param quietMs maximum time
 * without a byte, including the time until the answer.
 */
async function whileMoving<T>(quietMs: number, act: (moving: RequestInFlight) => Promise<T>): Promise<T> {
  const cut = new AbortController();
  const timer = setTimeout(() => cut.abort(), quietMs);
  let isOver = false;
  try {
    return await act({
      abortSignal: cut.signal,
      moved() {
        if (!isOver) timer.refresh();
      },
    });
  } finally {
    isOver = true;
    clearTimeout(timer);
  }
}
