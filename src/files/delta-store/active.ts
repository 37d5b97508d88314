/** The files of a version by their names in the table's folder. */
import { resolvePath } from '../../delta/log/log.ts';
import type { DeltaFile, DeltaSnapshot } from '../../delta/table.ts';
import { numRecords } from '../../delta/values/statistics.ts';

/** A file that lies elsewhere has its path for a name, which no file of the folder has. */
export function nameIn(url: string, path: string): string {
  const place = resolvePath(url, path);
  return place.within === 'table' ? place.path : `//${place.path}`;
}

export function activeFiles(url: string, { files }: Pick<DeltaSnapshot, 'files'>): ReadonlyMap<string, DeltaFile> {
  return new Map(files.map((file) => [nameIn(url, file.path), file]));
}

/** The number of rows by the statistics, without those that a vector marks. Null: the statistics do not say it. */
export function rowsOf(file: Pick<DeltaFile, 'stats' | 'vector'>): number | null {
  const records = numRecords(file);
  return records === undefined ? null : records - (file.vector?.cardinality ?? 0);
}
