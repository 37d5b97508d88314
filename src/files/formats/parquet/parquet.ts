import type { Format } from '../../format.ts';
import { countNulls, largest } from './bound.ts';
import { type Compression, codecOf } from './codecs.ts';
import { ParquetEncoder } from './encoder.ts';
import { inspectFile } from './opened.ts';
import { piecesWithin, readFrames } from './read.ts';

/** The store's keys, as `kind.ts` describes them. Where one is missing (an intent of an older hygge), its default counts. */
interface Options {
  readonly compression?: Compression;
  readonly compression_level?: number;
  readonly row_group_size?: number;
  readonly statistics?: boolean;
}

/** Parquet, read and written by Polars; footers are ours, because statistics and offsets must stay exact. */
export function parquetFormat(options: Readonly<Record<string, unknown>>): Format {
  const { compression = 'snappy', compression_level, row_group_size: groupRows, statistics = true } = options as Options;
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
    inspect: inspectFile,
    read: readFrames,
    within: piecesWithin,
    max: largest,
    nulls: countNulls,
    encoder: (request) => new ParquetEncoder(request, pages),
  };
}
