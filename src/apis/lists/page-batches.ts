/** Reads pages in batches: the next batch is requested while the reader processes the current batch. */

import type { Clock } from '../../ports/clock.ts';
import type { Instant } from '../../ports/values.ts';
import type { Absent } from '../answers/errors.ts';
import type { EndReason } from './list-end.ts';
import type { Page, Turn, Walk } from './pages.ts';

/** The minimum bytes of a full batch. Pages are joined, so that frames are larger than pages. */
const batchBytes = 4 * 1024 * 1024;
/** The maximum time for a batch, and so between checkpoints, in milliseconds. */
const batchMs = 10_000;

/** A page, its position, and the index of its first record that was not read before. */
export interface ReadPage<P = Walk> {
  readonly at: P;
  readonly page: Page;
  readonly from: number;
  /** Why the list ended with this page. Undefined: the list continues. */
  readonly ended?: EndReason | undefined;
}

export interface PageBatch<P = Walk> {
  readonly pages: readonly ReadPage<P>[];
  /** The position of each missing list, and the status by which the API reported it. */
  readonly missed: readonly { readonly at: P; readonly absent: Absent }[];
  /** The position where the walk continues after these pages. Null: the list is over. */
  readonly next: P | null;
  /** The API requests a pause until this time. */
  readonly notBefore?: Instant;
}

/** The requests for the pages of a walk, or of several walks one after another. */
export interface PageSource<P = Walk> {
  readonly clock: Pick<Clock, 'monotonicMs'>;
  page(at: P): Promise<Page | { readonly notBefore: Instant } | { readonly absent: Absent }>;
  turn(at: P, page: Page): Pick<Turn, 'from' | 'ended'> & { readonly next: P | null };
  /** Called before each batch, after earlier batches are delivered. Absent: no batch depends on earlier batches. */
  begin?(): void;
  /** The position after a missing list. Absent: a missing list ends the reading. */
  after?(at: P): P | null;
}

/** Whether the reading continues. False: its reader is gone. Throws if the reading was aborted. */
export type GoesOn = () => boolean;

/** The position after a batch, and the pause that the API requested there. */
interface Behind<P> {
  readonly next: P | null;
  readonly notBefore?: Instant;
}

/**
 * The batches from a position on. At most one batch is requested before the reader needs it, and an error of this batch is thrown at its turn. During a pause that the API
 * requested, no batch is requested early.
 */
export async function* batchesFrom<P, B extends Behind<P>>(
  from: P,
  batch: (from: P, goesOn: GoesOn) => Promise<B>,
  signal: AbortSignal,
): AsyncGenerator<B, void, void> {
  const reader = { isGone: false };
  const goesOn = () => {
    signal.throwIfAborted();
    return !reader.isGone;
  };
  const ask = (at: P): Promise<B> => {
    const asked = batch(at, goesOn);
    // If the reader is gone before the turn of the batch, no other code handles an error of the batch.
    asked.catch(() => undefined);
    return asked;
  };
  try {
    for (let ahead: Promise<B> | null = ask(from); ahead !== null; ) {
      const given: B = await ahead;
      const { next, notBefore } = given;
      const early: Promise<B> | null = next !== null && notBefore === undefined ? ask(next) : null;
      yield given;
      ahead = early ?? (next === null ? null : ask(next));
    }
  } finally {
    reader.isGone = true;
  }
}

/** The pages of one or several walks, in batches. */
export function pageBatches<P = Walk>(source: PageSource<P>, from: P, signal: AbortSignal): AsyncGenerator<PageBatch<P>, void, void> {
  return batchesFrom(from, (at, goesOn) => batchFrom(source, at, goesOn), signal);
}

async function batchFrom<P>({ clock, page: get, turn, after, begin }: PageSource<P>, from: P, goesOn: GoesOn): Promise<PageBatch<P>> {
  begin?.();
  const pages: ReadPage<P>[] = [];
  const missed: { readonly at: P; readonly absent: Absent }[] = [];
  const begunMs = clock.monotonicMs();
  let next: P | null = from;
  for (let bytes = 0; next !== null && bytes < batchBytes && clock.monotonicMs() - begunMs < batchMs && goesOn(); ) {
    const at: P = next;
    const page = await get(at);
    if ('notBefore' in page) return { pages, missed, next, notBefore: page.notBefore };
    if ('absent' in page) {
      missed.push({ at, absent: page.absent });
      next = after?.(at) ?? null;
      continue;
    }
    const turned = turn(at, page);
    pages.push({ at, page, from: turned.from, ended: turned.ended });
    bytes += page.body.length;
    next = turned.next;
  }
  return { pages, missed, next };
}
