/** `reset`: the head moves to a new head that no older run knows. Rows that Fabric has applied stay, and the numbers continue. */
import { type FenceRequest, headOfFence } from '../../engine/contracts/heads.ts';
import { retry } from '../../ports/retry.ts';
import { defined } from '../../ports/values.ts';
import { type FilesHead, noFiles } from '../store/head/head-log.ts';
import { discardOwn, listStaged, type StagedEntry } from '../store/staging/staged-parts.ts';
import type { LandingDestination } from './commit.ts';
import { listNumbers, nextAfterReset } from './numbers.ts';

/** Throws StoreError HYG-4111 if another publisher's files are in the folder. A missing number is no error here, because the next run may load the table again. */
export async function fenceNumbers(at: LandingDestination, request: FenceRequest): Promise<FilesHead | 'moved'> {
  const { files, place, log, table, where } = at;
  const staged = await listStaged(files, place);
  const now = await retry(() => log.read());
  // The head has already moved but the answer was lost, so only the remaining work is done.
  if (now?.head.id === request.id) return cleanUp(at, now.head, staged);
  if ((now?.head.id ?? null) !== request.prev) return 'moved';
  const before = now?.head;
  const seen = Math.max(0, ...staged.map(({ owner }) => owner?.epoch ?? 0));
  const landed = await retry(() => listNumbers(table));
  const next = nextAfterReset(landed, before?.nextNumber ?? null, where, before?.unclearUntil);
  const earlier = before ? { earlier: [...new Set([...(before.earlier ?? []), before.lineage])] } : {};
  const fence: FilesHead = {
    ...headOfFence(before ?? null, request, { seen, rows: before?.rows ?? 0, foreign: null }),
    flow: place.flow,
    entity: place.entity,
    bytes: before?.bytes ?? 0,
    files: before?.files ?? [],
    nextNumber: next,
    ...defined({
      unclearUntil: before?.unclearUntil,
      deletedRows: before?.deletedRows,
      firstNumber: before?.firstNumber,
      keys: before?.keys,
    }),
    ...defined({ isAnew: before?.isAnew || undefined, publishedAt: before?.publishedAt, anewEpoch: before?.anewEpoch }),
    ...earlier,
  };
  return (await log.move(now, fence, noFiles)) === 'overtaken' ? 'moved' : cleanUp(at, fence, staged);
}

/** Discards the staged files, so that they can’t be published any more. */
async function cleanUp({ files }: LandingDestination, fence: FilesHead, staged: readonly StagedEntry[]): Promise<FilesHead> {
  await discardOwn(files, staged);
  return fence;
}
