import * as z from 'zod';
import type { FormatKind } from '../contract/format.ts';
import { type Compression, compressions, levelProblem } from './codecs.ts';

/** The most rows of a row group. With more than some 200,000 rows, Polars counts nulls twice in its statistics (seen with nodejs-polars 0.26.1), and readers trust statistics. */
const mostGroupRows = 200_000;

export const parquetKind: FormatKind = {
  id: 'parquet',
  extensions: ['parquet'],
  homeKeys: {
    int96: z
      .enum(['nanoseconds', 'microseconds'])
      .default('nanoseconds')
      .describe(
        'The precision of INT96 timestamps, which Spark, Hive and Impala write. Nanoseconds reach from 1677 to 2262. Microseconds cover the times that Spark means, also 9999-12-31. Values outside the chosen precision are refused.',
      ),
  },
  storeKeys: {
    compression: z.enum(compressions).default('snappy').describe('How pages are compressed.'),
    compression_level: z
      .int()
      .optional()
      .describe('The level of compression: 0 to 9 with gzip, 0 to 11 with brotli, 1 to 22 with zstd. Other codecs have no levels.'),
    row_group_size: z
      .int()
      .positive()
      .max(mostGroupRows)
      .optional()
      .describe('The maximum number of rows in a row group. Default: about 122,880. Frames of about 32 MB limit this number as well.'),
    statistics: z
      .boolean()
      .default(true)
      .describe('Whether row groups record the smallest and largest value of each column, so that readers can skip them.'),
  },
  clash({ compression, compression_level: level }) {
    const needs = typeof level === 'number' ? levelProblem(compression as Compression, level) : undefined;
    return needs === undefined ? undefined : { key: 'compression_level', needs };
  },
  open: async (options) => (await import('./parquet.ts')).parquetFormat(options),
};
