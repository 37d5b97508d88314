import { HomeError } from '../../../errors/hygge-error.ts';
import { type Arrow, arrow } from '../../../frames/native.ts';
import { writeStream } from '../../threads/arrow-stream.ts';
import type { Output } from '../../threads/job.ts';
import { type DecodedColumn, Decoder } from './decoder.ts';
import { Lexer } from './lexer.ts';
import { takeLines } from './lines.ts';
import { type FrameSize, RowTaker } from './row-taker.ts';
import { ScanTaker } from './scan-taker.ts';
import type { Shape } from './shape.ts';
import { ShapeScan } from './shape-scan.ts';
import type { BadPlace } from './taker.ts';

/** What can be done with whole lines on any thread. */
export const url = import.meta.url;
export const jobs = { scan: scanLines, decode: decodeLines };

export interface ScanGiven {
  readonly file: string;
  /** Of the first byte, in the plain bytes of the file. */
  readonly offset: number;
}

export interface Scanned {
  readonly shape: Shape;
  /** The first record that can't be read. */
  readonly bad: BadPlace | undefined;
}

/** What is in the lines, or why they can't be a table: an error would lose its kind on the way. */
export function scanLines({ file, offset }: ScanGiven, input: Buffer): Scanned | string {
  const lexer = new Lexer(true);
  lexer.load(input, 0, input.length);
  const taker = new ScanTaker(new ShapeScan(file, lexer));
  try {
    takeLines(lexer, { bytes: input, offset }, taker);
  } catch (error) {
    if (error instanceof HomeError) return error.what;
    throw error;
  }
  return { shape: taker.scan.root, bad: taker.first };
}

export interface DecodeGiven extends FrameSize {
  /** `DecodedColumn`s as JSON: text that is the same as before needs no second look. */
  readonly columns: string;
  readonly offset: number;
}

export interface Decoded {
  /** Each a stream of Arrow's bytes in the output, in order. */
  readonly frames: readonly { readonly to: number; readonly rows: number; readonly bytes: number }[];
  readonly rejected: readonly BadPlace[];
}

interface Ready {
  readonly lexer: Lexer;
  readonly decoder: Decoder;
}

/** Decoders with their buffers, for as many entities as are mostly read at a time. */
const ready = new Map<string, Ready>();
const mostReady = 2;

/** The lines as columns. */
export async function decodeLines(given: DecodeGiven, input: Buffer, output: Output): Promise<Decoded> {
  const A = await arrow();
  const { lexer, decoder } = readyFor(A, given.columns);
  const frames: Decoded['frames'][number][] = [];
  const rejected: BadPlace[] = [];
  const taker = new RowTaker(decoder, given);
  lexer.load(input, 0, input.length);
  for (let isMore = true; isMore; ) {
    isMore = takeLines(lexer, { bytes: input, offset: given.offset }, taker);
    for (const bad of taker.rejected) rejected.push(bad);
    if (decoder.rows > 0) {
      const { rows, bytes } = decoder;
      for (const batch of decoder.take().batches) writeStream(A, batch, output);
      decoder.clear();
      frames.push({ to: output.length, rows, bytes });
    }
    taker.begin();
    if (given.stopsAtBad && rejected.length > 0) break;
  }
  return { frames, rejected };
}

function readyFor(A: typeof Arrow, columns: string): Ready {
  const known = ready.get(columns);
  ready.delete(columns);
  const lexer = known?.lexer ?? new Lexer(true);
  const one = known ?? { lexer, decoder: new Decoder(A, lexer, JSON.parse(columns) as DecodedColumn[]) };
  ready.set(columns, one);
  const [oldest] = ready.keys();
  if (ready.size > mostReady && oldest !== undefined) ready.delete(oldest);
  return one;
}
