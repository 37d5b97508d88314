import type { DataType } from '../../frames/schema.ts';
import { typesGiven } from '../../frames/type-text.ts';
import type { Compression } from '../bytes/compression.ts';
import type { Threads } from '../threads/threads.ts';
import { patternOf } from './columns/patterns.ts';
import { NullTexts, type ValueForms } from './columns/value-reader.ts';

/** The checked values of the home’s keys. */
export interface CsvHomeOptions {
  readonly delimiter?: string;
  readonly quote?: string;
  readonly escape?: string;
  readonly header?: 'auto' | boolean | readonly string[];
  readonly encoding?: string;
  readonly null_values?: readonly string[];
  readonly quoted_nulls?: boolean;
  readonly comment?: string;
  readonly skip_rows?: number;
  readonly types?: Readonly<Record<string, string>>;
  readonly decimal_separator?: '.' | ',';
  readonly thousands_separator?: string;
  readonly date_format?: string;
  readonly timestamp_format?: string;
  readonly bad_rows?: 'fail' | 'skip' | 'quarantine';
  readonly on_guess?: 'warn' | 'fail';
  readonly compression?: 'auto' | Compression;
  readonly null_value?: string;
}

/** What is needed to read a file, in addition to the decisions from samples. */
export interface CsvReading {
  readonly options: CsvHomeOptions;
  readonly forms: ValueForms;
  readonly types: ReadonlyMap<string, DataType>;
  readonly badRows: 'fail' | 'skip' | 'quarantine';
  /** How many bytes of text are read at once. */
  readonly chunkBytes: number;
  readonly threads: ThreadsFrom;
}

/** How many bytes of text are read at once. The text stays in the processor’s cache while it is split and decoded, and the cost of calls is negligible. */
const usualChunk = 2 * 1024 * 1024;

/** Which files are decoded on threads. The text of smaller files is decoded in this thread. */
export interface ThreadsFrom {
  readonly these: Threads;
  /** The size, in bytes, from which files are decoded on threads. */
  readonly from: number;
}

export function readingOf(
  options: CsvHomeOptions,
  { chunkBytes = usualChunk, threads }: Pick<CsvReading, 'threads'> & Partial<CsvReading>,
): CsvReading {
  return {
    options,
    forms: formsOf(options),
    types: typesGiven(options.types),
    badRows: options.bad_rows ?? 'fail',
    chunkBytes,
    threads,
  };
}

export function formsOf(options: CsvHomeOptions): ValueForms {
  const { date_format: date, timestamp_format: timestamp, thousands_separator: thousands } = options;
  return {
    nulls: new NullTexts(options.null_values ?? null, options.quoted_nulls ?? false),
    decimal: (options.decimal_separator ?? '.').charCodeAt(0),
    thousands: thousands === undefined ? -1 : thousands.charCodeAt(0),
    date: date === undefined ? null : patternOf(date),
    timestamp: timestamp === undefined ? null : patternOf(timestamp),
  };
}
