/** Pages in batches: the next batch is asked for while the reader of this one works. */
import type { Clock } from '../../ports/clock.ts';
import type { Instant } from '../../ports/values.ts';
import type { Page, Turn, Walk } from './pages.ts';

/** Pages are put together to about so many bytes, so that frames are not as small as pages. */
const batchBytes = 4 * 1024 * 1024;
/** A checkpoint comes at least so often. */
const batchMs = 10_000;

/** A page, and its first record that was not read before. */
export interface ReadPage {
  readonly page: Page;
  readonly from: number;
}

export interface PageBatch {
  readonly pages: readonly ReadPage[];
  /** Where the walk goes on behind these pages; null: the list is over. */
  readonly next: Walk | null;
  /** The API asks to be left alone until then. */
  readonly notBefore?: Instant;
}

/** What an API does for a walk. */
export interface PageSource {
  readonly clock: Pick<Clock, 'monotonicMs'>;
  page(walk: Walk): Promise<Page | { readonly notBefore: Instant }>;
  turn(walk: Walk, page: Page): Turn;
}

/**
 * The walk from a place on. At most one batch is ahead of the one that was given out; its failure is thrown when its turn comes. While the API asks to be left
 * alone, none is.
 */
export async function* pageBatches(source: PageSource, from: Walk, signal: AbortSignal): AsyncGenerator<PageBatch, void, void> {
  const reader = { isGone: false };
  const ask = (walk: Walk): Promise<PageBatch> => {
    const asked = batchFrom(source, walk, () => {
      signal.throwIfAborted();
      return !reader.isGone;
    });
    // The reader may be gone before the batch has its turn.
    asked.catch(() => undefined);
    return asked;
  };
  try {
    for (let ahead: Promise<PageBatch> | null = ask(from); ahead !== null; ) {
      const batch: PageBatch = await ahead;
      const { next, notBefore } = batch;
      if (next !== null && notBefore === undefined) {
        ahead = ask(next);
        yield batch;
      } else {
        yield batch;
        ahead = next === null ? null : ask(next);
      }
    }
  } finally {
    reader.isGone = true;
  }
}

async function batchFrom({ clock, page: get, turn }: PageSource, from: Walk, goesOn: () => boolean): Promise<PageBatch> {
  const pages: ReadPage[] = [];
  const begunMs = clock.monotonicMs();
  let next: Walk | null = from;
  for (let bytes = 0; next !== null && bytes < batchBytes && clock.monotonicMs() - begunMs < batchMs && goesOn(); ) {
    const page = await get(next);
    if ('notBefore' in page) return { pages, next, notBefore: page.notBefore };
    const turned = turn(next, page);
    pages.push({ page, from: turned.from });
    bytes += page.body.length;
    next = turned.next;
  }
  return { pages, next };
}
