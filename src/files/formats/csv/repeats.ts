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

/** The mark that files of Windows begin with: where such files are put together it stands before the names again. */
const mark = '\ufeff';

/** Whether a record is the names again, in quotes or not, and with a byte order mark or not. */
export function isNames({ fields }: LooseRecord, names: readonly string[]): boolean {
  return (
    fields.length === names.length &&
    fields.every(({ text }, place) => text === names[place] || (place === 0 && unmarked(text) === names[0]))
  );
}

const unmarked = (text: string): string => (text.startsWith(mark) ? text.slice(1).replace(/^"(.*)"$/, '$1') : text);

/**
 * The line of names between two line ends, as it is written and as other programs write it, in quotes or without; none where names do not fit
 * their columns anyway, or the file has none.
 */
export function headerLines({ head, first, dialect, columns, header, options }: HeaderOf): readonly string[] {
  if (first === undefined || columns.some(({ type }) => type.kind !== 'string')) return [];
  const { bytes, from } = head;
  const newline = String.fromCharCode(dialect.newline);
  const isWindows = dialect.newline === lineFeed && bytes[first.next - 2] === carriageReturn;
  const end = isWindows ? `\r${newline}` : newline;
  const delimiter = String.fromCharCode(dialect.delimiter);
  const between = (line: string): string => `${newline}${line}${end}`;
  if (Array.isArray(options.header)) return [between((options.header as readonly string[]).join(delimiter))];
  // Names on several lines stand in quotes, and no part of them is a row.
  if (!header || first.fields.some(({ text }) => /[\r\n]/.test(text))) return [];
  const text = Buffer.from(bytes.subarray(from, first.next))
    .toString('utf8')
    .replace(/[\r\n]+$/, '');
  const line = text.slice(text.lastIndexOf(newline) + 1);
  if (line === '') return [];
  const names = first.fields.map(({ text: name }) => name);
  const quote = dialect.quote < 0 ? undefined : String.fromCharCode(dialect.quote);
  const isPlain = names.every((name) => name !== '' && !name.includes(delimiter) && (quote === undefined || !name.includes(quote)));
  if (!isPlain) return [between(line)];
  const quoted = quote === undefined ? [] : [names.map((name) => `${quote}${name}${quote}`).join(delimiter)];
  return [...new Set([line, names.join(delimiter), ...quoted])].map(between);
}

/** Places in the text where a record begins, or may begin, that is one of the lines. */
export function repeatsIn(bytes: Buffer, from: number, lines: readonly string[] | undefined): readonly number[] {
  if (lines === undefined || lines.length === 0) return [];
  const isMarked = bytes.indexOf(mark, from) >= 0;
  const found = lines.flatMap((line, place) => {
    // What a text has no quote of has no names in quotes.
    if (place > 0 && line.includes('"') && bytes.indexOf(34, from) < 0) return [];
    return [...placesOf(bytes, from, line), ...(isMarked ? placesOf(bytes, from, `${line[0]}${mark}${line.slice(1)}`) : [])];
  });
  return lines.length === 1 && !isMarked ? found : [...new Set(found)].sort((one, other) => one - other);
}

function placesOf(bytes: Buffer, from: number, line: string): readonly number[] {
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
