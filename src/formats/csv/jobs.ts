import { isUtf8 } from 'node:buffer';
import { type Arrow, arrow } from '../../frames/native.ts';
import { LruCache } from '../../ports/lru-cache.ts';
import { type Kernels, kernels } from '../kernels/kernels.ts';
import { areas } from '../kernels/layout.ts';
import { writeStream } from '../threads/arrow-stream.ts';
import type { Output } from '../threads/job.ts';
import { type BadRow, CsvDecoder, type DecodeRequest, type HowToDecode } from './csv-decoder.ts';
import { lineFeed } from './dialect.ts';
import { UnterminatedQuote } from './split.ts';

/** The job that decodes a stretch of text, on any thread. */
export const url = import.meta.url;
export const jobs = { decode: decodeText };

export interface DecodeJobInput {
  /** `HowToDecode` as JSON. If the JSON is the same as before, the thread need not parse it again. */
  readonly how: string;
  /** Whether the text ends here. */
  readonly last: boolean;
  /** Whether the text is known to be UTF-8. */
  readonly isText: boolean;
  readonly badRows: DecodeRequest['badRows'];
  /** The approximate number of rows of a batch. */
  readonly frameRows: number;
}

export interface DecodedBatches {
  /** Where the first record begins that was not read. Either this record continues after the text, or the limit of bad rows is reached. */
  readonly next: number;
  readonly isThrough: boolean;
  /** The batches in the output, in order. Each batch is a stream of Arrow’s bytes. */
  readonly batches: readonly { readonly to: number; readonly rows: number; readonly bytes: number; readonly nulls: readonly number[] }[];
  readonly bad: readonly BadRow[];
}

/** The position at which the text is invalid, or at which a quote stays open. The rows of such a text can’t be split. */
export type UnreadableText = { readonly invalidAt: number } | { readonly unterminatedAt: number };

/** How many bytes of columns go to Polars at a time: few enough for the processor’s cache. */
const batchBytes = 4 * 1024 * 1024;
/** The most bad rows that a job returns at a time. */
const mostBad = 1000;

/** Decoders that keep their buffers: as many as entities are usually read at a time. */
const ready = new LruCache<{ readonly decoding: CsvDecoder; readonly how: HowToDecode }>(2);

/** Decodes the complete rows of the text into columns. */
async function decodeText(given: DecodeJobInput, input: Buffer, output: Output): Promise<DecodedBatches | UnreadableText> {
  const A = await arrow();
  const { decoding, how } = readyFor(given.how);
  if (!given.isText) {
    const text = given.last ? input : input.subarray(0, input.lastIndexOf(lineFeed) + 1);
    if (!isUtf8(text)) return { invalidAt: firstInvalid(text) };
  }
  const fast = kernels();
  const loaded = fast.load(input);
  // Kernels can read only a text in their own memory, so the text is copied there if it fits.
  const [bytes, start] = loaded ? [loaded, areas.text] : [input, 0];
  try {
    const decoded = takeAll(decoding, { A, how, given, bytes, start, kernels: loaded && fast, output });
    return { ...decoded, next: decoded.next - start, bad: decoded.bad.map((bad) => ({ ...bad, start: bad.start - start })) };
  } catch (error) {
    if (error instanceof UnterminatedQuote) return { unterminatedAt: error.at - start };
    throw error;
  } finally {
    decoding.clear();
    decoding.bad = [];
  }
}

interface TakingAll {
  readonly A: typeof Arrow;
  readonly how: HowToDecode;
  readonly given: DecodeJobInput;
  readonly bytes: Buffer;
  readonly start: number;
  readonly kernels: Kernels | undefined;
  readonly output: Output;
}

function takeAll(decoding: CsvDecoder, { A, how, given, bytes, start, kernels, output }: TakingAll): DecodedBatches {
  const { last, badRows, frameRows } = given;
  const { quote } = how.dialect;
  const quotes = quote >= 0 && bytes.includes(quote, start);
  const batches: DecodedBatches['batches'][number][] = [];
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

function batchOf(A: typeof Arrow, { decoders, rows }: CsvDecoder, { columns, wanted }: HowToDecode): Arrow.RecordBatch {
  const children = decoders.map((decoder) => decoder.finish(A));
  const schema = new A.Schema(children.map((child, index) => new A.Field(columns[wanted[index] ?? 0]?.name ?? '', child.type, true)));
  return new A.RecordBatch(schema, A.makeData({ type: new A.Struct(schema.fields), length: rows, nullCount: 0, children }));
}

function readyFor(key: string): { readonly decoding: CsvDecoder; readonly how: HowToDecode } {
  return ready.get(key, () => {
    const how = JSON.parse(key) as HowToDecode;
    return { how, decoding: new CsvDecoder(how) };
  });
}

/** The position of the first byte that is not UTF-8. If all bytes are UTF-8, the length of the text. */
export function firstInvalid(bytes: Uint8Array): number {
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at);
    if (length === 0) return at;
    at += length;
  }
  return bytes.length;
}

/** How many bytes the character at `at` has. 0: the bytes are not a character. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] as number;
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  for (let i = 1; i < length; i++) if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return 0;
  const second = bytes[at + 1] as number;
  // Refuses overlong forms, halves of surrogate pairs, and bytes above the last character.
  const wrong =
    (lead === 0xe0 && second < 0xa0) ||
    (lead === 0xed && second > 0x9f) ||
    (lead === 0xf0 && second < 0x90) ||
    (lead === 0xf4 && second > 0x8f);
  return wrong ? 0 : length;
}
