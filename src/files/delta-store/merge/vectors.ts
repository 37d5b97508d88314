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

/** A file of the table whose deleted rows differ after the commit. */
export interface VectorOfFile {
  readonly name: string;
  /** The file before the commit. */
  readonly file: DeltaFile;
  /** The new vector; null: the file is removed, because all of its rows are deleted or its remaining rows were rewritten. */
  readonly vector: VectorDescriptor | null;
  /** The new file with the remaining rows. Null: the old file still has the remaining rows, or no row remains. */
  readonly written: WrittenFile | null;
  readonly stats: string;
  /** The number of remaining rows. */
  readonly rows: number;
}

export interface Vectors {
  /** The file of vectors; undefined: no row is marked. */
  readonly file: VectorFile | undefined;
  readonly ofFiles: readonly VectorOfFile[];
  /** The vectors of parts, by the final names of the parts. */
  readonly ofParts: ReadonlyMap<string, VectorDescriptor>;
  /** Parts that were rewritten without the rows that do not settle, by final name. Null: no row of the part settles. */
  readonly partsAnew: ReadonlyMap<string, WrittenFile | null>;
}

export const noVectors: Vectors = { file: undefined, ofFiles: [], ofParts: new Map(), partsAnew: new Map() };

/** The vectors of a merge. @param of the commit and its version, from which the file name is made. */
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

/** The result of a merge without vectors: files with remaining rows are rewritten. `unfinished`: a later step must rewrite some of the files. @param own the names of the entity's files. */
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

/** The names of the rewritten files. */
export function namesAnew({ ofFiles, partsAnew }: Vectors = noVectors): ReadonlySet<string> {
  return new Set([...ofFiles.map(({ written }) => written), ...partsAnew.values()].flatMap((written) => written?.name ?? []));
}

/** The head for its record: without files of other writers, and with the row numbers that remain after the vectors. */
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

/** The listed file after its rewrite without the removed rows. Facts that the new file does not show are left out. */
function writtenAnew({ role, source, sources, partition, inserted, style }: ListedFile, written: WrittenFile): ListedFile {
  const { name, bytes, rows, counted } = written;
  const part =
    counted === null
      ? {}
      : { checksum: counted.part.checksum, ...defined({ min: counted.part.min, max: counted.part.max, unmarked: counted.part.unmarked }) };
  return { name, bytes, rows, role, ...part, ...defined({ source, sources, partition, style }), ...insertedAmong(rows, inserted) };
}

/** The listed file after rows were marked. The number of remaining rows without a watermark is unknown. */
function markedBy({ unmarked: _, inserted, ...file }: ListedFile, vector: VectorDescriptor, rows: number): ListedFile {
  return { ...file, rows, vector: vectorId(vector) as string, ...insertedAmong(rows, inserted) };
}

const insertedAmong = (rows: number, inserted: ListedFile['inserted']): Pick<ListedFile, 'inserted'> =>
  inserted == null ? defined({ inserted }) : { inserted: withinRows(rows, inserted) };
