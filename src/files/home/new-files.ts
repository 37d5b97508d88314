/** Incremental by file: which files were taken before, which are new and which changed. */
import type { Renamed, SeenFile, Window } from '../../engine/contracts/home.ts';
import type { FileInfo } from '../../ports/filesystem.ts';

/** What was never taken, and what changed since. */
export function chosen(
  found: readonly FileInfo[],
  { seen, changedFiles }: Window,
): { readonly wanted: readonly FileInfo[]; readonly changed: readonly string[] } {
  if (seen === null) return { wanted: found, changed: [] };
  const before = new Map(seen.map((file) => [file.path, file]));
  const isChanged = (info: FileInfo) => {
    const taken = before.get(info.path);
    return taken !== undefined && (taken.bytes !== info.bytes || taken.etag !== info.etag);
  };
  const changed = changedFiles === 'ignore' ? [] : found.filter(isChanged);
  const fresh = found.filter(({ path }) => !before.has(path));
  return { wanted: [...fresh, ...changed], changed: changed.map(({ path }) => path) };
}

/** New files that look like one that was taken and is gone: as large, and with its etag (on a disk: as old). Renamed, their rows settle twice. */
export function renamed(found: readonly FileInfo[], { seen }: Window): readonly Renamed[] {
  if (seen === null) return [];
  const looks = ({ bytes, etag }: { readonly bytes: number; readonly etag: string }) => `${bytes} ${etag}`;
  const [taken, there] = [new Set(seen.map(({ path }) => path)), new Set(found.map(({ path }) => path))];
  const gone = new Map(seen.filter(({ path, bytes }) => bytes > 0 && !there.has(path)).map((file) => [looks(file), file.path]));
  return found.flatMap((info) => {
    const from = taken.has(info.path) ? undefined : gone.get(looks(info));
    return from === undefined ? [] : [{ from, to: info.path }];
  });
}

/** A file that is gone from the source stays in the list: should it come back unchanged, it is not new. */
export function allSeen(before: readonly SeenFile[], found: readonly FileInfo[]): SeenFile[] {
  const seen = new Map(before.map((file) => [file.path, file]));
  for (const { path, bytes, etag, modifiedAt } of found) seen.set(path, { path, bytes, etag, modifiedAt });
  return [...seen.values()];
}
