/** Files of a landing zone that hygge has written itself, read piece by piece. */
import type { Frame } from '../../engine/contracts/frame.ts';
import { everything } from '../../engine/contracts/home.ts';
import type { FileContent, FileSource, Format } from '../../formats/contract/format.ts';
import type { FileSystem } from '../../ports/filesystem.ts';
import type { Scratch } from '../../ports/scratch.ts';
import { fileSource } from './numbers.ts';

export interface OpenedFile {
  readonly source: FileSource;
  readonly content: FileContent;
}

interface FilesOptions {
  readonly files: Pick<FileSystem, 'read'>;
  readonly format: Format;
  /** For people: the table. */
  readonly where: string;
}

export async function openFile(
  { files, format, where }: FilesOptions,
  { path, bytes }: { readonly path: string; readonly bytes: number },
): Promise<OpenedFile> {
  const source = fileSource(files, { name: `${where}: ${path}`, path, bytes });
  return { source, content: await format.inspect(source, null) };
}

/** Which rows of a file are read, and how many together. */
export interface PieceToRead {
  /** The index of a piece of the file's content. */
  readonly piece: number;
  /** Null: all of them. */
  readonly columns: readonly string[] | null;
  /** Bytes of a frame. */
  readonly frameBytes: number;
  /** Rows of a frame. */
  readonly frameRows: number;
}

/** The rows of one piece, in the order of the file. */
export async function* rowsOfPiece(
  { format, scratch }: { readonly format: Format; readonly scratch: Scratch },
  { source, content }: OpenedFile,
  { piece, ...asked }: PieceToRead,
  signal: AbortSignal,
): AsyncGenerator<Frame> {
  const at = content.pieces[piece];
  if (at === undefined) return;
  for await (const frame of format.read({ source, content, from: at.from, to: at.to, window: everything, scratch, signal, ...asked })) {
    if ('rejected' in frame) throw new Error(`${source.name} was staged with rows that can't be read`);
    yield frame;
  }
}
