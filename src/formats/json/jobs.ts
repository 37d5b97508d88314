import { HomeError } from '../../errors/hygge-error.ts';
import { gmacOf } from '../../filesystems/checksum/checksum.ts';
import { readSynchronously } from '../../filesystems/disk/read-at-once.ts';
import { type Arrow, arrow } from '../../frames/native.ts';
import { LruCache } from '../../ports/lru-cache.ts';
import { Lexer } from '../bytes/json-lexer.ts';
import type { ReadBytes } from '../contract/format.ts';
import { type Kernels, kernels } from '../kernels/kernels.ts';
import { areas, mostText } from '../kernels/layout.ts';
import { writeStream } from '../threads/arrow-stream.ts';
import type { Output } from '../threads/job.ts';
import { type DecodedColumn, Decoder } from './decoder.ts';
import { takeLines } from './lines.ts';
import { PlainLines } from './plain-lines.ts';
import type { BadPlace } from './record-sink.ts';
import { type FrameSize, RowSink } from './row-sink.ts';
import { ScanSink } from './scan-sink.ts';
import type { Shape } from './shape.ts';
import { ShapeScan } from './shape-scan.ts';

/** The jobs that process whole lines, on any thread. */
export const url = import.meta.url;
export const jobs = { scan: scanLines, decode: decodeLines };

/** Lines that were read for the thread, or a range of lines that the thread reads itself. */
export type LinesInput =
  | {
      /** The position of the first byte in the plain bytes of the file. */
      readonly offset: number;
      readonly own?: never;
    }
  | { readonly own: OwnRange };

export interface ScanJobInput {
  readonly file: string;
  readonly lines: LinesInput;
}

export interface ScanResult {
  readonly shape: Shape;
  /** The first record that can’t be read, if any. */
  readonly bad: BadPlace | undefined;
}

/** The result of a job over lines. */
export interface Done<T> {
  readonly done: T;
  /** The bytes that the thread read itself, if it read any. */
  readonly read?: ReadBytes;
}

/** What the lines contain, or a sentence why they can’t be a table. The sentence replaces an error, which would lose its class on the way from the thread. Undefined: the thread can’t read the lines. */
function scanLines({ file, lines }: ScanJobInput, input: Buffer): Done<ScanResult | string> | undefined {
  const lexer = new Lexer(true);
  const loaded = loadInto(lexer, lines, input);
  if (loaded === undefined) return undefined;
  const { offset, isFast, read } = loaded;
  const sink = new ScanSink(new ShapeScan(file, lexer), isFast ? kernels() : undefined);
  try {
    takeLines(lexer, { bytes: input, offset }, sink);
  } catch (error) {
    if (error instanceof HomeError) return { done: error.what, ...read };
    throw error;
  }
  return { done: { shape: sink.scan.root, bad: sink.first }, ...read };
}

export interface DecodeJobInput extends FrameSize {
  /** `DecodedColumn`s as JSON. If the JSON is the same as before, the thread need not parse it again. */
  readonly columns: string;
  readonly lines: LinesInput;
}

export interface DecodedFrames {
  /** The batches in the output, in order. Each batch is a stream of Arrow’s bytes. */
  readonly frames: readonly {
    readonly to: number;
    readonly rows: number;
    readonly bytes: number;
    /** The number of nulls in each column. */
    readonly nulls: readonly number[];
  }[];
  readonly rejected: readonly BadPlace[];
}

/** Copies lines into the memory of the kernels, because kernels can read only there. `offset` is the position of the lines’ first byte. */
function loadInto(
  lexer: Lexer,
  { offset = 0, own }: { readonly offset?: number; readonly own?: OwnRange },
  input: Buffer,
): { readonly offset: number; readonly isFast: boolean; readonly read?: Pick<Done<unknown>, 'read'> } | undefined {
  if (own !== undefined) {
    const found = ownLines(kernels(), own);
    if (found) lexer.load(kernels().bytes.subarray(0, found.end), found.start, found.end);
    return found && { offset: found.offset - found.start, isFast: true, read: { read: found.read } };
  }
  const loaded = kernels().load(input);
  if (loaded) lexer.load(loaded, areas.text, loaded.length);
  else lexer.load(input, 0, input.length);
  return { offset: loaded ? offset - areas.text : offset, isFast: loaded !== undefined };
}

interface Ready {
  readonly lexer: Lexer;
  readonly decoder: Decoder;
  readonly plain: PlainLines;
}

/** Decoders that keep their buffers: as many as entities are usually read at a time. */
const ready = new LruCache<Ready>(2);

/** Decodes the lines into columns. Undefined: this thread can’t read the lines. */
export async function decodeLines(given: DecodeJobInput, input: Buffer, output: Output): Promise<Done<DecodedFrames> | undefined> {
  const A = await arrow();
  const { lexer, decoder, plain } = readyFor(A, given.columns);
  const frames: DecodedFrames['frames'][number][] = [];
  const rejected: BadPlace[] = [];
  const loaded = loadInto(lexer, given.lines, input);
  if (loaded === undefined) return undefined;
  const { offset, isFast, read } = loaded;
  plain.begin();
  const sink = new RowSink(decoder, given, isFast ? plain : undefined);
  for (let isMore = true; isMore; ) {
    isMore = takeLines(lexer, { bytes: input, offset }, sink);
    for (const bad of sink.rejected) rejected.push(bad);
    if (decoder.rows > 0) {
      const { rows, bytes } = decoder;
      const { batches, schema } = decoder.take();
      for (const batch of batches) writeStream(A, batch, output);
      const nulls = schema.fields.map((_, i) => batches.reduce((sum, { data }) => sum + (data.children[i]?.nullCount ?? 0), 0));
      decoder.clear();
      frames.push({ to: output.length, rows, bytes, nulls });
    }
    sink.begin();
    if (given.stopsAtBad && rejected.length > 0) break;
  }
  return { done: { frames, rejected }, ...read };
}

function made(A: typeof Arrow, columns: string): Ready {
  const lexer = new Lexer(true);
  const decoder = new Decoder(A, lexer, JSON.parse(columns) as DecodedColumn[]);
  return { lexer, decoder, plain: new PlainLines(kernels(), (names) => decoder.accepting(names)) };
}

function readyFor(A: typeof Arrow, columns: string): Ready {
  return ready.get(columns, () => made(A, columns));
}

const newline = 0x0a;
/** How many bytes after the range are read for the rest of its last line. A longer line needs more bytes. */
const lookBytes = 64 * 1024;

/** The range of lines that a thread reads itself. The lines begin between `from` and `to` (exclusive), and may end after `to`. */
interface OwnRange {
  /** The path of the file on a local disk. */
  readonly path: string;
  /** The size of the file in bytes. */
  readonly bytes: number;
  readonly from: number;
  readonly to: number;
}

interface OwnLines {
  /** The position of the bytes in the kernels’ memory. */
  readonly start: number;
  readonly end: number;
  /** The position in the file of the byte that is at `start`. */
  readonly offset: number;
  readonly read: ReadBytes;
}

/**
 * The lines of a range, which a thread reads into the memory of its kernels, so that they are neither passed nor copied. Undefined: the
 * thread can’t read them, because a line is very long, the file is missing, or the file is not UTF-8.
 */
function ownLines({ bytes: memory }: Kernels, range: OwnRange): OwnLines | undefined {
  const { path, bytes, from } = range;
  const to = Math.min(range.to, bytes);
  // The byte before the range is read too, because it shows whether a line begins with the range.
  const at = Math.max(0, from - 1);
  for (let until = Math.min(bytes, to + lookBytes); until - at <= mostText; until = Math.min(bytes, until + (until - at))) {
    const text = memory.subarray(areas.text, areas.text + until - at);
    if (!readSynchronously(path, at, text)) return undefined;
    const mark = from === 0 ? markBefore(text) : 0;
    if (mark === undefined) return undefined;
    const first = from === 0 ? 0 : text.indexOf(newline) + 1 || text.length;
    const read = (): ReadBytes => ({ start: at, end: until, sum: gmacOf(text) });
    if (at + first >= to) return { start: areas.text, end: areas.text, offset: from, read: read() };
    const last = text.indexOf(newline, to - 1 - at);
    if (last < 0 && until < bytes) continue;
    if (last < 0) memory[areas.text + text.length] = newline;
    const end = areas.text + (last < 0 ? text.length : last) + 1;
    return { start: areas.text + first + mark, end, offset: at + first + mark, read: read() };
  }
  return undefined;
}

/** The number of bytes of the byte order mark of UTF-8. The caller refuses the mark of UTF-16. */
function markBefore([a, b, c]: Buffer): number | undefined {
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) return undefined;
  return a === 0xef && b === 0xbb && c === 0xbf ? 3 : 0;
}
