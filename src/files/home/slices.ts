/** Cuts files into slices of about equal size, and joins small files, so that no slice makes thousands of tiny parts. */
import type { SliceRef } from '../../engine/contracts/home.ts';
import type { Piece } from '../../formats/contract/format.ts';
import type { FileInfo } from '../../ports/filesystem.ts';
import type { Json } from '../../ports/values.ts';

/** Neighbouring pieces of one version of one file, in the format's own numbers. */
export interface FileSlice extends Pick<FileInfo, 'path' | 'bytes' | 'etag' | 'inode'> {
  readonly from: number;
  /** The end of the slice; null: the end of the file, because the plan did not open the file. */
  readonly to: number | null;
  /** The number of rows; null: unknown without reading the file. */
  readonly rows: number | null;
  /** The share of the slice in the bytes of the file. */
  readonly share: number;
  /**
   * The bytes that the plan has read of this slice; of the whole file if it is the only slice. Other processes compare these bytes too. Absent: the system needs no
   * comparison, or the plan has read only a part of one of several slices.
   */
  readonly planned?: ReadSummary;
}

/** Ranges of bytes that were read, and one checksum of all of them. */
export interface ReadSummary {
  /** The start and the end (exclusive) of each range, one after the other. */
  readonly ranges: readonly number[];
  /** `gmacOf` the checksums of all ranges, in the order of the ranges. */
  readonly sum: string;
}

/** The maximum number of files in a slice. A slice with more files would take long to repeat, even if the files are small. */
const mostFiles = 512;
/** From this number of files on, more than two slices are read at once. */
const manyFiles = 64;

/** The byte range of a slice; undefined: the pieces of the file are not bytes. Pieces are bytes if the last piece ends at the file’s number of bytes, because a file has fewer row groups than bytes. */
export function byteRanges(
  pieces: readonly Piece[],
  fileBytes: number,
): ((slice: FileSlice) => { readonly start: number; readonly end: number }) | undefined {
  return pieces.at(-1)?.to === fileBytes ? ({ from, to }) => ({ start: from, end: to ?? fileBytes }) : undefined;
}

/** Slices of neighbouring wanted pieces of one file, each with about `sliceBytes` stored bytes. */
export function cutSlices(
  file: Pick<FileInfo, 'path' | 'bytes' | 'etag' | 'inode'>,
  pieces: readonly Piece[],
  wanted: readonly boolean[],
  sliceBytes: number,
): FileSlice[] {
  const inMemory = pieces.reduce((sum, piece) => sum + piece.bytes, 0);
  const stored = (piece: Piece) => (inMemory === 0 ? 0 : (piece.bytes / inMemory) * file.bytes);
  const wantedBytes = pieces.reduce((sum, piece, i) => sum + (wanted[i] ? stored(piece) : 0), 0);
  const limit = wantedBytes / Math.max(1, Math.round(wantedBytes / sliceBytes));
  const slices: FileSlice[] = [];
  let open: FileSlice | undefined;
  pieces.forEach((piece, i) => {
    if (!wanted[i] || piece.rows === 0) return;
    const share = stored(piece);
    if (open && open.to === piece.from && open.share + share / 2 <= limit) {
      open = { ...open, to: piece.to, rows: sum(open.rows, piece.rows), share: open.share + share };
      slices[slices.length - 1] = open;
      return;
    }
    open = { ...file, from: piece.from, to: piece.to, rows: piece.rows, share };
    slices.push(open);
  });
  return slices;
}

/** A slice for a whole file that the plan does not open. @param rowsPerByte from the opened files; null: unknown. */
export function wholeFileSlice(
  { path, bytes, etag }: { path: string; bytes: number; etag: string },
  rowsPerByte: number | null,
): FileSlice {
  const rows = rowsPerByte === null ? null : Math.round(bytes * rowsPerByte);
  return { path, bytes, etag, from: 0, to: null, rows, share: bytes };
}

export interface HowToSlice {
  readonly sliceBytes: number;
  /** Whether each slice must have pieces of only one file. */
  readonly perFile: boolean;
  /** Whether one slice is wanted if it is not too large, for data that is compared as a whole. */
  readonly whole: boolean;
}

/** Slices for the engine: small neighbours are joined into groups of about equal size. The number of groups stays large enough for parallel reads. */
export function groupIntoSlices(cut: readonly FileSlice[], how: HowToSlice): SliceRef[] {
  const total = cut.reduce((sum, slice) => sum + slice.share, 0);
  const fewest = how.whole ? 1 : cut.length > manyFiles ? 4 : 2;
  const count = Math.max(fewest, Math.ceil(total / how.sliceBytes), Math.ceil(cut.length / mostFiles));
  const even = { bytes: total / count, files: Math.ceil(cut.length / count) };
  const groups: FileSlice[][] = [];
  let bytes = 0;
  for (const slice of cut) {
    const group = groups.at(-1);
    const sameFile = group?.[0]?.path === slice.path;
    const roomy = group && group.length < even.files && bytes + slice.share <= how.sliceBytes && bytes + slice.share / 2 <= even.bytes;
    if (roomy && (sameFile || !how.perFile)) {
      group.push(slice);
      bytes += slice.share;
    } else {
      groups.push([slice]);
      bytes = slice.share;
    }
  }
  return groups.map(toRef);
}

function sum(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}

function toRef(group: readonly FileSlice[]): SliceRef {
  const paths = new Set(group.map((slice) => slice.path));
  const [only] = paths;
  return {
    ref: group as unknown as Json,
    rows: group.reduce<number | null>((rows, slice) => sum(rows, slice.rows), 0),
    bytes: Math.round(group.reduce((sum, slice) => sum + slice.share, 0)),
    ...(paths.size === 1 && only !== undefined ? { source: only } : { sources: [...paths] }),
  };
}
