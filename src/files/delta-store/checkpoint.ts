/** Writes checkpoints. Readers work without checkpoints, so an error here does not stop a commit. */
import { isDeepStrictEqual } from 'node:util';
import { Actions, keyOf } from '../../delta/log/actions.ts';
import { readParquetActions } from '../../delta/log/checkpoint-parquet.ts';
import { retentionMs } from '../../delta/log/intervals.ts';
import { checkpointPath, type LogFiles, type LogListing, lastCheckpointPath, listLog } from '../../delta/log/listing.ts';
import { checkpointActions, checkpointBytes, NoCheckpoint, type RawAction, RawState } from '../../delta/write/checkpoint.ts';
import type { FileSystem } from '../../ports/filesystem.ts';
import { retry } from '../../ports/retry.ts';
import type { TableAt } from './head.ts';

/** The maximum number of files in a checkpoint. The rows of a larger checkpoint would take too much memory at once. */
const mostFiles = 100_000;

export interface CheckpointRequest {
  readonly files: FileSystem;
  readonly log: LogFiles;
  /** The table at the version of the checkpoint. */
  readonly table: TableAt;
  /** Milliseconds since 1970, by the storage's clock. */
  readonly at: number;
}

/** Writes a checkpoint if possible; returns whether the checkpoint was written. */
export type CheckpointWriter = (request: CheckpointRequest) => Promise<boolean>;

export async function writeCheckpoint({ files, log, table, at }: CheckpointRequest): Promise<boolean> {
  const { snapshot } = table;
  const { version, metadata } = snapshot;
  if (table.active.size > mostFiles) return false;
  const listing = await listLog(log);
  try {
    const state = await rawState(listing, version, log);
    const bytes = checkpointBytes(state.actions(at - retentionMs(metadata.configuration)));
    await mustSayTheSame(bytes, table);
    await retry(() => files.put(checkpointPath(version), bytes, { ifNoneMatch: '*' }));
    await pointTo(files, { version, size: state.files });
    return true;
  } catch (error) {
    if (error instanceof NoCheckpoint) return false;
    throw error;
  }
}

/** The table from the last classic checkpoint and the entries after it. */
async function rawState(listing: LogListing, version: number, log: LogFiles): Promise<RawState> {
  const state = new RawState();
  const [last] = listing.checkpoints.filter((one) => one.version <= version);
  if (last !== undefined) {
    const [file, ...parts] = last.files;
    if (file?.path !== checkpointPath(last.version) || parts.length > 0) throw new NoCheckpoint('a checkpoint of another kind');
    state.apply(await checkpointActions(await retry(() => log.read(file.path))));
  }
  for (let next = (last?.version ?? -1) + 1; next <= version; next++) {
    const info = listing.commits.get(next);
    if (info === undefined) throw new NoCheckpoint(`a log without version ${next}`);
    const text = new TextDecoder().decode(await retry(() => log.read(info.path)));
    state.apply(
      text
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map((line) => JSON.parse(line) as RawAction),
    );
  }
  return state;
}

/** Reads the checkpoint back, and throws `NoCheckpoint` if it differs from the entries. If a file were missing in the checkpoint, its rows would be invisible. */
async function mustSayTheSame(bytes: Uint8Array, { snapshot }: TableAt): Promise<void> {
  const path = 'checkpoint.parquet';
  const read = new Actions((stats) => stats);
  const source: LogFiles = {
    async *list() {},
    read: async (_path, range) => (range === undefined ? bytes : bytes.subarray(range.start, range.end)),
  };
  const info = { path, bytes: bytes.length, etag: '', modifiedAt: '' };
  await readParquetActions(info, read, { files: source, signal: new AbortController().signal, wantsFiles: true });
  const told = read.adds.map(({ file }) => [keyOf(file), file.bytes, file.stats, { ...file.partitionValues }] as const);
  const wanted = snapshot.files.map((file) => [keyOf(file), file.bytes, file.stats, { ...file.partitionValues }] as const);
  const sorted = (files: typeof told) => [...files].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const [protocol] = read.protocols;
  const [metadata] = read.metadata;
  const isSame =
    isDeepStrictEqual(sorted(told), sorted(wanted)) &&
    isDeepStrictEqual(new Map([...read.transactions].sort()), new Map([...snapshot.transactions].sort())) &&
    isDeepStrictEqual(protocol, snapshot.protocol) &&
    metadata?.id === snapshot.metadata.id &&
    isDeepStrictEqual(JSON.parse(metadata.schemaString), snapshot.metadata.schema) &&
    isDeepStrictEqual({ ...metadata.configuration }, { ...snapshot.metadata.configuration });
  if (!isSame) throw new NoCheckpoint('a checkpoint that differs from the entries');
}

/** Writes the version of the checkpoint to `_last_checkpoint`, for readers that list only a part of the log. The version of a newer checkpoint stays. */
async function pointTo(files: FileSystem, { version, size }: { readonly version: number; readonly size: number }): Promise<void> {
  const body = new TextEncoder().encode(JSON.stringify({ version, size }));
  const now = await retry(() => files.get(lastCheckpointPath));
  if (now === undefined) return void (await retry(() => files.put(lastCheckpointPath, body, { ifNoneMatch: '*' })));
  const there = lastVersion(now.body);
  if (there < version) await retry(() => files.put(lastCheckpointPath, body, { ifMatch: now.etag }));
}

function lastVersion(body: Uint8Array): number {
  try {
    const { version } = JSON.parse(new TextDecoder().decode(body)) as { readonly version?: unknown };
    return typeof version === 'number' ? version : -1;
  } catch {
    return -1;
  }
}
