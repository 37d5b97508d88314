/** Counts the rows of a home’s files without reading whole files. */
import type { SourceDescription } from '../../engine/contracts/home.ts';
import { compressionOf } from '../../formats/bytes/compression.ts';
import type { Format } from '../../formats/contract/format.ts';
import type { FileInfo } from '../../ports/filesystem.ts';
import type { Footers, OpenedFile } from './opened-files.ts';

/** The maximum number of files that are opened only to count their rows. With more files, the result is an estimate from the first files. */
export const mostCounted = 256;
const looked = 256 * 1024;

interface ContentCounts {
  readonly footers: Footers;
  readonly format: Format;
  readonly first: OpenedFile | undefined;
  /** The total bytes of all files. */
  readonly bytes: number;
  /** The only files that may be opened; undefined: all files. */
  readonly few: readonly FileInfo[] | undefined;
}

/** The number of rows in all files; undefined: unknown. */
export async function rowsIn(
  found: readonly FileInfo[],
  { footers, format, first, bytes, few }: ContentCounts,
): Promise<SourceDescription['rows']> {
  if (first?.content.rows == null)
    return first && format.rowPerLine ? linesAbout(few ? await footers.each(few, (file) => file) : [first], bytes) : undefined;
  if (few) {
    const perByte = await rowsPerByte(few, footers);
    return perByte === null ? undefined : { n: Math.round(bytes * perByte), exact: false };
  }
  if (found.length > mostCounted) return { n: Math.round((first.content.rows * bytes) / first.info.bytes), exact: false };
  const counts = await footers.each(found, ({ content }) => content.rows ?? 0);
  return { n: counts.reduce((sum, rows) => sum + rows, 0), exact: true };
}

/** The average number of rows per byte; null: unknown without reading the files. */
export async function rowsPerByte(few: readonly FileInfo[], footers: Footers): Promise<number | null> {
  const bytes = few.reduce((sum, file) => sum + file.bytes, 0);
  const rows = await footers.each(few, ({ content }) => content.rows);
  const sum = rows.reduce((all, one) => (all === null || one === null ? null : all + one), 0);
  return sum === null || bytes === 0 ? null : sum / bytes;
}

/** The approximate number of rows in files of this total size, from the lines at the beginning of some files. Undefined: the files are compressed. */
async function linesAbout(some: readonly OpenedFile[], bytes: number): Promise<{ readonly n: number; readonly exact: false } | undefined> {
  let [lines, read] = [0, 0];
  for (const { source } of some) {
    if ((await compressionOf(source, 'auto')) !== 'none') return undefined;
    const beginning = await source.read({ start: 0, end: Math.min(looked, source.bytes) });
    lines += beginning.reduce((sum, byte) => sum + (byte === 0x0a ? 1 : 0), 0);
    read += beginning.length;
  }
  return { n: Math.round((lines * bytes) / Math.max(1, read)), exact: false };
}
