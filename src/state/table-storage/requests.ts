import { HyggeError } from '../../errors/hygge-error.ts';
import type { Waiting } from '../../ports/retry.ts';
import { type Answer, answerIn, endingOf } from '../../remote/azure/answer.ts';
import { type Judged, Sender } from '../../remote/sender.ts';
import { failure } from './answers.ts';

/** One request, and when it may be sent a second time. */
export interface Asking<T> {
  /** For messages: the table or the container. */
  readonly place: string;
  /**
   * What a conditional write writes: never sent again as long as it may have been carried out; then it is `OutcomeUnknown`. Absent: twice is
   * as good as once.
   */
  readonly once?: string;
  readonly ask: () => Promise<T>;
  /** An answer that is no failure here; undefined: it is one. */
  readonly expected?: (answer: Answer) => T | undefined;
}

/** The way of requests to the account of the state. */
export class Requests {
  readonly #sender: Sender;

  constructor(account: string, waiting: Partial<Waiting>) {
    this.#sender = new Sender(account, waiting);
  }

  /** Throws StateError HYG-5008, HYG-5009, ConnectionError HYG-6052, and `OutcomeUnknown` of a change that may have been made. */
  send<T>({ place, once, ask, expected }: Asking<T>): Promise<T> {
    const judge = (error: unknown): Judged<T> => {
      if (error instanceof HyggeError) throw error;
      const answer = answerIn(error);
      const answered = expected?.(answer);
      if (answered !== undefined) return { answer: answered };
      const { status, retryAfterMs } = answer;
      const sent = once === undefined ? 'read' : 'write';
      return { ending: endingOf(answer), status, retryAfterMs, error: (spent) => failure(error, { place, sent, spent }) };
    };
    return this.#sender.send({ once: once === undefined ? undefined : `${place} ${once}` }, ask, judge);
  }
}
