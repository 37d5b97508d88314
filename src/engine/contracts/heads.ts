import type { CommitRefusalReason } from '../../ports/state.ts';
import { filled } from '../../ports/values.ts';
import { fenceHeadId, type Intent } from './intent.ts';
import type { Head, Store } from './store.ts';

/** The heads that stores of tables write (store.ts). The functions are pure, so the store itself checks when a head may be written. */

export type FenceRequest = Parameters<Store['fence']>[0];

/** How many rows the head counts, and how many further rows of other writers the table has. */
export type HeadRows = Pick<Head, 'rows' | 'foreign'>;

/** The head of a commit, written in one transaction with its rows. */
export function headAfter({ id, prev, epoch, lineage, state, schema, settles: { watermark, boundary } }: Intent, rows: HeadRows): Head {
  return { id, prev, epoch, lineage, state, watermark, boundary, schema, ...rows };
}

/** The head that `giveUp` writes. Readers see the same rows as before, and runs continue from the same watermark. */
export function headOfRefusal(before: Head | null, intent: Intent, reason: CommitRefusalReason): Head {
  const { prev, epoch, lineage, state } = intent;
  const nothing = { lineage, state, watermark: null, boundary: null, schema: null, rows: 0, nothing: true } as const;
  return { ...(before ?? nothing), id: fenceHeadId(intent), prev, epoch, reason };
}

/** The head that `fence` writes. `seen`: the largest epoch among the staged parts. */
export function headOfFence(before: Head | null, request: FenceRequest, { seen, ...rows }: HeadRows & { readonly seen: number }): Head {
  const { id, prev, lineage, above, state, goesOn, keep } = request;
  const { watermark, withBoundary } = goesOn ?? { watermark: before?.watermark ?? null, withBoundary: true };
  return {
    id,
    prev,
    epoch: Math.max(above, before?.epoch ?? 0, seen) + 1,
    lineage,
    state,
    watermark,
    boundary: withBoundary ? (before?.boundary ?? null) : null,
    schema: before?.schema ?? null,
    ...rows,
    ...filled({ nothing: before?.nothing && !keep }),
  };
}
