/** Cuts the files of a Delta table into slices. Only large files are opened for this. */

import type { DeltaFile } from '../../delta/table.ts';
import { numRecords } from '../../delta/values/statistics.ts';
import type { SliceRef } from '../../engine/contracts/home.ts';
import { mapConcurrent } from '../../ports/map-concurrent.ts';
import { cutSlices, type FileSlice, groupIntoSlices, type HowToSlice, wholeFileSlice } from '../home/slices.ts';
import type { PinnedTable } from './options.ts';
import type { DeltaTable } from './table.ts';

export interface DeltaSlice extends FileSlice {
  readonly file: DeltaFile;
}

/** A file that is at least this many times as large as a slice is cut. */
const cutFrom = 1.5;
const atOnce = 16;

export async function planSlices(
  table: DeltaTable,
  pinned: PinnedTable,
  { files, how }: { readonly files: readonly DeltaFile[]; readonly how: HowToSlice },
): Promise<readonly SliceRef[]> {
  const cut = await mapConcurrent(
    files,
    async (file): Promise<readonly DeltaSlice[]> => {
      const sliced = slicedFile(file);
      if (file.bytes < cutFrom * how.sliceBytes)
        return [{ ...wholeFileSlice(identified(file), null), rows: table.rowsIn(file), file: sliced }];
      const pieces = await table.pieces(pinned, file);
      return cutSlices(
        identified(file),
        pieces,
        pieces.map(() => true),
        how.sliceBytes,
      ).map((slice) => ({ ...slice, file: sliced }));
    },
    atOnce,
  );
  return groupIntoSlices(cut.flat(), how);
}

/** The file as a slice keeps it. Of its statistics, only the number of rows is kept, to check a vector. */
export function slicedFile(file: DeltaFile): DeltaFile {
  const rows = file.vector === null ? undefined : numRecords(file);
  return { ...file, stats: rows === undefined ? null : JSON.stringify({ numRecords: rows }) };
}

/** A file without its etag. The etag is not needed, because a data file never changes under the same name. */
export const identified = ({ path, bytes }: Pick<DeltaFile, 'path' | 'bytes'>) => ({ path, bytes, etag: '' });
