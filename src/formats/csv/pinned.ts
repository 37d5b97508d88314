/** The decisions from samples that the snapshot stores: how the files are written, and the types of their columns. */
import type { DataType } from '../../frames/schema.ts';
import type { Json } from '../../ports/values.ts';
import type { CsvHomeOptions } from './options.ts';

export interface PinnedColumn {
  readonly name: string;
  readonly type: DataType;
  /** Set if no record of the source has a value in this column. The next look at samples decides the type. Absent: the type is decided. */
  readonly undecided?: true;
  /** Set if a change of the home’s keys decided the type. */
  readonly configured?: true;
}

export interface PinnedCsv {
  readonly version: 1;
  /** The delimiter as a person would write it. */
  readonly delimiter: string;
  /** Whether the first record names the columns. */
  readonly header: boolean;
  /** Whether lines end with a carriage return alone. */
  readonly loneReturns: boolean;
  /** The columns, in the order in which they were first seen. */
  readonly columns: readonly PinnedColumn[];
  /** The home’s keys that decided the types. Absent: an older hygge decided the types, and did not store its keys. */
  readonly keys?: DecidingKeys;
}

const deciding = [
  'quote',
  'escape',
  'encoding',
  'null_values',
  'quoted_nulls',
  'comment',
  'skip_rows',
  'types',
  'decimal_separator',
  'thousands_separator',
  'date_format',
  'timestamp_format',
] as const satisfies readonly (keyof CsvHomeOptions)[];

/** The keys that influence the proposed types of columns. */
export type DecidingKeys = Pick<CsvHomeOptions, (typeof deciding)[number]>;

export function decidingKeys(options: CsvHomeOptions): DecidingKeys {
  return Object.fromEntries(deciding.filter((key) => options[key] !== undefined).map((key) => [key, options[key]]));
}

export function sameKeys(one: DecidingKeys, other: DecidingKeys): boolean {
  return changedKeys(one, other).length === 0;
}

export function changedKeys(one: DecidingKeys, other: DecidingKeys): readonly string[] {
  return deciding.filter((key) => JSON.stringify(one[key]) !== JSON.stringify(other[key]));
}

export function pinnedOf(json: Json | null): PinnedCsv | null {
  const pinned = json as unknown as PinnedCsv | null;
  return pinned?.version === 1 ? pinned : null;
}
