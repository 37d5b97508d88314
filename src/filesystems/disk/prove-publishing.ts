import { open, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { mapConcurrent } from '../../ports/map-concurrent.ts';
import { diskFault } from './faults.ts';
import type { Folders } from './folders.ts';
import { makeFolders } from './make-folders.ts';
import { temporaryName } from './temporary.ts';
import { statOrUndefined } from './walk.ts';

interface Publishing {
  readonly finals: readonly string[];
  readonly removes: readonly string[];
}

/**
 * Proves that files can be published: renames an empty file from the staging folder to each target folder, and removes it there. Fails for the
 * same permanent reasons as publishing: another mount, a missing right. Each folder needs a few calls, and none of them waits for the disk.
 * All paths are absolute.
 */
export async function provePublishing(folders: Folders, staging: string, { finals, removes }: Publishing): Promise<void> {
  const byFolder = new Map([...removes, ...finals].map((path) => [dirname(path), path]));
  const tried = new Map<string, string>();
  for (const [folder, path] of byFolder) {
    const there = await nearest(folder);
    tried.set(there, there === folder ? path : join(there, basename(path)));
  }
  await mapConcurrent([...tried], ([folder, path]) => tryOut(folders, staging, { folder, path }));
  for (const path of removes) await mayRemove(path);
}

/** The nearest existing folder, in which missing folders would be created. */
async function nearest(folder: string): Promise<string> {
  for (let at = folder; ; at = dirname(at)) {
    const found = await statOrUndefined(at);
    if (found?.isDirectory() || dirname(at) === at) return at;
    // A file has the name of a folder, so the system’s error is thrown.
    if (found) await told(folder, async () => void makeFolders(folder));
  }
}

async function tryOut(folders: Folders, staging: string, to: { readonly folder: string; readonly path: string }): Promise<void> {
  const from = join(staging, temporaryName());
  const file = await told(from, () => folders.inside(staging, () => open(from, 'wx')));
  await file.close();
  const tried = join(to.folder, temporaryName());
  try {
    await told(to.path, () => rename(from, tried));
  } catch (error) {
    await unlink(from).catch(() => undefined);
    throw error;
  } finally {
    await folders.prune(staging);
  }
  await told(to.path, () => unlink(tried));
}

/** Throws if a file must not be removed: in a sticky folder, only the owner of the file or of the folder may remove it. */
async function mayRemove(path: string): Promise<void> {
  const me = process.geteuid?.() ?? 0;
  if (me === 0) return;
  const folder = await statOrUndefined(dirname(path));
  if (!folder || (folder.mode & 0o1000n) === 0n || folder.uid === BigInt(me)) return;
  const file = await statOrUndefined(path);
  if (!file || file.uid === BigInt(me)) return;
  await told(path, () =>
    Promise.reject(Object.assign(new Error(`EPERM: another user's file in a sticky folder, ${path}`), { code: 'EPERM' })),
  );
}

async function told<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw await diskFault(error, { doing: 'publishing', path });
  }
}
