import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StoreError } from '../errors/hygge-error.ts';
import { settingIn } from '../errors/unresolved-setting.ts';
import type { Host, LeaseHolder } from '../ports/host.ts';
import type { Scratch } from '../ports/scratch.ts';
import { realHost } from './real-host.ts';

const prefix = 'hygge-scratch-';
/** A file that names the owner of a folder, so that other processes can see when the owner is gone. */
const ownerFile = 'owner.json';

/** The in-memory file system of Linux: its files never reach the disk. hygge uses it only if it is large, because its size in containers is often only 64 MB. */
const inMemory = '/dev/shm';
const plentyBytes = 1024 ** 3;

/**
 * A folder of this process under `folder` (default: `HYGGE_SCRATCH`, else memory if it is large enough, else the system’s temporary folder). It is removed
 * when disposed. Folders of processes that are provably dead are removed when the first path is requested. Throws StoreError HYG-4011 when the folder can't
 * be made. `onDisk`: never in memory, for what may be larger.
 */
export function realScratch(request: { readonly host?: Host; readonly folder?: string; readonly onDisk?: true } = {}): Scratch {
  const host = request.host ?? realHost();
  const name = `${prefix}${host.self.pid}-${randomUUID()}`;
  let opened: Promise<string> | undefined;
  let paths = 0;
  return {
    path: async (suffix) => {
      opened ??= open(request.folder ?? settingIn(process.env, 'HYGGE_SCRATCH'), name, { host, isInMemory: request.onDisk !== true }).catch(
        (error: unknown) => {
          opened = undefined;
          throw error;
        },
      );
      const own = await opened;
      paths += 1;
      return join(own, `${paths}${suffix}`);
    },
    free: (path) => rm(path, { recursive: true, force: true }),
    [Symbol.asyncDispose]: async () => {
      const own = await opened?.catch(() => undefined);
      opened = undefined;
      if (own !== undefined) await rm(own, { recursive: true, force: true });
    },
  };
}

async function open(
  wished: string | undefined,
  name: string,
  { host, isInMemory }: { readonly host: Host; readonly isInMemory: boolean },
): Promise<string> {
  const above = wished ?? (isInMemory && (await isPlenty(inMemory)) ? inMemory : tmpdir());
  for (const folder of wished === undefined ? [inMemory, tmpdir()] : [wished]) await removeLeftovers(folder, host);
  const own = join(above, name);
  try {
    await mkdir(own, { recursive: true, mode: 0o700 });
    await writeFile(join(own, ownerFile), JSON.stringify(host.self));
    return own;
  } catch (error) {
    throw new StoreError({
      code: 'HYG-4011',
      what: `The scratch folder ${own} cannot be made.`,
      why: [error instanceof Error ? error.message : String(error)],
      tryThis: ['Set HYGGE_SCRATCH to a folder on a local disk with some gigabytes free that hygge may write to.'],
      cause: error,
    });
  }
}

async function isPlenty(folder: string): Promise<boolean> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize >= plentyBytes;
  } catch {
    return false;
  }
}

async function removeLeftovers(above: string, host: Host): Promise<void> {
  const names = await readdir(above).catch(() => []);
  for (const name of names.filter((each) => each.startsWith(prefix))) {
    const folder = join(above, name);
    const owner = await ownerOf(folder);
    // Folders of other accounts stay if they can’t be removed.
    if (owner && (await host.fate(owner)) === 'dead') await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function ownerOf(folder: string): Promise<LeaseHolder | undefined> {
  try {
    const owner: unknown = JSON.parse(await readFile(join(folder, ownerFile), 'utf8'));
    return isHolder(owner) ? owner : undefined;
  } catch {
    return undefined;
  }
}

function isHolder(value: unknown): value is LeaseHolder {
  if (typeof value !== 'object' || value === null) return false;
  const { host, boot, pid, started, program } = value as Record<string, unknown>;
  return [host, boot, started, program].every((each) => typeof each === 'string') && typeof pid === 'number';
}
