/**
 * The part of a head that is not in the log: `_hygge/<flow>/<entity>/commits/<epoch>/<id>.<version>.json` in the table's folder. The record is written before the log entry
 * with that version, and counts once the entry names its id. After the entry was cleaned up, the action `txn` of a checkpoint identifies the record. The version of the `txn`
 * is the epoch, and its time is the time of the record.
 */
import { DefectError } from '../../errors/hygge-error.ts';
import type { FileSystem } from '../../ports/filesystem.ts';
import { retry } from '../../ports/retry.ts';
import { type FilesHead, unreadableHead } from '../store/head/head-log.ts';
import { epochDigits, type FilePlace, recordsFolder } from '../store/layout.ts';

/** A record, with its path and its etag. */
export interface FoundRecord {
  readonly head: FilesHead;
  /** The version of the log with the entry that names the head. */
  readonly version: number;
  /** The time in the `txn` of the entry, in milliseconds since 1970. */
  readonly at: number;
  readonly path: string;
  readonly etag: string;
}

interface Stored {
  readonly format: 1;
  readonly at: number;
  readonly head: FilesHead;
}

export const commitsFolder = (place: FilePlace) => `${recordsFolder(place)}/commits`;

function pathOf(place: FilePlace, { id, epoch }: Pick<FilesHead, 'id' | 'epoch'>, version: number): string {
  return `${commitsFolder(place)}/${epochDigits(epoch)}/${id}.${version}.json`;
}

/** The id and the version in the name of a record. */
function namedIn(path: string): { readonly id: string; readonly version: number } | undefined {
  const [, id, version] = /\/([^/]+)\.(\d+)\.json$/.exec(path) ?? [];
  return id === undefined ? undefined : { id, version: Number(version) };
}

/** Writes the record of a head, or returns the record that an earlier try wrote. */
export async function putRecord(
  files: FileSystem,
  place: FilePlace,
  { head, version, at }: Pick<FoundRecord, 'head' | 'version' | 'at'>,
): Promise<FoundRecord> {
  const path = pathOf(place, head, version);
  const put = await retry(() => files.put(path, encoded({ format: 1, at, head }), { ifNoneMatch: '*' }));
  if (put.outcome === 'written') return { head, version, at, path, etag: put.etag };
  const found = await readRecord(files, path);
  if (found === undefined || names(found.head) !== names(head))
    throw new DefectError({
      code: 'HYG-9002',
      what: `${path} is the record of another commit.`,
      tryThis: ['Report this: two commits must never share a name'],
    });
  return found;
}

/** The facts that must be equal in the records of two tries of one commit: the listed files. */
const names = ({ id, files }: FilesHead): string => JSON.stringify([id, files.map(({ name }) => name).sort()]);

/** Replaces a record by a record with more facts about the same files. `overtaken`: another process has replaced the record, so nothing was written. */
export async function amendRecord(files: FileSystem, { path, etag, at }: FoundRecord, head: FilesHead): Promise<'moved' | 'overtaken'> {
  const put = await files.put(path, encoded({ format: 1, at, head }), { ifMatch: etag });
  return put.outcome === 'written' ? 'moved' : 'overtaken';
}

/** The records of an epoch, of any head. */
export async function recordsOf(
  files: FileSystem,
  place: FilePlace,
  epoch: number,
): Promise<readonly { path: string; id: string; version: number }[]> {
  const found: { path: string; id: string; version: number }[] = [];
  for await (const { path } of files.list(`${commitsFolder(place)}/${epochDigits(epoch)}`)) {
    const named = namedIn(path);
    if (named) found.push({ path, ...named });
  }
  return found;
}

/** If `path` is a record, and the log is in the same folder as `_hygge`: the folder of the entity’s records. */
export const folderOfRecord = (path: string): string | undefined =>
  /^(_hygge\/[^/]+\/[^/]+)\/commits\/\d{20}\/[^/]+\.\d+\.json$/.exec(path)?.[1];

/** A record in a folder of records. All records of a folder name the same entity. */
export async function anyRecord(files: FileSystem, folder: string): Promise<FoundRecord | undefined> {
  for await (const { path } of files.list(`${folder}/commits`)) if (namedIn(path) !== undefined) return await readRecord(files, path);
  return undefined;
}

export async function readRecord(files: FileSystem, path: string): Promise<FoundRecord | undefined> {
  const found = await files.get(path);
  const named = namedIn(path);
  if (!found || !named) return undefined;
  const where = `${files.url}/${path}`;
  let stored: Partial<Stored>;
  try {
    stored = JSON.parse(new TextDecoder().decode(found.body)) as Partial<Stored>;
  } catch (cause) {
    throw unreadableHead(where, 'The record is not JSON: it was torn or edited.', cause);
  }
  const { head, at } = stored;
  const isWhole = typeof at === 'number' && head != null && Array.isArray(head.files) && Array.isArray(head.earlier ?? []);
  const texts = [head?.id, head?.lineage, head?.flow, head?.entity];
  if (!isWhole || !Number.isSafeInteger(head.epoch) || texts.some((one) => typeof one !== 'string'))
    throw unreadableHead(where, 'Parts of the record are missing.');
  return { head, version: named.version, at, path, etag: found.etag };
}

/** The files next to the records of an epoch that are not records. */
export async function* besideRecords(files: FileSystem, place: FilePlace, epoch: number): AsyncGenerator<string> {
  for await (const { path } of files.list(`${commitsFolder(place)}/${epochDigits(epoch)}`)) if (namedIn(path) === undefined) yield path;
}

/** Removes records that are older than the moment and have an earlier epoch than the head. @returns the number of removed records. @param newest reads the epoch of the head; called only if a record is old enough. */
export async function pruneRecords(
  files: FileSystem,
  place: FilePlace,
  { before, newest }: { readonly before: string; newest(): Promise<number> },
): Promise<number> {
  const folder = commitsFolder(place);
  const aged: { readonly path: string; readonly epoch: number }[] = [];
  let latest = 0;
  for await (const { path, modifiedAt } of files.list(folder)) {
    const epoch = Number(path.slice(folder.length + 1).split('/')[0]);
    latest = Math.max(latest, epoch);
    if (modifiedAt < before) aged.push({ path, epoch });
  }
  if (!aged.some(({ epoch }) => epoch < latest)) return 0;
  const below = await newest();
  const old = aged.filter(({ epoch }) => epoch < below);
  for (const { path } of old) await retry(() => files.remove(path));
  return old.length;
}

const encoded = (stored: Stored): Uint8Array => new TextEncoder().encode(JSON.stringify(stored));
