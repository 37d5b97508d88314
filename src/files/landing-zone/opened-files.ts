/** Files of a landing zone that hygge has written itself. */
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
  /** The table, for messages. */
  readonly where: string;
}

export async function openFile(
  { files, format, where }: FilesOptions,
  { path, bytes }: { readonly path: string; readonly bytes: number },
): Promise<OpenedFile> {
  const source = fileSource(files, { name: `${where}: ${path}`, path, bytes });
  return { source, content: await format.inspect(source, null) };
}

const inFrames = { frameBytes: 32 * 1024 * 1024, frameRows: 122_880 };

/** The rows of a file, in the order of the file. @param columns null: all columns. */
export async function* rowsOfFile(
  { format, scratch }: { readonly format: Format; readonly scratch: Scratch },
  { source, content }: OpenedFile,
  columns: readonly string[] | null,
  signal: AbortSignal,
): AsyncGenerator<Frame> {
  for (const { from, to } of content.pieces)
    for await (const frame of format.read({ source, content, from, to, window: everything, scratch, signal, columns, ...inFrames })) {
      if ('rejected' in frame) throw new Error(`${source.name} was staged with rows that can't be read`);
      yield frame;
    }
}
