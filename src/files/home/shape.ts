/** The columns of a home’s rows, which may differ from the columns of its single files and folders. */

import type { Column, Schema } from '../../frames/schema.ts';
import type { PartitionColumn, PartitionValue } from '../paths/partition-values.ts';
import { hiveValues } from './hive-columns.ts';

export interface Shape {
  /** The columns of all files together (`differing_files: unify`); null: each file must have the columns of the first file. */
  readonly columns: readonly Column[] | null;
  /** The columns from folder names, which follow the columns of files. */
  readonly partitions: readonly PartitionColumn[];
}

export const plainShape: Shape = { columns: null, partitions: [] };

/** All columns that rows of a file with this schema have in the home. */
export function schemaOfRows({ columns, partitions }: Shape, file: Schema): Schema {
  const folders = partitions.map(({ name, type }): Column => ({ name, type, nullable: true, sourceType: 'folder' }));
  return { columns: [...(columns ?? file.columns), ...folders] };
}

/** How rows of a file are converted to rows of the home. */
export interface FileMapping {
  /** Columns in the order in which the file returns them. */
  readonly schema: Schema;
  /** Columns to request from the file; null: all of them. */
  readonly read: readonly string[] | null;
  readonly folders: readonly PartitionValue[];
}

export interface FittingRequest {
  readonly shape: Shape;
  readonly file: Schema;
  /** The path relative to the home's folder, and the path for messages. */
  readonly path: string;
  readonly display: (path: string) => string;
  /** The wanted columns of the home; null: all of them. */
  readonly wanted: readonly string[] | null;
}

export function fittingOf({ shape, file, path, display, wanted }: FittingRequest): FileMapping {
  const full = schemaOfRows(shape, file);
  const schema = wanted === null ? full : { columns: full.columns.filter(({ name }) => wanted.includes(name)) };
  const own = new Map(file.columns.map((column) => [column.name, column]));
  const folders = hiveValues(path, shape.partitions, display).filter(({ name }) => schema.columns.some((column) => column.name === name));
  const fromFile = schema.columns.filter(({ name }) => own.has(name));
  const names = fromFile.map(({ name }) => name);
  // If no column is wanted, one column is read to count the rows.
  const asked = names.length > 0 ? names : file.columns.slice(0, 1).map(({ name }) => name);
  const all = asked.length === file.columns.length && asked.every((name, i) => file.columns[i]?.name === name);
  return { schema, read: all ? null : asked, folders };
}
