import type { Json } from '../../ports/values.ts';
import { type Compression, compressionOf } from '../bytes/compression.ts';
import type { FileContent, FileSource, Piece } from '../contract/format.ts';
import type { LookSettings } from './look-settings.ts';
import { type PinnedColumn, pinnedColumns, schemaOf } from './pinned.ts';

/** How many times larger than a compressed file its text is, on average. Only for estimates. */
const compressedTo = 8;

const known = new WeakMap<FileContent, readonly PinnedColumn[]>();

/** See `Format.inspect`. Only a few bytes of the file are read. */
export async function inspectFile(how: LookSettings, source: FileSource, pinned: Json | null): Promise<FileContent> {
  const columns = pinnedColumns(pinned, how.reading).filter(({ absent }) => absent !== true);
  const compression = await compressionOf(source, how.compression);
  const content: FileContent = { schema: schemaOf(columns), rows: null, pieces: piecesOf(source.bytes, compression, how) };
  known.set(content, columns);
  return content;
}

export function columnsOf(content: FileContent): readonly PinnedColumn[] {
  const columns = known.get(content);
  if (columns === undefined) throw new Error('a file is read that was not inspected');
  return columns;
}

function piecesOf(bytes: number, compression: Compression, { isLines, pieceBytes }: LookSettings): readonly Piece[] {
  if (compression !== 'none' || !isLines) {
    return bytes === 0 ? [] : [{ from: 0, to: bytes, rows: null, bytes: compression === 'none' ? bytes : bytes * compressedTo }];
  }
  const pieces: Piece[] = [];
  for (let from = 0; from < bytes; from += pieceBytes) {
    const to = Math.min(bytes, from + pieceBytes);
    pieces.push({ from, to, rows: null, bytes: to - from });
  }
  return pieces;
}
