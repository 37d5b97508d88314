/** Reads both sides again, to get the rows of some buckets or of some keys. */
import type { KeySet } from '../../../keys/key-set.ts';
import type { Frame } from '../../contracts/frame.ts';
import type { SideRows } from '../sides.ts';
import type { RoundSteps } from '../steps/paused-comparison.ts';
import { bucketAt, chosen, halves, type KeptAsJson, KeptRows, sampling } from './bucket-sums.ts';
import type { Comparing } from './comparison.ts';
import { hashed, withoutKeys } from './hashed-rows.ts';

/** The rows that were read so far, of the buckets in a round. */
export interface KeptOfBucketsAsJson {
  readonly kept: { readonly source: KeptAsJson; readonly destination: KeptAsJson };
}

/** Reads both sides again, and keeps the rows of some buckets. */
export async function rowsOfBuckets(
  sides: Comparing,
  { buckets, notDue }: { readonly buckets: readonly number[]; readonly notDue: KeySet },
  { left, reached }: RoundSteps<KeptOfBucketsAsJson>,
): Promise<Readonly<Record<'source' | 'destination', { readonly kept: KeptRows }>>> {
  const isWanted = new Set(buckets);
  const sampled = sampling(sides.request.sample);
  // Any number of rows is kept. A round was planned with as many rows as can be held, so there are more only if a side has grown since.
  const mostKept = Number.POSITIVE_INFINITY;
  const source = KeptRows.fromJson(mostKept, left?.stage.kept.source);
  const destination = KeptRows.fromJson(mostKept, left?.stage.kept.destination);
  const { unknown } = sides.leftOut;
  await overRows(
    sides,
    {
      left,
      reached: (at) => {
        // The first look has already counted the rows that can’t be read, so they are not counted again.
        sides.leftOut.unknown = unknown;
        reached(at, () => ({ kept: { source: source.toJson(), destination: destination.toJson() } }));
      },
    },
    async (side, { frame, due }) => {
      if (!due) return;
      const all = sampled(await hashed(frame, sides.columns, sides.key));
      const keys = halves(all.keys);
      const here = chosen(all, (at) => isWanted.has(bucketAt(keys, at))).rows;
      if (side === 'source') source.add(here);
      else destination.add(withoutKeys(here, notDue));
    },
  );
  sides.leftOut.unknown = unknown;
  return { source: { kept: source }, destination: { kept: destination } };
}

/** Reads the whole source and then the whole destination. After a pause, it reads the rows that an earlier step left. */
export async function overRows(
  sides: Comparing,
  { left, reached }: Pick<RoundSteps<unknown>, 'left'> & { readonly reached: (at: Parameters<RoundSteps<unknown>['reached']>[0]) => void },
  look: (side: 'source' | 'destination', piece: Extract<SideRows, { readonly frame: Frame }>) => Promise<void>,
  lookAtMarked?: (rows: Frame) => Promise<void>,
): Promise<void> {
  const from = left?.at;
  for (const side of ['source', 'destination'] as const) {
    if (side === 'source' && from?.side === 'destination') continue;
    const position = from?.side === side ? from.position : undefined;
    let rows = from?.side === side ? from.read : 0;
    for await (const piece of sides[side].read(sides.signal, position)) {
      if ('reached' in piece) reached({ side, position: piece.reached, read: rows });
      if ('leftOut' in piece) await sides.leftOut.add(piece.leftOut);
      if ('marked' in piece) await lookAtMarked?.(piece.marked);
      if (!('frame' in piece)) continue;
      rows += piece.frame.rows;
      await look(side, piece);
      sides.tell({ side, look: 'again', rows });
    }
  }
}
