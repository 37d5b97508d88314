/** The rows at the beginning of a file, read as a run reads them: what it would stop at is told before it begins. */
import type { FileSource } from '../../format.ts';
import { beginningOf } from './beginning.ts';
import { Decoding } from './decoding.ts';
import { badRowError, neverClosed } from './errors.ts';
import type { Head } from './head.ts';
import type { Reading } from './options.ts';
import type { Pinned } from './pinned.ts';
import { Unterminated } from './split.ts';
import { count } from './text.ts';

/** Throws HYG-3305 or HYG-3306 for the first row of the head that a run stops at. */
export function mustFit(source: FileSource, head: Head, pinned: Pinned, reading: Reading): void {
  if (reading.badRows !== 'fail') return;
  const { dialect, columns, firstRow } = beginningOf(source, { head, pinned, reading });
  const decoding = new Decoding({ options: reading.options, dialect, columns, wanted: columns.map((_, place) => place) });
  const bytes = Buffer.from(head.bytes);
  const lineOf = (at: number): number => count(bytes.subarray(0, at), dialect.newline) + 1;
  try {
    for (let from = firstRow; ; ) {
      const next = decoding.take({ text: { bytes, from, to: bytes.length, last: head.last, quotes: true }, badRows: 'fail' });
      const [bad] = decoding.bad;
      if (bad !== undefined) throw badRowError({ name: source.name, line: lineOf(bad.start) }, bad, columns);
      if (next === from) return;
      decoding.clear();
      from = next;
    }
  } catch (error) {
    throw error instanceof Unterminated ? neverClosed(source.name, lineOf(error.at)) : error;
  }
}
