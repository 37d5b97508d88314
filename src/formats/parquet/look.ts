import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { LazyDataFrame } from '../../frames/native.ts';
import type { Scratch } from '../../ports/scratch.ts';
import { writeAt } from '../bytes/file-bytes.ts';
import { scratchErrorOf } from '../bytes/scratch-errors.ts';
import type { FileColumn } from './footer-schema.ts';
import { mark, tailOf } from './join.ts';
import { plainFooter } from './plain.ts';
import { scanPlain } from './scan.ts';
import { movedTo, placed, type StoredRows } from './stored-rows.ts';

/** Scratch files that are written over for the next look: memory for new ones would cost more than the look itself. */
const idle = new WeakMap<Scratch, string[]>();

const idleIn = (scratch: Scratch): string[] => {
  const paths = idle.get(scratch) ?? [];
  idle.set(scratch, paths);
  return paths;
};

/** Finds the place for a look before there is anything to look at: the first one in scratch takes a dozen questions to the disk. */
export async function roomFor(scratch: Scratch): Promise<void> {
  if (!idle.has(scratch)) idleIn(scratch).push(await scratch.path('.parquet'));
}

/** Rows that are in a small file of their own. */
export interface LaidOut {
  /** Runs `look` over a plan of them, once. Nothing it answers may hold values of theirs: the file is written over. */
  look<T>(look: (plan: LazyDataFrame) => Promise<T>): Promise<T>;
}

/** Rows in memory; when this resolves, they may go from there. */
export async function laidOut(stored: StoredRows, scratch: Scratch): Promise<LaidOut> {
  const paths = idleIn(scratch);
  const path = paths.pop() ?? (await scratch.path('.parquet'));
  const kept = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      await scratch.free(path);
      throw error;
    }
  };
  await kept(() => writePages(path, stored, stored.opened.schema.columns));
  return {
    look: (look) =>
      kept(async () => {
        const answer = await look(
          await scanPlain(path, { opened: stored.opened, columns: stored.opened.schema.columns, name: stored.name }),
        );
        paths.push(path);
        return answer;
      }),
  };
}

/** A file of nothing but the pages, under a footer of ours. @param columns those of `stored`, in their order, as the footer has them. */
export function writePages(path: string, stored: StoredRows, columns: readonly FileColumn[]): Promise<void> {
  return write(path, stored, columns).catch((cause: unknown) => {
    throw scratchErrorOf(cause) ?? cause;
  });
}

async function write(path: string, stored: StoredRows, columns: readonly FileColumn[]): Promise<void> {
  const { ranges } = placed(stored, mark.length);
  const pieces: Uint8Array[] = [mark];
  for (const range of ranges) for await (const bytes of stored.pages(range)) pieces.push(bytes);
  pieces.push(tailOf(plainFooter(columns, movedTo(stored, mark.length))));
  const file = await open(path, constants.O_RDWR | constants.O_CREAT, 0o600);
  try {
    await file.truncate(await writeAt(file, pieces, 0));
  } finally {
    await file.close();
  }
}
