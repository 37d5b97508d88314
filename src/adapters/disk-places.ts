import { readdir, realpath, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** What a person may mean by a path of this machine. */

export async function kindOf(path: string): Promise<'file' | 'folder' | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return undefined;
  return found.isDirectory() ? 'folder' : 'file';
}

/** Whether a file is there that has bytes of its own: a device or a pipe has none. */
export async function isFileThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() === true;
}

/** Writes a new file that no other account on this machine may read; false: something is there already. */
export async function writePrivately(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Every file and folder below, relative. Throws what the system says. */
export function pathsBelow(folder: string): Promise<readonly string[]> {
  return readdir(folder, { recursive: true });
}

/** The same place, however it is linked to; what is not there yet stays as it is written. */
export async function realPath(path: string): Promise<string> {
  const missing: string[] = [];
  for (let at = path; ; at = dirname(at)) {
    try {
      return join(await realpath(at), ...missing);
    } catch {
      if (dirname(at) === at) return path;
      missing.unshift(basename(at));
    }
  }
}
