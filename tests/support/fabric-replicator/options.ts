import type { FolderNode } from '../dfs/tree.ts';

const day = 24 * 60 * 60 * 1000;

/** Times are milliseconds of `now`. What a page leaves open has the strictest reading as its default. */
export interface ReplicatorOptions {
  /** The mirrored database's item folder, with `Files/LandingZone` below: `dfs.root('onelake', workspace)` and then the item. */
  readonly item: FolderNode;
  /** The clock that tests advance. */
  readonly now: () => number;
  /** From a folder's first sight until its files are taken. */
  readonly appearsAfter?: number;
  /** The same, of a folder that was made again. */
  readonly reappearsAfter?: number;
  /** From a folder's deletion until its table is gone. */
  readonly disappearsAfter?: number;
  /** Files of one table in one turn. */
  readonly filesPerTurn?: number;
  /** From taking a file to moving it away. */
  readonly movedAfter?: number;
  /** From moving a file away to deleting it: seven days ("Open mirroring landing zone requirements and format", Cleanup process). */
  readonly removedAfter?: number;
  /** The page names both folders, and not when which is used. */
  readonly processedFolder?: '_ProcessedFiles' | '_FilesReadyToDelete';
  /** Under "File name" the page leaves the last file where it is; under "Cleanup process" all files move. */
  readonly lastFileStays?: boolean;
  /** "Troubleshoot Fabric mirrored databases", Limits error messages. */
  readonly maxTables?: number;
  /** Whether a file rewritten with its own bytes counts as overwritten (`etag`). */
  readonly overwriteDetection?: 'etag' | 'content';
  readonly hastyRecreation?: 'refuse' | 'rebuild';
  readonly metadataChange?: 'refuse' | 'accept';
  readonly types?: 'delta' | 'any simple';
  readonly nullKeys?: 'refuse' | 'match';
  readonly ambiguousKeys?: 'refuse' | 'replace all';
  readonly requiredAdded?: 'refuse' | 'accept';
  readonly requiredRelaxed?: 'refuse' | 'accept';
  /** Order of equal times under LastUpdateTimeFileDetection, which no page defines: against the names' order unless a test says another. */
  readonly tie?: (a: string, b: string) => number;
  /** Which files of a recreated folder are increments: those with a marker, but for the first. */
  readonly isIncrement?: (file: { readonly name: string; readonly isFirst: boolean; readonly hasMarker: boolean }) => boolean;
  /** What a start after a stop does: "Best practices", Plan for recovery, has the whole database restart from the beginning. */
  readonly restart?: 'from the beginning' | 'continue';
  /** `lastSyncDateTime` is tied to no file on any page. `each iteration`: it is fresh at a table that waits at a gap. */
  readonly lastSync?: 'each iteration' | 'each file';
}

export type Settled = Required<ReplicatorOptions>;

const plain = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

export function settledOptions(options: ReplicatorOptions): Settled {
  return {
    appearsAfter: 0,
    reappearsAfter: 0,
    disappearsAfter: 0,
    filesPerTurn: Number.POSITIVE_INFINITY,
    movedAfter: 0,
    removedAfter: 7 * day,
    processedFolder: '_ProcessedFiles',
    lastFileStays: true,
    maxTables: 1000,
    overwriteDetection: 'etag',
    hastyRecreation: 'refuse',
    metadataChange: 'refuse',
    types: 'delta',
    nullKeys: 'refuse',
    ambiguousKeys: 'refuse',
    requiredAdded: 'refuse',
    requiredRelaxed: 'refuse',
    tie: (a, b) => plain(b, a),
    isIncrement: ({ isFirst, hasMarker }) => hasMarker && !isFirst,
    restart: 'from the beginning',
    lastSync: 'each iteration',
    ...options,
  };
}
