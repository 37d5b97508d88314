/** A limit that an API reports only in words, such as the secondary limits of GitHub: hygge waits a minute, and twice as long each time that this was too short. */

const firstMs = 60_000;
const mostDoublings = 5;

/** https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit; Google has `rateLimitExceeded` in an answer 403. */
const words = /secondary.rate.limit|abuse.detection|rate.?limit.?exceeded/i;

/** @param body of an answer 403 or 429. */
export function tellsLimit(status: number, body: string): boolean {
  return (status === 403 || status === 429) && words.test(body);
}

/** The state of this limit, for all requests of a process to one API. */
export class SecondaryLimit {
  #pauses = 0;
  #untilMs = Number.NEGATIVE_INFINITY;

  /** Milliseconds from now. Requests that were refused together wait together. @param nowMs of a monotonic clock. */
  pauseMs(nowMs: number): number {
    if (nowMs >= this.#untilMs) {
      this.#untilMs = nowMs + firstMs * 2 ** Math.min(this.#pauses, mostDoublings);
      this.#pauses++;
    }
    return this.#untilMs - nowMs;
  }

  /** Called when a request was answered. */
  answered(nowMs: number): void {
    if (nowMs >= this.#untilMs) this.#pauses = 0;
  }
}
