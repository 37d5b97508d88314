/** A limit that an API reports only in words, such as the secondary limits of GitHub. hygge waits a minute. Each time that a pause was too short, hygge waits twice as long. */

const firstMs = 60_000;
const mostDoublings = 5;

/** Words that report a limit: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit. Google writes `rateLimitExceeded` in an answer with status 403. */
const words = /secondary.rate.limit|abuse.detection|rate.?limit.?exceeded/i;

/** @param body the body of an answer with status 403 or 429. */
export function tellsLimit(status: number, body: string): boolean {
  return (status === 403 || status === 429) && words.test(body);
}

/** The state of a limit that an API reports in words, for all requests of a process to the API. */
export class SecondaryLimit {
  #pauses = 0;
  #untilMs = Number.NEGATIVE_INFINITY;

  /** The pause before the next request, in milliseconds. Requests that were refused together wait together. @param nowMs the time of a monotonic clock. */
  pauseMs(nowMs: number): number {
    if (nowMs >= this.#untilMs) {
      this.#untilMs = nowMs + firstMs * 2 ** Math.min(this.#pauses, mostDoublings);
      this.#pauses++;
    }
    return this.#untilMs - nowMs;
  }

  /** Called when the API has answered a request with success. */
  answered(nowMs: number): void {
    if (nowMs >= this.#untilMs) this.#pauses = 0;
  }
}
