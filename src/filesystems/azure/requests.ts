import { setTimeout as pause } from 'node:timers/promises';
import type { Semaphore } from '../../ports/semaphore.ts';
import type { Instant } from '../../ports/values.ts';
import { AccountClock } from '../../remote/account-clock.ts';
import { type Answer, answerIn, isOpenWrite, isWorthAnotherTry } from '../../remote/azure/answer.ts';
import { gateOf } from '../remote/gate.ts';
import { waited } from '../remote/pace.ts';
import type { Said } from '../remote/refusals.ts';
import { type Addressed, isAbsent, refusal } from './refusals.ts';
import { type Moving, whileMoving } from './while-moving.ts';

export type { Moving } from './while-moving.ts';

/** What tests change: how long is waited, and how. */
export interface Patience {
  /** Longer than any request that is still answered goes without a byte. */
  readonly quietMs: number;
  readonly sleep: (ms: number) => Promise<unknown>;
}

const usual: Patience = { quietMs: 120_000, sleep: (ms) => pause(ms) };

/** One time that a request is sent. */
export interface Try extends Moving {
  /** From 0. */
  readonly attempt: number;
}

/** One request, and when it may be sent a second time. */
export interface Asking<T> {
  readonly doing: Said['doing'];
  /**
   * `safe`: twice is as good as once, so it is sent until it is answered. `once`: never again as long as it may have been carried out; then
   * it is `OutcomeUnknown`.
   */
  readonly again: 'safe' | 'once';
  readonly ask: (one: Try) => Promise<T>;
  /** An answer that is no failure here; undefined: it is one. */
  readonly expected?: (answer: Answer) => T | undefined;
}

/** The way of requests to one account: so many at once, sent again where that is safe, after the time that the service asks for. */
export class Requests {
  readonly at: Addressed;
  readonly #gate: Semaphore;
  readonly #patience: Patience;
  readonly #clock = new AccountClock(() => performance.now());

  constructor(account: string, at: Addressed, patience: Partial<Patience> = {}) {
    this.at = at;
    this.#gate = gateOf(account);
    this.#patience = { ...usual, ...patience };
  }

  /** Throws ConnectionError HYG-6401…6404, and `OutcomeUnknown` of a change that may have been made. */
  async send<T>(asking: Asking<T>): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      try {
        const ask = (moving: Moving): Promise<T> => asking.ask({ ...moving, attempt });
        return await this.#gate.run(async () => this.#hear(await whileMoving(this.#patience.quietMs, ask)));
      } catch (error) {
        const answer = answerIn(error);
        this.#clock.hear(answer.date?.toUTCString());
        const expected = asking.expected?.(answer);
        if (expected !== undefined) return expected;
        if (!answer.told && !answer.denied && answer.status === undefined) throw error;
        await this.#waitOrThrow(asking, answer, attempt);
      }
    }
  }

  async #waitOrThrow<T>({ doing, again }: Asking<T>, answer: Answer, attempt: number): Promise<void> {
    const { retryAfterMs } = answer;
    const isOpen = again === 'once' && answer.status !== undefined && isOpenWrite(answer);
    const goesOn = await waited({ attempt, retryAfterMs, mayGoAgain: mayGoAgain(answer, again), isOpen }, this.#patience.sleep);
    if (!goesOn) throw refusal(answer, doing, doing !== 'list' && doing !== 'read', this.at);
  }

  #hear<T>(answered: T): T {
    const date = typeof answered === 'object' && answered !== null && 'date' in answered ? answered.date : undefined;
    if (date instanceof Date) this.#clock.hear(date.toUTCString());
    return answered;
  }

  /** Whether it says that the path is not there. A 404 of another make speaks of what is above it, or is somebody else's. */
  isAbsent(answer: Answer): boolean {
    return isAbsent(answer, this.at);
  }

  /** The service's time; before its first answer, this machine's. */
  now(): Instant {
    return this.#clock.now() ?? new Date().toISOString();
  }
}

/** 429 says that nothing was done. */
function mayGoAgain(answer: Answer, again: 'safe' | 'once'): boolean {
  return answer.status === 429 || (again === 'safe' && isWorthAnotherTry(answer));
}
