import { compressionOf } from './compressed.ts';
import type { OpenedFile } from './footers.ts';

const looked = 256 * 1024;

/** About how many rows files of so many bytes hold, by the lines at the beginning of one; undefined: it is compressed. */
export async function rowsAbout({ source }: OpenedFile, bytes: number): Promise<{ readonly n: number; readonly exact: false } | undefined> {
  if ((await compressionOf(source, 'auto')) !== 'none') return undefined;
  const beginning = await source.read({ start: 0, end: Math.min(looked, source.bytes) });
  const lines = beginning.reduce((sum, byte) => sum + (byte === 0x0a ? 1 : 0), 0);
  return { n: Math.round((lines * bytes) / Math.max(1, beginning.length)), exact: false };
}
