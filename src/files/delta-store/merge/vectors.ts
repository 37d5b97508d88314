/** The vectors of a merge, and the head with the marked rows. */
import { vectorId } from '../../../delta/log/log.ts';
import type { DeltaFile, VectorDescriptor } from '../../../delta/table.ts';
import type { DeletedRows } from '../../../delta/values/deleted-rows.ts';
import type { TableDescription } from '../../../delta/values/schema.ts';
import { statsWithVector, VectorFile } from '../../../delta/write/vector.ts';
import { defined } from '../../../ports/values.ts';
import { type FilesHead, type ListedFile, ownFiles } from '../../store/head/head-log.ts';
import { totals } from '../../store/head/next-head.ts';
import { withinRows } from '../others.ts';
import type { FileRewriter, WrittenFile } from './file-rewriter.ts';
import type { MarkedPart, Merged } from './merge.ts';
import type { Commit } from './staged-rows.ts';

/** A file of the table that has other deleted rows after the commit. */
export interface VectorOfFile {
  readonly name: string;
  /** The file before the commit. */
  readonly file: DeltaFile;
  /** Null: the file is removed, since all of its rows are deleted, or the others were rewritten. */
  readonly vector: VectorDescriptor | null;
  /** The file with the remaining rows. Null: the file itself has them, or none remain. */
  readonly written: WrittenFile | null;
  readonly stats: string;
  /** The number of remaining rows. */
  readonly rows: number;
}

export interface Vectors {
  /** Undefined: no row is marked. */
  readonly file: VectorFile | undefined;
  readonly ofFiles: readonly VectorOfFile[];
  /** Bounds of parts, by their final names. */
  readonly ofParts: ReadonlyMap<string, VectorDescriptor>;
  /** By final name: parts that were rewritten without the rows that do not settle; null for parts without a row that settles. */
  readonly partsAnew: ReadonlyMap<string, WrittenFile | null>;
}

export const noVectors: Vectors = { file: undefined, ofFiles: [], ofParts: new Map(), partsAnew: new Map() };

/** @param of the commit and its version, which define the name of the file. */
export function vectorsOf({ marked, ofParts }: Merged, of: string): Vectors {
  const file = new VectorFile(of);
  const written = (deleted: DeletedRows, rows: number) => (deleted.count === rows ? null : file.add(deleted));
  const ofFiles = marked.map(({ name, file: before, rows, deleted }): VectorOfFile => {
    const vector = written(deleted, rows);
    return { name, file: before, vector, written: null, stats: statsWithVector(before.stats, rows), rows: rows - deleted.count };
  });
  const inOrder = [...ofParts].sort(([one], [other]) => (one < other ? -1 : 1));
  const isGone = ({ deleted, rows }: MarkedPart) => deleted.count === rows;
  // A reader of the change feed takes a file without rows for the end of the feed.
  const partsAnew = new Map(inOrder.flatMap(([name, part]) => (isGone(part) ? [[name, null] as const] : [])));
  const parts = new Map(inOrder.flatMap(([name, part]) => (isGone(part) ? [] : [[name, file.add(part.deleted)] as const])));
  const isEmpty = parts.size === 0 && ofFiles.every(({ vector }) => vector === null);
  return { file: isEmpty ? undefined : file, ofFiles, ofParts: parts, partsAnew };
}

/** The same without vectors: files with rows that stay are rewritten. `unfinished`: some of them are left for a later step. @param own the names of the entity's files. */
export async function rewrittenOf(
  { marked, ofParts }: Merged,
  {
    rewriter,
    to,
    table,
    own,
  }: {
    readonly rewriter: FileRewriter;
    readonly to: Commit;
    readonly table: TableDescription | undefined;
    readonly own: ReadonlySet<string>;
  },
): Promise<Vectors | 'unfinished'> {
  rewriter.begin(to);
  const ofFiles: VectorOfFile[] = [];
  for (const { name, file, rows, deleted } of marked) {
    if (table === undefined) continue;
    const isEmpty = deleted.count === rows;
    const written = isEmpty ? null : await rewriter.file({ of: { table, file, name }, rows, deleted, isOwn: own.has(name) }, to);
    if (written === undefined) return 'unfinished';
    ofFiles.push({ name, file, vector: null, written, stats: '', rows: rows - deleted.count });
  }
  const partsAnew = new Map<string, WrittenFile | null>();
  for (const [name, { of, rows, deleted }] of ofParts) {
    const written = deleted.count === rows ? null : await rewriter.file({ of, rows, deleted, isOwn: true }, to);
    if (written === undefined) return 'unfinished';
    partsAnew.set(name, written);
  }
  return { file: undefined, ofFiles, ofParts: new Map(), partsAnew };
}

/** The names of the files that were rewritten. */
export function namesAnew({ ofFiles, partsAnew }: Vectors = noVectors): ReadonlySet<string> {
  return new Set([...ofFiles.map(({ written }) => written), ...partsAnew.values()].flatMap((written) => written?.name ?? []));
}

/** The head for its record: without files of other writers, and with the rows that the vectors leave. */
export function withVectors(
  to: FilesHead,
  { merged, vectors = noVectors }: { readonly merged: Merged | undefined; readonly vectors: Vectors | undefined },
): FilesHead {
  const own = ownFiles(to);
  if (merged === undefined) return { ...to, files: own };
  const ofFiles = new Map(vectors.ofFiles.map((one) => [one.name, one]));
  const files = own.flatMap((file): readonly ListedFile[] => {
    const marked = ofFiles.get(file.name);
    if (marked !== undefined) {
      if (marked.written !== null) return [writtenAnew(file, marked.written)];
      return marked.vector === null ? [] : [markedBy(file, marked.vector, marked.rows)];
    }
    const anew = vectors.partsAnew.get(file.name);
    if (anew !== undefined) return anew === null ? [] : [writtenAnew(file, anew)];
    const vector = vectors.ofParts.get(file.name);
    return [vector === undefined ? file : markedBy(file, vector, (file.rows ?? 0) - vector.cardinality)];
  });
  return { ...to, ...totals(files), files, counts: merged.counts };
}

/** The same rows without the removed ones. Facts that the file no longer shows are left out. */
function writtenAnew({ role, source, sources, partition, inserted, style }: ListedFile, written: WrittenFile): ListedFile {
  const { name, bytes, rows, counted } = written;
  const part =
    counted === null
      ? {}
      : { checksum: counted.part.checksum, ...defined({ min: counted.part.min, max: counted.part.max, unmarked: counted.part.unmarked }) };
  return { name, bytes, rows, role, ...part, ...defined({ source, sources, partition, style }), ...insertedAmong(rows, inserted) };
}

/** It is unknown how many of the remaining rows have no watermark. */
function markedBy({ unmarked: _, inserted, ...file }: ListedFile, vector: VectorDescriptor, rows: number): ListedFile {
  return { ...file, rows, vector: vectorId(vector) as string, ...insertedAmong(rows, inserted) };
}

const insertedAmong = (rows: number, inserted: ListedFile['inserted']): Pick<ListedFile, 'inserted'> =>
  inserted == null ? defined({ inserted }) : { inserted: withinRows(rows, inserted) };
