/** Replays a sequence of log files to get the state of the table. */
import { HomeError } from '../../errors/hygge-error.ts';
import { type FileInfo, FileNotFound } from '../../ports/filesystem.ts';
import { mapConcurrent } from '../../ports/map-concurrent.ts';
import { Actions, type CdcFile, type CommitInfo, type KeepStats, readJsonFile, statsWithRoom } from './actions.ts';
import { readParquetActions } from './checkpoint-parquet.ts';
import { BadAction, badCheckpoint, badCommit, Contradiction, cleanedUp, contradiction, gap, UnusableLogFile } from './errors.ts';
import type { CheckpointFiles, LogFiles, LogListing } from './listing.ts';
import { type LogPiece, missingOn, oldestIn, type Road, roadTo } from './roads.ts';
import { type PathChange, TableState } from './state.ts';

/** Access to a log. */
export interface LogAccess {
  /** The files of the log. The root is the table’s folder. */
  readonly files: LogFiles;
  readonly signal: AbortSignal;
  /** The table, for messages. */
  readonly table: string;
}

/** Options of one replay. */
interface Reading extends LogAccess {
  readonly keepStats: KeepStats;
  readonly wantsFiles: boolean;
}

export interface Wanted {
  readonly version: number;
  /** Commits after this version are needed one by one. */
  readonly since: number | null;
  /** Whether files are needed. False: only protocol and metadata are read. */
  readonly wantsFiles: boolean;
}

/** A commit after the version `since`. */
export interface ReplayedCommit {
  readonly version: number;
  readonly info: CommitInfo | null;
  readonly changes: readonly PathChange[];
  readonly cdc: readonly CdcFile[];
  readonly hasMetadata: boolean;
  readonly hasProtocol: boolean;
  /** The state after the commit. */
  readonly protocol: TableState['protocol'];
  readonly metadata: TableState['metadata'];
}

export interface Replayed {
  readonly state: TableState;
  /** `commitInfo` of the last commit; undefined: the commit was not read. */
  readonly info: CommitInfo | null | undefined;
  readonly commits: readonly ReplayedCommit[];
}

/** The number of files that are read at once, and their total bytes. */
const mostAtOnce = 16;
const mostBytesAtOnce = 32 * 1024 * 1024;
/** The number of checkpoint parts that are read at once. Each part needs memory for its own frames. */
const partsAtOnce = 2;

/**
 * The state of the table at a version, from the best sequence of log files. If a file can’t be used, another sequence is tried. If no other sequence exists, the error of the file is thrown.
 * Throws `FileNotFound` if the log has changed since it was listed.
 */
export async function replay(listing: LogListing, wanted: Wanted, access: LogAccess): Promise<Replayed> {
  const unusable = new Set<string>();
  let failure: HomeError | undefined;
  for (;;) {
    const to = { version: wanted.version, since: wanted.since, unusable };
    const road = roadTo(listing, to);
    if (road === undefined) throw failure ?? noRoad(listing, wanted.version, access.table);
    try {
      return await follow(road, listing, wanted, { ...access, keepStats: statsWithRoom(), wantsFiles: wanted.wantsFiles });
    } catch (error) {
      if (!(error instanceof UnusableLogFile)) throw error;
      unusable.add(error.path);
      failure ??= error.error;
    }
  }
}

/** The error if no road leads to the version: incomplete checkpoint, cleaned-up log, or missing file. */
function noRoad(listing: LogListing, version: number, table: string): HomeError {
  const missing = missingOn(listing, { version, since: null, unusable: new Set() });
  const parts = listing.partial.find((one) => one.version <= version);
  const oldest = oldestIn(listing);
  if (missing === 0 || missing === null) {
    if (parts !== undefined)
      return badCheckpoint(`of version ${parts.version} of ${table}`, [
        `The checkpoint has ${parts.parts} parts, and these parts are missing: ${parts.missing.join(', ')}.`,
      ]);
    return cleanedUp(table, `version ${version}`, oldest !== null && oldest > version ? oldest : null);
  }
  return gap(table, missing, version);
}

async function follow({ checkpoint, pieces }: Road, listing: LogListing, wanted: Wanted, reading: Reading): Promise<Replayed> {
  const state = new TableState();
  if (checkpoint !== null) await begin(state, checkpoint, listing, reading);
  const commits: ReplayedCommit[] = [];
  let info: CommitInfo | null | undefined;
  for (const batch of batchesOf(pieces)) {
    reading.signal.throwIfAborted();
    const read = await mapConcurrent(batch, (piece) => readPiece(piece, reading), mostAtOnce);
    for (const [at, piece] of batch.entries()) {
      const actions = read[at] as Actions;
      const isWanted = wanted.since !== null && piece.from > wanted.since;
      const changes: PathChange[] = [];
      take(piece, reading, () => state.apply(actions, isWanted ? (change) => changes.push(change) : undefined));
      if (!piece.isCompacted && piece.to === wanted.version) info = actions.commitInfo;
      if (!isWanted) continue;
      const { protocol, metadata } = state;
      const said = { hasMetadata: actions.metadata.length > 0, hasProtocol: actions.protocols.length > 0, protocol, metadata };
      commits.push({ version: piece.from, info: actions.commitInfo, changes, cdc: actions.cdc, ...said });
    }
  }
  return { state, info, commits };
}

function* batchesOf(pieces: readonly LogPiece[]): Generator<readonly LogPiece[]> {
  let batch: LogPiece[] = [];
  let bytes = 0;
  for (const piece of pieces) {
    if (batch.length > 0 && (batch.length === mostAtOnce || bytes + piece.info.bytes > mostBytesAtOnce)) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(piece);
    bytes += piece.info.bytes;
  }
  if (batch.length > 0) yield batch;
}

async function readPiece({ info }: LogPiece, reading: Omit<Reading, 'wantsFiles'>): Promise<Actions> {
  try {
    return await readJsonFile(info, new Actions(reading.keepStats), reading);
  } catch (error) {
    if (!(error instanceof BadAction)) throw error;
    throw new UnusableLogFile(info.path, badCommit(`${info.path} of ${reading.table}`, error.message, error));
  }
}

/** Adds the actions of a log file. If a file combines several commits and contradicts itself, the single commits are used instead of the file. */
function take({ info, isCompacted }: LogPiece, { table }: LogAccess, apply: () => void): void {
  try {
    apply();
  } catch (error) {
    if (!(error instanceof Contradiction)) throw error;
    const told = contradiction(`${info.path} of ${table}`, error.message);
    throw isCompacted ? new UnusableLogFile(info.path, told) : told;
  }
}

async function begin(state: TableState, checkpoint: CheckpointFiles, listing: LogListing, reading: Reading): Promise<void> {
  const [first] = checkpoint.files as [FileInfo];
  try {
    const tops = await mapConcurrent(checkpoint.files, (info) => readTop(info, checkpoint.isJson, reading), partsAtOnce);
    const sidecars = tops.flatMap((top) => top.sidecars);
    for (const top of tops) {
      if (top.checkpointVersion !== null && top.checkpointVersion !== checkpoint.version)
        throw new BadAction(`The checkpointMetadata says version ${top.checkpointVersion}.`);
      state.begin(top);
    }
    if (state.protocol === null || state.metadata === null) throw new BadAction('The checkpoint has no protocol or no metaData.');
    if (!reading.wantsFiles) return;
    const infos = sidecars.map(({ path, bytes }) => sidecarInfo(path, bytes, listing));
    await mapConcurrent(
      infos,
      async (info) => {
        const actions = new Actions(reading.keepStats);
        await readParquetActions(info, actions, reading);
        state.begin(actions);
      },
      partsAtOnce,
    );
  } catch (error) {
    const isOurs = error instanceof BadAction || error instanceof Contradiction;
    if (!isOurs && !(error instanceof HomeError && !error.transient)) throw error;
    const why = error instanceof HomeError ? [error.what, ...error.why] : [error.message];
    throw new UnusableLogFile(first.path, badCheckpoint(`${first.path} of ${reading.table}`, why, error));
  }
}

async function readTop(info: FileInfo, isJson: boolean, reading: Reading): Promise<Actions> {
  const actions = new Actions(reading.keepStats);
  if (isJson) return readJsonFile(info, actions, reading);
  await readParquetActions(info, actions, reading);
  return actions;
}

/** The listed file of a sidecar. By the protocol, every sidecar is in `_sidecars`, even if its path names another folder. */
function sidecarInfo(path: string, bytes: number | null, { sidecars }: LogListing): FileInfo {
  let name = path.slice(path.lastIndexOf('/') + 1);
  try {
    name = decodeURIComponent(name);
  } catch {
    // A name that is not a URI is used unchanged.
  }
  const info = sidecars.get(name);
  if (info === undefined) throw new BadAction(`The sidecar ${name} is missing.`);
  if (bytes !== null && bytes !== info.bytes) throw new BadAction(`The sidecar ${name} has ${info.bytes} bytes, not ${bytes}.`);
  return info;
}

/** `commitInfo` of a commit. With in-commit timestamps it is the first action. Null: the commit has none, or its file does not exist. */
export async function commitInfoOf(listing: LogListing, version: number, access: LogAccess): Promise<CommitInfo | null> {
  const info = listing.commits.get(version);
  if (info === undefined) return null;
  const piece: LogPiece = { from: version, to: version, isCompacted: false, info };
  try {
    return (await readPiece(piece, { ...access, keepStats: () => null })).commitInfo;
  } catch (error) {
    throw error instanceof UnusableLogFile ? error.error : error;
  }
}

/** Whether an error means that a listed file no longer exists. */
export const isGone = (error: unknown): error is FileNotFound => error instanceof FileNotFound;
