import { foldIntoLists } from '../../src/engine/commit/receipt-lists.ts';
import type { SliceResult } from '../../src/engine/move/move.ts';
import type { ErrorDetails } from '../../src/ports/events.ts';
import { defined, type Instant, type Json } from '../../src/ports/values.ts';
import type { Answer } from '../answer.ts';
import type { Course, OrchestrationContext } from '../durable.ts';
import { activities, type EntityInput, oneRun } from '../run-input.ts';
import { after, pauseUntil } from './pause.ts';
import { asksForPause, crashAnswer, reasonOf, runStep } from './step.ts';

/** Consecutive slices of an entity, few enough to keep the history of one orchestration short. */
export interface SlicesInput extends EntityInput {
  readonly plan: string;
  /** The first slice, and the one after the last. */
  readonly from: number;
  readonly to: number;
  readonly inOrder: boolean;
  /** The most slices in a wave. */
  readonly atOnce?: number;
  /** The position where the first slice continues, and the earliest time for it. */
  readonly cursor?: Json;
  readonly notBefore?: Instant;
}

export type SlicesOutcome =
  | {
      /** Names of receipts, or of lists of receipts. */
      readonly receipts: readonly string[];
      readonly rows: number;
      /** Null: all slices are moved. */
      readonly next: (Pick<SlicesInput, 'cursor' | 'notBefore'> & { readonly slice: number }) | null;
    }
  | { readonly failed: ErrorDetails; readonly attempts: number };

/** How many slices one orchestration may begin. */
export const slicesPerStretch = 100;
/** How many slices run at once. */
const perWave = 8;

interface WaitingSlice {
  readonly slice: number;
  readonly cursor: Json | undefined;
  readonly attempt: number;
  readonly notBefore: Instant | null;
  /** Why the slice waits. */
  readonly because: string;
}

interface Progress {
  readonly waiting: WaitingSlice[];
  readonly receipts: string[];
  calls: number;
  rows: number;
}

/**
 * Moves slices in waves: each wave ends before the next begins. Slices that answered "again", or failed but may succeed later, are in a later wave. If the
 * order of slices matters, each slice is read to its end before the next begins. After a number of pages, another orchestration continues.
 */
export function* moveSlices(durable: OrchestrationContext, input: SlicesInput): Course<SlicesOutcome> {
  const progress: Progress = { waiting: waitingIn(input), receipts: [], calls: 0, rows: 0 };
  let next: Extract<SlicesOutcome, { next: unknown }>['next'] = null;
  while (next === null && progress.waiting.length > 0) {
    const [head] = progress.waiting;
    if (input.inOrder && head !== undefined && progress.calls >= slicesPerStretch)
      next = {
        slice: head.slice,
        ...defined({ cursor: head.cursor, notBefore: head.notBefore ?? undefined }),
      };
    else {
      const failure = yield* oneWave(durable, input, progress);
      if (failure !== null) return failure;
      durable.status({ slices: input.to - input.from, left: progress.waiting.length, rows: progress.rows });
    }
  }
  const receipts = yield* folded(durable, input, progress.receipts);
  return 'failed' in receipts ? receipts : { receipts: receipts.refs, rows: progress.rows, next };
}

function waitingIn({ from, to, cursor, notBefore }: SlicesInput): WaitingSlice[] {
  const because = asksForPause;
  const goesOn = { cursor, notBefore: notBefore ?? null, because };
  const fresh = { cursor: undefined, notBefore: null, because };
  return Array.from({ length: to - from }, (_, i) => ({ slice: from + i, attempt: 1, ...(i === 0 ? goesOn : fresh) }));
}

type Failure = Extract<SlicesOutcome, { failed: ErrorDetails }>;

function* oneWave(durable: OrchestrationContext, input: SlicesInput, progress: Progress): Course<Failure | null> {
  const wave = progress.waiting.splice(0, input.inOrder ? 1 : Math.min(perWave, input.atOnce ?? perWave));
  const last = wave.toSorted((a, b) => ((a.notBefore ?? '') < (b.notBefore ?? '') ? -1 : 1)).at(-1);
  const latest = last?.notBefore ?? null;
  if (last !== undefined && latest !== null && latest > durable.now()) {
    durable.status({
      stage: 'waiting',
      for: last.because,
      until: latest,
      slices: input.to - input.from,
      left: wave.length + progress.waiting.length,
      rows: progress.rows,
    });
    yield* pauseUntil(durable, latest, oneRun(input));
  }
  progress.calls += wave.length;
  const answers = yield* answersTo(durable, input, wave);
  const later: WaitingSlice[] = [];
  for (const [i, one] of wave.entries()) {
    const answer = answers[i] ?? crashAnswer(new Error('no answer'), one.attempt);
    if (!answer.ok && !answer.transient) return { failed: answer.error, attempts: one.attempt };
    const next = answer.ok ? afterMove(progress, one, answer.step) : again(durable, one, answer);
    if (next !== null) later.push(next);
  }
  // If order matters, a page is followed by the next page of the same slice; otherwise continued slices go to the end.
  if (input.inOrder) progress.waiting.unshift(...later);
  else progress.waiting.push(...later);
  return null;
}

function* answersTo(
  durable: OrchestrationContext,
  input: SlicesInput,
  wave: readonly WaitingSlice[],
): Course<readonly Answer<SliceResult>[]> {
  const calls = wave.map(({ slice, cursor, attempt }) => ({
    activity: activities.moveSlice,
    input: { ...oneRun(input), plan: input.plan, slice, attempt, cursor } as unknown as Json,
  }));
  try {
    return (yield* durable.wave(calls)) as readonly Answer<SliceResult>[];
  } catch (error) {
    // All slices are moved again, because it is unknown which slices succeeded. Their earlier staged files are removed.
    return wave.map(({ attempt }) => crashAnswer(error, attempt));
  }
}

function afterMove(
  progress: Progress,
  { slice }: WaitingSlice,
  moved: Extract<Answer<SliceResult>, { ok: true }>['step'],
): WaitingSlice | null {
  if ('again' in moved) return { slice, cursor: moved.again, attempt: 1, notBefore: moved.notBefore ?? null, because: asksForPause };
  progress.receipts.push(moved.done.receipt);
  progress.rows += moved.done.rows;
  const { cursor, notBefore = null } = moved.done;
  return cursor === null ? null : { slice, cursor, attempt: 1, notBefore, because: asksForPause };
}

function again(durable: OrchestrationContext, one: WaitingSlice, { waitMs, error }: Extract<Answer, { ok: false }>): WaitingSlice {
  return { ...one, attempt: one.attempt + 1, notBefore: after(durable.now(), waitMs), because: reasonOf(error) };
}

/** Stores the same receipts under fewer names. */
export function* folded(
  durable: OrchestrationContext,
  input: EntityInput & { readonly plan: string },
  refs: readonly string[],
): Course<{ readonly refs: readonly string[] } | Failure> {
  const lists = foldIntoLists(refs);
  for (let next = lists.next(); ; ) {
    if (next.done) return { refs: next.value };
    const step = { ...oneRun(input), plan: input.plan, refs: next.value };
    const recorded = yield* runStep<{ list: string }>(durable, activities.recordSlices, step);
    if ('failed' in recorded) return recorded;
    next = lists.next(recorded.done.list);
  }
}
