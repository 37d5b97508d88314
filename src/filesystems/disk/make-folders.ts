import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { errnoOf } from './faults.ts';

/** Others may make and remove the same folders meanwhile. */
const attempts = 10;

/**
 * Makes a folder and those above it. Answers the first that it made; undefined: all were there. Node's own way of it goes round for ever where a system says of
 * a folder that it makes that there is no such file, as /proc does.
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

/** From the top. */
function missingAt(folder: string): readonly string[] {
  const missing: string[] = [];
  for (let at = folder; !isThere(at); at = dirname(at)) {
    missing.unshift(at);
    if (dirname(at) === at) break;
  }
  return missing;
}

/** A link that leads nowhere, or a file in the way: what `mkdir` says of it is told. */
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
