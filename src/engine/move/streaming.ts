/** Frames on their way into a store. */
import type { Json } from '../../ports/values.ts';
import type { Checkpoint, EntityRun, Frame, Role } from '../contracts/contracts.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import type { Plan } from '../contracts/records.ts';
import type { EntitySpec } from '../contracts/spec.ts';

export type Staged = { readonly frame: Frame; readonly role: Role };

/** So much of the budget a frame takes, from before it is read until the next one is asked for. */
const frameBytes = 32 * 1024 * 1024;

export interface Stretch {
  readonly ports: Pick<EnginePorts, 'budget' | 'clock'>;
  readonly budgetMs: number;
  readonly signal: AbortSignal;
  /** Told, when the time was up, where the next attempt goes on. */
  readonly goOn: (cursor: Json) => void;
}

/** What one call of a step reads: until the end, or the first checkpoint after the time is up. */
export async function* inTime<T extends object>(
  reading: AsyncIterable<T | Checkpoint>,
  { ports, budgetMs, signal, goOn }: Stretch,
): AsyncGenerator<T> {
  const started = ports.clock.monotonicMs();
  const values = reading[Symbol.asyncIterator]();
  try {
    for (;;) {
      signal.throwIfAborted();
      const giveBack = await ports.budget.acquire(frameBytes, signal);
      try {
        const next = await values.next();
        if (next.done) return;
        if (!isCheckpoint(next.value)) yield next.value;
        else if (ports.clock.monotonicMs() - started >= budgetMs) {
          goOn(next.value.checkpoint);
          return;
        }
      } finally {
        giveBack();
      }
    }
  } finally {
    await values.return?.();
  }
}

function isCheckpoint(value: object): value is Checkpoint {
  return 'checkpoint' in value;
}

/** The first, which was looked at already, and the rest. */
export async function* chain<T>(first: T, rest: AsyncGenerator<T>): AsyncGenerator<T> {
  try {
    yield first;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}

/** Who stages, as a store knows it. */
export function writerOf({ flow, entity }: EntitySpec, { run, lineage, epoch }: Plan): EntityRun {
  return { flow, entity, entityRunId: run, lineage, epoch };
}
