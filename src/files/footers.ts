/** What is in the files of a home: opened when asked for, a few at a time, and only the last of them kept, so that memory does not grow with their number. */
import type { FileInfo, FileSystem } from '../ports/filesystem.ts';
import { insist } from '../ports/outcome.ts';
import type { Json } from '../ports/values.ts';
import type { FileContent, FileSource, Format } from './format.ts';

export interface OpenedFile {
  readonly info: FileInfo;
  readonly source: FileSource;
  readonly content: FileContent;
}

const atOnce = 16;
const mostKept = 64;

export class Footers {
  readonly #files: FileSystem;
  readonly #format: Format;
  readonly #pinned: () => Json | null;
  readonly #display: (path: string) => string;
  /** In the order of last use. */
  readonly #kept = new Map<string, Promise<FileContent>>();

  constructor(of: {
    readonly files: FileSystem;
    readonly format: Format;
    readonly pinned: () => Json | null;
    readonly display: (path: string) => string;
  }) {
    this.#pinned = of.pinned;
    this.#files = of.files;
    this.#format = of.format;
    this.#display = of.display;
  }

  async open(info: FileInfo): Promise<OpenedFile> {
    const source = this.source(info);
    const key = `${info.path} ${info.etag}`;
    const looking = this.#kept.get(key) ?? this.#format.inspect(source, this.#pinned());
    this.#kept.delete(key);
    this.#kept.set(key, looking);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > mostKept && oldest !== undefined) this.#kept.delete(oldest);
    try {
      return { info, source, content: await looking };
    } catch (error) {
      if (this.#kept.get(key) === looking) this.#kept.delete(key);
      throw error;
    }
  }

  /** Whatever `look` answers, in the order of the files. */
  async each<T>(infos: readonly FileInfo[], look: (file: OpenedFile) => T | Promise<T>): Promise<T[]> {
    const answers: T[] = [];
    for (let i = 0; i < infos.length; i += atOnce) {
      const batch = infos.slice(i, i + atOnce).map(async (info) => look(await this.open(info)));
      answers.push(...(await Promise.all(batch)));
    }
    return answers;
  }

  source({ path, bytes }: FileInfo): FileSource {
    const localPath = this.#files.localPath?.(path);
    return {
      name: this.#display(path),
      bytes,
      ...(localPath === undefined ? {} : { localPath }),
      read: (range, into) => insist(() => this.#files.read(path, range, into)),
    };
  }
}
