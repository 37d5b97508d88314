/** How far an incremental run by the log has come: the version that settled, kept as an entry in the list of taken files. */

import type { DeltaFile, DeltaSnapshot } from '../../delta/table.ts';
import type { SeenFile } from '../../engine/contracts/home.ts';

export interface LogPosition {
  readonly tableId: string;
  readonly version: number;
  /** The files of the version are in the list, too. */
  readonly hasFiles: boolean;
}

const names = { alone: '_delta_log', withFiles: '_delta_log and files' } as const;
const isPosition = ({ path }: Pick<SeenFile, 'path'>): boolean => path === names.alone || path === names.withFiles;
const noTime = '1970-01-01T00:00:00.000Z';

/**
 * The list of taken files, which settles with the run.
 * @param taken whose rows a later run may replace; null: none are replaced, so the version says enough.
 */
export function seenAt({ metadata, version, timestamp }: DeltaSnapshot, taken: readonly DeltaFile[] | null): readonly SeenFile[] {
  const modifiedAt = timestamp === null ? noTime : new Date(timestamp).toISOString();
  const position: SeenFile = { path: taken === null ? names.alone : names.withFiles, bytes: version, etag: metadata.id, modifiedAt };
  const files = (taken ?? []).map(
    (file): SeenFile => ({
      path: file.path,
      bytes: file.bytes,
      etag: lookOf(file),
      modifiedAt: new Date(file.modificationTime).toISOString(),
    }),
  );
  return [position, ...files];
}

/** Null: nothing was taken by the log. */
export function positionIn(seen: readonly SeenFile[]): LogPosition | null {
  const position = seen.find(isPosition);
  return position === undefined ? null : { tableId: position.etag, version: position.bytes, hasFiles: position.path === names.withFiles };
}

/** The files that were taken, by path, each with its look. */
export function takenIn(seen: readonly SeenFile[]): ReadonlyMap<string, string> {
  return new Map(seen.filter((one) => !isPosition(one)).map(({ path, etag }) => [path, etag]));
}

/** Which rows of a file are in the table. Only its vector can change: a file never does. */
export function lookOf({ vector }: DeltaFile): string {
  return vector === null ? 'whole' : `${vector.storageType}${vector.pathOrInlineDv}@${vector.offset ?? ''}`;
}
