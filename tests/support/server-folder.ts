import { constants, readdirSync, rmSync } from 'node:fs';
import { access, mkdtemp, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { markOfThisRun } from './leftover-processes.ts';

const memory = '/dev/shm';
const roomy = 4 * 2 ** 30;

/**
 * A new folder for the data of a server that a test starts. It lies in memory where there is room: a server waits for the disk at each change of a
 * table, which takes longer than all else that the tests ask of it. A server that is killed finds its data again; a crash of the machine loses them.
 */
export async function serverFolder(name: string): Promise<string> {
  return mkdtemp(join(await roomyFolder(), `hygge-${markOfThisRun()}-${name}-`));
}

export const roomyFolder = async (): Promise<string> => ((await hasRoom(memory)) ? memory : tmpdir());

async function hasRoom(folder: string): Promise<boolean> {
  try {
    await access(folder, constants.W_OK);
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize >= roomy;
  } catch {
    return false;
  }
}

/** Removes what servers of this run left in memory, where nothing else removes it. */
export function clearServerFolders(): void {
  for (const folder of [memory, tmpdir()]) {
    let names: string[] = [];
    try {
      names = readdirSync(folder);
    } catch {
      continue;
    }
    for (const name of names)
      if (name.startsWith(`hygge-${markOfThisRun()}-`)) rmSync(join(folder, name), { recursive: true, force: true });
  }
}
