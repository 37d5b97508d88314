/** The position of an incremental run by the log: the settled version, kept as an entry in the list of read files. */

import { daysInMs, intervalMs } from '../../delta/log/intervals.ts';
import type { DeltaFile, DeltaMetadata, DeltaSnapshot } from '../../delta/table.ts';
import type { SeenFile } from '../../engine/contracts/home.ts';
import type { Instant } from '../../ports/values.ts';

export interface LogPosition {
  readonly tableId: string;
  readonly version: number;
  /** When the version was committed; the year 1970: unknown. */
  readonly committedAt: Instant;
  /** Whether the files of the version are also in the list. */
  readonly hasFiles: boolean;
  /** See `SeenFile.change`; for a version that changed settled rows. */
  readonly change: SeenFile['change'];
}

const names = { alone: '_delta_log', withFiles: '_delta_log and files' } as const;
const isPosition = ({ path }: Pick<SeenFile, 'path'>): boolean => path === names.alone || path === names.withFiles;
const changed = (change: SeenFile['change']): Pick<SeenFile, 'change'> => (change === undefined ? {} : { change });
const noTime = '1970-01-01T00:00:00.000Z';

/**
 * The list of read files, which settles with the run. @param of.taken files whose rows a later run may replace. Null: no later run replaces rows, so the
 * list contains only the version.
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

/** The position in the list of read files; null: no run has read the table by its log. */
export function positionIn(seen: readonly SeenFile[]): LogPosition | null {
  const position = seen.find(isPosition);
  if (position === undefined) return null;
  const { etag, bytes, modifiedAt, path, change } = position;
  return { tableId: etag, version: bytes, committedAt: modifiedAt, hasFiles: path === names.withFiles, change };
}

/** The maximum number of versions that each run reads again. After that, the position moves. */
const mostVersionsBehind = 100;
/** The share of the log’s retention time after which the position is moved. */
const shareOfRetention = 0.25;

/** Whether a position must move although no rows settle. If the position never moved, the log would no longer have its version at some time. */
export function isOld({ version, committedAt }: LogPosition, now: DeltaSnapshot, at: Instant): boolean {
  const ageMs = Date.parse(at) - Date.parse(committedAt);
  return now.version > version && (now.version - version > mostVersionsBehind || ageMs > shareOfRetention * logRetentionMs(now.metadata));
}

/** The retention time of the log, from `delta.logRetentionDuration`. 30 days if the property is missing or its text has another form. */
export function logRetentionMs({ configuration }: Pick<DeltaMetadata, 'configuration'>): number {
  return intervalMs(configuration['delta.logRetentionDuration'] ?? '') ?? daysInMs(30);
}

/** The look of each file that was read, by path. */
export function takenIn(seen: readonly SeenFile[]): ReadonlyMap<string, string> {
  return new Map(seen.filter((one) => !isPosition(one)).map(({ path, etag }) => [path, etag]));
}

/** The look of a file: a text that changes whenever other rows of the file are visible in the table. Only a new vector causes this, because a data file never changes. */
export function lookOf({ vector }: DeltaFile): string {
  return vector === null ? 'whole' : `${vector.storageType}${vector.pathOrInlineDv}@${vector.offset ?? ''}`;
}
