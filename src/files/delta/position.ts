/** How far an incremental run by the log has come: the version that settled, kept as an entry in the list of taken files. */

import type { DeltaFile, DeltaMetadata, DeltaSnapshot } from '../../delta/table.ts';
import type { SeenFile } from '../../engine/contracts/home.ts';
import type { Instant } from '../../ports/values.ts';

export interface LogPosition {
  readonly tableId: string;
  readonly version: number;
  /** When the version was committed; 1970: the log did not say. */
  readonly committedAt: Instant;
  /** The files of the version are in the list, too. */
  readonly hasFiles: boolean;
  /** `SeenFile.change`, of a version that changed rows which had settled. */
  readonly change: SeenFile['change'];
}

const names = { alone: '_delta_log', withFiles: '_delta_log and files' } as const;
const isPosition = ({ path }: Pick<SeenFile, 'path'>): boolean => path === names.alone || path === names.withFiles;
const changed = (change: SeenFile['change']): Pick<SeenFile, 'change'> => (change === undefined ? {} : { change });
const noTime = '1970-01-01T00:00:00.000Z';

/**
 * The list of taken files, which settles with the run.
 * @param of.taken whose rows a later run may replace; null: none are replaced, so the version says enough.
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

/** Null: nothing was taken by the log. */
export function positionIn(seen: readonly SeenFile[]): LogPosition | null {
  const position = seen.find(isPosition);
  if (position === undefined) return null;
  const { etag, bytes, modifiedAt, path, change } = position;
  return { tableId: etag, version: bytes, committedAt: modifiedAt, hasFiles: path === names.withFiles, change };
}

/** So many versions are read again by each run before the position moves past them. */
const mostVersionsBehind = 100;
/** The position is moved once this share of the time is over for which the log keeps its commits. */
const shareOfRetention = 0.25;

/** A log is cleaned up, and a run that settles no row would leave its position where the log is cleaned. So an old position moves without a row. */
export function isOld({ version, committedAt }: LogPosition, now: DeltaSnapshot, at: Instant): boolean {
  const ageMs = Date.parse(at) - Date.parse(committedAt);
  return now.version > version && (now.version - version > mostVersionsBehind || ageMs > shareOfRetention * logRetentionMs(now.metadata));
}

const day = 24 * 60 * 60 * 1000;
const unitsInMs: Readonly<Record<string, number>> = {
  week: 7 * day,
  day,
  hour: day / 24,
  minute: day / (24 * 60),
  second: 1000,
  millisecond: 1,
  microsecond: 0.001,
  nanosecond: 0.000_001,
};

/** `delta.logRetentionDuration`, such as `interval 4 weeks 2 days`; 30 days where nothing is set, or what is set can't be read. */
export function logRetentionMs({ configuration }: Pick<DeltaMetadata, 'configuration'>): number {
  const usual = 30 * day;
  const written = configuration['delta.logRetentionDuration']
    ?.trim()
    .toLowerCase()
    .replace(/^interval\s+/, '');
  if (written === undefined || !/^(\d+\s+[a-z]+\s*)+$/.test(written)) return usual;
  const parts = [...written.matchAll(/(\d+)\s+([a-z]+)/g)].map(
    ([, count, unit = '']) => Number(count) * (unitsInMs[unit.replace(/s$/, '')] ?? Number.NaN),
  );
  const all = parts.reduce((sum, part) => sum + part, 0);
  return Number.isFinite(all) ? all : usual;
}

/** The files that were taken, by path, each with its look. */
export function takenIn(seen: readonly SeenFile[]): ReadonlyMap<string, string> {
  return new Map(seen.filter((one) => !isPosition(one)).map(({ path, etag }) => [path, etag]));
}

/** Which rows of a file are in the table. Only its vector can change: a file never does. */
export function lookOf({ vector }: DeltaFile): string {
  return vector === null ? 'whole' : `${vector.storageType}${vector.pathOrInlineDv}@${vector.offset ?? ''}`;
}
