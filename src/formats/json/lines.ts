import { isUtf8 } from 'node:buffer';
import { type Compression, plainBytes } from '../bytes/compression.ts';
import { BadRecord, type Lexer } from '../bytes/json-lexer.ts';
import type { FileSource } from '../contract/format.ts';
import { recordTooLarge } from './errors.ts';
import { mostBadText, mostRecordBytes, type RecordSink } from './record-sink.ts';

const newline = 0x0a;
const oneBreak = Buffer.from('\n');
/** How many bytes are read at once while the end of a single line is searched for. */
const lookBytes = 64 * 1024;

/** Some whole lines. The last byte is the end of a line. */
export interface Lines {
  readonly bytes: Buffer;
  /** The position of the first line in the plain bytes of the file. */
  readonly offset: number;
}

export interface LineRange {
  readonly source: FileSource;
  readonly compression: Compression;
  /** The range of lines. Each line begins between `from` and `to` (exclusive), and may end after `to`. A compressed file is always read from its beginning to its end. */
  readonly from: number;
  readonly to: number;
  /** The approximate number of bytes that are read at a time. */
  readonly chunkBytes: number;
  /** Provides memory for the bytes that are read. The lines are then valid until memory is requested again. Some lines may be in other memory. */
  readonly memory?: (bytes: number) => Promise<Buffer>;
}

export function linesIn(range: LineRange): AsyncIterable<Lines> {
  return range.compression === 'none' ? plainLines(range) : streamedLines(range);
}

/** Reads the lines of a range. A range may begin at any byte, because no value contains a line break. The first line of the range begins after the first line break at or after the byte before the range. */
async function* plainLines({ source, from, to, chunkBytes, memory }: LineRange): AsyncGenerator<Lines> {
  let at = from === 0 ? 0 : await behindBreak(source, from - 1);
  while (at < to) {
    const bytes = await linesAt(source, at, { until: Math.min(at + chunkBytes, to + lookBytes), to, memory });
    yield { bytes, offset: at };
    at += bytes.length;
  }
}

interface LinesRequest extends Pick<LineRange, 'to'> {
  readonly until: number;
  readonly memory: LineRange['memory'] | undefined;
}

/** Lines that begin between `at` and `to`. The result has all of them that end by `until`, and at least one line. */
async function linesAt(source: FileSource, at: number, { until, to, memory }: LinesRequest): Promise<Buffer> {
  for (let end = Math.min(source.bytes, until); ; end = Math.min(source.bytes, end + Math.max(lookBytes, end - at))) {
    const bytes = asBuffer(await source.read({ start: at, end }, await memory?.(end - at)));
    const last = end <= to ? bytes.lastIndexOf(newline) : bytes.indexOf(newline, to - 1 - at);
    if (last >= 0) return bytes.subarray(0, last + 1);
    if (end === source.bytes) return Buffer.concat([bytes, oneBreak]);
    if (end - (end <= to ? at : to) > mostRecordBytes) throw recordTooLarge(source.name, `the line at byte ${at}`);
  }
}

/** The position after the first line break at or after `at`, where a line begins. */
async function behindBreak(source: FileSource, at: number): Promise<number> {
  for (let start = at; start < source.bytes; start += lookBytes) {
    const found = asBuffer(await source.read({ start, end: Math.min(source.bytes, start + lookBytes) })).indexOf(newline);
    if (found >= 0) return start + found + 1;
  }
  return source.bytes;
}

async function* streamedLines({ source, compression, chunkBytes }: LineRange): AsyncGenerator<Lines> {
  let kept: Buffer[] = [];
  let size = 0;
  let offset = 0;
  const taken = function* (bytes: Buffer): Generator<Lines> {
    yield { bytes, offset };
    offset += bytes.length;
  };
  for await (const piece of plainBytes(source, compression)) {
    kept.push(asBuffer(piece));
    size += piece.length;
    if (size < chunkBytes) continue;
    const all = Buffer.concat(kept);
    const last = all.lastIndexOf(newline) + 1;
    if (last === 0 && size > mostRecordBytes) throw recordTooLarge(source.name, `the line at byte ${offset}`);
    if (last > 0) yield* taken(all.subarray(0, last));
    kept = [all.subarray(last)];
    size = all.length - last;
  }
  if (size > 0) yield* taken(Buffer.concat([...kept, oneBreak]));
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** Reads the loaded lines from the lexer’s position on. Returns true if the sink is full before the last line. The caller then empties the sink, and calls again. */
export function takeLines(lexer: Lexer, lines: Lines, sink: RecordSink): boolean {
  const { src } = lexer;
  const isText = isUtf8(lexer.src.subarray(lexer.p, lexer.end));
  while (lexer.p < lexer.end) {
    const many = isText ? sink.lines?.(lexer) : undefined;
    if (many === 'full') return true;
    if (many === 'some') continue;
    if (lexer.space() === newline) {
      lexer.p++;
      continue;
    }
    const start = lexer.p;
    let isFull = false;
    try {
      if (!isText) mustBeText(lexer, start);
      sink.record(lines.offset + start);
      if (lexer.space() !== newline) throw more(lexer, sink);
      lexer.p++;
      isFull = sink.keep();
      sink.learn?.(lexer, start);
    } catch (error) {
      if (!(error instanceof BadRecord)) throw error;
      const end = src.indexOf(newline, start);
      lexer.p = end + 1;
      const text = src.toString('utf8', start, Math.min(end, start + mostBadText));
      isFull = sink.bad({ reason: error.reason, unfit: error.unfit, offset: lines.offset + start, text });
    }
    if (isFull) return true;
  }
  return false;
}

function mustBeText(lexer: Lexer, start: number): void {
  const end = lexer.src.indexOf(newline, start);
  if (!isUtf8(lexer.src.subarray(start, end))) throw lexer.fail('it is not UTF-8 text');
}

function more(lexer: Lexer, sink: RecordSink): BadRecord {
  sink.undo();
  return lexer.fail('more data follows the record in its line');
}
