/** The files in `_delta_log`, found by one listing. `_last_checkpoint`, a hint for readers that list only a part of the log, is not read. */
import type { FileInfo, FileSystem } from '../../ports/filesystem.ts';
import { retry } from '../../ports/retry.ts';

/** The part of a filesystem that reads a log. The root of the filesystem is the table’s folder. */
export type LogFiles = Pick<FileSystem, 'list' | 'read'>;

/** A checkpoint whose parts all exist. */
export interface CheckpointFiles {
  readonly version: number;
  /** The files of the checkpoint in the order of their part numbers. A checkpoint without parts has one file. */
  readonly files: readonly FileInfo[];
  readonly isJson: boolean;
}

/** A checkpoint with missing parts. */
export interface PartialCheckpoint {
  readonly version: number;
  readonly parts: number;
  readonly missing: readonly number[];
}

export interface Compaction {
  readonly from: number;
  readonly to: number;
  readonly info: FileInfo;
}

export interface LogListing {
  readonly commits: ReadonlyMap<number, FileInfo>;
  /** Newest first. */
  readonly checkpoints: readonly CheckpointFiles[];
  /** Newest first. */
  readonly partial: readonly PartialCheckpoint[];
  readonly compactions: readonly Compaction[];
  /** Sidecars by their names in `_sidecars`. */
  readonly sidecars: ReadonlyMap<string, FileInfo>;
  /** The newest version in the names of the log’s files. If a file of this version is damaged, no older version is used instead. -1: no version. */
  readonly newest: number;
  /** The time of each commit: the modification time of its file in milliseconds, or 1 ms after the previous commit if that is later. */
  readonly times: ReadonlyMap<number, number>;
}

export async function listLog(files: LogFiles): Promise<LogListing> {
  const infos = await retry(async () => {
    const found: FileInfo[] = [];
    for await (const info of files.list(logFolder)) found.push(info);
    return found;
  });
  return listingOf(infos);
}

/** @param infos files below `_delta_log`, in any order. */
export function listingOf(infos: readonly FileInfo[]): LogListing {
  const commits = new Map<number, FileInfo>();
  const checkpoints: CheckpointFiles[] = [];
  const compactions: Compaction[] = [];
  const sidecars = new Map<string, FileInfo>();
  const parts = new Map<string, { readonly version: number; readonly parts: number; readonly files: Map<number, FileInfo> }>();
  for (const info of infos) {
    const slash = info.path.lastIndexOf('/');
    const [folder, name] = [info.path.slice(0, slash), info.path.slice(slash + 1)];
    if (folder === sidecarFolder) sidecars.set(name, info);
    if (folder !== logFolder) continue;
    const parsed = logName(name);
    if (parsed?.kind === 'commit') commits.set(parsed.version, info);
    if (parsed?.kind === 'checkpoint') checkpoints.push({ version: parsed.version, files: [info], isJson: parsed.isJson });
    if (parsed?.kind === 'compacted') compactions.push({ from: parsed.from, to: parsed.to, info });
    if (parsed?.kind !== 'part') continue;
    const key = `${parsed.version} ${parsed.parts}`;
    const together = parts.get(key) ?? { version: parsed.version, parts: parsed.parts, files: new Map<number, FileInfo>() };
    parts.set(key, together);
    together.files.set(parsed.part, info);
  }
  const partial: PartialCheckpoint[] = [];
  for (const { version, parts: count, files } of parts.values()) {
    if (files.size === count) {
      const ordered = [...files].sort(([a], [b]) => a - b).map(([, info]) => info);
      checkpoints.push({ version, files: ordered, isJson: false });
    } else {
      const missing: number[] = [];
      for (let number = 1; number <= count && missing.length < mostNamed; number++) if (!files.has(number)) missing.push(number);
      partial.push({ version, parts: count, missing });
    }
  }
  partial.sort((a, b) => b.version - a.version);
  checkpoints.sort((a, b) => b.version - a.version || a.files.length - b.files.length);
  const versions = [...commits.keys(), ...[...checkpoints, ...partial].map(({ version }) => version), ...compactions.map(({ to }) => to)];
  const newest = versions.reduce((most, version) => Math.max(most, version), -1);
  return { commits, checkpoints, partial, compactions, sidecars, newest, times: rising(commits) };
}

const mostNamed = 10;

function rising(commits: ReadonlyMap<number, FileInfo>): ReadonlyMap<number, number> {
  const times = new Map<number, number>();
  let last = Number.NEGATIVE_INFINITY;
  for (const version of [...commits.keys()].sort((a, b) => a - b)) {
    last = Math.max(Math.floor(Date.parse(commits.get(version)?.modifiedAt ?? '')), last + 1);
    times.set(version, last);
  }
  return times;
}

export const logFolder = '_delta_log';
export const sidecarFolder = `${logFolder}/_sidecars`;

/** The kind and version of a file by its name. Undefined for other names (`.crc`, `99.json`, `_last_checkpoint`), which a snapshot does not need. */
export type LogName =
  | { readonly kind: 'commit'; readonly version: number }
  /** A checkpoint in one file. Its name is classic or contains a UUID. A checkpoint with a classic name may also have sidecars. */
  | { readonly kind: 'checkpoint'; readonly version: number; readonly isJson: boolean }
  | { readonly kind: 'part'; readonly version: number; readonly part: number; readonly parts: number }
  | { readonly kind: 'compacted'; readonly from: number; readonly to: number };

const commit = /^(\d{20})\.json$/;
const classic = /^(\d{20})\.checkpoint\.parquet$/;
const byUuid = /^(\d{20})\.checkpoint\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.(json|parquet)$/i;
const part = /^(\d{20})\.checkpoint\.(\d{10})\.(\d{10})\.parquet$/;
const compacted = /^(\d{20})\.(\d{20})\.compacted\.json$/;

/** @param name the file name without its folder. */
export function logName(name: string): LogName | undefined {
  const parsed = parsedName(name);
  if (parsed === undefined) return undefined;
  const { kind, ...numbers } = parsed;
  return Object.values(numbers).every((number) => typeof number !== 'number' || Number.isSafeInteger(number)) ? parsed : undefined;
}

function parsedName(name: string): LogName | undefined {
  const [, version] = commit.exec(name) ?? classic.exec(name) ?? [];
  if (version !== undefined)
    return name.endsWith('.json')
      ? { kind: 'commit', version: Number(version) }
      : { kind: 'checkpoint', version: Number(version), isJson: false };
  const uuid = byUuid.exec(name);
  if (uuid) return { kind: 'checkpoint', version: Number(uuid[1]), isJson: uuid[2] === 'json' };
  const one = part.exec(name);
  if (one) {
    const [number, parts] = [Number(one[2]), Number(one[3])];
    return number >= 1 && number <= parts ? { kind: 'part', version: Number(one[1]), part: number, parts } : undefined;
  }
  const range = compacted.exec(name);
  if (range && Number(range[1]) < Number(range[2])) return { kind: 'compacted', from: Number(range[1]), to: Number(range[2]) };
  return undefined;
}

/** A version as written in file names. */
export const padded = (version: number): string => String(version).padStart(20, '0');

export const commitPath = (version: number): string => `${logFolder}/${padded(version)}.json`;
export const checkpointPath = (version: number): string => `${logFolder}/${padded(version)}.checkpoint.parquet`;
/** The path of the hint for readers that list only a part of the log. */
export const lastCheckpointPath = `${logFolder}/_last_checkpoint`;
