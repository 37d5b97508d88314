import { z } from 'zod';
import type { FormatKind } from '../../format.ts';

export const parquetKind: FormatKind = {
  id: 'parquet',
  homeKeys: {},
  storeKeys: {
    compression: z
      .enum(['snappy', 'gzip', 'lz4', 'brotli', 'zstd', 'uncompressed'])
      .default('snappy')
      .describe('How pages are compressed.'),
  },
  open: async (options) => (await import('./parquet.ts')).parquetFormat(options),
};
