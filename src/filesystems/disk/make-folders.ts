import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { errnoOf } from './faults.ts';

/** Other processes may create and remove the same folders at the same time. */
const attempts = 10;

/**
 * Creates a folder and those above it. Returns the first folder that it created; undefined: all existed. Node's own function loops forever if a
 * system reports ENOENT for a folder that it creates, as /proc does.
 */
export function makeFolders(folder: string): string | undefined {
  for (let attempt = 1; ; attempt++) {
    const missing = missingAt(folder);
    try {
      for (const one of missing) makeUnlessThere(one);
      return missing[0];
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT' || attempt === attempts) throw error;
    }
  }
}

/** From the top folder down. */
function missingAt(folder: string): readonly string[] {
  const missing: string[] = [];
  for (let at = folder; !isThere(at); at = dirname(at)) {
    missing.unshift(at);
    if (dirname(at) === at) break;
  }
  return missing;
}

/** A link to nothing, or a file in the way: the error of `mkdir` is thrown. */
function isThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  } catch (error) {
    // ENOTDIR: a file is in the way further up.
    if (['ENOTDIR', 'EACCES', 'ELOOP'].includes(errnoOf(error) ?? '')) return false;
    throw error;
  }
}

function makeUnlessThere(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST' || !isThere(folder)) throw error;
  }
}
