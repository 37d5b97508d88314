import type { FolderNode } from '../dfs/tree.ts';
import type { DeltaOptions } from './delta-writer.ts';

/** Times are milliseconds of `now`. What a page leaves open has the strictest reading as its default. */
export interface ReplicatorOptions {
  /** The mirrored database's item folder, with `Files/LandingZone` below: `dfs.root('onelake', workspace)` and then the item. */
  readonly item: FolderNode;
  /** The clock that tests advance. */
  readonly now: () => number;
  /** From the first sight of a folder that was made again until its files are taken. */
  readonly reappearsAfter?: number;
  /** From a folder's deletion until its table is gone. */
  readonly disappearsAfter?: number;
  /** How tables are written to OneLake; null: they are not, and are in DuckDB alone. */
  readonly delta?: DeltaOptions | null;
  /** Files of one table in one turn. */
  readonly filesPerTurn?: number;
  /** Under "File name" the page leaves the last file where it is; under "Cleanup process" all files move. */
  readonly lastFileStays?: boolean;
  /** Which files of a recreated folder are increments: those with a marker, but for the first. */
  readonly isIncrement?: (file: { readonly name: string; readonly isFirst: boolean; readonly hasMarker: boolean }) => boolean;
}

export type Settled = Required<ReplicatorOptions>;

export function settledOptions(options: ReplicatorOptions): Settled {
  return {
    reappearsAfter: 0,
    disappearsAfter: 0,
    delta: null,
    filesPerTurn: Number.POSITIVE_INFINITY,
    lastFileStays: true,
    isIncrement: ({ isFirst, hasMarker }) => hasMarker && !isFirst,
    ...options,
  };
}
