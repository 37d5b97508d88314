/** When a request is sent again. */

/** How often one request is sent, the first time included. */
export const mostTries = 6;
/** A service that wants to be left alone for longer has failed. */
export const longestPauseMs = 20_000;
const firstPauseMs = 200;

/** One that did not end well. */
export interface Failed {
  /** From 0. */
  readonly attempt: number;
  /** As long as the service asked for. */
  readonly retryAfterMs: number | undefined;
  /** It did nothing, or twice is as good as once. */
  readonly mayGoAgain: boolean;
  /** Nobody knows what it did: whoever is told so looks and asks again at once, so a service in trouble is left alone first. */
  readonly isOpen: boolean;
}

/** Waits until it may be sent again; false: it may not. */
export async function waited(
  { attempt, retryAfterMs, mayGoAgain, isOpen }: Failed,
  sleep: (ms: number) => Promise<unknown>,
): Promise<boolean> {
  const waitMs = retryAfterMs ?? pauseAfter(attempt);
  const goesOn = mayGoAgain && attempt + 1 < mostTries && waitMs <= longestPauseMs;
  if (goesOn || isOpen) await sleep(Math.min(waitMs, longestPauseMs));
  return goesOn;
}

/**
 * In milliseconds. Spread, so that those who were turned away together don't come back together.
 * @param spread of 0 to 1.
 */
export function pauseAfter(attempt: number, firstMs = firstPauseMs, spread = Math.random()): number {
  return Math.min(firstMs * 2 ** attempt, longestPauseMs) * (0.5 + spread / 2);
}
