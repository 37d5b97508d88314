/** A timestamp’s text for a table, with a fraction of a second only if it is not zero. */
export function shortTime(text: string): string {
  return text.replace(/^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.0+(Z?)$/, '$1$2').replace(/^(\d{4}-\d\d-\d\d)T00:00:00Z?$/, '$1');
}

const minuteMs = 60_000;

/** A span in one unit, rounded down: `3 min`, `2 h`, `12 d`. */
export function span(ms: number): string {
  const minutes = Math.floor(Math.max(0, ms) / minuteMs);
  if (minutes < 1) return 'under 1 min';
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d`;
}

/** `just now`, `12 min ago`. */
export function spanAgo(ms: number): string {
  return ms < minuteMs ? 'just now' : `${span(ms)} ago`;
}

/** The end of a run’s id, which is short enough for a table and long enough for `--run`. */
export function shortRun(runId: string): string {
  return runId.slice(-6);
}
