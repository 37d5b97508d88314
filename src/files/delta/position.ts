/** The position of an incremental run by the log: the settled version, kept as an entry in the list of read files. */

import { daysInMs, intervalMs } from '../../delta/log/intervals.ts';
import type { DeltaFile, DeltaMetadata, DeltaSnapshot } from '../../delta/table.ts';
import type { SeenFile } from '../../engine/contracts/home.ts';
import type { Instant } from '../../ports/values.ts';

export interface LogPosition {
  readonly tableId: string;
  readonly version: number;
  /** When the version was committed; 1970: unknown. */
  readonly committedAt: Instant;
  /** Whether the files of the version are also in the list. */
  readonly hasFiles: boolean;
  /** `SeenFile.change`, for a version that changed settled rows. */
  readonly change: SeenFile['change'];
}

const names = { alone: '_delta_log', withFiles: '_delta_log and files' } as const;
const isPosition = ({ path }: Pick<SeenFile, 'path'>): boolean => path === names.alone || path === names.withFiles;
const changed = (change: SeenFile['change']): Pick<SeenFile, 'change'> => (change === undefined ? {} : { change });
const noTime = '1970-01-01T00:00:00.000Z';

/**
 * The list of read files, which settles with the run.
 * @param of.taken files whose rows a later run may replace; null: no rows are replaced, so the version is enough.
 */
export function seenAt(
  { metadata, version, timestamp }: DeltaSnapshot,
  { taken, change }: { readonly taken: readonly DeltaFile[] | null } & Pick<LogPosition, 'change'>,
): readonly SeenFile[] {
  const modifiedAt = timestamp === null ? noTime : new Date(timestamp).toISOString();
  const path = taken === null ? names.alone : names.withFiles;
  const position: SeenFile = { path, bytes: version, etag: metadata.id, modifiedAt, ...changed(change) };
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

/** Null: no file was read by the log. */
export function positionIn(seen: readonly SeenFile[]): LogPosition | null {
  const position = seen.find(isPosition);
  if (position === undefined) return null;
  const { etag, bytes, modifiedAt, path, change } = position;
  return { tableId: etag, version: bytes, committedAt: modifiedAt, hasFiles: path === names.withFiles, change };
}

/** The number of versions that each run reads again before the position moves past them. */
const mostVersionsBehind = 100;
/** The position is moved after this share of the log's retention time. */
const shareOfRetention = 0.25;

/** Logs are cleaned up. If runs settle no rows, their position could fall into the cleaned part, so an old position moves without rows. */
export function isOld({ version, committedAt }: LogPosition, now: DeltaSnapshot, at: Instant): boolean {
  const ageMs = Date.parse(at) - Date.parse(committedAt);
  return now.version > version && (now.version - version > mostVersionsBehind || ageMs > shareOfRetention * logRetentionMs(now.metadata));
}

/** `delta.logRetentionDuration`; 30 days if nothing is set, or its text has another form. */
export function logRetentionMs({ configuration }: Pick<DeltaMetadata, 'configuration'>): number {
  return intervalMs(configuration['delta.logRetentionDuration'] ?? '') ?? daysInMs(30);
}

/** The files that were read, by path, each with its look. */
export function takenIn(seen: readonly SeenFile[]): ReadonlyMap<string, string> {
  return new Map(seen.filter((one) => !isPosition(one)).map(({ path, etag }) => [path, etag]));
}

/** Identifies the rows of a file that are in the table. Only its vector can change: the file itself never does. */
export function lookOf({ vector }: DeltaFile): string {
  return vector === null ? 'whole' : `${vector.storageType}${vector.pathOrInlineDv}@${vector.offset ?? ''}`;
}
