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
 * Renames an empty file from the staging folder to each folder for publishing, and removes it there: a few calls per folder, none of
 * which waits for the disk. All paths are absolute. Permanent causes that would stop publishing stop this too: another mount, a missing right.
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

/** The existing folder in which the others would be created. */
async function nearest(folder: string): Promise<string> {
  for (let at = folder; ; at = dirname(at)) {
    const found = await statOrUndefined(at);
    if (found?.isDirectory() || dirname(at) === at) return at;
    // A file is in the way: the system's error is thrown.
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

/** In a sticky folder only the owner of a file, or of the folder, may remove it. */
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
