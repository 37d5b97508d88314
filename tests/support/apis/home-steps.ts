/** Steps of a function app that read a home: each opens it with nothing in memory of the steps before. */
import { everything, type Home, type SliceRef, type Window } from '../../../src/engine/contracts/home.ts';
import type { Json } from '../../../src/ports/values.ts';

/** What a look decided, as the next step gets it. */
export async function pinnedBy(home: Home): Promise<Json | null> {
  const step = await home.describe(undefined, 'briefly');
  return 'done' in step ? (step.done.pinned ?? null) : null;
}

interface Reading {
  readonly slice?: SliceRef;
  readonly window?: Window;
  readonly from?: Json;
  /** Where the step ends: with the list, with the first checkpoint, or with one that the API asks to wait at. */
  readonly until?: 'end' | 'checkpoint' | 'pause';
}

interface Read {
  readonly rows: number;
  readonly checkpoint: Json | undefined;
  readonly notBefore: string | undefined;
}

export async function readStep(
  home: Home,
  { slice = { ref: {}, rows: null, bytes: null }, window = everything, from, until = 'end' }: Reading = {},
): Promise<Read> {
  let rows = 0;
  let checkpoint: Json | undefined;
  for await (const item of home.read(slice, window, from, new AbortController().signal)) {
    if ('rows' in item) rows += item.rows;
    if (!('checkpoint' in item)) continue;
    checkpoint = item.checkpoint;
    const ends = until === 'checkpoint' || (until === 'pause' && item.notBefore !== undefined);
    if (ends) return { rows, checkpoint, notBefore: item.notBefore };
  }
  return { rows, checkpoint, notBefore: undefined };
}
