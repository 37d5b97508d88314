/** A home whose rows are in one slice, one after another. It is for stores that keep all rows in one part, and for a preview of the first rows. */
import type { Clock } from '../../ports/clock.ts';
import { filled, type Json } from '../../ports/values.ts';
import {
  type AskedOfSource,
  aroundHome,
  askedTogether,
  type Checkpoint,
  type Home,
  type MissedParents,
  type SlicePlan,
  type SliceRef,
  type Window,
} from '../contracts/home.ts';
import { readSliceInOneStep } from '../contracts/steps.ts';
import type { Store } from '../contracts/store.ts';

/** Wraps the home so that its rows are in one slice, if the store needs that (`Store.slices`). */
export function oneSliceIfStoreNeeds({ slices }: Pick<Store, 'slices'>, home: Home, clock: WaitClock): Home {
  return slices === 'one' ? inOneSlice(home, clock) : home;
}

/** The clock by which the engine waits when a source asks for a pause. */
export type WaitClock = Pick<Clock, 'now' | 'sleep'>;

export interface SequentialRead {
  readonly clock: WaitClock;
  readonly window: Window;
  readonly signal: AbortSignal;
}

interface HowRead {
  /** How many rows the home returns at most. */
  readonly most: number;
  read(home: Home, slices: readonly SliceRef[], how: SequentialRead): ReturnType<Home['read']>;
}

/** The home with one slice, which returns the same rows each time that it is read. */
export function inOneSlice(home: Home, clock: WaitClock, { most, read }: HowRead = { most: Number.POSITIVE_INFINITY, read: inTurn }): Home {
  return {
    ...aroundHome(home),
    async plan(...of) {
      const step = await home.plan(...of);
      return 'done' in step ? { done: together(step.done, most) } : step;
    },
    async *read(slice, window, from, signal) {
      if (from === atEnd) return;
      const { slices } = slice.ref as unknown as { readonly slices: SlicePlan['slices'] };
      yield* read(home, slices, { clock, window, signal });
    },
  };
}

/** Reads all slices one after another. Reading can’t continue in the middle, so there is only one checkpoint, at the end, and only if parents were missed. */
async function* inTurn(home: Home, slices: readonly SliceRef[], { clock, ...of }: SequentialRead): AsyncGenerator<ReadItem> {
  const missed: MissedParents[] = [];
  const asked: AskedOfSource[] = [];
  const told = { onMissed: (some: MissedParents) => missed.push(some), onAsked: (some: AskedOfSource) => asked.push(some) };
  for (const slice of slices) yield* readSliceInOneStep(clock, home, slice, { ...of, ...told });
  if (missed.length === 0 && asked.length === 0) return;
  yield {
    checkpoint: atEnd,
    ...filled({
      missed: missed.length > 0 && { missed: missed.flatMap((one) => one.missed), warns: missed.some(({ warns }) => warns) },
      asked: asked.length > 0 && asked.reduce(askedTogether),
    }),
  };
}

type ReadItem = ReturnType<Home['read']> extends AsyncIterable<infer Piece> ? Piece : never;
const atEnd = 'end' satisfies Checkpoint['checkpoint'];

function together({ slices, ...rest }: SlicePlan, most: number): SlicePlan {
  if (slices.length === 0) return { slices: [], ...rest };
  const rows = sum(slices.map((slice) => slice.rows));
  const bytes = most === Number.POSITIVE_INFINITY ? sum(slices.map((slice) => slice.bytes)) : null;
  return { slices: [{ ref: { slices } as unknown as Json, rows: rows === null ? null : Math.min(rows, most), bytes }], ...rest };
}

function sum(all: readonly (number | null)[]): number | null {
  return all.reduce<number | null>((sum, one) => (sum === null || one === null ? null : sum + one), 0);
}
