import type { Instant, Json } from '../values.ts';

/** How far another system has applied the settled rows, for a store whose readers see only that system's copy. */
export interface Replication {
  /**
   * `replicated`: this is proven. `probably`: the figures of that system match, but prove nothing. `waiting`: it continues by itself. `stopped`: an
   * earlier error or a person stopped it, so later commits wait too.
   */
  readonly state: 'replicated' | 'probably' | 'waiting' | 'stopped';
  /** The message of the other system, as the end of a sentence without a full stop; null: it has none. */
  readonly said: string | null;
  readonly askedAt: Instant;
  /** Absent: it is replicated, or nothing was measured. */
  readonly behind?: ReplicationLag;
  /** The value with which the answer about a later commit is compared; null: nothing. Opaque: the engine stores it with the answer. */
  readonly baseline: Json;
  /** The answer about the earlier commit that a wait asks about. `recreated`: a full load has replaced its rows since. */
  readonly earlier?: EarlierReplication;
}

export type EarlierReplication = Pick<Replication, 'state' | 'said'> | 'recreated';

/** How long hygge retries a system that does not answer. */
export type Patience = 'usual' | 'brief';

/** What another system had not applied yet when it answered. Each figure is an upper bound, since what was taken a moment ago may still be counted; null: not measured. */
export interface ReplicationLag {
  readonly files: number | null;
  readonly rows: number | null;
}
