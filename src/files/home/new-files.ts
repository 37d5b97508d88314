/** Incremental by file: which files were taken before, which are new and which changed. */
import type { NewestFile, RenamedFile, SeenFile, Window } from '../../engine/contracts/home.ts';
import type { FileInfo } from '../../ports/filesystem.ts';
import { mapConcurrent } from '../../ports/map-concurrent.ts';

export interface FilesToRead {
  /** The files to read. */
  readonly wanted: readonly FileInfo[];
  readonly changed: readonly string[];
  /** Whether these files changed is not known: they were written or replaced, of the same size and time, and no checksum was noted of them. */
  readonly unsure: readonly string[];
  /** The list of files taken once the wanted ones settled; undefined: nothing keeps one. */
  readonly seen: readonly SeenFile[] | undefined;
}

/** The checksum of a file's content now; undefined: nothing is known of the file but its etag. */
type ChecksumOf = (info: FileInfo) => Promise<string | undefined>;

/** Each holds two pieces of 8 MB at most. */
const atOnce = 2;
/** So many bytes of files that were taken without a checksum are read for one in each run that settles something: an upgrade reads no archive at once. */
const caughtUpBytes = 4 * 1024 * 1024 * 1024;

/** What was never taken, and what changed since. */
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
  /** The checksum of the present content; undefined: the comparison did not compute it. */
  readonly checksum?: string | undefined;
}

/**
 * Another inode number, another time at which the inode changed, or another etag proves nothing: `chmod`, a hard link, a backup that was restored, a share
 * that was mounted again and `touch` do that as well. So the content is compared, with the checksum that was noted when the file was taken.
 */
async function compare(info: FileInfo, taken: SeenFile, { changedFiles }: Window, checksumOf: ChecksumOf): Promise<ComparedFile> {
  if (changedFiles === 'ignore' || isUntouched(info, taken)) return { info, outcome: 'same' };
  if (taken.bytes !== info.bytes) return { info, outcome: 'changed' };
  const isSameTime = taken.etag === info.etag;
  if (isSameTime && (taken.inode === undefined || info.inode === undefined)) return { info, outcome: 'same' };
  // A file that was taken may be unreadable by now, as in an archive: what settled of it is no worse for it.
  const checksum = taken.checksum && (await checksumOf(info).catch(() => undefined));
  if (checksum === undefined) return { info, outcome: isSameTime ? 'unsure' : 'changed' };
  return { info, outcome: checksum === taken.checksum ? 'same' : 'changed', checksum };
}

function isUntouched({ bytes, etag, inode }: FileInfo, taken: SeenFile): boolean {
  return taken.bytes === bytes && taken.etag === etag && taken.inode === inode;
}

/** A file that is gone from the source stays in the list: should it come back unchanged, it is not new. */
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

/** `SeenFile.change`, once the files settled that a run wants. */
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

/** New files that look like one that was taken and is gone: as large, and with its etag (on a disk: as old). Renamed, their rows settle twice. */
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

/** @param now what the clock of the file system shows; null: it has none of its own. */
export function newestOfAll(found: readonly FileInfo[], now: string | null): NewestFile | undefined {
  const writtenAt = found
    .map(({ modifiedAt }) => modifiedAt)
    .toSorted()
    .at(-1);
  return writtenAt === undefined ? undefined : { writtenAt, now };
}
