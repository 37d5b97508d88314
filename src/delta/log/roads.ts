/** A road: the sequence of log files that leads to a version. */
import type { FileInfo } from '../../ports/filesystem.ts';
import type { CheckpointFiles, LogListing } from './listing.ts';

/** A file of actions: one commit, or several commits combined. */
export interface LogPiece {
  readonly from: number;
  readonly to: number;
  readonly isCompacted: boolean;
  readonly info: FileInfo;
}

export interface Road {
  /** The checkpoint at the start of the road; null: the road starts with the first commit. */
  readonly checkpoint: CheckpointFiles | null;
  readonly pieces: readonly LogPiece[];
}

export interface Destination {
  readonly version: number;
  /** The state at this version is needed, and each single commit after it. Null: only the state at `version` is needed. */
  readonly since: number | null;
  /** Paths of files that can't be used. */
  readonly unusable: ReadonlySet<string>;
}

/** The best road without unusable files: from the newest checkpoint, else from an older checkpoint, else from the first commit. */
export function roadTo(listing: LogListing, to: Destination): Road | undefined {
  for (const checkpoint of startsOf(listing, to)) {
    const pieces = piecesBetween(listing, checkpoint?.version ?? -1, to);
    if (Array.isArray(pieces)) return { checkpoint, pieces };
  }
  return undefined;
}

/** The first version on the best road for which a file is missing. Null: no file is missing. */
export function missingOn(listing: LogListing, to: Destination): number | null {
  if (roadTo(listing, to) !== undefined) return null;
  const [checkpoint = null] = startsOf(listing, to);
  const found = piecesBetween(listing, checkpoint?.version ?? -1, to);
  return typeof found === 'number' ? found : null;
}

/** The oldest version for which a snapshot is possible, by file names alone. */
export function oldestIn(listing: LogListing): number | null {
  const versions = listing.checkpoints.map(({ version }) => version);
  if (listing.commits.has(0)) versions.push(0);
  return versions.length === 0 ? null : Math.min(...versions);
}

function startsOf({ checkpoints }: LogListing, { version, since, unusable }: Destination): readonly (CheckpointFiles | null)[] {
  const usable = checkpoints.filter((one) => one.version <= (since ?? version) && !one.files.some(({ path }) => unusable.has(path)));
  return [...usable, null];
}

/** The files of all versions after `after`, or the first version without a file. */
function piecesBetween(listing: LogListing, after: number, { version, since, unusable }: Destination): LogPiece[] | number {
  const pieces: LogPiece[] = [];
  const compactions = listing.compactions
    .filter(({ info, to }) => !unusable.has(info.path) && to <= (since ?? version))
    .sort((a, b) => b.to - a.to);
  for (let next = after + 1; next <= version; ) {
    const compaction = compactions.find(({ from }) => from === next);
    const commit = listing.commits.get(next);
    if (compaction !== undefined) pieces.push({ from: next, to: compaction.to, isCompacted: true, info: compaction.info });
    else if (commit !== undefined && !unusable.has(commit.path)) pieces.push({ from: next, to: next, isCompacted: false, info: commit });
    else return next;
    next = (pieces.at(-1)?.to ?? next) + 1;
  }
  return pieces;
}
