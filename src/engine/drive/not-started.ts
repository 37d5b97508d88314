import type { Note } from '../../ports/notes.ts';

export type WhyNotStarted = Extract<Note, { readonly code: 'not_started' }>['why'];

/** Why the next entity of a run is not started. Null: it is started. */
export function whyNotStarted(run: {
  /** Whether a person asked the run to stop. */
  readonly stopped: boolean;
  /** Whether an entity of the run failed. */
  readonly failed: boolean;
  readonly continueOnError: boolean;
}): WhyNotStarted | null {
  if (run.stopped) return 'stopped';
  return run.failed && !run.continueOnError ? 'earlier_failed' : null;
}
