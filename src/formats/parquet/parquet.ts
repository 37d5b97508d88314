import type { Format } from '../contract/format.ts';
import { countNulls, largest } from './bound.ts';
import { type Compression, codecOf } from './codecs.ts';
import { ParquetEncoder } from './encoder.ts';
import type { HowToRead } from './footer-schema.ts';
import { inspectFile } from './opened-file.ts';
import { piecesWithin, readFrames } from './read.ts';

/** The keys of a home and of a store, as `kind.ts` describes them. If an intent of an older hygge lacks a key, the default of the key is used. */
interface Options extends Pick<HowToRead, 'leavesOut'> {
  readonly int96?: 'nanoseconds' | 'microseconds';
  readonly compression?: Compression;
  readonly compression_level?: number;
  readonly row_group_size?: number;
  readonly statistics?: boolean;
}

/** The parquet format. Polars reads and writes the data, but hygge itself reads and writes footers, because statistics and offsets must stay exact. */
export function parquetFormat(options: Readonly<Record<string, unknown>>): Format {
  const { int96, leavesOut, compression = 'snappy', compression_level, row_group_size: groupRows, statistics = true } = options as Options;
  const how: HowToRead = { int96: int96 === 'microseconds' ? 'us' : 'ns', ...(leavesOut && { leavesOut }) };
  const level = compression_level ?? codecOf(compression).level;
  const pages = {
    compression,
    ...(level === undefined ? {} : { compressionLevel: level }),
    ...(groupRows === undefined ? {} : { groupRows }),
    statistics,
    copies: compression_level === undefined && statistics,
  };
  return {
    id: 'parquet',
    extension: '.parquet',
    extensions: ['.parquet'],
    inspect: (source) => inspectFile(source, how),
    read: (request) => readFrames(request, how),
    within: (request) => piecesWithin(request, how),
    max: (request) => largest(request, how),
    nulls: (request) => countNulls(request, how),
    encoder: (request) => new ParquetEncoder(request, pages),
  };
}
