/** Where the header of a file stands again among its rows: files that were put together have it there, and it would settle as a row of names. */

import type { CsvColumn } from './columns/decoder.ts';
import { carriageReturn, type Dialect, lineFeed } from './dialect.ts';
import type { Head } from './head.ts';
import type { CsvHomeOptions } from './options.ts';
import type { LooseRecord } from './records.ts';

interface HeaderOf {
  readonly head: Head;
  /** The first record. */
  readonly first: LooseRecord | undefined;
  readonly dialect: Dialect;
  readonly columns: readonly CsvColumn[];
  /** The first record names the columns. */
  readonly header: boolean;
  readonly options: CsvHomeOptions;
}

/** The line of names as it is written, between two line ends; undefined where names do not fit their columns anyway, or the file has none. */
export function headerLine({ head, first, dialect, columns, header, options }: HeaderOf): string | undefined {
  if (first === undefined || columns.some(({ type }) => type.kind !== 'string')) return undefined;
  const { bytes, from } = head;
  const newline = String.fromCharCode(dialect.newline);
  const isWindows = dialect.newline === lineFeed && bytes[first.next - 2] === carriageReturn;
  const end = isWindows ? `\r${newline}` : newline;
  if (Array.isArray(options.header)) {
    const line = (options.header as readonly string[]).join(String.fromCharCode(dialect.delimiter));
    return `${newline}${line}${end}`;
  }
  // Names on several lines stand in quotes, and no part of them is a row.
  if (!header || first.fields.some(({ text }) => /[\r\n]/.test(text))) return undefined;
  const text = Buffer.from(bytes.subarray(from, first.next))
    .toString('utf8')
    .replace(/[\r\n]+$/, '');
  const line = text.slice(text.lastIndexOf(newline) + 1);
  return line === '' ? undefined : `${newline}${line}${end}`;
}

/** Places in the text where a record begins, or may begin, that is the line. */
export function repeatsIn(bytes: Buffer, from: number, line: string | undefined): readonly number[] {
  if (line === undefined) return [];
  const wanted = Buffer.from(line);
  const row = wanted.subarray(1);
  const found: number[] = [];
  const isRow = (at: number, length: number): boolean =>
    at + length <= bytes.length && bytes.subarray(at, at + length).equals(row.subarray(0, length));
  if (isRow(from, row.length)) found.push(from);
  // Its line end is the beginning of what may be the next one.
  for (let at = bytes.indexOf(wanted, from); at >= 0; at = bytes.indexOf(wanted, at + 1)) found.push(at + 1);
  const bare = row.length - (row.at(-2) === carriageReturn ? 2 : 1);
  const last = bytes.length - bare;
  if (last > from && bytes[last - 1] === wanted[0] && isRow(last, bare)) found.push(last);
  return found;
}
