import type { Status } from './state.ts';
import type { Instant, Json } from './values.ts';

/** One run of a flow, as the function app's triggers see it. */
export interface RunRecord {
  readonly version: 1;
  readonly run_id: string;
  readonly flow: string;
  /** `live`, or `backfill:<from>..<to>`: runs of two lanes may go side by side. */
  readonly lane: string;
  readonly started_at: Instant;
  readonly trigger: 'schedule' | 'http' | 'backfill';
  /** The config version that the run is pinned to. */
  readonly config: string;
  /** The app that carries it out: only that one can tell whether it is alive. Absent: a record from before this was kept. */
  readonly app?: string | undefined;
  /** How many entities it moves. */
  readonly entities: number;
  /** Null while it runs. */
  readonly ended_at: Instant | null;
  readonly status: Status | null;
  /** At most 4 kB as JSON. */
  readonly summary: Json | null;
}

export interface CurrentRun {
  readonly record: RunRecord;
  readonly etag: string;
}

/**
 * The board of runs: which run of a flow is on, in each lane, and which have been. One row a lane moves by compare-and-swap, so that of two
 * triggers that start at once exactly one wins. Every method may throw a transient StateError, the writing ones `OutcomeUnknown`: all may
 * be called again.
 */
export interface RunBoard {
  /** The latest run of the lane, ended or not. */
  current(flow: string, lane: string): Promise<CurrentRun | undefined>;
  /**
   * Puts a run on the board in place of the one that `expected` (an etag of `current`) stands for; undefined: of none. `moved`: somebody
   * else was faster. Starting the same `run_id` again is `started`. StateError HYG-5007: the summary is too large.
   */
  start(record: RunRecord, expected: string | undefined): Promise<'started' | 'moved'>;
  /**
   * Writes how it ended, in the history and, if it still is the current one of its lane, there. A run that has ended keeps the end that it
   * has. Answers what is there afterwards; may be repeated.
   */
  end(record: RunRecord): Promise<RunRecord>;
  /** Newest first, by the time they started. */
  list(flow: string, limit: number): Promise<readonly RunRecord[]>;
  get(flow: string, runId: string): Promise<RunRecord | undefined>;
  /** Forgets runs that started before, but never the latest of a lane. Answers how many. */
  prune(before: Instant): Promise<number>;
}
