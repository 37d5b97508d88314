import { spawnSync } from 'node:child_process';
import { constants, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { access, chmod, mkdtemp, statfs } from 'node:fs/promises';
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

/**
 * Where the tests of this run keep what is temporary: in memory as well, where there is room. A disk costs a third of the time that the system takes, for
 * what is gone a second later; tests whose subject is a disk stay on one (`onDisk` in vitest.config.ts). Any user may write there, as in the system's own folder.
 * A folder that TMPDIR names already stays the one.
 */
export async function temporaryFolder(): Promise<{ readonly path: string; readonly remove: () => void }> {
  if (process.env.TMPDIR !== undefined || !(await hasRoom(memory))) return { path: tmpdir(), remove: () => undefined };
  const path = await mkdtemp(join(memory, 'hygge-'));
  const remove = () => rmSync(path, { recursive: true, force: true });
  await chmod(path, 0o1777);
  if (runsPrograms(path)) return { path, remove };
  remove();
  return { path: tmpdir(), remove: () => undefined };
}

/** Containers often mount their memory so that no program starts from it. */
function runsPrograms(folder: string): boolean {
  const program = join(folder, 'program');
  writeFileSync(program, '#!/bin/sh\n', { mode: 0o755 });
  const { status } = spawnSync(program);
  rmSync(program);
  return status === 0;
}

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
