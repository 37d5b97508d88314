/** Writes rows of a file of the table into another, staged file. */
import { asInFiles, schemaOf } from '../../../delta/values/schema.ts';
import { isMapped } from '../../../delta/write/column-mapping.ts';
import type { Frame } from '../../../engine/contracts/frame.ts';
import type { Part } from '../../../engine/contracts/store.ts';
import type { Format } from '../../../formats/contract/format.ts';
import type { Column, Schema } from '../../../frames/schema.ts';
import { markType } from '../../../frames/watermark-text.ts';
import { FileNotFound, type FileSystem } from '../../../ports/filesystem.ts';
import type { Random } from '../../../ports/random.ts';
import { retry } from '../../../ports/retry.ts';
import type { Scratch } from '../../../ports/scratch.ts';
import type { FilesHead } from '../../store/head/head-log.ts';
import { type FilePlace, stagedPath } from '../../store/layout.ts';
import { OpenPart } from '../../store/staging/open-part.ts';
import { stagedFile } from '../../store/staging/staged-parts.ts';
import { seedOf } from '../commit-entry.ts';
import { changedUnder } from '../errors.ts';
import { writingFormat } from '../table-format.ts';
import type { FileToRead, MergeTools } from './merge-tools.ts';

export interface RowsOfFilesOptions {
  /** The files of the table. The root is the table’s folder. */
  readonly files: FileSystem;
  readonly place: FilePlace;
  readonly format: Format;
  readonly scratch: Scratch;
  readonly random: Random;
  readonly tools: MergeTools;
  /** The maximum bytes of the files that are read in one step; a single file may be larger. Absent: 128 MB. */
  readonly stepBytes?: number;
  /** For messages. */
  readonly where: string;
}

export const usualStep = 128 * 1024 * 1024;

export interface Commit extends Pick<FilesHead, 'id' | 'lineage' | 'epoch' | 'watermark'> {
  /** The settled names of the key's columns. */
  readonly key: readonly string[];
  /** The settled name of the watermark's column. Null: the entity has no watermark. */
  readonly mark: string | null;
}

export interface RowsToStage {
  readonly of: FileToRead;
  readonly to: Commit;
  /** The path of the new file, in the table's folder. */
  readonly name: string;
  /** The hash from which the name is made, in hexadecimal digits. */
  readonly digest: string;
  /** Columns that the new file has after the columns of the table. */
  readonly more: readonly Column[];
  /** The rows of the new file. @param first the row number of the frame's first row in the file. */
  rowsOf(frame: Frame, first: number): Promise<readonly Frame[]>;
}

/**
 * Files that were missing when their rows were needed. Another program may have combined a file with others and then removed it. A later step finds the new file with these
 * rows.
 */
export class GoneFiles {
  readonly #where: string;
  readonly #paths = new Set<string>();

  constructor(where: string) {
    this.#where = where;
  }

  clear(): void {
    this.#paths.clear();
  }

  /** Remembers a missing file. Throws StoreError HYG-3922 if the same file is missing again, and every error that is not FileNotFound. */
  onceMore(error: unknown): undefined {
    if (!(error instanceof FileNotFound)) throw error;
    if (this.#paths.has(error.path)) throw changedUnder(this.#where, `${error.path} no longer exists.`);
    this.#paths.add(error.path);
  }
}

/** The slice number in the names of rewritten files, which no slice of a run uses. */
export const noSlice = 99_999_999;

/** @returns the new file, not published yet, and its columns of the table. */
export async function stagedRows(
  options: RowsOfFilesOptions,
  { of, to, name, digest, more, rowsOf }: RowsToStage,
): Promise<{ readonly schema: Schema; readonly part: Part }> {
  const { files, place, scratch, random, tools } = options;
  const { table } = of;
  const all = schemaOf(table.metadata).columns;
  const schema = { columns: all.filter((column) => !table.metadata.partitionColumns.includes(column.name)) };
  const format = isMapped(table) ? writingFormat(options.format, table, { schema, seed: seedOf(to) }) : options.format;
  const held = schema.columns.find((column) => column.name === to.mark);
  const watermark = held && to.watermark ? { column: held.name, type: markType(to.watermark.type, held.type) } : null;
  const { epoch, lineage } = to;
  // Each try uses a new name, because a name is used only once.
  const staged = stagedPath(place, { epoch, lineage, slice: noSlice, part: 0, nonce: `${digest.slice(0, 16)}${random.nonce()}` });
  const names = { role: 'data', staged, final: name, anew: true } as const;
  const part = new OpenPart({ files, format, scratch }, { schema: { columns: [...schema.columns, ...more] }, watermark }, names);
  try {
    const opened = await tools.open(
      { ...of, table: asInFiles(table) },
      schema.columns.map((column) => column.name),
    );
    let at = 0;
    for await (const frame of opened.frames()) {
      for (const rows of await rowsOf(frame, at)) if (rows.rows > 0) await part.add(rows);
      at += frame.rows;
    }
    return { schema, part: await part.close() };
  } catch (error) {
    await part.abort(error);
    throw error;
  }
}

/** Publishes a staged file, or returns the file that another finisher of the commit has already published. @param there looks for the published file. */
export async function publishedBefore<There>(
  { files, where }: Pick<RowsOfFilesOptions, 'files' | 'where'>,
  part: Part,
  there: () => Promise<There | undefined>,
): Promise<There | undefined> {
  const file = stagedFile(part);
  try {
    const outcome = await retry(() => files.publish(file));
    if (outcome === 'gone') throw changedUnder(where, `${file.final} was removed while the commit was made.`);
    return undefined;
  } catch (error) {
    // Some storage systems also compare the writer of a file. They refuse a file with the same content from another writer.
    const published = await there();
    if (published === undefined) throw error;
    return published;
  }
}
