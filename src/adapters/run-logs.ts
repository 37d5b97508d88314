/** The log of each run, line by line in the form for programs: one file per invocation, next to a journal in files. */
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
 * Files are created at the first line. If a log can’t be written, its lines are lost. @param folder absolute; created if missing @param before logs of
 * invocations that began earlier are removed, milliseconds
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
        // An error is ignored here, because the run itself reports a full disk.
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

/** The invocations that have a log, the newest first. */
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

/** The complete lines of a log: the last line of a killed process may be incomplete. */
export function readRunLog(folder: string, invocation: string): readonly string[] {
  return readFileSync(join(folder, invocation + ending), 'utf8')
    .split('\n')
    .slice(0, -1);
}
