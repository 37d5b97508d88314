import { createHash } from 'node:crypto';
import { readFileSync, renameSync } from 'node:fs';
import { link, readFile, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Condition } from '../../ports/filesystem.ts';
import { errnoOf, isAbsent } from './faults.ts';
import { withFolderLock } from './lock.ts';
import { statOrUndefined } from './walk.ts';

/** The etag of `get` and `put`: the content itself, so that no clock and no inode number can make two contents look the same. */
export function etagOf(body: Uint8Array): string {
  return createHash('sha256').update(body).digest('hex');
}

/** Whether the condition holds as far as a look can tell: spares the loser of most races the writing. */
export async function hopeful(at: string, condition: Condition): Promise<boolean> {
  if ('ifNoneMatch' in condition) {
    const there = await statOrUndefined(at);
    if (there && !there.isFile()) throw Object.assign(new Error(`${at} is not a file`), { code: 'EISDIR' });
    return there === undefined;
  }
  try {
    return etagOf(await readFile(at)) === condition.ifMatch;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}

/** Gives a complete file its name unless the name is taken; the kernel decides. */
export async function create(temporary: string, at: string): Promise<boolean> {
  try {
    await link(temporary, at);
    return true;
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'EEXIST') return false;
    // File systems without hard links (exFAT, some network and container mounts).
    if (errno !== 'EPERM' && errno !== 'ENOTSUP' && errno !== 'ENOSYS' && errno !== 'EMLINK') throw error;
    return replaceIfUnchanged(temporary, at, undefined);
  } finally {
    await unlink(temporary).catch(() => undefined);
  }
}

/** Puts a complete file in the place of the one whose content has `etag` (undefined: of none), or throws it away. */
export async function replaceIfUnchanged(temporary: string, at: string, etag: string | undefined): Promise<boolean> {
  const won = await withFolderLock(dirname(at), () => {
    if (contentNow(at) !== etag) return false;
    renameSync(temporary, at);
    return true;
  });
  if (!won) await unlink(temporary).catch(() => undefined);
  return won;
}

function contentNow(at: string): string | undefined {
  try {
    return etagOf(readFileSync(at));
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}
