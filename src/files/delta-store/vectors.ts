/** The vectors of a merge, and the head with what they mark. */
import { vectorId } from '../../delta/log/log.ts';
import type { DeltaFile, VectorDescriptor } from '../../delta/table.ts';
import type { DeletedRows } from '../../delta/values/deleted-rows.ts';
import { statsWithVector, VectorFile } from '../../delta/write/vector.ts';
import type { FilesHead, ListedFile } from '../store/head/head-log.ts';
import { totals } from '../store/head/next-head.ts';
import type { Merged } from './merge.ts';

/** A file of the table that has other deleted rows after the commit. */
export interface VectorOfFile {
  readonly name: string;
  /** As it was. */
  readonly file: DeltaFile;
  /** Null: all rows are deleted, and the file goes. */
  readonly vector: VectorDescriptor | null;
  readonly stats: string;
  /** The rows that are left. */
  readonly rows: number;
}

export interface Vectors {
  /** Undefined: no row is marked. */
  readonly file: VectorFile | undefined;
  readonly ofFiles: readonly VectorOfFile[];
  /** Of parts, by their final names. */
  readonly ofParts: ReadonlyMap<string, VectorDescriptor>;
}

export const noVectors: Vectors = { file: undefined, ofFiles: [], ofParts: new Map() };

/** @param of the commit and its version, which the name of the file follows from. */
export function vectorsOf({ marked, ofParts }: Merged, of: string): Vectors {
  const file = new VectorFile(of);
  const written = (deleted: DeletedRows, rows: number) => (deleted.count === rows ? null : file.add(deleted));
  const ofFiles = marked.map(({ name, file: before, rows, deleted }): VectorOfFile => {
    const vector = written(deleted, rows);
    return { name, file: before, vector, stats: statsWithVector(before.stats, rows), rows: rows - deleted.count };
  });
  const inOrder = [...ofParts].sort(([one], [other]) => (one < other ? -1 : 1));
  const parts = new Map(inOrder.map(([name, deleted]) => [name, file.add(deleted)]));
  const isEmpty = parts.size === 0 && ofFiles.every(({ vector }) => vector === null);
  return { file: isEmpty ? undefined : file, ofFiles, ofParts: parts };
}

/** The head as its record keeps it: without files of other writers, and with the rows that the vectors leave. */
export function withVectors(
  to: FilesHead,
  { merged, vectors = noVectors }: { readonly merged: Merged | undefined; readonly vectors: Vectors | undefined },
): FilesHead {
  const own = to.files.filter(({ role }) => role !== 'foreign');
  if (merged === undefined) return { ...to, files: own };
  const ofFiles = new Map(vectors.ofFiles.map((one) => [one.name, one]));
  const files = own.flatMap((file): readonly ListedFile[] => {
    const marked = ofFiles.get(file.name);
    if (marked !== undefined) return marked.vector === null ? [] : [markedBy(file, marked.vector, marked.rows)];
    const vector = vectors.ofParts.get(file.name);
    return [vector === undefined ? file : markedBy(file, vector, (file.rows ?? 0) - vector.cardinality)];
  });
  return { ...to, ...totals(files), files, counts: merged.counts };
}

/** How many of the rows that are left have no watermark is not known. */
function markedBy({ unmarked: _, ...file }: ListedFile, vector: VectorDescriptor, rows: number): ListedFile {
  return { ...file, rows, vector: vectorId(vector) as string };
}
