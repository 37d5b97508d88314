/** What each run said, line by line as programs hear it: a file an invocation, beside the journal where that is in files. */
import { closeSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolders } from '../filesystems/disk/make-folders.ts';
import { timeOfId } from '../ports/random.ts';

export interface RunLog extends Disposable {
  /** Never throws: a log that can't be written is no reason to end a run. */
  add(line: string): void;
}

const ending = '.ndjson';

/**
 * Nothing is made before something is said. Where there can be no log, nothing is kept.
 * @param folder absolute; made where it is not there
 * @param before logs of invocations that began earlier go, milliseconds
 */
export function openRunLog(folder: string, { invocation, before }: { readonly invocation: string; readonly before: number }): RunLog {
  let file: number | undefined;
  let isOver = false;
  return {
    add(line) {
      if (isOver) return;
      try {
        file ??= begun(folder, { invocation, before });
        writeSync(file, line);
      } catch {
        // A disk that is full tells the run itself.
        isOver = true;
      }
    },
    [Symbol.dispose]() {
      isOver = true;
      if (file !== undefined) closeSync(file);
    },
  };
}

function begun(folder: string, { invocation, before }: { readonly invocation: string; readonly before: number }): number {
  makeFolders(folder);
  for (const id of runLogsIn(folder))
    if ((timeOfId(id) ?? Number.POSITIVE_INFINITY) < before) rmSync(join(folder, id + ending), { force: true });
  return openSync(join(folder, invocation + ending), 'a');
}

/** Invocations that have a log there, the newest first. */
export function runLogsIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(ending))
      .map((name) => name.slice(0, -ending.length))
      .sort()
      .reverse();
  } catch {
    return [];
  }
}

/** The lines of a log that are whole: what a process that was killed wrote last may not be. */
export function readRunLog(folder: string, invocation: string): readonly string[] {
  return readFileSync(join(folder, invocation + ending), 'utf8')
    .split('\n')
    .slice(0, -1);
}
