/** Why the next entity of a run is not started, in words for its line; null: it is. */
export function whyNotStarted(run: {
  /** Somebody asked to stop. */
  readonly stopped: boolean;
  /** An entity of the run failed. */
  readonly failed: boolean;
  readonly continueOnError: boolean;
}): string | null {
  if (run.stopped) return 'interrupted before it started';
  return run.failed && !run.continueOnError ? 'an earlier entity failed' : null;
}
