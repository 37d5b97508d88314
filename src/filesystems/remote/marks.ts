import { reservedPrefix } from '../paths.ts';

/**
 * Where a system stages without a name (an open upload, uncommitted blocks), a small file beside the staged name says that it is there and
 * what belongs to it. Such files are never listed.
 *
 * A mark is written before anything is begun, so that a sweep finds whatever a crash leaves. And who has slept between the two, and through a
 * sweep that took the mark, would fill an upload that nothing tells of any more: so it is looked whether the mark still stands, after the
 * upload was opened and before its first byte. (tests/support/sim/uploads.ts; the simulator notices when the look is left out.) Where nothing
 * has to be opened first (blocks of a blob) it is looked after the last byte. Who sweeps looks once more when the mark
 * is gone, so that one of the two sees the other.
 */
const start = `${reservedPrefix}staged-`;

/** The mark of a staged name. */
export function markOf(staged: string): string {
  const at = staged.lastIndexOf('/') + 1;
  return `${staged.slice(0, at)}${start}${staged.slice(at)}`;
}

/** The staged name that a mark stands for; undefined: it is not a mark. */
export function stagedPathOfMark(path: string): string | undefined {
  const at = path.lastIndexOf('/') + 1;
  return path.startsWith(start, at) ? path.slice(0, at) + path.slice(at + start.length) : undefined;
}

/**
 * The staged name that a file below `folder` stands for: by its mark, or a file that was put there itself. The root holds everything else too, so
 * below it only marks count. Undefined: it is nothing that was staged.
 */
export function stagedNameOf(path: string, folder: string): string | undefined {
  const isPut = folder !== '' && path !== '' && !path.endsWith('/') && !isOwn(path);
  return stagedPathOfMark(path) ?? (isPut ? path : undefined);
}

/** Whether listings pass a file over: a mark, or anything else of hygge's own. */
export function isOwn(path: string): boolean {
  return path.startsWith(reservedPrefix, path.lastIndexOf('/') + 1);
}
