/** How a merge reads the files of a table and compares their rows. */
import { hash } from 'node:crypto';
import type { DeltaFile, VectorDescriptor } from '../../../delta/table.ts';
import type { DeletedRows } from '../../../delta/values/deleted-rows.ts';
import { dataFormat, inspectDeltaFile, readDeltaFile } from '../../../delta/values/read.ts';
import type { TableDescription } from '../../../delta/values/schema.ts';
import { readVector } from '../../../delta/values/vector.ts';
import type { Frame } from '../../../engine/contracts/frame.ts';
import { everything } from '../../../engine/contracts/home.ts';
import { DefectError } from '../../../errors/hygge-error.ts';
import type { FileSource } from '../../../formats/contract/format.ts';
import type { Cell } from '../../../frames/cell.ts';
import { foldedKey } from '../../../frames/row-sum/alike-keys.ts';
import type { KeyEqualities } from '../../../frames/row-sum/key-equality.ts';
import { canonicalTexts, eachRowsTexts, longRowHashes, rowHashes } from '../../../frames/row-sum/row-hashes.ts';
import { overRows } from '../../../frames/values/cells.ts';
import type { WatermarkKey } from '../../../frames/watermark-text.ts';
import type { FileSystem } from '../../../ports/filesystem.ts';
import { retry } from '../../../ports/retry.ts';
import type { Scratch } from '../../../ports/scratch.ts';
import { changedUnder } from '../errors.ts';

/** A file of the table, or one that the commit adds. */
export interface FileToRead {
  readonly table: TableDescription;
  readonly file: DeltaFile;
  /** The path of the file in the table’s folder. */
  readonly name: string;
}

export interface FileOfRows {
  /** The rows of the file, deleted rows included. */
  readonly rows: number;
  /** All rows of the file, in its order, including marked rows. */
  frames(): AsyncIterable<Frame>;
}

export interface MergeTools {
  /** Opens a file. @param columns to read; null: all. */
  open(of: FileToRead, columns: readonly string[] | null): Promise<FileOfRows>;
  /** The rows that a vector deletes. @param of.rows the number of rows in the file, deleted rows included. */
  readVector(of: { readonly vector: VectorDescriptor; readonly rows: number; readonly name: string }): Promise<DeletedRows>;
  /** Four hash words for the key of each row, in the order of the frame’s rows. */
  keys(frame: Frame, columns: readonly string[]): Promise<Int32Array>;
  /** Like `keys`, but different texts that count as equal get the same hash words. */
  spellings(frame: Frame, columns: readonly string[], equalities: KeyEqualities): Promise<Int32Array>;
  /** Hash words of the columns with these names; null: of all columns. */
  hashes(frame: Frame, columns: readonly string[] | null): Promise<BigInt64Array>;
  watermarks(frame: Frame, column: string): Promise<readonly (WatermarkKey | null)[]>;
  /** The values of these columns in the first row, for messages. */
  example(frame: Frame, columns: readonly string[]): Promise<string>;
}

export interface DeltaRowsOptions {
  readonly files: FileSystem;
  readonly scratch: Scratch;
  /** For messages. */
  readonly where: string;
}

const inFrames = { frameBytes: 16 * 1024 * 1024, frameRows: 122_880 };

export function deltaTools({ files, scratch, where }: DeltaRowsOptions): MergeTools {
  const { signal } = new AbortController();
  const sourceOf = (path: string, bytes: number): FileSource => {
    const localPath = files.localPath?.(path);
    const read: FileSource['read'] = (range, into) => retry(() => files.read(path, range, { into }));
    return { name: `${where}/${path}`, bytes, read, ...(localPath === undefined ? {} : { localPath }) };
  };
  const inTable = async (path: string): Promise<FileSource> => sourceOf(path, (await retry(() => files.stat(path)))?.bytes ?? 0);
  const read: MergeTools['readVector'] = ({ vector, rows, name }) =>
    readVector({
      ...{ vector, rows, name: `${where}/${name}` },
      open: async (place) => {
        if (place.kind === 'absolute') throw changedUnder(where, `The vector of ${name} is outside of the table’s folder.`);
        return inTable(place.path);
      },
    });
  return {
    readVector: read,
    async open({ table, file, name }, columns) {
      const source = sourceOf(name, file.bytes);
      const format = dataFormat(table, columns);
      const content = await inspectDeltaFile({ file, source, format });
      const rows = content.rows ?? 0;
      return {
        rows,
        frames: () =>
          readDeltaFile({
            ...{ table, source, content, columns, scratch, signal, ...inFrames },
            ...{ file: { ...file, vector: null }, format, openVector: () => Promise.reject(noVector) },
            ...{ from: 0, to: content.pieces.at(-1)?.to ?? 0, window: everything },
          }),
      };
    },
    keys: (frame, columns) => longRowHashes(frame, columnsIn(frame, columns)),
    spellings: async (frame, columns, equalities) => {
      const equalityOf = columns.map((name) => equalities[name]);
      const words = new Int32Array(4 * frame.rows);
      let at = 0;
      for await (const texts of eachRowsTexts(frame, columnsIn(frame, columns))) {
        words.set(wordsOfText(foldedKey(texts, equalityOf)), at);
        at += 4;
      }
      return words;
    },
    hashes: (frame, columns) => rowHashes(frame, columnsIn(frame, columns)),
    watermarks: (frame, column) => {
      const at = frame.schema.columns.findIndex(({ name }) => name === column);
      return overRows(frame, (rows) => Array.from(rows, (row) => orderedBy(row[at] ?? null)));
    },
    example: async (frame, columns) => (await canonicalTexts(frame, columnsIn(frame, columns)))[0]?.join(', ') ?? '',
  };
}

function wordsOfText(text: string): Int32Array {
  const { buffer, byteOffset } = Uint8Array.from(hash('md5', text, 'buffer'));
  return new Int32Array(buffer, byteOffset, 4);
}

/** The error if a merge requests the vector of a file that it reads whole. */
const noVector = new DefectError({
  code: 'HYG-9001',
  what: 'A merge requested the vector of a file that it reads completely.',
  tryThis: ['Report this'],
});

const columnsIn = ({ schema }: Frame, names: readonly string[] | null) =>
  names === null
    ? schema.columns
    : names.map((name) => ({ name, type: schema.columns.find((column) => column.name === name)?.type ?? { kind: 'string' as const } }));

const orderedBy = (cell: Cell): WatermarkKey | null =>
  typeof cell === 'number' ? BigInt(cell) : typeof cell === 'bigint' || typeof cell === 'string' ? cell : null;
