/** Incremental by file: which files were read before, and which are new or changed. */
import type { NewestFile, RenamedFile, SeenFile, Window } from '../../engine/contracts/home.ts';
import type { FileInfo } from '../../ports/filesystem.ts';
import { mapConcurrent } from '../../ports/map-concurrent.ts';

export interface FilesToRead {
  /** The files to read. */
  readonly wanted: readonly FileInfo[];
  readonly changed: readonly string[];
  /** It is unknown whether these files changed: they were replaced with the same size and time, and no checksum was recorded. */
  readonly unsure: readonly string[];
  /** The list of read files once the wanted files have settled; undefined: no list is kept. */
  readonly seen: readonly SeenFile[] | undefined;
}

/** The checksum of a file's current content; undefined: only the file's etag is known. */
type ChecksumOf = (info: FileInfo) => Promise<string | undefined>;

/** Each checksum holds at most two pieces of 8 MB. */
const atOnce = 2;
/** How many bytes of files without a checksum a run reads to add it, if the run settles something. So an upgrade does not read a whole archive at once. */
const caughtUpBytes = 4 * 1024 * 1024 * 1024;

/** The files that were never read, and the files that changed since. */
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
 * Another inode number, another time at which the inode changed, or another etag proves no change: `chmod`, a hard link, a restored backup, a
 * remounted share and `touch` have the same effect. So the content is compared with the checksum that was recorded when the file was read.
 */
async function compare(info: FileInfo, taken: SeenFile, { changedFiles }: Window, checksumOf: ChecksumOf): Promise<ComparedFile> {
  if (changedFiles === 'ignore' || isUntouched(info, taken)) return { info, outcome: 'same' };
  if (taken.bytes !== info.bytes) return { info, outcome: 'changed' };
  const isSameTime = taken.etag === info.etag;
  if (isSameTime && (taken.inode === undefined || info.inode === undefined)) return { info, outcome: 'same' };
  // A file that was read may be unreadable now, for example in an archive. Its settled rows are still right.
  const checksum = taken.checksum && (await checksumOf(info).catch(() => undefined));
  if (checksum === undefined) return { info, outcome: isSameTime ? 'unsure' : 'changed' };
  return { info, outcome: checksum === taken.checksum ? 'same' : 'changed', checksum };
}

function isUntouched({ bytes, etag, inode }: FileInfo, taken: SeenFile): boolean {
  return taken.bytes === bytes && taken.etag === etag && taken.inode === inode;
}

/** A file that disappears from the source stays in the list: if it returns unchanged, it is not new. */
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

/** `SeenFile.change`, once the files that a run wants have settled. */
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

/** New files that look like a file that was read and has disappeared: the same size and etag (on a disk: the same time). If it was renamed, its rows settle twice. */
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

/** @param now the time by the clock of the file system; null: it has no clock. */
export function newestOfAll(found: readonly FileInfo[], now: string | null): NewestFile | undefined {
  const writtenAt = found
    .map(({ modifiedAt }) => modifiedAt)
    .toSorted()
    .at(-1);
  return writtenAt === undefined ? undefined : { writtenAt, now };
}
