import type { Instant, Json } from '../src/ports/values.ts';

/** Orchestrations as the triggers see them. */
export interface Instances {
  /** The task hub that they are in. */
  readonly hub: string;
  /** Fails when an instance of that id is at work. */
  start(orchestrator: string, id: string, input: Json): Promise<void>;
  find(id: string): Promise<Instance | undefined>;
  /** Forgets what ended and was created before. Answers how many. */
  purge(before: Instant): Promise<number>;
}

export interface Instance {
  readonly running: boolean;
  /** The run it was started for; null: it does not say. */
  readonly run: string | null;
  /** What it last said of its progress. */
  readonly progress: Json;
}
