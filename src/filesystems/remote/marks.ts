import { reservedPrefix } from '../paths.ts';

/**
 * Where a system stages without a name (an open upload, uncommitted blocks), a small file beside the staged name says that it is there and
 * what belongs to it. Such files are never listed.
 *
 * A mark is written when the upload is open and before its first byte (an upload without a byte costs nothing). The other way round a process
 * that sleeps between the two, and through a sweep that takes the mark, would fill an upload that nothing tells of any more: the simulator
 * finds it (tests/support/sim/uploads.ts). Where nothing has to be opened first (blocks of a blob), whoever has sent the last byte looks
 * whether its mark is still there, and gives up what it sent when it is not.
 */
const start = `${reservedPrefix}staged-`;

/** The mark of a staged name. */
export function markOf(staged: string): string {
  const at = staged.lastIndexOf('/') + 1;
  return `${staged.slice(0, at)}${start}${staged.slice(at)}`;
}

/** The staged name that a mark stands for; undefined: it is no mark. */
export function stagedOf(path: string): string | undefined {
  const at = path.lastIndexOf('/') + 1;
  return path.startsWith(start, at) ? path.slice(0, at) + path.slice(at + start.length) : undefined;
}

/** Whether listings pass a file over: a mark, or anything else of hygge's own. */
export function isOwn(path: string): boolean {
  return path.startsWith(reservedPrefix, path.lastIndexOf('/') + 1);
}
