import { checkFolder, checkPath, reservedPrefix } from '../paths.ts';

/** A folder in a container, bucket or filesystem as the root of a tree. Converts paths to keys, and keys to paths. */
export class Tree {
  readonly #prefix: string;

  /** @param folder without `/` at its ends; '' is the whole container. */
  constructor(folder: string) {
    this.#prefix = folder === '' ? '' : `${folder}/`;
  }

  /** The key of a path. Throws HYG-4001 for an invalid path. */
  key(path: string): string {
    checkPath(path);
    return this.#prefix + path;
  }

  /**
   * The key of an existing file. Its name may be one that not every filesystem accepts, so that any file can be read and removed.
   * Throws HYG-4001 for a path that no listing shows.
   */
  existing(path: string): string {
    if (path === '' || path.endsWith('/') || path.includes('\0') || !path.isWellFormed() || isReserved(path)) checkPath(path);
    return this.#prefix + path;
  }

  /** The prefix of every key below a folder; '' is the root. */
  below(folder: string): string {
    checkFolder(folder);
    return folder === '' ? this.#prefix : `${this.#prefix}${folder}/`;
  }

  /** The path of a key below the root; undefined: the key is outside of the root. */
  path(key: string): string | undefined {
    return key.startsWith(this.#prefix) && key.length > this.#prefix.length ? key.slice(this.#prefix.length) : undefined;
  }
}

const isReserved = (path: string): boolean => path.split('/').some((segment) => segment.startsWith(reservedPrefix));
