import type { Instant, Json } from '../values.ts';

/** The progress of another system that applies the settled rows, for a store whose readers see only the system’s copy. */
export interface Replication {
  /**
   * `replicated`: a proof shows that all rows are applied. `probably`: the figures of the other system match, but prove nothing. `waiting`: the replication
   * continues by itself. `stopped`: an earlier error or a person stopped the replication, so later commits wait too.
   */
  readonly state: 'replicated' | 'probably' | 'waiting' | 'stopped';
  /** The message of the other system, as the end of a sentence without a full stop; null: the system has no message. */
  readonly said: string | null;
  readonly askedAt: Instant;
  /** The lag of the replication; absent: all rows are applied, or the lag was not measured. */
  readonly behind?: ReplicationLag;
  /** A value for the comparison with the answer about a later commit; null: none. The engine stores the opaque value with the answer. */
  readonly baseline: Json;
  /** The answer about the earlier commit of a wait. `recreated`: a later full load has replaced the rows of the commit. */
  readonly earlier?: EarlierReplication;
}

export type EarlierReplication = Pick<Replication, 'state' | 'said'> | 'recreated';

/** How long hygge queries a system again that does not answer. */
export type Patience = 'usual' | 'brief';

/** The files and rows that another system had not applied at its answer. Each figure is an upper bound, because the other system may have applied some of the files a moment ago. Null: not measured. */
export interface ReplicationLag {
  readonly files: number | null;
  readonly rows: number | null;
}
