import type { DataType } from '../../frames/schema.ts';
import type { Threads } from '../threads/threads.ts';
import type { JsonHomeOptions } from './options.ts';

/** How the files of a format are sampled: as lines or as a document. */
export interface LookSettings extends JsonHomeOptions {
  readonly isLines: boolean;
  /** Lines of files of at least this many bytes are scanned by threads. */
  readonly threads: { readonly these: Threads; readonly from: number };
  /** Files up to this size together are always scanned completely for their columns. */
  readonly wholeBytes: number;
  /** Lines may be read from anywhere: slices begin at multiples of this many bytes. */
  readonly pieceBytes: number;
  /** The name of a row in messages. Lines that are not a person’s file can’t be a document by mistake. */
  readonly row: 'Line' | 'Record';
  /** How many bytes a later run reads to find new names. Only a run that read the whole file can report that a name is gone. */
  readonly againBytes: number;
}

/** Differences for callers other than homes of files. */
export type Tuning = Partial<Pick<LookSettings, 'threads' | 'wholeBytes' | 'againBytes' | 'pieceBytes' | 'row'>>;

/** The type that the config declares for the column of a bad record. */
export function declaredFor({ reading }: Pick<LookSettings, 'reading'>, reason: string): DataType | undefined {
  return reading.declared.get(/^column (.+?): /.exec(reason)?.[1] ?? '');
}
