/**
 * What a table of the foreign committer was at each version, beside what lies in its folder: `rowTexts` are what a reader must read there, `feedTexts` what a reader
 * of the change feed must read of that version's commit.
 */
import type { VectorDescriptor } from './log.ts';
import { type Column, canonicalValue, type Nests, type Row } from './schema.ts';

export type ChangeKind = 'insert' | 'update_preimage' | 'update_postimage' | 'delete';

export interface Change {
  readonly kind: ChangeKind;
  readonly row: Row;
}

/** A data file with the rows that are in it, whatever a vector hides. */
export interface DataFile {
  /** In the table's folder. */
  readonly path: string;
  /** In the log. */
  readonly uri: string;
  readonly partitionValues: Readonly<Record<string, string | null>>;
  readonly size: number;
  readonly time: number;
  readonly rows: readonly Row[];
}

/** A data file at one version. */
export interface LogicalFile {
  readonly data: DataFile;
  readonly stats: string | undefined;
  readonly vector: Vector | undefined;
}

export interface Vector {
  readonly descriptor: VectorDescriptor;
  /** Rows of the file that are hidden, ascending. */
  readonly rows: readonly number[];
  /** In the table's folder; undefined: it is in the log itself. */
  readonly path: string | undefined;
}

export interface Version {
  readonly version: number;
  /** What made it: `append`, `optimize`. */
  readonly operation: string;
  /** `metaData.id` of the table: another one is another table. */
  readonly id: string;
  readonly time: number;
  readonly columns: readonly Column[];
  readonly partitionColumns: readonly Column[];
  /** `schemaString` of its metaData. */
  readonly schema: string;
  readonly files: readonly LogicalFile[];
  /** Whether an action of the commit changes data. */
  readonly dataChange: boolean;
  /** Rows of the change feed, in no order; undefined: the table has none at this version. Where nothing changes data it is empty. */
  readonly feed: readonly Change[] | undefined;
  /** Files that hold the change feed: its own, or those that were added and removed. */
  readonly feedFiles: readonly string[];
  /** Whether the change feed of this version can't be read any more. */
  feedLost: boolean;
  /** Why it can't be read any more: the log does not reach back so far, or files of data and vectors are gone. */
  lost: 'log' | 'files' | undefined;
}

export function liveRows({ data, vector }: LogicalFile): readonly Row[] {
  if (vector === undefined) return data.rows;
  const hidden = new Set(vector.rows);
  return data.rows.filter((_, i) => !hidden.has(i));
}

export const versionRows = (version: Version): readonly Row[] => version.files.flatMap(liveRows);

/** One text for a row: equal where the values are, column by column in the table's order. */
export const rowText = (columns: readonly Column[], row: Row, nests: Nests = 'null'): string =>
  JSON.stringify(columns.map((column) => canonicalValue(column.type, row[column.id], nests)));

/** The rows of a version as texts, in order: two multisets of rows are equal when these are. */
export const rowTexts = (version: Version, nests: Nests = 'null'): readonly string[] =>
  versionRows(version)
    .map((row) => rowText(version.columns, row, nests))
    .sort();

/** Likewise of the change feed: `["insert",…]`. */
export const feedTexts = (version: Version, nests: Nests = 'null'): readonly string[] | undefined =>
  version.feed?.map(({ kind, row }) => changeText(kind, rowText(version.columns, row, nests))).sort();

export const changeText = (kind: string, row: string): string => `["${kind}",${row.slice(1)}`;

/** What of two sorted lists is in one of them alone; '' when they are equal. For messages of tests. */
export function difference(found: readonly string[], expected: readonly string[]): string {
  const left = new Map<string, number>();
  for (const text of expected) left.set(text, (left.get(text) ?? 0) + 1);
  const extra: string[] = [];
  for (const text of found) {
    const count = left.get(text) ?? 0;
    if (count === 0) extra.push(text);
    else left.set(text, count - 1);
  }
  const missing = [...left].flatMap(([text, count]) => Array.from({ length: count }, () => text));
  if (extra.length === 0 && missing.length === 0) return '';
  return `${extra.length} too many (${extra.slice(0, 2).join(' ')}), ${missing.length} missing (${missing.slice(0, 2).join(' ')})`;
}

/** The versions that rows, as sorted texts, are: a read of a table that changes meanwhile must be one of them. */
export const versionsLike = (versions: readonly Version[], texts: readonly string[], nests: Nests = 'null'): readonly number[] =>
  versions.filter((version) => difference(texts, rowTexts(version, nests)) === '').map(({ version }) => version);
