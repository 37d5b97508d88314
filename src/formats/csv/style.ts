import type { Compression } from '../bytes/compression.ts';
import { byteOf } from './byte-of.ts';

/** The checked values of the store’s keys. */
export interface CsvStoreOptions {
  readonly delimiter?: string;
  readonly header?: boolean;
  readonly quote_style?: 'necessary' | 'non_numeric' | 'always';
  readonly null_value?: string;
  readonly line_ending?: 'lf' | 'crlf';
  readonly compression?: Compression;
}

/** How files are written. */
export interface CsvStyle {
  readonly delimiter: string;
  readonly header: boolean;
  readonly quoteStyle: 'necessary' | 'non_numeric' | 'always';
  readonly nullValue: string;
  readonly lineEnding: '\n' | '\r\n';
  readonly compression: Compression;
}

export function writingOf(options: CsvStoreOptions): CsvStyle {
  return {
    delimiter: String.fromCharCode(byteOf(options.delimiter ?? ',')),
    header: options.header ?? true,
    quoteStyle: options.quote_style ?? 'necessary',
    nullValue: options.null_value ?? '',
    lineEnding: options.line_ending === 'crlf' ? '\r\n' : '\n',
    compression: options.compression ?? 'none',
  };
}
