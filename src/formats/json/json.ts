import type { Window } from '../../engine/contracts/home.ts';
import { extremesOf } from '../../frames/values/extremes.ts';
import { asPolars } from '../../frames/values/polars-frame.ts';
import type { Watermark } from '../../frames/watermark.ts';
import { compareWatermarks } from '../../frames/watermark-text.ts';
import type { Json } from '../../ports/values.ts';
import { type Compression, compressedExtensions } from '../bytes/compression.ts';
import type { Format } from '../contract/format.ts';
import { sharedThreads } from '../threads/threads.ts';
import { JsonEncoder } from './encoder.ts';
import type { LookSettings, Tuning } from './look-settings.ts';
import { inspectFile } from './opened-file.ts';
import { homeOptions } from './options.ts';
import { type JsonReading, pinnedAs } from './pinned.ts';
import { readRecords } from './read.ts';
import { sampleFiles } from './sample.ts';

/** In a smaller file, threads cost more time than they save. */
const threadsFrom = 16 * 1024 * 1024;
const wholeBytes = 64 * 1024 * 1024;
const pieceBytes = 16 * 1024 * 1024;
const againBytes = 1024 * 1024 * 1024;

/** The formats with one object per line (`ndjson`) and with one document (`json`). hygge’s own code decodes both formats, because Polars’ readers of JSON drop values that they do not expect. */
export function jsonFormat(id: 'json' | 'ndjson', options: Readonly<Record<string, unknown>>, tuning: Tuning = {}): Format {
  const isLines = id === 'ndjson';
  const threads = tuning.threads ?? { these: sharedThreads(), from: threadsFrom };
  const how: LookSettings = { ...homeOptions(options), isLines, wholeBytes, againBytes, pieceBytes, row: 'Line', ...tuning, threads };
  const { compression = 'none' } = options as { readonly compression?: Compression | 'auto' };
  const written = compression === 'auto' ? 'none' : compression;
  const names = isLines ? ['.ndjson', '.jsonl'] : ['.json'];
  const sample: NonNullable<Format['sample']> = (request) => sampleFiles(how, request);
  return {
    id,
    rowPerLine: isLines,
    nullDocuments: 'missing',
    extension: `.${id}${compressedExtensions[written]}`,
    extensions: names.flatMap((name) => Object.values(compressedExtensions).map((end) => `${name}${end}`)),
    samplesAll: true,
    sample,
    inspect: (source, pinned) => inspectFile(how, source, pinned),
    within: async ({ content }) => content.pieces.map(() => true),
    read: (request) => readRecords(how, request),
    max: (request) => largest(how, request),
    nulls: (request) => countNulls(how, request),
    encoder: (request) => new JsonEncoder(request, { isLines, compression: written }),
    rereading: async (request) => ({
      format: jsonFormat(id, { compression: 'auto' }, tuning),
      pinned: await pinnedFor(how.reading, sample, request),
    }),
  };
}

/** Reads files back that the store wrote, so that each value stays the same. */

type Rereading = Parameters<NonNullable<Format['rereading']>>[0];

/**
 * The columns as they settled. A scan of the file finds which of the settled columns the file has. The store writes each null, so if no
 * record of a file has a column, the file was written before the column existed.
 */
async function pinnedFor(
  reading: JsonReading,
  sample: NonNullable<Format['sample']>,
  { source, schema, scratch, padded }: Rereading,
): Promise<Json> {
  const columns = schema.columns.map(({ name, type }) => ({ name, type, path: [name] }));
  return (await sample({ sources: [source], pinned: pinnedAs(reading, columns), scratch, look: 'whole', complete: !padded })).pinned;
}

type MaxRequest = Parameters<Format['max']>[0];
type NullsRequest = Parameters<Format['nulls']>[0];

/** See `Format.max`. All records are read, because the files have no statistics. */
async function largest(how: LookSettings, request: MaxRequest): ReturnType<Format['max']> {
  const { column, cap, content } = request;
  const type = content.schema.columns.find(({ name }) => name === column)?.type;
  if (!type) return undefined;
  let [max, min]: (Watermark | undefined)[] = [];
  const upper = cap === null ? null : { text: cap, inclusive: true };
  for await (const frame of values(how, request, { column: { column, type }, lower: null, upper, nulls: 'exclude' })) {
    const extremes = await extremesOf(await frame.lazy(), { column, type });
    if (extremes === undefined) continue;
    const [largest, smallest] = [extremes.max, extremes.min].map((text): Watermark => ({ column, type, text }));
    if (largest && (max === undefined || compareWatermarks(largest, max) > 0)) max = largest;
    if (smallest && (min === undefined || compareWatermarks(smallest, min) < 0)) min = smallest;
  }
  return max && { max, min: min?.text ?? null };
}

/** See `Format.nulls`. */
async function countNulls(how: LookSettings, request: NullsRequest): Promise<number> {
  let nulls = 0;
  for await (const frame of values(how, request, { column: null, lower: null, upper: null, nulls: 'include' })) {
    nulls += (await frame.nullCounts())[0] ?? 0;
  }
  return nulls;
}

/** The values of one column of a whole file. Records that can’t be read are left out, because the real read reports them. */
async function* values(how: LookSettings, request: NullsRequest, window: Pick<Window, 'column' | 'lower' | 'upper' | 'nulls'>) {
  const { source, content, column, scratch } = request;
  const never = new AbortController().signal;
  const whole = { source, content, from: 0, to: source.bytes, columns: [column], scratch, signal: never };
  const size = { frameBytes: 32 * 1024 * 1024, frameRows: Number.MAX_SAFE_INTEGER };
  for await (const read of readRecords(how, { ...whole, ...size, window: { ...window, seen: null, changedFiles: 'fail' } })) {
    if (!('rejected' in read)) yield asPolars(read);
  }
}
