import type { Instant } from '../src/ports/values.ts';
import type { RunInput, StepWait } from './run-input.ts';

/** What a wait for replication waits for. */
export interface WaitedFor {
  readonly run: string;
  /** The entity's position in the flow's list. */
  readonly n: number;
  /** The id of the wait that asks first, for an earlier commit of the same entity. Absent: there was none. */
  readonly behind?: string;
}

/** A wait for replication, as its orchestrator is started with. */
export interface ReplicationInput extends StepWait {
  readonly of: RunInput & { readonly replication: WaitedFor };
  readonly n: number;
  /** When the entity run began. */
  readonly at: Instant;
  /** What the other system said at the first look. */
  readonly waitsFor?: string;
  /** The config wants a comparison once the wait is over. */
  readonly verifies?: true;
}
