import type { Instant, Json } from '../values.ts';

/** What another system has taken over of what settled, for a store whose readers do not read what it publishes but what that system makes of it. */
export interface Replication {
  /**
   * `replicated`: this is proven. `probably`: what that system says fits, and does not prove it. `waiting`: it continues by itself. `stopped`: an earlier error or a
   * person holds it, so that later commits wait as well.
   */
  readonly state: 'replicated' | 'probably' | 'waiting' | 'stopped';
  /** What the other system says of it, as the end of a sentence without a full stop; null: it says nothing more. */
  readonly said: string | null;
  readonly askedAt: Instant;
  /** Absent: it is replicated, or nothing was measured. */
  readonly behind?: ReplicationLag;
  /** What the answer about a later commit is compared with; null: nothing. Opaque: the engine keeps it with the answer. */
  readonly baseline: Json;
  /** The answer about the earlier commit that a wait asks about. `recreated`: a full load has taken the place of its rows since. */
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
