import type { Interrupted } from '../../errors/hygge-error.ts';
import type { ErrorDetails } from '../../ports/events.ts';

export const interruptedCode = 'HYG-2020';

/** Of a run that gives back what it has: `abandonEntity` says whether it may, and `maybeDecided` is told when it could not say. */
export function interruption({ signal }: Interrupted): ErrorDetails {
  const stopped = signal === 'cancelled' ? 'Cancelled' : `Stopped by ${signal}`;
  return {
    code: interruptedCode,
    what: `${stopped} before anything was decided: nothing changed.`,
    why: [],
    tryThis: ['hygge go starts it again'],
  };
}

/** The same error where it could not be looked whether anything was decided by then, or what was decided could not be finished. */
export function maybeDecided(error: ErrorDetails): ErrorDetails {
  if (error.code !== interruptedCode) return error;
  return {
    ...error,
    what: 'Stopped. Rows are visible whole or not at all; which of the two, the state did not tell.',
    tryThis: ['hygge go finishes what was decided, if anything was, and goes on from there'],
  };
}
