/** How many rows the files of a home hold, as far as that is told without reading them. */
import type { Description } from '../../engine/contracts/contracts.ts';
import type { FileInfo } from '../../ports/filesystem.ts';
import { compressionOf } from '../bytes/compressed.ts';
import type { Format } from '../format.ts';
import type { Footers, OpenedFile } from './opened-files.ts';

/** Up to so many files are opened just to count their rows; of more, the first tells about how many there are. */
export const mostCounted = 256;
const looked = 256 * 1024;

export interface Counting {
  readonly footers: Footers;
  readonly format: Format;
  readonly first: OpenedFile | undefined;
  /** Of all files. */
  readonly bytes: number;
}

/** Undefined: nothing tells. */
export async function rowsIn(found: readonly FileInfo[], { footers, format, first, bytes }: Counting): Promise<Description['rows']> {
  if (first?.content.rows == null) return first && format.rowPerLine ? linesAbout(first, bytes) : undefined;
  if (found.length > mostCounted) return { n: Math.round((first.content.rows * bytes) / first.info.bytes), exact: false };
  const counts = await footers.each(found, ({ content }) => content.rows ?? 0);
  return { n: counts.reduce((sum, rows) => sum + rows, 0), exact: true };
}

/** About how many rows files of so many bytes hold, by the lines at the beginning of one; undefined: it is compressed. */
async function linesAbout({ source }: OpenedFile, bytes: number): Promise<{ readonly n: number; readonly exact: false } | undefined> {
  if ((await compressionOf(source, 'auto')) !== 'none') return undefined;
  const beginning = await source.read({ start: 0, end: Math.min(looked, source.bytes) });
  const lines = beginning.reduce((sum, byte) => sum + (byte === 0x0a ? 1 : 0), 0);
  return { n: Math.round((lines * bytes) / Math.max(1, beginning.length)), exact: false };
}
