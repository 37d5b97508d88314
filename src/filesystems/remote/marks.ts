import { reservedPrefix } from '../paths.ts';

/**
 * Some systems stage a file without a name: as an open upload, or as uncommitted blocks. A small file next to the staged name, the mark, then shows that the
 * upload exists, and identifies it. Marks are never listed.
 *
 * The mark is written before the upload is opened, so that a sweep finds whatever a crash leaves. If a process sleeps after it wrote the mark, and a sweep
 * then removes the mark, the process would fill an upload without a mark. So the process checks whether the mark still exists, after the upload was opened and before its
 * first byte. (tests/support/sim/uploads.ts; the simulator notices if the check is missing.) Blocks of a blob need no open upload, so there the check
 * follows the last byte. A sweep checks for new uploads once more after it removed the mark, so that either the sweep or the uploading process notices the
 * other.
 */
const start = `${reservedPrefix}staged-`;

/** The mark of a staged name. */
export function markOf(staged: string): string {
  const at = staged.lastIndexOf('/') + 1;
  return `${staged.slice(0, at)}${start}${staged.slice(at)}`;
}

/** The staged name of a mark; undefined: the path is not a mark. */
export function stagedPathOfMark(path: string): string | undefined {
  const at = path.lastIndexOf('/') + 1;
  return path.startsWith(start, at) ? path.slice(0, at) + path.slice(at + start.length) : undefined;
}

/**
 * The staged name of a file below `folder`. The file is a mark, or was put under the staged name itself. In the root only marks
 * count, because the root also contains all other files. Undefined: not a staged file.
 */
export function stagedNameOf(path: string, folder: string): string | undefined {
  const isPut = folder !== '' && path !== '' && !path.endsWith('/') && !isOwn(path);
  return stagedPathOfMark(path) ?? (isPut ? path : undefined);
}

/** Whether listings skip a file, because it is a mark or another file of hygge’s own. */
export function isOwn(path: string): boolean {
  return path.startsWith(reservedPrefix, path.lastIndexOf('/') + 1);
}
