import { type FileHandle, open } from 'node:fs/promises';
import { aFewAtOnce } from '../../../ports/at-once.ts';
import type { Scratch } from '../../../ports/scratch.ts';
import type { FileSource } from '../../format.ts';
import type { Footer } from './footer.ts';
import type { FileColumn } from './footer-schema.ts';

interface Range {
  readonly start: number;
  readonly end: number;
}

const mark = Buffer.from('PAR1', 'latin1');
/** Requests for remote files are cut to this size, so that one lost connection does not cost a whole row group. */
const rangeBytes = 4 * 1024 * 1024;
/** Requests of one copy at once. */
const atOnce = 4;
/** So many bytes that nobody wants are fetched rather than asking twice. */
const passedOver = 256 * 1024;

/**
 * A sparse scratch file as long as the source that holds only its footer and the pages of some columns of row groups `from` to `to`, each
 * where it lies in the source. Polars reads these rows from it exactly; touching missing ones fails loudly. Answers its path: free it after use.
 */
export async function sparseCopy(request: {
  readonly source: FileSource;
  readonly scratch: Scratch;
  readonly footer: Footer;
  readonly from: number;
  readonly to: number;
  readonly columns: readonly FileColumn[];
  readonly signal?: AbortSignal;
}): Promise<string> {
  const { source, scratch, footer } = request;
  const path = await scratch.path('.parquet');
  try {
    const file = await open(path, 'wx');
    try {
      await file.truncate(source.bytes);
      await file.write(mark, 0, mark.length, 0);
      await fetchAll(request, file, [...pagesOf(request), { start: footer.start, end: source.bytes }]);
    } finally {
      await file.close();
    }
    return path;
  } catch (error) {
    await scratch.free(path);
    throw error;
  }
}

/** Where the wanted pages lie, in order; what lies close together is one range. */
function pagesOf({ footer, from, to, columns }: Parameters<typeof sparseCopy>[0]): readonly Range[] {
  const wanted = columns.flatMap(({ leaf, leaves }) => Array.from({ length: leaves }, (_, i) => leaf + i));
  const chunks = footer.groups.slice(from, to).flatMap((group) => wanted.map((leaf) => group.chunks[leaf]));
  const ranges: Range[] = [];
  for (const chunk of chunks.filter((one) => one !== undefined).sort((a, b) => a.start - b.start)) {
    const last = ranges.at(-1);
    if (last && chunk.start - last.end <= passedOver) ranges.splice(-1, 1, { start: last.start, end: Math.max(last.end, chunk.end) });
    else ranges.push({ start: chunk.start, end: chunk.end });
  }
  return ranges;
}

async function fetchAll(
  { source, signal }: { readonly source: FileSource; readonly signal?: AbortSignal },
  file: FileHandle,
  ranges: readonly Range[],
): Promise<void> {
  const pieces = ranges.flatMap(({ start, end }) =>
    Array.from({ length: Math.ceil((end - start) / rangeBytes) }, (_, i): Range => {
      const at = start + i * rangeBytes;
      return { start: at, end: Math.min(end, at + rangeBytes) };
    }),
  );
  const fetch = async (piece: Range): Promise<void> => {
    signal?.throwIfAborted();
    const bytes = await source.read(piece);
    await file.write(bytes, 0, bytes.length, piece.start);
  };
  await aFewAtOnce(pieces, fetch, atOnce);
}
