import * as z from 'zod';
import { typesGiven, typesKey } from '../../frames/type-text.ts';
import type { Compression } from '../bytes/compression.ts';
import type { JsonReading } from './pinned.ts';

export type BadRowsPolicy = 'fail' | 'skip' | 'quarantine';

/** A depth that all objects are below. */
const everyLevel = 1_000;

const homeKeysOfBoth = {
  types: typesKey,
  flatten: z
    .union([z.boolean(), z.int().min(1).max(everyLevel)])
    .default(false)
    .describe(
      'Members of objects become columns of their own: true for all levels, or the number of levels. Otherwise objects settle as structs.',
    ),
  separator: z.string().min(1).default('_').describe('The text between the names of a flattened column: geo and lat become geo_lat.'),
  mixed: z
    .enum(['fail', 'string', 'json'])
    .default('fail')
    .describe(
      'A column whose values have several types: stop and name the types, keep the values as text, or keep each value as its JSON.',
    ),
  bad_rows: z
    .enum(['fail', 'skip', 'quarantine'])
    .default('fail')
    .describe('A record that is not JSON or does not fit: stop, leave it out and count it, or put it into quarantine under _hygge.'),
  compression: z
    .enum(['auto', 'none', 'gzip', 'zstd'])
    .default('auto')
    .describe('How the files are compressed. auto looks at the first bytes of the files.'),
};

export const ndjsonHomeKeys = homeKeysOfBoth;
export const jsonHomeKeys = {
  records: z
    .string()
    .regex(/^[^.]+(\.[^.]+)*$/, 'names with dots between them, such as data.items')
    .optional()
    .describe(
      'The path to the records, names from the outside in: data.items. Without a path, the document is an array of records or a single record.',
    ),
  ...homeKeysOfBoth,
};

export const jsonStoreKeys = {
  compression: z.enum(['none', 'gzip', 'zstd']).default('none').describe('How files are compressed.'),
};

export interface JsonHomeOptions {
  readonly reading: JsonReading;
  readonly badRows: BadRowsPolicy;
  readonly compression: 'auto' | Compression;
}

/** The checked keys of a home. A missing key has its default, because a store has none of the keys. */
export function homeOptions(of: Readonly<Record<string, unknown>>): JsonHomeOptions {
  const keys = of as {
    readonly records?: string;
    readonly types?: Readonly<Record<string, string>>;
    readonly flatten?: boolean | number;
    readonly separator?: string;
    readonly mixed?: JsonReading['mixed'];
    readonly bad_rows?: BadRowsPolicy;
    readonly compression?: 'auto' | Compression;
  };
  const { flatten = false } = keys;
  return {
    reading: {
      records: keys.records?.split('.') ?? [],
      declared: typesGiven(keys.types),
      flatten: flatten === true ? everyLevel : flatten === false ? 0 : flatten,
      separator: keys.separator ?? '_',
      mixed: keys.mixed ?? 'fail',
    },
    badRows: keys.bad_rows ?? 'fail',
    compression: keys.compression ?? 'auto',
  };
}
