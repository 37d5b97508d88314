import { z } from 'zod';

/** `128MB`, `1GB`, or bytes. */
const size = z.union([z.int().positive(), z.string().regex(/^\d+(\.\d+)?\s*(B|KB|MB|GB)$/i, 'a size such as 128MB')]);

const format = z.enum(['parquet']).default('parquet').describe('The format of the files.');
const columnNames = z.array(z.string().min(1)).nonempty();

export const localHome = z
  .strictObject({
    path: z.string().min(1).describe('A file, a folder (all its files, recursively) or a glob; relative to the workspace.'),
    format,
    batch_size: z.int().positive().optional().describe('At most so many rows in one frame. Bytes bound first.'),
    columns: columnNames.optional().describe('Only these columns.'),
    exclude: columnNames.optional().describe('All columns but these.'),
  })
  .describe('Files on a local disk.');

export const localStore = z
  .strictObject({
    path: z.string().min(1).describe('The folder the entity settles in; relative to the workspace.'),
    base: z.string().min(1).describe('The flow’s own folder; hygge keeps its records in _hygge below it.'),
    format,
    compression: z
      .enum(['snappy', 'gzip', 'lz4', 'brotli', 'zstd', 'uncompressed'])
      .default('snappy')
      .describe('How pages are compressed.'),
    target_file_size: size.default('128MB').describe('Files are about this large.'),
    layout: z
      .enum(['plain', 'versioned'])
      .default('plain')
      .describe('plain: files lie in the entity’s folder. versioned: each commit gets a folder v=<epoch> of its own.'),
    batch_size: z.int().positive().optional().describe('At most so many rows in one frame. Bytes bound first.'),
  })
  .describe('A folder on a local disk.');

export type LocalHomeConfig = z.infer<typeof localHome>;
export type LocalStoreConfig = z.infer<typeof localStore>;

/** Bytes of a size as people write it; MB and the others are powers of 1,024. */
export function sizeInBytes(written: number | string): number {
  if (typeof written === 'number') return written;
  const [, amount = '0', unit = 'B'] = /^([\d.]+)\s*(B|KB|MB|GB)$/i.exec(written) ?? [];
  const power = ['B', 'KB', 'MB', 'GB'].indexOf(unit.toUpperCase());
  return Math.round(Number(amount) * 1024 ** power);
}
