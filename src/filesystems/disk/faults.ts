import { stat, statfs } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import { type Details, HyggeError, StoreError } from '../../errors/hygge-error.ts';

/** The operation that failed, such as `writing`, and its absolute path. */
export interface FaultContext {
  readonly doing: 'reading' | 'listing' | 'writing' | 'publishing' | 'removing';
  readonly path: string;
  /** If the path is in the folder of the state: that folder. Absent: the path belongs to a home or store. */
  readonly state?: string | undefined;
}

export function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Whether the error means that no file exists under a path. A path below another file, or the path of a folder, also counts as absent. */
export function isAbsent(error: unknown): boolean {
  const errno = errnoOf(error);
  return errno === 'ENOENT' || errno === 'ENOTDIR';
}

/** The error that a person sees instead of an errno. Errors without an errno stay unchanged. */
export async function diskFault(error: unknown, deed: FaultContext): Promise<unknown> {
  const errno = errnoOf(error);
  if (errno === undefined || error instanceof HyggeError || !/^E[A-Z0-9]+$/.test(errno)) return error;
  return new StoreError({ ...(await explain(errno, deed)), cause: error });
}

async function explain(errno: string, { doing, path, state }: FaultContext): Promise<Details> {
  switch (errno) {
    case 'ENOSPC':
    case 'EDQUOT':
      return {
        code: 'HYG-4002',
        what: `The disk is full: ${doing} ${path} failed.`,
        why: [
          await space(path),
          ...(state === undefined ? [] : [`hygge keeps its state in ${state}: without this state, nothing can settle.`]),
        ],
        tryThis:
          state === undefined
            ? ['Free some space on this disk (or raise the quota), then run again.', 'Settle somewhere else: change `store.path`.']
            : [`Free some space on the disk of ${state} (or raise the quota), then run again: settled rows stay settled.`],
      };
    case 'EACCES':
    case 'EPERM': {
      const there = await nearest(dirname(path));
      return {
        code: 'HYG-4003',
        what: `No permission: ${doing} ${path} was refused.`,
        why: [`hygge runs as ${user()}.`, ...(there === dirname(path) ? [] : [`${there} is the nearest folder that exists.`])],
        tryThis: [`Give ${user()} the right to read and write in ${there}.`, 'Run hygge as the user who owns that folder.'],
      };
    }
    case 'EXDEV':
      return {
        code: 'HYG-4012',
        what: `${dirname(path)} is on another mount than the files staged for it: publishing ${path} was refused.`,
        why: ['hygge publishes a file by renaming it, so that it is complete or absent. A rename can’t move a file to another mount.'],
        tryThis: [
          'Put the whole store on one mount, its `_hygge` folder included, not a folder inside it.',
          'Or settle in a folder of one mount: change `store.path`.',
        ],
      };
    case 'EROFS':
      return {
        code: 'HYG-4004',
        what: `The file system is read-only: ${doing} ${path} was refused.`,
        tryThis: [
          state === undefined
            ? 'Mount the file system for writing, or settle somewhere else: change `store.path`.'
            : `Mount the file system for writing: hygge keeps its state in ${state}.`,
        ],
      };
    case 'ENOTDIR':
    case 'EISDIR':
    case 'EEXIST':
      return {
        code: 'HYG-4005',
        what: `A file is where a folder should be, or the other way round: ${doing} ${path} failed.`,
        tryThis: [`Look at ${path} and the folders above it, and move away the file or folder that is in the way.`],
      };
    case 'EMFILE':
    case 'ENFILE':
      return {
        code: 'HYG-4007',
        what: `Too many files are open: ${doing} ${path} failed.`,
        tryThis: ['Lower `concurrency`, or raise the limit (`ulimit -n`).'],
        transient: true,
      };
    case 'ENAMETOOLONG':
      return {
        code: 'HYG-4008',
        what: `The path is longer than the file system allows: ${path}`,
        tryThis: ['Move the workspace or the destination into a folder with a shorter path, or shorten the name of the entity.'],
      };
    default:
      return failing(errno, { doing, path });
  }
}

/** Codes for EACCES, EPERM, EROFS and EXDEV, for which a retry fails in the same way. The code of a full disk is not among them, because space may become free. */
export const permanentFaults: ReadonlySet<string> = new Set(['HYG-4003', 'HYG-4004', 'HYG-4012']);

const passing = new Set(['EBUSY', 'EAGAIN', 'EINTR', 'ETIMEDOUT', 'ESTALE']);

function failing(errno: string, { doing, path }: FaultContext): Details {
  return {
    code: 'HYG-4006',
    what: `The disk failed while ${doing} ${path} (${errno}).`,
    tryThis: ["Look at the disk or mount (the system's log names it), then run again: settled rows are untouched."],
    transient: passing.has(errno),
  };
}

/** If the folder exists, the folder itself, else the nearest existing folder above. Rights can only be granted on an existing folder. */
async function nearest(folder: string): Promise<string> {
  for (let at = folder; ; at = dirname(at)) {
    const found = await stat(at).catch(() => undefined);
    if (found?.isDirectory() || at === dirname(at)) return at;
  }
}

async function space(path: string): Promise<string> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    try {
      const { bavail, bsize } = await statfs(folder);
      return `${(bavail * bsize).toLocaleString('en-US')} bytes are free at ${folder}.`;
    } catch {
      if (folder === dirname(folder)) return 'The free space could not be read.';
    }
  }
}

function user(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a uid that has no name.
    return `user id ${process.getuid?.() ?? 'unknown'}`;
  }
}
