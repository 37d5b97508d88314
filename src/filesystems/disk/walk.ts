import type { BigIntStats, Dirent } from 'node:fs';
import { lstat, opendir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileInfo } from '../../ports/filesystem.ts';
import { comparePaths, reservedPrefix } from '../paths.ts';
import { errnoOf, isAbsent } from './faults.ts';

/** The number of files checked at once: enough to hide the latency of a network disk. */
const together = 64;

const nsPerMs = 1_000_000n;

function isoOf(ns: bigint): string {
  const fraction = BigInt.asUintN(64, ((ns % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n);
  const ms = (ns - fraction) / nsPerMs;
  return `${new Date(Number(ms)).toISOString().slice(0, -5)}.${fraction.toString().padStart(9, '0')}Z`;
}

export function infoOf(path: string, stats: BigIntStats): FileInfo {
  return {
    path,
    bytes: Number(stats.size),
    // The etag contains no inode, because the inode differs after a restore, a copy or a remount although the content is the same.
    etag: `${stats.size}-${stats.mtimeNs}`,
    modifiedAt: isoOf(stats.mtimeNs),
    // The identity does not contain the inode’s change time, because backups by hard link change that time every night.
    identity: `${stats.size}-${stats.mtimeNs}-${stats.ino}`,
    inode: `${stats.ino}-${stats.ctimeNs}`,
  };
}

/** The stats of the target of `path`; undefined if it does not exist (any more). */
export async function statOrUndefined(path: string): Promise<BigIntStats | undefined> {
  try {
    return await stat(path, { bigint: true });
  } catch (error) {
    // ELOOP: a link that leads to itself has no target.
    if (isAbsent(error) || errnoOf(error) === 'ELOOP') return undefined;
    throw error;
  }
}

/** The names in a folder, including hidden ones; undefined: the folder does not exist. */
export async function namesInFolder(folder: string): Promise<readonly string[] | undefined> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isAbsent(error) || errnoOf(error) === 'ELOOP') return undefined;
    throw error;
  }
}

/** A tree to walk through, and the receiver of the reserved names in it. */
export interface WalkedTree {
  readonly root: string;
  /** `folder` is absolute. */
  passedOver(folder: string, name: string): void;
  /** `path` is relative to the root. */
  brokenLink(path: string): void;
}

/**
 * Every file below a folder in the order of whole paths. Memory holds only the names of one folder per level. Links are
 * followed, but not back into a parent folder, and files behind a linked folder name the link.
 */
export async function* walk(tree: WalkedTree, folder: string, way: Way = { inside: [] }): AsyncGenerator<FileInfo> {
  const { root } = tree;
  const here = await statOrUndefined(join(root, folder));
  const identity = here && `${here.dev}:${here.ino}`;
  if (!here?.isDirectory() || identity === undefined || way.inside.includes(identity)) return;
  const { names, linked } = await namesIn(tree, join(root, folder), way);
  const further = { ...way, inside: [...way.inside, identity] };
  const behind = way.behind === undefined ? {} : { behind: way.behind };
  for (let at = 0; at < names.length; at += together) {
    const group = names.slice(at, at + together).map((name) => (folder === '' ? name : `${folder}/${name}`));
    const found = await Promise.all(group.map((path) => (path.endsWith('/') ? undefined : statOrUndefined(join(root, path)))));
    for (const [i, path] of group.entries()) {
      const stats = found[i];
      if (path.endsWith('/'))
        yield* walk(tree, path.slice(0, -1), linked.has(names[at + i] as string) ? { behind: path.slice(0, -1), ...further } : further);
      else if (stats?.isFile()) yield { ...infoOf(path, stats), ...behind };
      else if (stats === undefined && (await isLink(join(root, path)))) tree.brokenLink(path);
    }
  }
}

interface Way {
  /** Identities of the folders on the current path. */
  readonly inside: readonly string[];
  readonly behind?: string;
}

/** Names of files, and of folders with a `/` at the end, so that they sort like whole paths. */
async function namesIn(
  tree: WalkedTree,
  folder: string,
  { behind }: Way,
): Promise<{ readonly names: readonly string[]; readonly linked: ReadonlySet<string> }> {
  const names: string[] = [];
  const linked = new Set<string>();
  try {
    for await (const entry of await opendir(folder, { bufferSize: 512 })) {
      if (entry.name.startsWith(reservedPrefix)) {
        if (behind === undefined) tree.passedOver(folder, entry.name);
      } else if (await isFolder(folder, entry)) {
        names.push(`${entry.name}/`);
        if (entry.isSymbolicLink()) linked.add(`${entry.name}/`);
      } else if (entry.isFile() || entry.isSymbolicLink()) names.push(entry.name);
    }
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
  return { names: names.sort(comparePaths), linked };
}

/** Whether a name is a link. False if the file of this name was removed in the meantime. */
async function isLink(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined))?.isSymbolicLink() ?? false;
}

async function isFolder(folder: string, entry: Dirent): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  return (await statOrUndefined(join(folder, entry.name)))?.isDirectory() ?? false;
}
