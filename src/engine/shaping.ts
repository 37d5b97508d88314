/** What happens to rows between home and store: polish, then the columns the store itself adds. The same for planning, reading and looking. */
import type { Schema } from '../frames/schema.ts';
import type { Frame, Store } from './contracts.ts';
import type { EntitySpec } from './spec.ts';

export interface Shaping {
  /** The schema as it will settle. */
  schema(source: Schema): Schema;
  /** Rows as they are staged. Row for row: none is added, none goes. */
  frame(frame: Frame): Promise<Frame>;
  /** What a source column is called where it settles. */
  settledName(source: string): string;
}

/** The facts of a run that rows may be stamped with. */
export interface RunFacts {
  readonly runId: string;
  readonly entityRunId: string;
  readonly startedAt: string;
}

export async function shapingOf(_spec: EntitySpec, store: Store, _run: RunFacts): Promise<Shaping> {
  return {
    schema: (source) => store.finish(source),
    frame: async (frame) => frame,
    settledName: (source) => source,
  };
}
