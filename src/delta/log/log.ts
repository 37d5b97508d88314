/**
 * The log of a Delta table, read by the published protocol: the files with the rows of a version, and the changes of each commit.
 *
 * One listing of `_delta_log` finds everything; `_last_checkpoint` and `.crc` are not read. A snapshot takes the newest checkpoint that can be read and
 * the commits after it. If something can't be read, the result is an error with a code, never an older version or fewer files.
 */
import type { DeltaFile, DeltaMetadata, DeltaProtocol, DeltaSnapshot } from '../table.ts';
import { absentValues, type CdcFile, type RawMetadata } from './actions.ts';
import { changedMeanwhile, cleanedUp, contradiction, deltaError, noSuchVersion, noTable } from './errors.ts';
import { hasReaderFeature, requireReadable } from './features.ts';
import { type LogListing, listLog } from './listing.ts';
import { metadataFrom } from './metadata.ts';
import { commitInfoOf, isGone, type LogAccess, type Replayed, type ReplayedCommit, replay } from './replay.ts';
import { missingOn, oldestIn, roadTo } from './roads.ts';
import type { PathChange } from './state.ts';
import { inCommitTimes, versionAt, type WantedTime } from './times.ts';

export type { CdcFile } from './actions.ts';
export { keyOf, vectorId } from './actions.ts';
export { hasReaderFeature, type ReaderFeature, requireReadable, unreadFeatures } from './features.ts';
export type { LogFiles } from './listing.ts';
export { type PlaceOfFile, resolvePath } from './paths.ts';
export type { LogAccess } from './replay.ts';
export type { PathChange } from './state.ts';

/** The requested version: the newest, one by number, or the newest at a time. */
export type WantedVersion = 'newest' | { readonly version: number } | WantedTime;

/** The changes of one commit. */
export interface DeltaCommit {
  readonly version: number;
  /** See `DeltaSnapshot.timestamp`. */
  readonly timestamp: number | null;
  /** The writer's name of the operation: `WRITE`, `DELETE`, `RESTORE`. Null: unknown. */
  readonly operation: string | null;
  /** The number of rows that a MERGE inserted, by its own metrics. Null: unknown. */
  readonly insertedRows: number | null;
  /** The id of the head that hygge's commit made; null: another program wrote the commit. */
  readonly head: string | null;
  /**
   * The changed files, one entry per path. Without `before`, the file is new. Without `after`, the file was removed. With another vector, rows were
   * deleted or restored. With the same vector, only statistics or tags changed.
   */
  readonly changes: readonly PathChange[];
  /** The files of the change feed. If the list is not empty, only these files define the changes. */
  readonly cdc: readonly CdcFile[];
  /** The protocol and the metadata after the commit. */
  readonly inForce: { readonly protocol: DeltaProtocol; readonly metadata: DeltaMetadata };
  /** The new metadata; null: the commit left the metadata unchanged. */
  readonly metadata: DeltaMetadata | null;
  readonly protocol: DeltaProtocol | null;
}

export type DeltaIncrement =
  | { readonly outcome: 'changes'; readonly snapshot: DeltaSnapshot; readonly commits: readonly DeltaCommit[] }
  /** Commits after the settled version, or files that show its content, were removed. `oldest`: the oldest version that can be read. */
  | { readonly outcome: 'cleaned'; readonly oldest: number | null }
  /** The log ends before the settled version: the table was recreated, or restored from a copy. */
  | { readonly outcome: 'behind'; readonly newest: number };

/** How often the log is listed again because one of its files was removed in the meantime. */
const mostListings = 3;

/** Lists the log. Throws HYG-3701 if the folder has no log. */
export async function openLog(access: LogAccess): Promise<DeltaLog> {
  const listing = await listLog(access.files);
  if (listing.newest < 0) throw noTable(access.table);
  return new DeltaLog(listing, access);
}

/** The table at a version. Throws a HomeError of HYG-3701 to HYG-3712. */
export async function snapshotOf(access: LogAccess, wanted: WantedVersion): Promise<DeltaSnapshot> {
  const log = await openLog(access);
  return log.snapshot(await log.find(wanted));
}

/** A log at the time of its listing. All later calls see the same versions. */
export class DeltaLog {
  readonly #access: LogAccess;
  /** The newest version when the log was opened. */
  readonly newest: number;
  #listing: LogListing;

  constructor(listing: LogListing, access: LogAccess) {
    this.#listing = listing;
    this.#access = access;
    this.newest = listing.newest;
  }

  /** The version of the newest checkpoint; -1: the log has no checkpoint. */
  get checkpoint(): number {
    return this.#listing.checkpoints[0]?.version ?? -1;
  }

  /** Whether the log has a version, as a commit or as a checkpoint. */
  has(version: number): boolean {
    return this.#listing.commits.has(version) || this.#listing.checkpoints.some((checkpoint) => checkpoint.version === version);
  }

  /** Identifies the files of a version by the etag of its commit, or else by the etags of its checkpoint. A recreated table has other etags. */
  etagOf(version: number): string {
    const checkpoint = this.#listing.checkpoints.find((one) => one.version === version);
    return this.#listing.commits.get(version)?.etag ?? checkpoint?.files.map(({ etag }) => etag).join(' ') ?? '';
  }

  /** The id of the head that hygge's commit of a version made; null: the commit was cleaned up, or another program wrote it. */
  async headOf(version: number): Promise<string | null> {
    return (await commitInfoOf(this.#listing, version, this.#access))?.head ?? null;
  }

  /** The number of a version. Throws HYG-3703, HYG-3704, HYG-3711. */
  async find(wanted: WantedVersion): Promise<number> {
    if (wanted === 'newest') return this.newest;
    if ('version' in wanted) {
      const { version } = wanted;
      if (version <= this.newest) return version;
      throw noSuchVersion(this.#access.table, `version ${version}`, `The newest version is ${this.newest}.`, this.newest);
    }
    return this.#listed(async (listing) => {
      const newest = { version: this.newest, since: null, wantsFiles: false };
      const { state } = await replay(listing, newest, this.#access);
      const { protocol, metadata } = described({ state }, this.#access.table);
      return versionAt(wanted, listing, inCommitTimes(protocol, metadata), this.#access);
    });
  }

  async snapshot(version = this.newest): Promise<DeltaSnapshot> {
    return this.#listed(async (listing) => {
      this.#mustReach(version, listing);
      await this.#mustBeWhole(version, listing);
      return this.#snapshotFrom(await replay(listing, { version, since: null, wantsFiles: true }, this.#access), version, listing);
    });
  }

  /** The table at a version, and the changes after an earlier version. All commits between them are read one by one, from a checkpoint at or before the earlier version. */
  async since(settled: number, version = this.newest): Promise<DeltaIncrement> {
    if (settled > version) return { outcome: 'behind', newest: version };
    return this.#listed(async (listing) => {
      const wanted = { version, since: settled, wantsFiles: true };
      if (roadTo(listing, { ...wanted, unusable: new Set() }) === undefined) {
        this.#mustReach(version, listing);
        if (roadTo(listing, { version, since: null, unusable: new Set() }) !== undefined)
          return { outcome: 'cleaned', oldest: oldestIn(listing) };
      }
      const replayed = await replay(listing, wanted, this.#access);
      const snapshot = await this.#snapshotFrom(replayed, version, listing);
      return { outcome: 'changes', snapshot, commits: replayed.commits.map((commit) => this.#commitFrom(commit, listing)) };
    });
  }

  /** Runs a query on a listing, and repeats it on a new listing if a listed file no longer exists. */
  async #listed<T>(ask: (listing: LogListing) => Promise<T>): Promise<T> {
    for (let listings = 1; ; listings++) {
      try {
        return await ask(this.#listing);
      } catch (error) {
        if (!isGone(error)) throw error;
        if (listings === mostListings) throw changedMeanwhile(this.#access.table, error.path);
        this.#listing = await listLog(this.#access.files);
        // The log is now shorter than before. So another table has replaced this table.
        if (this.#listing.newest < this.newest) throw changedMeanwhile(this.#access.table, error.path);
      }
    }
  }

  /** Throws for a version that can’t be read. A version before the oldest version was cleaned up; for any other version, the log is defective. */
  #mustReach(version: number, listing: LogListing): void {
    const oldest = oldestIn(listing);
    if (version < (oldest ?? 0)) throw cleanedUp(this.#access.table, `version ${version}`, oldest);
  }

  /** Throws an error with the name of the feature if a catalog keeps the commits of the table. The folder of such a table lacks some commits. */
  async #mustBeWhole(version: number, listing: LogListing): Promise<void> {
    const missing = missingOn(listing, { version, since: null, unusable: new Set() });
    if (missing === null || missing === 0) return;
    const before = { version: missing - 1, since: null, wantsFiles: false };
    const { protocol, metadata } = described(await replay(listing, before, this.#access), this.#access.table);
    readable(protocol, metadata, this.#access.table);
  }

  async #snapshotFrom(replayed: Replayed, version: number, listing: LogListing): Promise<DeltaSnapshot> {
    const { table } = this.#access;
    const { protocol, metadata: raw } = described(replayed, table);
    const metadata = readable(protocol, raw, table);
    const files = [...replayed.state.files.values()];
    checkFiles(files, protocol, metadata, table);
    const info =
      replayed.info === undefined && isInCommit(version, protocol, metadata)
        ? await commitInfoOf(listing, version, this.#access)
        : replayed.info;
    const { transactions } = replayed.state;
    return { version, timestamp: timeIn({ version, info, protocol, metadata }, listing), protocol, metadata, files, transactions };
  }

  #commitFrom(commit: ReplayedCommit, listing: LogListing): DeltaCommit {
    const { table } = this.#access;
    const { version, info, changes, cdc } = commit;
    const { protocol, metadata: raw } = described({ state: commit }, table);
    const metadata = readable(protocol, raw, table);
    return {
      version,
      timestamp: timeIn({ version, info, protocol, metadata }, listing),
      operation: info?.operation ?? null,
      insertedRows: info?.insertedRows ?? null,
      head: info?.head ?? null,
      changes,
      cdc,
      inForce: { protocol, metadata },
      metadata: commit.hasMetadata ? metadata : null,
      protocol: commit.hasProtocol ? protocol : null,
    };
  }
}

/** The parsed metadata. The protocol is checked first, because a table with a higher reader version may describe its columns in another way. */
function readable(protocol: DeltaProtocol, raw: RawMetadata, table: string): DeltaMetadata {
  if (protocol.minReaderVersion > 3) requireReadable(protocol, { schema: { type: 'struct', fields: [] } }, table);
  const metadata = metadataFrom(raw, table);
  requireReadable(protocol, metadata, table);
  return metadata;
}

/** The protocol and the metadata, which every table has from its first version on. */
function described({ state: { protocol, metadata } }: { readonly state: Pick<Replayed['state'], 'protocol' | 'metadata'> }, table: string) {
  if (protocol === null) throw contradiction(`The log of ${table}`, 'The log has no action protocol.');
  if (metadata === null) throw contradiction(`The log of ${table}`, 'The log has no action metaData.');
  return { protocol, metadata };
}

interface Dated {
  readonly version: number;
  readonly info: Replayed['info'];
  readonly protocol: DeltaProtocol;
  readonly metadata: Pick<DeltaMetadata, 'configuration'>;
}

function isInCommit(version: number, protocol: DeltaProtocol, metadata: Dated['metadata']): boolean {
  const times = inCommitTimes(protocol, metadata);
  return times !== undefined && version >= times.from;
}

function timeIn({ version, info, protocol, metadata }: Dated, listing: LogListing): number | null {
  if (isInCommit(version, protocol, metadata)) return info?.inCommitTimestamp ?? null;
  return listing.times.get(version) ?? null;
}

const storages: ReadonlySet<string> = new Set(['i', 'p', 'u']);

/** Throws if the files of a version contradict each other or the metadata. */
function checkFiles(files: readonly DeltaFile[], protocol: DeltaProtocol, { partitionColumns }: DeltaMetadata, table: string): void {
  const hasVectors = hasReaderFeature(protocol, 'deletionVectors');
  for (const { path, vector, partitionValues } of files) {
    if (vector !== null && !hasVectors)
      throw contradiction(`The log of ${table}`, `${path} has a deletion vector, but the protocol of the table has no deletionVectors.`);
    if (vector !== null && !storages.has(vector.storageType))
      throw deltaError('HYG-3708', `${table} keeps deletion vectors in a storage of type ${JSON.stringify(vector.storageType)}.`, {
        why: [`${path} has such a deletion vector. hygge reads the types i, p and u, the only types in the protocol.`],
      });
    if (partitionColumns.length > 0 && partitionValues === absentValues)
      throw contradiction(
        `The log of ${table}`,
        `The table is partitioned by ${partitionColumns.join(', ')}, but ${path} has no partitionValues.`,
      );
  }
}
