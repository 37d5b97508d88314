/** What sampling decides and the snapshot keeps: how the files are written, and the types of their columns. */
import type { DataType } from '../../frames/schema.ts';
import type { Json } from '../../ports/values.ts';

export interface PinnedColumn {
  readonly name: string;
  readonly type: DataType;
  /** No record of the source has a value there: the next look decides. Absent: decided. */
  readonly undecided?: true;
}

export interface PinnedCsv {
  readonly version: 1;
  /** Characters, as a person would write them. */
  readonly delimiter: string;
  /** The first record names the columns. */
  readonly header: boolean;
  /** Lines end with a carriage return alone. */
  readonly loneReturns: boolean;
  /** In the order they were first seen. */
  readonly columns: readonly PinnedColumn[];
}

export function pinnedOf(json: Json | null): PinnedCsv | null {
  const pinned = json as unknown as PinnedCsv | null;
  return pinned?.version === 1 ? pinned : null;
}
