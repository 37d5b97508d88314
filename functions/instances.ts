import type { Instant, Json } from '../src/ports/values.ts';

/** Orchestrations from the view of the triggers. */
export interface Instances {
  /** The task hub that they are in. */
  readonly hub: string;
  /** Fails if an instance with that id is running. */
  start(orchestrator: string, id: string, input: Json): Promise<void>;
  find(id: string): Promise<Instance | undefined>;
  /** Deletes instances that ended and were created before this time. Returns how many. */
  purge(before: Instant): Promise<number>;
}

export interface Instance {
  readonly running: boolean;
  /** The run that the instance was started for; null: unknown. */
  readonly run: string | null;
  /** The last reported progress. */
  readonly progress: Json;
}
