import { type Compression, plainBytes } from '../bytes/compression.ts';
import { Lexer } from '../bytes/json-lexer.ts';
import type { FileSource } from '../contract/format.ts';
import { Document } from './document.ts';
import { notUtf8 } from './errors.ts';
import { type Lines, linesIn, takeLines } from './lines.ts';
import type { RecordSink } from './record-sink.ts';

/** The records of a file that are read. */
export interface FeedOf {
  readonly source: FileSource;
  readonly compression: Compression;
  /** Null: one object per line. Otherwise the names that lead to the records of a document. */
  readonly records: readonly string[] | null;
  /** A range of bytes, for lines that are not compressed. All other files are read from their beginning. */
  readonly from: number;
  readonly to: number;
  readonly chunkBytes: number;
  /** How many plain bytes of a document or a compressed file a sample reads. */
  readonly most?: number;
}

/** Passes the records to a sink that was made for this lexer; yields when the sink is full, and at points where other work may run. */
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

/** The position after the mark of UTF-8. Throws HYG-3302 for the mark of UTF-16. */
export function startOfText({ bytes, offset }: Lines, file: string): number {
  if (offset > 0) return 0;
  const [a, b, c] = bytes;
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) throw notUtf8(file, 'It begins with the byte order mark of UTF-16.');
  return a === 0xef && b === 0xbb && c === 0xbf ? 3 : 0;
}
