import { FlowError } from '../../errors/hygge-error.ts';
import type { ConfigBlobs } from '../../ports/config-blobs.ts';
import type { PutOutcome } from '../../ports/filesystem.ts';
import { OutcomeUnknown } from '../../ports/retry.ts';
import { shortId } from './content.ts';
import { decodeMove, encodeMove, historyName, type Move, pointerName } from './pointer.ts';
import { answered, restless } from './version-blobs.ts';

/** The content of the pointer, and the etag for a conditional move of the pointer. */
export interface CurrentVersion {
  readonly move: Move;
  readonly etag: string;
}

/** The pointer; undefined: no version was pushed yet. */
export async function held(blobs: ConfigBlobs): Promise<CurrentVersion | undefined> {
  const blob = await answered(pointerName, () => blobs.get(pointerName));
  return blob === undefined ? undefined : { move: decodeMove(pointerName, blob.body), etag: blob.etag };
}

const tries = 8;

/**
 * Moves the pointer to `next`, or throws a FlowError (HYG-2301) that says who was first. The replaced move is written to the history first, so the history
 * is complete even after an interruption. After a lost answer, the pointer is read. If the pointer has not moved, the same conditional write is sent again,
 * because the first write may still arrive.
 */
export async function flip(blobs: ConfigBlobs, from: CurrentVersion | undefined, next: Move): Promise<void> {
  if (from !== undefined) await remember(blobs, from.move);
  for (let attempt = 1; attempt <= tries; attempt++) {
    const sent = await send(blobs, from, next);
    if (sent === 'written') return;
    const now = await held(blobs);
    if (now?.move.move === next.move) return;
    if (now?.etag === from?.etag) continue;
    // Our move may have arrived before another move. Then the other move has written our move to the history.
    if (await wasCurrent(blobs, next)) return;
    throw movedMeanwhile(now?.move, next);
  }
  throw restless(pointerName);
}

async function send(blobs: ConfigBlobs, from: CurrentVersion | undefined, next: Move): Promise<PutOutcome['outcome'] | 'unknown'> {
  try {
    const condition = from === undefined ? ({ ifNoneMatch: '*' } as const) : { ifMatch: from.etag };
    return (await blobs.put(pointerName, encodeMove(next), condition)).outcome;
  } catch (error) {
    if (error instanceof OutcomeUnknown) return 'unknown';
    throw error;
  }
}

async function remember(blobs: ConfigBlobs, move: Move): Promise<void> {
  const name = historyName(move);
  await answered(name, () => blobs.put(name, encodeMove(move), { ifNoneMatch: '*' }));
}

async function wasCurrent(blobs: ConfigBlobs, move: Move): Promise<boolean> {
  const name = historyName(move);
  return (await answered(name, () => blobs.get(name))) !== undefined;
}

function movedMeanwhile(theirs: Move | undefined, ours: Move): FlowError {
  const whose = theirs === undefined ? 'The pointer was removed' : `${theirs.by} made ${shortId(theirs.id)} current at ${theirs.pushed_at}`;
  return new FlowError({
    code: 'HYG-2301',
    what: 'Someone else changed the current config at the same time, and their version is current.',
    why: [`${whose}. Your version, ${shortId(ours.id)}, is not current.`],
    tryThis: [
      'See what your version would change now: hygge config push --dry-run',
      'To make your version current, push it again: hygge config push',
    ],
  });
}
