import { setTimeout as pause } from 'node:timers/promises';
import type { Network, RequestLimiter } from '../ports/network.ts';
import { Budget, type Failure, type RetriedRequest, type Waiting } from '../ports/retry.ts';

/** How requests outside of a step wait: a person is waiting for the answer. */
const outside: Waiting = {
  clock: { monotonicMs: () => performance.now(), sleep: (ms, signal) => pause(ms, undefined, signal && { signal }) },
  fraction: () => Math.random(),
  giveUpAfterMs: 30_000,
};

/** The outcome of one sending that threw an error. */
export type SendOutcome<T> =
  | Failure
  /** The error is an expected answer. */
  | { readonly answer: T }
  /** The request went to the wrong region, or had an expired proof. The request was not carried out, so a corrected request is sent at once. */
  | 'at once';

/** Sends requests to one account of a service: a limited number at once, with retries by the policy (ports/retry.ts). */
export class Sender {
  readonly #limiter: RequestLimiter;
  readonly #outside: Waiting;

  /** @param account the account in the address; all senders of a process share the limiter of an account. @param waiting how requests outside of a step wait. */
  constructor(network: Network, account: string, waiting: Partial<Waiting> = {}) {
    this.#limiter = network.limiter(account);
    this.#outside = { ...outside, ...waiting };
  }

  /** @param ask sends the request once; `attempt` is how often the request was sent before. @param judge reads the thrown error. */
  async send<T>(request: RetriedRequest, ask: (attempt: number) => Promise<T>, judge: (error: unknown) => SendOutcome<T>): Promise<T> {
    const budget = this.budget(request);
    for (let attempt = 0; ; attempt++) {
      try {
        const answer = await this.#limiter.run(() => ask(attempt));
        budget.done();
        this.#limiter.widen();
        return answer;
      } catch (error) {
        const judged = judge(error);
        if (judged === 'at once') continue;
        if ('answer' in judged) {
          budget.done();
          return judged.answer;
        }
        await this.failed(budget, judged);
      }
    }
  }

  /** Sends one request once. */
  alone<T>(ask: () => Promise<T>): Promise<T> {
    return this.#limiter.run(ask);
  }

  budget(request: RetriedRequest): Budget {
    return new Budget(this.#limiter.contact, request, this.#outside);
  }

  /** Like `Budget.goOn`, but also reduces the number of parallel requests if the service got too many. */
  async failed(budget: Budget, failure: Failure): Promise<void> {
    if (failure.ending === 'throttled') this.#limiter.narrow(budget.clock);
    await budget.goOn(failure);
  }
}
