import { checkFolder, checkPath } from '../paths.ts';

/** A folder inside a container, bucket or filesystem, as the root of a tree: paths ↔ keys. */
export class Tree {
  readonly #prefix: string;

  /** @param folder without `/` at its ends; '' is the whole container. */
  constructor(folder: string) {
    this.#prefix = folder === '' ? '' : `${folder}/`;
  }

  /** Throws HYG-4001 where a path is none. */
  key(path: string): string {
    checkPath(path);
    return this.#prefix + path;
  }

  /** What every key below a folder starts with; '' is the root. */
  below(folder: string): string {
    checkFolder(folder);
    return folder === '' ? this.#prefix : `${this.#prefix}${folder}/`;
  }

  /** The path of a key below the root; of another, undefined. */
  path(key: string): string | undefined {
    return key.startsWith(this.#prefix) && key.length > this.#prefix.length ? key.slice(this.#prefix.length) : undefined;
  }
}
