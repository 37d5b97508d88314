/** Errors that are not hygge's own, as a person sees them. */
import type { ErrorDetails } from '../../ports/events.ts';

export function systemDidNotAnswer(message: string): ErrorDetails {
  return {
    code: 'HYG-6001',
    what: 'A system did not answer.',
    why: [message],
    tryThis: ['Run it again. The run first finishes decided commits, and does nothing twice'],
  };
}

export function defectDetails(message: string): ErrorDetails {
  return {
    code: 'HYG-9001',
    what: `Something unexpected happened: ${message}`,
    why: ['This is probably a fault in hygge.'],
    tryThis: ['Run it again with -v and report what it prints'],
  };
}
