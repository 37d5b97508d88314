import type { Instant, Json } from '../src/ports/values.ts';

/** The operations on orchestrations that triggers use. */
export interface Instances {
  /** The task hub that contains the orchestrations. */
  readonly hub: string;
  /** Starts an orchestration. Fails if an instance with the same id is running. */
  start(orchestrator: string, id: string, input: Json): Promise<void>;
  find(id: string): Promise<Instance | undefined>;
  /** Deletes ended instances that were created before this time. Returns the number of deleted instances. */
  purge(before: Instant): Promise<number>;
}

export interface Instance {
  readonly running: boolean;
  /** The run that the instance was started for; null: unknown. */
  readonly run: string | null;
  /** The last reported progress. */
  readonly progress: Json;
}
