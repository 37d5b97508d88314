import type { DataType } from '../../frames/schema.ts';
import type { Threads } from '../threads/threads.ts';
import type { JsonHomeOptions } from './options.ts';

/** How a format's files are looked at: lines or a document. */
export interface LookSettings extends JsonHomeOptions {
  readonly isLines: boolean;
  /** Lines of files of so many bytes or more are gone through by threads. */
  readonly threads: { readonly these: Threads; readonly from: number };
  /** Files that are not larger together are always gone through whole for their columns. */
  readonly wholeBytes: number;
  /** Lines may be read from anywhere: slices are cut at multiples of so many bytes. */
  readonly pieceBytes: number;
  /** What a row is called in messages. Lines that are not files of a person can not be a document in its place. */
  readonly row: 'Line' | 'Record';
  /** How many bytes a later run reads to look for new names. Only if it read the whole file it can report that a name is gone. */
  readonly againBytes: number;
}

/** What others than homes of files do otherwise. */
export type Tuning = Partial<Pick<LookSettings, 'threads' | 'wholeBytes' | 'againBytes' | 'pieceBytes' | 'row'>>;

/** The type that the config declares for the column of which a bad record tells. */
export function declaredFor({ reading }: Pick<LookSettings, 'reading'>, reason: string): DataType | undefined {
  return reading.declared.get(/^column (.+?): /.exec(reason)?.[1] ?? '');
}
