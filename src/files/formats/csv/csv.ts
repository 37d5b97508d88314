import { describeType } from '../../../frames/describe-type.ts';
import type { Schema } from '../../../frames/schema.ts';
import { readColumnType } from '../../../frames/type-text.ts';
import type { Json } from '../../../ports/values.ts';
import { compressedExtensions } from '../../bytes/compressed.ts';
import type { Format } from '../../format.ts';
import { sharedThreads } from '../../threads/threads.ts';
import { countNulls, largest } from './bound.ts';
import { cutFile } from './cut.ts';
import { CsvEncoder } from './encoder.ts';
import { inspectFile } from './opened-file.ts';
import { type CsvHomeOptions, readingOf, type ThreadsFrom } from './options.ts';
import type { Pinned } from './pinned.ts';
import { readFrames } from './read.ts';
import { sampleFiles } from './sample.ts';
import { type CsvStoreOptions, type Writing, writingOf } from './writing.ts';

/** Small enough that two at once, with all that is made of them, stay far below the memory a run may take. */
const pieceBytes = 16 * 1024 * 1024;

/** Below, threads cost more than they give. */
const threadsFrom = 16 * 1024 * 1024;

/** CSV: split and decoded by code of our own, so that every value is taken exactly as one grammar says, and none as a library sees fit. */
export function csvFormat(
  options: Readonly<Record<string, unknown>>,
  sizes: { readonly chunkBytes?: number; readonly pieceBytes?: number; readonly threads?: ThreadsFrom } = {},
): Format {
  const reading = readingOf(options as CsvHomeOptions, {
    ...sizes,
    threads: sizes.threads ?? { these: sharedThreads(), from: threadsFrom },
  });
  const writing = writingOf(options as CsvStoreOptions);
  return {
    id: 'csv',
    rowPerLine: true,
    extension: `.csv${compressedExtensions[writing.compression]}`,
    extensions: ['.csv', '.tsv', '.csv.gz', '.tsv.gz', '.csv.zst', '.tsv.zst'],
    sample: (request) => sampleFiles(request, reading),
    inspect: (source, pinned) => inspectFile(source, pinned, reading),
    cut: (request) => cutFile(request, sizes.pieceBytes ?? pieceBytes),
    within: async ({ content }) => content.pieces.map(() => true),
    read: readFrames,
    max: largest,
    nulls: countNulls,
    encoder: (request) => new CsvEncoder(request, writing),
    rereading: async ({ schema }) => ({
      format: csvFormat(homeKeysFor(writing, schema) as Readonly<Record<string, unknown>>, sizes),
      pinned: pinnedFor(writing, schema) as unknown as Json,
    }),
  };
}

/** How files that the store wrote are read back, value for value. */

/** The keys of a home that reads them. Types are those that settled: nothing is guessed. */
function homeKeysFor({ delimiter, header, nullValue }: Writing, { columns }: Schema): CsvHomeOptions {
  const types = columns.map(({ name, type }) => [name, describeType(type)] as const);
  return {
    delimiter,
    header: header ? true : columns.map(({ name }) => name),
    encoding: 'utf-8',
    types: Object.fromEntries(types.filter(([, type]) => 'type' in readColumnType(type))),
    ...(nullValue === '' ? {} : { null_values: [nullValue] }),
  };
}

function pinnedFor({ delimiter, header }: Writing, { columns }: Schema): Pinned {
  return { version: 1, delimiter, header, loneReturns: false, columns: columns.map(({ name, type }) => ({ name, type })) };
}
