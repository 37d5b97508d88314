import { HomeError } from '../../../errors/hygge-error.ts';
import { type Arrow, arrow } from '../../../frames/native.ts';
import { LruCache } from '../../../ports/lru-cache.ts';
import { kernels } from '../../kernels/kernels.ts';
import { areas } from '../../kernels/layout.ts';
import { writeStream } from '../../threads/arrow-stream.ts';
import type { Output } from '../../threads/job.ts';
import { type DecodedColumn, Decoder } from './decoder.ts';
import { Lexer } from './lexer.ts';
import { takeLines } from './lines.ts';
import { type OwnRange, ownLines } from './own-lines.ts';
import { PlainLines } from './plain-lines.ts';
import type { BadPlace } from './record-sink.ts';
import { type FrameSize, RowSink } from './row-sink.ts';
import { ScanSink } from './scan-sink.ts';
import type { Shape } from './shape.ts';
import { ShapeScan } from './shape-scan.ts';

/** What can be done with whole lines on any thread. */
export const url = import.meta.url;
export const jobs = { scan: scanLines, decode: decodeLines };

/** Lines that are handed over, or that the thread is to read for itself. */
export type LinesGiven =
  | {
      /** Of the first byte, in the plain bytes of the file. */
      readonly offset: number;
      readonly own?: never;
    }
  | { readonly own: OwnRange };

export interface ScanGiven {
  readonly file: string;
  readonly lines: LinesGiven;
}

export interface Scanned {
  readonly shape: Shape;
  /** The first record that can't be read. */
  readonly bad: BadPlace | undefined;
}

/** What is in the lines, or why they can't be a table: an error would lose its kind on the way. Undefined: they can't be read here. */
export function scanLines({ file, lines }: ScanGiven, input: Buffer): Scanned | string | undefined {
  const lexer = new Lexer(true);
  const loaded = loadInto(lexer, lines, input);
  if (loaded === undefined) return undefined;
  const { offset, isFast } = loaded;
  const sink = new ScanSink(new ShapeScan(file, lexer), isFast ? kernels() : undefined);
  try {
    takeLines(lexer, { bytes: input, offset }, sink);
  } catch (error) {
    if (error instanceof HomeError) return error.what;
    throw error;
  }
  return { shape: sink.scan.root, bad: sink.first };
}

export interface DecodeGiven extends FrameSize {
  /** `DecodedColumn`s as JSON: text that is the same as before needs no second look. */
  readonly columns: string;
  readonly lines: LinesGiven;
}

export interface Decoded {
  /** Each a stream of Arrow's bytes in the output, in order. */
  readonly frames: readonly {
    readonly to: number;
    readonly rows: number;
    readonly bytes: number;
    /** Of each column. */
    readonly nulls: readonly number[];
  }[];
  readonly rejected: readonly BadPlace[];
}

/** Kernels see lines where they lie in their memory; `offset` is that of its first byte. */
function loadInto(
  lexer: Lexer,
  { offset = 0, own }: { readonly offset?: number; readonly own?: OwnRange },
  input: Buffer,
): { readonly offset: number; readonly isFast: boolean } | undefined {
  if (own !== undefined) {
    const found = ownLines(kernels(), own);
    if (found) lexer.load(kernels().bytes.subarray(0, found.end), found.start, found.end);
    return found && { offset: found.offset - found.start, isFast: true };
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

/** Decoders with their buffers, for as many entities as are mostly read at a time. */
const ready = new LruCache<Ready>(2);

/** The lines as columns. Undefined: they can't be read here. */
export async function decodeLines(given: DecodeGiven, input: Buffer, output: Output): Promise<Decoded | undefined> {
  const A = await arrow();
  const { lexer, decoder, plain } = readyFor(A, given.columns);
  const frames: Decoded['frames'][number][] = [];
  const rejected: BadPlace[] = [];
  const loaded = loadInto(lexer, given.lines, input);
  if (loaded === undefined) return undefined;
  const { offset, isFast } = loaded;
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
  return { frames, rejected };
}

function made(A: typeof Arrow, columns: string): Ready {
  const lexer = new Lexer(true);
  const decoder = new Decoder(A, lexer, JSON.parse(columns) as DecodedColumn[]);
  return { lexer, decoder, plain: new PlainLines(kernels(), (names) => decoder.accepting(names)) };
}

function readyFor(A: typeof Arrow, columns: string): Ready {
  return ready.get(columns, () => made(A, columns));
}
