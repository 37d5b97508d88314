import { createReadStream, createWriteStream } from 'node:fs';
import { lstat, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** The existing file or folder at a path to which a file of a version should be written. */
export type FoundAtPath = 'nothing' | 'the same' | 'another file' | 'in the way';

/** Checks `path` below `root`. Links are never followed, so that a version can't write outside its folder. */
export async function compareFile(root: string, path: string, text: string): Promise<FoundAtPath> {
  const segments = path.split('/');
  for (let at = 1; at < segments.length; at++) {
    const folder = await statOf(join(root, ...segments.slice(0, at)));
    if (folder === undefined) return 'nothing';
    if (!folder.isDirectory()) return 'in the way';
  }
  const file = await statOf(join(root, path));
  if (file === undefined) return 'nothing';
  if (!file.isFile()) return 'in the way';
  return (await readFile(join(root, path), 'utf8')) === text ? 'the same' : 'another file';
}

/** The text of a file that an edited file may replace; undefined: the path is a link or a folder, does not exist, or must not be written. */
export async function textToEdit(root: string, path: string): Promise<string | undefined> {
  const found = await statOf(join(root, path));
  if (found === undefined || !found.isFile() || (found.mode & 0o222) === 0) return undefined;
  return await readFile(join(root, path), 'utf8');
}

async function statOf(path: string) {
  try {
    return await lstat(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** Writes a file completely or not at all, and replaces an existing file. A device or a pipe receives the bytes directly. @param nonce for the temporary name */
export async function writeFileInside(root: string, path: string, text: string, nonce: string): Promise<void> {
  const target = join(root, path);
  await mkdir(dirname(target), { recursive: true });
  await writeAtomically(target, join(dirname(target), `.hygge-${nonce}.tmp`), (waiting) => writeFile(waiting, text, { flag: 'wx' }));
}

/**
 * Writes a file whose content comes in parts. If the content is incomplete, no file is left. A device or a pipe receives the bytes, because a rename would
 * replace it. @param beside the temporary name, in the folder of `target`
 */
export async function writeAtomically<T>(target: string, beside: string, write: (waiting: string) => Promise<T>): Promise<T> {
  const there = await stat(target).catch(() => undefined);
  if (there !== undefined && !there.isFile() && !there.isDirectory()) return await writeThrough(target, write);
  try {
    const written = await write(beside);
    await rename(beside, target);
    return written;
  } finally {
    await rm(beside, { force: true });
  }
}

/** The bytes go directly to a device, because the folder of a device can’t hold a temporary file. */
async function writeThrough<T>(target: string, write: (waiting: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'hygge-'));
  try {
    const waiting = join(folder, 'whole');
    const written = await write(waiting);
    await pipeline(createReadStream(waiting), createWriteStream(target));
    return written;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
