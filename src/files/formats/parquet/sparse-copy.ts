import { open } from 'node:fs/promises';
import type { Scratch } from '../../../ports/scratch.ts';
import type { FileSource } from '../../format.ts';
import type { Footer } from './footer.ts';

const mark = Buffer.from('PAR1', 'latin1');
/** Requests for remote files are cut to this size, so that one lost connection does not cost a whole row group. */
const rangeBytes = 8 * 1024 * 1024;

/**
 * A sparse scratch file as long as the source that holds only its footer and the pages of row groups `from` to `to`, each where it
 * lies in the source. Polars reads these rows from it exactly; touching a missing one fails loudly. Answers its path: free it after use.
 */
export async function sparseCopy(request: {
  readonly source: FileSource;
  readonly scratch: Scratch;
  readonly footer: Footer;
  readonly from: number;
  readonly to: number;
}): Promise<string> {
  const { source, scratch, footer } = request;
  const path = await scratch.path('.parquet');
  const file = await open(path, 'wx');
  try {
    await file.truncate(source.bytes);
    await file.write(mark, 0, mark.length, 0);
    await copyRange(source, file, { start: footer.start, end: source.bytes });
    for (const group of footer.groups.slice(request.from, request.to)) {
      const start = Math.min(...group.chunks.map((chunk) => chunk.start));
      const end = Math.max(...group.chunks.map((chunk) => chunk.end));
      if (group.chunks.length > 0) await copyRange(source, file, { start, end });
    }
  } finally {
    await file.close();
  }
  return path;
}

async function copyRange(
  source: FileSource,
  file: Awaited<ReturnType<typeof open>>,
  range: { readonly start: number; readonly end: number },
): Promise<void> {
  for (let at = range.start; at < range.end; at += rangeBytes) {
    const bytes = await source.read({ start: at, end: Math.min(range.end, at + rangeBytes) });
    await file.write(bytes, 0, bytes.length, at);
  }
}
