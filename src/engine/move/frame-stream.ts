/** Frames on their way into a store. */
import type { Schema } from '../../frames/schema.ts';
import { defined, type Instant, type Json } from '../../ports/values.ts';
import type { AskedOfSource, Checkpoint, MissedParents, SliceRef } from '../contracts/home.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import type { Plan } from '../contracts/records.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { msUntil, sleepUntil } from '../contracts/steps.ts';
import type { EntityRun, FrameToStage, Part, StageRequest, Store } from '../contracts/store.ts';
import { KeyRuns, keysToCompare } from '../keys/key-runs.ts';

/**
 * How many bytes an attempt acquires, for one frame at a time. The attempt acquires them once, before it holds a session or a connection, and keeps
 * them to the end. If it acquired bytes for each frame, it would wait while it holds its connection, and attempts with memory would wait for that
 * connection.
 */
const frameBytes = 32 * 1024 * 1024;

export interface ReadBudget {
  readonly ports: Pick<EnginePorts, 'budget' | 'clock'>;
  readonly budgetMs: number;
  readonly signal: AbortSignal;
  /** Called if reading stops before the end of the source. It gets where the next attempt continues, and not before which time. */
  readonly onCheckpoint: (next: Resumption) => void;
  /** Called with the parents whose rows can’t be read. Absent: the home has no parents. */
  readonly onMissed?: (missed: MissedParents) => void;
  /** Called with `Checkpoint.asked`: the requests since the previous checkpoint. */
  readonly onAsked?: (asked: AskedOfSource) => void;
  /** Called with `Checkpoint.token`: the source’s position after the slice. */
  readonly onToken?: (token: string) => void;
}

/** Where the next attempt continues. If `notBefore` is undefined, it continues at once. */
export interface Resumption {
  readonly cursor: Json;
  readonly notBefore: Instant | undefined;
}

/** The step itself waits for a pause up to this long, in milliseconds. Another step, which would have to read a part of its own, would cost more. */
const shortPauseMs = 10_000;

/** What one call of a step reads. It ends with the source, at the first checkpoint after the time is over, or at a checkpoint that asks for a long pause. */
export async function* withinBudget<T extends object>(
  reading: AsyncIterable<T | Checkpoint>,
  { ports, budgetMs, signal, onCheckpoint, onMissed, onAsked, onToken }: ReadBudget,
): AsyncGenerator<T> {
  const started = ports.clock.monotonicMs();
  const giveBack = await ports.budget.acquire(frameBytes, signal);
  const values = reading[Symbol.asyncIterator]();
  try {
    for (;;) {
      signal.throwIfAborted();
      const next = await values.next();
      if (next.done) return;
      if (!isCheckpoint(next.value)) {
        yield next.value;
        continue;
      }
      const { checkpoint: cursor, notBefore, missed, asked, token } = next.value;
      if (missed !== undefined) onMissed?.(missed);
      if (asked !== undefined) onAsked?.(asked);
      if (token !== undefined) {
        onToken?.(token);
        continue;
      }
      const pauseMs = notBefore === undefined ? 0 : msUntil(ports.clock, notBefore);
      if (pauseMs > shortPauseMs || ports.clock.monotonicMs() - started + pauseMs >= budgetMs) {
        onCheckpoint({ cursor, notBefore: pauseMs > 0 ? notBefore : undefined });
        return;
      }
      if (notBefore !== undefined) await sleepUntil(ports.clock, notBefore, signal);
    }
  } finally {
    try {
      await values.return?.();
    } finally {
      giveBack();
    }
  }
}

function isCheckpoint(value: object): value is Checkpoint {
  return 'checkpoint' in value;
}

/** The rows of a slice, as the request of `Store.stage` describes them. */
export interface RowsToStage extends Pick<StageRequest, 'writing' | 'schema' | 'watermark'> {
  /** The slice, or the settled part, that the rows come from. */
  readonly from: Pick<SliceRef, 'source' | 'sources' | 'partition' | 'apart'>;
  /** `Plan.precision`. Null: rows in quarantine keep the times that they have. */
  readonly precision: Plan['precision'];
}

/**
 * Stages the frames of a slice, whatever the slice’s work is. Without a frame it stages no part. `rows` is called after the first frame was read. If
 * a store refuses before it requests a frame, the frames are closed here.
 */
export async function stageRows(
  store: Pick<Store, 'stage'>,
  { spec, plan, slice, signal }: { readonly spec: EntitySpec; readonly plan: Plan; readonly slice: number; readonly signal: AbortSignal },
  frames: AsyncGenerator<FrameToStage>,
  rows: (first: FrameToStage) => RowsToStage,
): Promise<readonly Part[]> {
  const first = await frames.next();
  if (first.done) return [];
  const { from, precision, ...told } = rows(first.value);
  const request: StageRequest = {
    ...{ run: entityRunOf(spec, plan), slice, ...told, emptyPart: false },
    ...defined({ precision: precision ?? undefined }),
    ...originOf(from),
  };
  try {
    return await store.stage(request, chain(first.value, frames), signal);
  } finally {
    await frames.return(undefined);
  }
}

/** The watermark’s column, by its settled name, if these columns have it. Null: they lack it. */
export function markIn({ columns }: Schema, { watermarkAs }: Pick<Plan, 'watermarkAs'>): StageRequest['watermark'] {
  const found = columns.find(({ name }) => name === watermarkAs);
  return found === undefined ? null : { column: found.name, type: found.type };
}

/** The origin of a staged part. Rows from quarantine belong to the run that put them there. */
function originOf({ source, sources, partition, apart }: RowsToStage['from']): Partial<StageRequest> {
  return defined({ source, sources, partition, setApartBy: apart?.run });
}

async function* chain<T>(first: T, rest: AsyncGenerator<T>): AsyncGenerator<T> {
  yield first;
  yield* rest;
}

/** The hashes of keys that a slice leaves aside. Null: no check needs hashes, or the store itself compares keys. */
export function keyRunsOf(
  { ports, spec, plan }: { readonly ports: EnginePorts; readonly spec: EntitySpec; readonly plan: Plan },
  { repeats }: Store,
  slice: number,
): KeyRuns | null {
  const keys = keysToCompare(spec.validation?.checks ?? []);
  if (keys.length === 0 || repeats?.by !== 'hashes') return null;
  return new KeyRuns({ aside: repeats.aside, hashing: ports.frames.wide, run: entityRunOf(spec, plan), slice, keys });
}

/** The entity run that stages rows, as stores get it. */
export function entityRunOf({ flow, entity }: EntitySpec, { run, lineage, epoch }: Plan): EntityRun {
  return { flow, entity, entityRunId: run, lineage, epoch };
}
