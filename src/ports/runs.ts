import type { Status } from './state.ts';
import type { Instant, Json } from './values.ts';

/** One run of a flow in the function app. */
export interface RunRecord {
  readonly version: 1;
  readonly run_id: string;
  readonly flow: string;
  /** `live`, `verify`, `backfill:<from>..<to>`, or `replicationLane`. Runs of two lanes may run side by side. */
  readonly lane: string;
  readonly started_at: Instant;
  readonly trigger: 'schedule' | 'http' | 'backfill';
  /** The config version that the run is pinned to. */
  readonly config: string;
  /** The app of the run. Only that app can know whether the run is alive. Absent: an earlier version wrote the record. */
  readonly app?: string | undefined;
  /** How many entities the run moves. */
  readonly entities: number;
  /** When the run ended; null: the run has not ended. */
  readonly ended_at: Instant | null;
  readonly status: Status | null;
  /** The summary of an ended run, at most 4 kB as JSON. The summary of a wait for replication has its subject from the start. */
  readonly summary: Json | null;
}

/** The prefix of each `replicationLane`. */
export const replicationPrefix = 'replication:';

/** The lane of the waits until another system has applied the settled rows of an entity. */
export const replicationLane = (entity: string): string => `${replicationPrefix}${entity}`;

export const isReplicationLane = (lane: string): boolean => lane.startsWith(replicationPrefix);

/** The id of the wait for the rows of an entity that a run settled. The id contains the entity’s position in the flow. */
export const waitId = (run: string, n: number): string => `${run}-e${n}-replication`;

/** The bounds for the ids of all waits for a run: `from ≤ id < to`. */
export const waitIds = (run: string): { readonly from: string; readonly to: string } => ({ from: `${run}-e`, to: `${run}-f` });

/** Whether an id was made by `waitId`. */
export const isWaitId = (id: string): boolean => /-e\d+-replication$/.test(id);

export interface CurrentRun {
  readonly record: RunRecord;
  readonly etag: string;
}

/**
 * The runs of each flow by lane: the current run, and the runs before it. Each lane has one row that is changed by compare-and-swap, so that exactly one of
 * two simultaneous triggers wins. Every method may throw a transient StateError, and methods that write may throw `OutcomeUnknown`. All methods may be
 * called again.
 */
export interface RunBoard {
  /** The latest run of the lane, running or ended. */
  current(flow: string, lane: string): Promise<CurrentRun | undefined>;
  /**
   * Makes a run the current one of its lane, in place of the run whose etag (`current`) is `expected`; undefined: the lane had no run. `moved`: another
   * trigger was faster. A second start with the same `run_id` returns `started`. Throws StateError HYG-5007 when the summary is too large.
   */
  start(record: RunRecord, expected: string | undefined): Promise<'started' | 'moved'>;
  /**
   * Records the end of a run in the history, and in the lane's row if the run is still the current one. A run that has ended keeps its first end. Returns
   * the new record. The call may be repeated.
   */
  end(record: RunRecord): Promise<RunRecord>;
  /** Lists at most `limit` runs without the waits, the latest start first. */
  list(flow: string, limit: number): Promise<readonly RunRecord[]>;
  /** Lists at most `limit` waits for replication, the latest start first. */
  waits(flow: string, limit: number): Promise<readonly RunRecord[]>;
  /** All waits for rows that a run settled, running or ended. */
  waitsOf(flow: string, runId: string): Promise<readonly RunRecord[]>;
  /** The latest run of each lane of waits for replication, running or ended. */
  currentWaits(flow: string): Promise<readonly RunRecord[]>;
  get(flow: string, runId: string): Promise<RunRecord | undefined>;
  /** Removes the records of runs that started before `before`, but never the latest run of a lane. Returns the number of removed records. */
  prune(before: Instant): Promise<number>;
}
