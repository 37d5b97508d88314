import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { markOfThisRun } from './leftover-processes.ts';
import { roomyFolder } from './server-folder.ts';

const run = promisify(execFile);

/**
 * A folder as `make` fills it, made once for a run of the tests and copied to `to`: that takes a tenth of the time of a database server's own installer.
 * `kind` says what the filling depends on.
 */
export async function copyOfTemplate(kind: string, to: string, make: (folder: string) => Promise<void>, owner?: Owner): Promise<void> {
  const template = join(await roomyFolder(), `hygge-${markOfThisRun()}-template-${kind}`);
  if (!existsSync(template)) {
    const folder = await mkdtemp(`${template}-`);
    if (owner) await chown(folder, owner.uid, owner.gid);
    await make(folder);
    // Another process may have made it meanwhile.
    await rename(folder, template).catch(() => rm(folder, { recursive: true, force: true }));
  }
  await run('cp', ['-a', '--sparse=always', template, to]);
}

interface Owner {
  readonly uid: number;
  readonly gid: number;
}
