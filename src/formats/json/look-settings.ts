import type { DataType } from '../../frames/schema.ts';
import type { Threads } from '../threads/threads.ts';
import type { JsonHomeOptions } from './options.ts';

/** How the files of a format are sampled: as lines, or as one document. */
export interface LookSettings extends JsonHomeOptions {
  readonly isLines: boolean;
  /** The threads, and the file size in bytes from which they scan the lines of a file. */
  readonly threads: { readonly these: Threads; readonly from: number };
  /** If the files together are at most this large, in bytes, their columns always come from all records. */
  readonly wholeBytes: number;
  /** The size of a slice in bytes. Slices of lines begin at multiples of this number, because lines may be read from any byte on. */
  readonly pieceBytes: number;
  /** The word for a row in messages. `Record`: the lines are not a person’s file, so they can’t be a document by mistake. */
  readonly row: 'Line' | 'Record';
  /** How many bytes a later run reads in search of new names. Only a run that reads the whole file can report that a name is gone. */
  readonly againBytes: number;
}

/** The settings that other callers than homes of files may change. */
export type Tuning = Partial<Pick<LookSettings, 'threads' | 'wholeBytes' | 'againBytes' | 'pieceBytes' | 'row'>>;

/** The type that the config declares for the column of a bad record. */
export function declaredFor({ reading }: Pick<LookSettings, 'reading'>, reason: string): DataType | undefined {
  return reading.declared.get(/^column (.+?): /.exec(reason)?.[1] ?? '');
}
