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

/** Scratch files that are free for the next look. Memory for a new file would cost more time than the look itself. */
const idle = new WeakMap<Scratch, string[]>();

const idleIn = (scratch: Scratch): string[] => {
  const paths = idle.get(scratch) ?? [];
  idle.set(scratch, paths);
  return paths;
};

/** Prepares a scratch file for a look in advance. The first file in scratch needs a dozen requests to the disk. */
export async function roomFor(scratch: Scratch): Promise<void> {
  if (!idle.has(scratch)) idleIn(scratch).push(await scratch.path('.parquet'));
}

/** Rows that were written as a small file of their own. */
export interface LaidOut {
  /** Runs `look` once over a plan of the rows. The result must not contain values of the rows, because the file is overwritten later. */
  look<T>(look: (plan: LazyDataFrame) => Promise<T>): Promise<T>;
}

/** Writes the rows to a scratch file. Resolves when the rows in memory are no longer needed. */
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

/** Writes a file that has only the pages, and hygge’s own footer. @param columns the columns of `stored`, in their order, as the footer has them. */
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
