/** The records of pages as lines, one object per line, so that kernels and threads of the JSON format can read them. The values are not parsed. */
import type { FileSource, LinePlace } from '../../formats/contract/format.ts';
import type { Body } from './document.ts';
import type { Span } from './envelope.ts';

const newline = 0x0a;
const space = 0x20;
const lineEnd = Buffer.of(newline);

/** Rows of a page, each on a separate line. */
export interface PageLines {
  /** The name of the page, for people. */
  readonly name: string;
  readonly lines: Buffer;
  readonly rows: number;
  /** The number of rows on the page that come before these rows. */
  readonly before: number;
}

/** A source with the rows of several pages. @param name the name of the source, for people. */
export function sourceOfLines(name: string, pages: readonly PageLines[]): FileSource {
  const bytes = Buffer.concat(pages.map(({ lines }) => lines));
  const placeOf = (line: number): LinePlace => {
    let first = 1;
    for (const page of pages) {
      if (line < first + page.rows) return { name: page.name, line: page.before + line - first + 1 };
      first += page.rows;
    }
    return { name, line };
  };
  return { name, bytes: bytes.length, placeOf, read: async ({ start, end }) => bytes.subarray(start, end) };
}

/** All rows of pages that follow one another. Undefined: the pages have no rows. */
export function sourceOfPages(pages: readonly PageLines[]): FileSource | undefined {
  const filled = pages.filter(({ rows }) => rows > 0);
  const [first] = filled;
  if (first === undefined) return undefined;
  const last = filled.at(-1)?.name.replace(/^.* /, '');
  const name = filled.length === 1 ? first.name : `${first.name.replace(/page (?=\d+$)/, 'pages ')} to ${last}`;
  return sourceOfLines(name, filled);
}

const noLines = Buffer.alloc(0);

/** Neighbouring rows of one array, as lines. */
export function linesOf({ bytes }: Body, records: readonly Span[], from = 0): Buffer {
  const start = records[from]?.start ?? 0;
  const end = records.at(-1)?.end ?? 0;
  if (from >= records.length) return noLines;
  const lines = Buffer.allocUnsafe(end - start + 1);
  bytes.copy(lines, 0, start, end);
  lines[end - start] = newline;
  withoutBreaks(lines, end - start);
  for (let index = from + 1; index < records.length; index++) {
    const before = (records[index - 1]?.end ?? 0) - start;
    const next = (records[index]?.start ?? 0) - start;
    // A comma is between two rows, usually without blanks around it.
    if (next > before + 1) lines.fill(space, before, next);
    lines[before] = newline;
  }
  return lines;
}

/** Rows that have separate bytes, as lines. */
export function rowLines(rows: readonly Buffer[]): Buffer {
  return Buffer.concat(
    rows.flatMap((row) => {
      if (!row.includes(newline)) return [row, lineEnd];
      const line = Buffer.from(row);
      withoutBreaks(line, line.length);
      return [line, lineEnd];
    }),
  );
}

/** Replaces line breaks by spaces. In JSON, a line break is only white space, since inside texts a line break is written with a backslash. */
function withoutBreaks(bytes: Buffer, length: number): void {
  for (let at = bytes.indexOf(newline); at >= 0 && at < length; at = bytes.indexOf(newline, at + 1)) bytes[at] = space;
}
