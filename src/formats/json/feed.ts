import { type Compression, plainBytes } from '../bytes/compression.ts';
import { Lexer } from '../bytes/json-lexer.ts';
import type { FileSource } from '../contract/format.ts';
import { Document } from './document.ts';
import { notUtf8 } from './errors.ts';
import { type Lines, linesIn, takeLines } from './lines.ts';
import type { RecordSink } from './record-sink.ts';

/** Which records of a file are read, and how. */
export interface FeedOf {
  readonly source: FileSource;
  readonly compression: Compression;
  /** The names that lead to the records of a document. Null: the file has one object per line. */
  readonly records: readonly string[] | null;
  /** The range of bytes to read, for lines that are not compressed. All other files are read from their beginning. */
  readonly from: number;
  readonly to: number;
  readonly chunkBytes: number;
  /** For a sample: how many plain bytes of a document or of a compressed file are read. */
  readonly most?: number;
}

/** Passes the records to a sink that is made for this lexer. Yields when the sink is full, and at moments when other work may run. */
export async function* feed(of: FeedOf, makeSink: (lexer: Lexer) => RecordSink): AsyncGenerator<void> {
  if (of.records !== null) {
    await using document = new Document(of.source.name, plainBytes(of.source, of.compression), of.most);
    yield* document.records(of.records, makeSink(document.lexer));
    return;
  }
  const lexer = new Lexer(true);
  const sink = makeSink(lexer);
  for await (const lines of linesIn(of)) {
    begin(lexer, lines, of.source.name);
    while (takeLines(lexer, lines, sink)) yield;
    yield;
    if (of.most !== undefined && lines.offset + lines.bytes.length >= of.most) return;
  }
}

function begin(lexer: Lexer, lines: Lines, file: string): void {
  lexer.load(lines.bytes, startOfText(lines, file), lines.bytes.length);
}

/** The position after the byte order mark of UTF-8. Throws HYG-3302 for the mark of UTF-16. */
export function startOfText({ bytes, offset }: Lines, file: string): number {
  if (offset > 0) return 0;
  const [a, b, c] = bytes;
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) throw notUtf8(file, 'The file begins with the byte order mark of UTF-16.');
  return a === 0xef && b === 0xbb && c === 0xbf ? 3 : 0;
}
