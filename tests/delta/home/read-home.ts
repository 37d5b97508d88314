/** A home over a Delta table, and what it reads, as files that another reader compares. */
import { join } from 'node:path';
import { realClock } from '../../../src/adapters/real-clock.ts';
import { everything, type Home, isFrame, type SeenFile, type SlicePlan, type Window } from '../../../src/engine/contracts/home.ts';
import { deltaHome } from '../../../src/files/delta/home.ts';
import { type DeltaHomeOptions, pinnedTable } from '../../../src/files/delta/options.ts';
import { localFileSystem } from '../../../src/filesystems/disk/local.ts';
import type { FileSystem } from '../../../src/ports/filesystem.ts';
import type { Scratch } from '../../../src/ports/scratch.ts';
import { writeParquet } from '../../support/parquet-files.ts';

export function homeOver(files: FileSystem, scratch: Scratch, more: Partial<DeltaHomeOptions> = {}): Home {
  return deltaHome({
    ...{
      files,
      container: async () => localFileSystem('/'),
      where: 'table',
      asked: null,
      pinned: null,
      readsFeed: false,
      rowKey: undefined,
    },
    ...{ entity: 'f.e', frameRows: 100_000, columns: null, exclude: null, clock: realClock(), scratch },
    ...more,
  });
}

export const byLog = (seen: readonly SeenFile[], changedFiles: Window['changedFiles']): Window => ({ ...everything, seen, changedFiles });

export interface HomeRead {
  readonly version: number;
  readonly tableId: string;
  readonly plan: SlicePlan;
  /** A parquet file for each frame, by the source file of its slice. */
  readonly files: readonly { readonly source: string; readonly path: string }[];
}

/** One run as the engine makes it: another process may read what one has planned. @param between called after each step. */
export async function readOnce(
  open: (pinned: DeltaHomeOptions['pinned']) => Home,
  {
    window,
    to,
    scratch,
    between = async () => {},
  }: { readonly window: Window; readonly to: string; readonly scratch: Scratch; readonly between?: () => Promise<void> },
): Promise<HomeRead> {
  const home = open(null);
  const described = await home.describe();
  if (!('done' in described)) throw new Error('the home asks to be called again');
  const pinned = described.done.pinned ?? null;
  await between();
  const planned = await home.plan(window, { sliceBytes: 20_000 });
  if (!('done' in planned)) throw new Error('the home asks to be called again');
  await between();
  const reader = open(pinned);
  const files: { source: string; path: string }[] = [];
  for (const [at, slice] of planned.done.slices.entries()) {
    const { source = '' } = slice;
    let part = 0;
    for await (const item of reader.read(slice, window, undefined, new AbortController().signal)) {
      if (!isFrame(item)) continue;
      const path = join(to, `${at}-${part++}.parquet`);
      await writeParquet(path, [item], { schema: item.schema, scratch });
      files.push({ source, path });
    }
  }
  const table = pinnedTable(pinned);
  if (table === null) throw new Error('the home pinned no version');
  return { version: table.version, tableId: table.metadata.id, plan: planned.done, files };
}
