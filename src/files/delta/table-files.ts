/** Opens the files that the log of a Delta table names, for the file formats. A clone also names files of another table in the same container. */
import { resolvePath } from '../../delta/log/log.ts';
import { rangeOf, SmallFiles, smallBytes } from '../../formats/bytes/small-files.ts';
import type { FileSource } from '../../formats/contract/format.ts';
import { FileNotFound, type FileSystem } from '../../ports/filesystem.ts';
import { retry } from '../../ports/retry.ts';
import { fileRemoved } from './errors.ts';
import type { DeltaHomeOptions } from './options.ts';

export class TableFiles {
  readonly #options: Pick<DeltaHomeOptions, 'files' | 'container' | 'where' | 'entity' | 'asked'>;
  readonly #small = new SmallFiles();
  #container: Promise<FileSystem> | undefined;

  constructor(options: Pick<DeltaHomeOptions, 'files' | 'container' | 'where' | 'entity' | 'asked'>) {
    this.#options = options;
  }

  /** @param uri of the file, as in the log. @param bytes the size in the log; null: the file system reports the size. */
  async open(uri: string, bytes: number | null): Promise<FileSource> {
    const place = resolvePath(this.#options.files.url, uri);
    const files = place.within === 'table' ? this.#options.files : await this.#inContainer();
    return this.#source(files, { path: place.path, bytes });
  }

  /** @param path of the file in the table’s folder, decoded. */
  inTable(path: string): Promise<FileSource> {
    return this.#source(this.#options.files, { path, bytes: null });
  }

  async #source(files: FileSystem, { path, bytes: known }: { readonly path: string; readonly bytes: number | null }): Promise<FileSource> {
    const name = files === this.#options.files ? `${this.#options.where}/${path}` : `${files.url}/${path}`;
    const removed = () => fileRemoved(this.#options.where, name, { entity: this.#options.entity, isNewest: this.#options.asked === null });
    const bytes = known ?? (await retry(() => files.stat(path)))?.bytes;
    if (bytes === undefined) throw removed();
    const localPath = files.localPath?.(path);
    const load = async (range: { readonly start: number; readonly end: number }, into?: Uint8Array): Promise<Uint8Array> => {
      try {
        return await retry(() => files.read(path, range, { into }));
      } catch (error) {
        throw error instanceof FileNotFound ? removed() : error;
      }
    };
    const isSmall = localPath === undefined && bytes <= smallBytes;
    const key = `${files === this.#options.files ? 'table' : 'container'} ${path}`;
    return {
      name,
      bytes,
      ...(localPath === undefined ? {} : { localPath }),
      read: isSmall
        ? async (range, into) => rangeOf(await this.#small.whole(key, bytes, () => load({ start: 0, end: bytes })), range, into)
        : load,
      orReplaced: async (failure) => ((await retry(() => files.stat(path))) === undefined ? removed() : failure),
    };
  }

  #inContainer(): Promise<FileSystem> {
    this.#container ??= this.#options.container();
    return this.#container;
  }
}
