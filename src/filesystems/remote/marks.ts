import { reservedPrefix } from '../paths.ts';

/**
 * If a system stages without a name (an open upload, uncommitted blocks), a small file next to the staged name, the mark, shows that the upload exists and
 * what belongs to it. Such files are never listed.
 *
 * A mark is written before anything is started, so that a sweep finds whatever a crash leaves. A process that sleeps between the two, while a sweep removes
 * the mark, would fill an upload without a mark. So it checks whether the mark still exists, after the upload was opened and before its first byte.
 * (tests/support/sim/uploads.ts; the simulator notices if the check is missing.) If nothing has to be opened first (blocks of a blob), the check follows the
 * last byte. A sweep checks once more after it removed the mark, so that one of the two sees the other.
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
 * The staged name of a file below `folder`: by its mark, or a file that was put there itself. The root also contains everything
 * else, so only marks count there. Undefined: not a staged file.
 */
export function stagedNameOf(path: string, folder: string): string | undefined {
  const isPut = folder !== '' && path !== '' && !path.endsWith('/') && !isOwn(path);
  return stagedPathOfMark(path) ?? (isPut ? path : undefined);
}

/** Whether listings skip a file: a mark, or another file of hygge's own. */
export function isOwn(path: string): boolean {
  return path.startsWith(reservedPrefix, path.lastIndexOf('/') + 1);
}
