import { DefectError } from '../../../errors/hygge-error.ts';
import type { Polars } from '../../../frames/native.ts';

type SinkOptions = NonNullable<Parameters<Polars.LazyDataFrame['sinkParquet']>[1]>;

/** What may be written in `compression` (the workspace checks it); every reader we know of reads them all. */
const codecs: Readonly<Record<string, Pick<SinkOptions, 'compression' | 'compressionLevel'>>> = {
  // Level 1 is as fast as snappy and a quarter smaller; level 3 costs a quarter more time for a twentieth less.
  zstd: { compression: 'zstd', compressionLevel: 1 },
  snappy: { compression: 'snappy' },
  gzip: { compression: 'gzip' },
  lz4: { compression: 'lz4' },
  brotli: { compression: 'brotli', compressionLevel: 1 },
  none: { compression: 'uncompressed' },
};

export const defaultCompression = 'zstd';
export const compressions: readonly string[] = Object.keys(codecs);

export function codecOptions(compression: string): Pick<SinkOptions, 'compression' | 'compressionLevel'> {
  const options = codecs[compression];
  if (options) return options;
  throw new DefectError({
    code: 'HYG-9001',
    what: `Parquet can't be compressed with ${JSON.stringify(compression)}.`,
    tryThis: [`Use one of ${compressions.join(', ')}`],
  });
}
