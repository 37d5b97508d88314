import type { HyggeError, Interrupted } from '../../errors/hygge-error.ts';
import type { ErrorDetails } from '../../ports/events.ts';

export const interruptedCode = 'HYG-2020';

/**
 * The error of a run that was stopped and releases its entity. `endFailedEntityRun` decides whether the run may release it. If that is unknown,
 * `maybeDecided` changes the error.
 */
export function interruption({ signal }: Interrupted): ErrorDetails {
  const stopped = signal === 'cancelled' ? 'Cancelled' : `Stopped by ${signal}`;
  return {
    code: interruptedCode,
    what: `${stopped} before anything was decided: nothing changed.`,
    why: [],
    tryThis: ['hygge go starts it again'],
  };
}

/** The error of a stopped run whose decided commit waits for another system. */
export function decidedAndWaits(waitsFor = 'Another system must first finish its part of the commit'): ErrorDetails {
  return {
    code: interruptedCode,
    what: 'Stopped. The commit is decided, and not finished yet.',
    why: [`${waitsFor}.`],
    tryThis: ['hygge go continues from there'],
  };
}

/** The error of a stopped run if it is unknown whether a commit was decided, or if a decided commit could not be finished. */
export function maybeDecided(error: ErrorDetails): ErrorDetails {
  if (error.code !== interruptedCode) return error;
  return {
    ...error,
    what: 'Stopped. The state did not answer: either all rows of the commit are visible, or none.',
    tryThis: ['hygge go finishes a decided commit, and continues from there'],
  };
}

/** The error of a run that waited as long as it may for a system that does not answer. @param ms milliseconds since the outage began. */
export function outOfPatience(error: HyggeError, ms: number): HyggeError {
  const seconds = Math.round(ms / 1000);
  return error.givenUp(`It has not answered for ${seconds} s.`, 'Wait longer: --retry-for 10m, or `retry_for: 10m` in the connection');
}
