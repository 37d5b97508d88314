import type { Format } from '../../format.ts';
import { countNulls, largest } from './bound.ts';
import { ParquetEncoder } from './encoder.ts';
import { inspectFile } from './opened.ts';
import { piecesWithin, readFrames } from './read.ts';

/** Parquet, read and written by Polars; footers are ours, because statistics and offsets must stay exact. */
export function parquetFormat(options: Readonly<Record<string, unknown>>): Format {
  const { compression = 'snappy' } = options as { readonly compression?: string };
  return {
    id: 'parquet',
    extension: '.parquet',
    extensions: ['.parquet'],
    inspect: inspectFile,
    read: readFrames,
    within: piecesWithin,
    max: largest,
    nulls: countNulls,
    encoder: (request) => new ParquetEncoder(request, compression),
  };
}
