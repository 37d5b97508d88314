import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { errnoOf } from './faults.ts';

/** How often the creation is tried, because other processes may create and remove the same folders at the same time. */
const attempts = 10;

/**
 * Creates a folder and the folders above it. Returns the first folder that it created; undefined: all folders existed. Node's own function
 * loops forever if a system reports ENOENT for a folder that it creates, as /proc does.
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

/** The missing folders of a path, from the top down. */
function missingAt(folder: string): readonly string[] {
  const missing: string[] = [];
  for (let at = folder; !isThere(at); at = dirname(at)) {
    missing.unshift(at);
    if (dirname(at) === at) break;
  }
  return missing;
}

/** Whether a folder exists. For a broken link or a file the answer is false, so `mkdir` is called and throws its error. */
function isThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  } catch (error) {
    // ENOTDIR: a file has the name of a folder further up.
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
