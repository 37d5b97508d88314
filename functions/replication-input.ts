import type { Instant } from '../src/ports/values.ts';
import type { RunInput, StepWait } from './run-input.ts';

/** The subject of a wait for replication. */
export interface WaitedFor {
  readonly run: string;
  /** The entity's position in the flow's list. */
  readonly n: number;
  /** The id of the earlier wait that checks first, for an earlier commit of the same entity. Absent: the entity had no other wait. */
  readonly behind?: string;
}

/** The start input of a wait for replication. */
export interface ReplicationInput extends StepWait {
  readonly of: RunInput & { readonly replication: WaitedFor };
  readonly n: number;
  /** When the entity run began. */
  readonly at: Instant;
  /** The message of the other system at the first check. */
  readonly waitsFor?: string;
  /** Whether the config asks for a comparison after the wait. */
  readonly verifies?: true;
}
