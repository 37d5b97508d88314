/** The files of a version by their names in the table's folder. */
import { resolvePath } from '../../delta/log/log.ts';
import type { DeltaFile, DeltaMetadata, DeltaSnapshot } from '../../delta/table.ts';
import { numRecords } from '../../delta/values/statistics.ts';
import { namesInFiles } from '../../delta/write/column-mapping.ts';
import { partitionTextOf } from '../../delta/write/types.ts';

/** The name of a file. For a file outside of the table’s folder this is its path, which differs from all names in the folder. */
export function nameIn(url: string, path: string): string {
  const place = resolvePath(url, path);
  return place.within === 'table' ? place.path : `//${place.path}`;
}

export function activeFiles(url: string, { files }: Pick<DeltaSnapshot, 'files'>): ReadonlyMap<string, DeltaFile> {
  return new Map(files.map((file) => [nameIn(url, file.path), file]));
}

/** The number of rows by the statistics, without the rows that a vector marks. Null: the statistics have no number of rows. */
export function rowsOf(file: Pick<DeltaFile, 'stats' | 'vector'>): number | null {
  const records = numRecords(file);
  return records === undefined ? null : records - (file.vector?.cardinality ?? 0);
}

/** The values of a partition in the log’s form, by the names of the columns in files. @param values by the names of the table's columns, as canonical texts. */
export function partitionValuesOf(
  metadata: Pick<DeltaMetadata, 'schema' | 'partitionColumns'>,
  values: Readonly<Record<string, string | null>> = {},
): Readonly<Record<string, string | null>> {
  const types = new Map(metadata.schema.fields.map(({ name, type }) => [name, type]));
  const inFiles = namesInFiles(metadata);
  return Object.fromEntries(
    metadata.partitionColumns.map((name) => [inFiles(name), partitionTextOf(types.get(name), values[name] ?? null)]),
  );
}

/** The values of a file's partition by the names of the table's columns. */
export function partitionOf(
  { partitionValues }: Pick<DeltaFile, 'partitionValues'>,
  metadata: Pick<DeltaMetadata, 'schema' | 'partitionColumns'>,
): Readonly<Record<string, string | null>> {
  const inFiles = namesInFiles(metadata);
  return Object.fromEntries(
    metadata.partitionColumns.map((name) => [name, partitionValues[inFiles(name)] ?? partitionValues[name] ?? null]),
  );
}
