import { readAtOnce } from '../../../filesystems/disk/read-at-once.ts';
import type { Kernels } from '../../kernels/kernels.ts';
import { areas, mostText } from '../../kernels/layout.ts';

const newline = 0x0a;
/** Beyond the range, for the rest of its last line; more if it takes more. */
const lookBytes = 64 * 1024;

/** Lines that begin between `from` and `to` (exclusive), wherever they end. */
export interface OwnRange {
  /** On a local disk. */
  readonly path: string;
  /** Of the file. */
  readonly bytes: number;
  readonly from: number;
  readonly to: number;
}

export interface OwnLines {
  /** Where they are in the kernels' memory. */
  readonly start: number;
  readonly end: number;
  /** Of the byte at `start`, in the file. */
  readonly offset: number;
}

/**
 * Lines that a thread reads for itself, where its kernels want them: nobody hands them over, and nothing is copied. Undefined when it can't,
 * as with very long lines, a file that is gone, or one that is no UTF-8.
 */
export function ownLines({ bytes: memory }: Kernels, range: OwnRange): OwnLines | undefined {
  const { path, bytes, from } = range;
  const to = Math.min(range.to, bytes);
  // The byte before tells whether a line begins here.
  const at = Math.max(0, from - 1);
  for (let until = Math.min(bytes, to + lookBytes); until - at <= mostText; until = Math.min(bytes, until + (until - at))) {
    const text = memory.subarray(areas.text, areas.text + until - at);
    if (!readAtOnce(path, at, text)) return undefined;
    const mark = from === 0 ? markBefore(text) : 0;
    if (mark === undefined) return undefined;
    const first = from === 0 ? 0 : text.indexOf(newline) + 1 || text.length;
    if (at + first >= to) return { start: areas.text, end: areas.text, offset: from };
    const last = text.indexOf(newline, to - 1 - at);
    if (last < 0 && until < bytes) continue;
    if (last < 0) memory[areas.text + text.length] = newline;
    const end = areas.text + (last < 0 ? text.length : last) + 1;
    return { start: areas.text + first + mark, end, offset: at + first + mark };
  }
  return undefined;
}

/** Bytes of the mark of UTF-8; that of UTF-16 is for somebody else to refuse. */
function markBefore([a, b, c]: Buffer): number | undefined {
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) return undefined;
  return a === 0xef && b === 0xbb && c === 0xbf ? 3 : 0;
}
