/** For runs that are incremental by file: finds the files that are new or changed. */
import type { NewestFile, RenamedFile, SeenFile, Window } from '../../engine/contracts/home.ts';
import type { FileInfo } from '../../ports/filesystem.ts';
import { mapConcurrent } from '../../ports/map-concurrent.ts';

export interface FilesToRead {
  /** The files to read. */
  readonly wanted: readonly FileInfo[];
  readonly changed: readonly string[];
  /** Files that were replaced by files with the same size and time. Their content may have changed, but no checksum was recorded for a comparison. */
  readonly unsure: readonly string[];
  /** The list of read files after the wanted files have settled; undefined: no list is kept. */
  readonly seen: readonly SeenFile[] | undefined;
}

/** Computes the checksum of a file’s current content; undefined: only the etag of the file is known. */
type ChecksumOf = (info: FileInfo) => Promise<string | undefined>;

/** The number of checksums that are computed at once. Each computation needs at most two pieces of 8 MB. */
const atOnce = 2;
/** How many bytes a run that settles rows reads to add missing checksums. Without a limit, the first run after an upgrade could read a whole archive. */
const caughtUpBytes = 4 * 1024 * 1024 * 1024;

/** Chooses the files that were never read, and the files that changed since they were read. */
export async function chooseFiles(found: readonly FileInfo[], window: Window, checksumOf: ChecksumOf): Promise<FilesToRead> {
  if (window.seen === null) return { wanted: found, changed: [], unsure: [], seen: undefined };
  const before = new Map(window.seen.map((file) => [file.path, file]));
  const fresh = found.filter(({ path }) => !before.has(path));
  const taken = found.filter(({ path }) => before.has(path));
  const compared = await mapConcurrent(taken, (info) => compare(info, before.get(info.path) as SeenFile, window, checksumOf), atOnce);
  const of = (outcome: Outcome) => compared.filter((one) => one.outcome === outcome).map(({ info }) => info);
  const wanted = [...fresh, ...of('changed')];
  const byPath = new Map(compared.map((one) => [one.info.path, one]));
  return {
    wanted,
    changed: of('changed').map(({ path }) => path),
    unsure: of('unsure').map(({ path }) => path),
    seen: await allSeen({ found, before, wanted, compared: byPath, checksumOf }, window),
  };
}

type Outcome = 'same' | 'changed' | 'unsure';

interface ComparedFile {
  readonly info: FileInfo;
  readonly outcome: Outcome;
  /** The checksum of the current content; undefined: the comparison did not compute a checksum. */
  readonly checksum?: string | undefined;
}

/**
 * Whether a file has changed since it was read. Another inode, another change time of the inode, or another etag does not prove a change:
 * `chmod`, hard links, restored backups, remounted shares and `touch` have the same effect. So the content is compared with the checksum from
 * the time when the file was read.
 */
async function compare(info: FileInfo, taken: SeenFile, { changedFiles }: Window, checksumOf: ChecksumOf): Promise<ComparedFile> {
  if (changedFiles === 'ignore' || isUntouched(info, taken)) return { info, outcome: 'same' };
  if (taken.bytes !== info.bytes) return { info, outcome: 'changed' };
  const isSameTime = taken.etag === info.etag;
  if (isSameTime && (taken.inode === undefined || info.inode === undefined)) return { info, outcome: 'same' };
  // A file that was read may be unreadable now, for example because it is in an archive. Its settled rows remain correct.
  const checksum = taken.checksum && (await checksumOf(info).catch(() => undefined));
  if (checksum === undefined) return { info, outcome: isSameTime ? 'unsure' : 'changed' };
  return { info, outcome: checksum === taken.checksum ? 'same' : 'changed', checksum };
}

function isUntouched({ bytes, etag, inode }: FileInfo, taken: SeenFile): boolean {
  return taken.bytes === bytes && taken.etag === etag && taken.inode === inode;
}

/** The list of all read files. A file that disappears from the source stays in the list, so that it is not new if it returns unchanged. */
async function allSeen(of: ChecksumNotes, { changedFiles, noteChecksums }: Window): Promise<SeenFile[]> {
  const { found, before, wanted, compared, checksumOf } = of;
  const isWanted = new Set(wanted.map(({ path }) => path));
  const notes = noteChecksums === true && changedFiles !== 'ignore';
  let left = wanted.length > 0 ? caughtUpBytes : 0;
  const noted = async (info: FileInfo): Promise<SeenFile> => {
    const [taken, one] = [before.get(info.path), compared.get(info.path)];
    if (taken?.checksum !== undefined && one?.outcome === 'unsure') return taken;
    const change = changeOf(info, { taken, isChanged: one?.outcome === 'changed', changedFiles });
    const look = (checksum: string | undefined) => ({ ...seenFile(info, checksum), ...(change === undefined ? {} : { change }) });
    const known = one?.checksum ?? (taken && isUntouched(info, taken) ? taken.checksum : undefined);
    if (known !== undefined || !notes || info.inode === undefined) return look(known);
    if (isWanted.has(info.path)) return look(await checksumOf(info));
    left -= info.bytes;
    return look(left >= 0 ? await checksumOf(info).catch(() => undefined) : undefined);
  };
  const seen = new Map(before);
  for (const file of await mapConcurrent(found, noted, atOnce)) seen.set(file.path, file);
  return [...seen.values()];
}

/** The value of `SeenFile.change` after the files that a run reads have settled. */
function changeOf(
  { bytes, etag }: FileInfo,
  { taken, isChanged, changedFiles }: Pick<Window, 'changedFiles'> & { readonly taken: SeenFile | undefined; readonly isChanged: boolean },
): SeenFile['change'] {
  if (taken === undefined) return undefined;
  if (changedFiles === 'ignore') return taken.bytes === bytes && taken.etag === etag ? taken.change : 'ignore';
  if (!isChanged) return taken.change;
  return changedFiles === 'append' ? 'append' : undefined;
}

interface ChecksumNotes {
  readonly found: readonly FileInfo[];
  readonly before: ReadonlyMap<string, SeenFile>;
  readonly wanted: readonly FileInfo[];
  readonly compared: ReadonlyMap<string, ComparedFile>;
  readonly checksumOf: ChecksumOf;
}

export function seenFile({ path, bytes, etag, modifiedAt, inode }: FileInfo, checksum: string | undefined): SeenFile {
  return { path, bytes, etag, modifiedAt, ...(inode === undefined ? {} : { inode }), ...(checksum === undefined ? {} : { checksum }) };
}

/** New files that look like a file that was read and has disappeared: size and etag (on a disk: the time) are the same. If the file was only renamed, its rows settle twice. */
export function renamed(found: readonly FileInfo[], { seen }: Window): readonly RenamedFile[] {
  if (seen === null) return [];
  const looks = ({ bytes, etag }: { readonly bytes: number; readonly etag: string }) => `${bytes} ${etag}`;
  const [taken, there] = [new Set(seen.map(({ path }) => path)), new Set(found.map(({ path }) => path))];
  const gone = new Map(seen.filter(({ path, bytes }) => bytes > 0 && !there.has(path)).map((file) => [looks(file), file.path]));
  return found.flatMap((info) => {
    const from = taken.has(info.path) ? undefined : gone.get(looks(info));
    return from === undefined ? [] : [{ from, to: info.path }];
  });
}

/** The newest file. @param now the time by the clock of the file system; null: the file system has no clock. */
export function newestOfAll(found: readonly FileInfo[], now: string | null): NewestFile | undefined {
  const writtenAt = found
    .map(({ modifiedAt }) => modifiedAt)
    .toSorted()
    .at(-1);
  return writtenAt === undefined ? undefined : { writtenAt, now };
}
