/** Cuts files into slices of about equal size, and puts small ones together, so that no slice makes thousands of tiny parts. */
import type { SliceRef } from '../engine/contracts.ts';
import type { Json } from '../ports/values.ts';
import type { Piece } from './format.ts';

/** Pieces `from` (inclusive) to `to` (exclusive) of one version of one file. */
export interface FileSlice {
  readonly path: string;
  readonly bytes: number;
  readonly etag: string;
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  /** Its share of the file's bytes. */
  readonly share: number;
}

/** A slice's reference stays under 2 kB, whatever the paths. */
const longestRef = 1_800;

/** Runs of wanted pieces of one file, each of about `sliceBytes` as stored. */
export function cutSlices(
  file: { path: string; bytes: number; etag: string },
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
    if (open && open.to === i && open.share + share / 2 <= limit) {
      open = { ...open, to: i + 1, rows: open.rows + piece.rows, share: open.share + share };
      slices[slices.length - 1] = open;
      return;
    }
    open = { ...file, from: i, to: i + 1, rows: piece.rows, share };
    slices.push(open);
  });
  return slices;
}

/** Slices as the engine sees them: small neighbours together, unless each must keep its file apart. */
export function sliceFiles(cut: readonly FileSlice[], how: { sliceBytes: number; perFile: boolean }): SliceRef[] {
  const groups: FileSlice[][] = [];
  for (const slice of cut) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    const fits =
      group &&
      last &&
      (how.perFile ? last.path === slice.path && together(group, slice, how.sliceBytes) : together(group, slice, how.sliceBytes));
    if (fits) group.push(slice);
    else groups.push([slice]);
  }
  return groups.map(toRef);
}

function together(group: readonly FileSlice[], next: FileSlice, sliceBytes: number): boolean {
  const bytes = group.reduce((sum, slice) => sum + slice.share, next.share);
  return bytes <= sliceBytes && JSON.stringify([...group, next]).length <= longestRef;
}

function toRef(group: readonly FileSlice[]): SliceRef {
  const paths = new Set(group.map((slice) => slice.path));
  const [only] = paths;
  return {
    ref: group as unknown as Json,
    rows: group.reduce((sum, slice) => sum + slice.rows, 0),
    bytes: Math.round(group.reduce((sum, slice) => sum + slice.share, 0)),
    ...(paths.size === 1 && only !== undefined ? { source: only } : {}),
  };
}
