import { isUtf8 } from 'node:buffer';
import { type Arrow, arrow } from '../../../frames/native.ts';
import { LruCache } from '../../../ports/lru-cache.ts';
import { type Kernels, kernels } from '../../kernels/kernels.ts';
import { areas } from '../../kernels/layout.ts';
import { writeStream } from '../../threads/arrow-stream.ts';
import type { Output } from '../../threads/job.ts';
import { type BadRow, Decoding, type HowToDecode, type Taking } from './decoding.ts';
import { lineFeed } from './dialect.ts';
import { Unterminated } from './split.ts';
import { firstInvalid } from './utf8.ts';

/** What can be done with a stretch of text on any thread. */
export const url = import.meta.url;
export const jobs = { decode: decodeText };

export interface DecodeGiven {
  /** `HowToDecode` as JSON: text that is the same as before needs no second look. */
  readonly how: string;
  /** Nothing follows. */
  readonly last: boolean;
  /** It is known to be UTF-8. */
  readonly isText: boolean;
  readonly badRows: Taking['badRows'];
  /** Rows of a batch, more or less. */
  readonly frameRows: number;
}

export interface Decoded {
  /** Where the first record begins that was not taken: it goes on behind the text, or there are bad rows enough. */
  readonly next: number;
  readonly isThrough: boolean;
  /** Each a stream of Arrow's bytes in the output, in order. */
  readonly batches: readonly { readonly to: number; readonly rows: number; readonly bytes: number; readonly nulls: readonly number[] }[];
  readonly bad: readonly BadRow[];
}

/** Why the text is none that has rows, and where. */
export type Unreadable = { readonly invalidAt: number } | { readonly unterminatedAt: number };

/** Columns go to Polars so many bytes at a time: small enough to be copied within the processor's own memory. */
const batchBytes = 4 * 1024 * 1024;
/** Bad rows are handed on in groups. */
const mostBad = 1000;

/** Decoders with their buffers, for as many entities as are mostly read at a time. */
const ready = new LruCache<{ readonly decoding: Decoding; readonly how: HowToDecode }>(2);

/** The rows that are whole in the text, as columns. */
export async function decodeText(given: DecodeGiven, input: Buffer, output: Output): Promise<Decoded | Unreadable> {
  const A = await arrow();
  const { decoding, how } = readyFor(given.how);
  if (!given.isText) {
    const text = given.last ? input : input.subarray(0, input.lastIndexOf(lineFeed) + 1);
    if (!isUtf8(text)) return { invalidAt: firstInvalid(text) };
  }
  const fast = kernels();
  const loaded = fast.load(input);
  // Kernels see a text where it lies in their memory.
  const [bytes, start] = loaded ? [loaded, areas.text] : [input, 0];
  try {
    const decoded = takeAll(decoding, { A, how, given, bytes, start, kernels: loaded && fast, output });
    return { ...decoded, next: decoded.next - start, bad: decoded.bad.map((bad) => ({ ...bad, start: bad.start - start })) };
  } catch (error) {
    if (error instanceof Unterminated) return { unterminatedAt: error.at - start };
    throw error;
  } finally {
    decoding.clear();
    decoding.bad = [];
  }
}

interface TakingAll {
  readonly A: typeof Arrow;
  readonly how: HowToDecode;
  readonly given: DecodeGiven;
  readonly bytes: Buffer;
  readonly start: number;
  readonly kernels: Kernels | undefined;
  readonly output: Output;
}

function takeAll(decoding: Decoding, { A, how, given, bytes, start, kernels, output }: TakingAll): Decoded {
  const { last, badRows, frameRows } = given;
  const { quote } = how.dialect;
  const quotes = quote >= 0 && bytes.includes(quote, start);
  const batches: Decoded['batches'][number][] = [];
  const hand = (): void => {
    if (decoding.rows === 0) return;
    const { rows, bytes, decoders } = decoding;
    const nulls = decoders.map(({ values }) => values.nulls);
    writeStream(A, batchOf(A, decoding, how), output);
    decoding.clear();
    batches.push({ to: output.length, rows, bytes, nulls });
  };
  for (let from = start; ; ) {
    const next = decoding.take({ text: { bytes, from, to: bytes.length, last, quotes, kernels }, badRows });
    const isThrough = next === from;
    const isEnough = decoding.bad.length >= (badRows === 'fail' ? 1 : mostBad);
    if (isThrough || isEnough || decoding.rows >= frameRows || decoding.bytes >= batchBytes) hand();
    if (isThrough || isEnough) return { next, isThrough, batches, bad: decoding.bad };
    from = next;
  }
}

function batchOf(A: typeof Arrow, { decoders, rows }: Decoding, { columns, wanted }: HowToDecode): Arrow.RecordBatch {
  const children = decoders.map((decoder) => decoder.finish(A));
  const schema = new A.Schema(children.map((child, index) => new A.Field(columns[wanted[index] ?? 0]?.name ?? '', child.type, true)));
  return new A.RecordBatch(schema, A.makeData({ type: new A.Struct(schema.fields), length: rows, nullCount: 0, children }));
}

function readyFor(key: string): { readonly decoding: Decoding; readonly how: HowToDecode } {
  return ready.get(key, () => {
    const how = JSON.parse(key) as HowToDecode;
    return { how, decoding: new Decoding(how) };
  });
}
