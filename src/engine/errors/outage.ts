import type { HyggeError } from '../../errors/hygge-error.ts';

/** The error of a system that did not answer for as long as it was waited for. @param ms since the outage began. */
export function outOfPatience(error: HyggeError, ms: number): HyggeError {
  const seconds = Math.round(ms / 1000);
  return error.givenUp(`It has not answered for ${seconds} s.`, 'Wait longer: --retry-for 10m, or `retry_for: 10m` in the connection');
}
