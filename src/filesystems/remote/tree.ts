import { checkFolder, checkPath, reservedPrefix } from '../paths.ts';

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

  /**
   * The key of what is there already: services hold files under names that not every filesystem takes, and those can be read and removed.
   * Throws HYG-4001 for what no listing shows.
   */
  existing(path: string): string {
    if (path === '' || path.endsWith('/') || path.includes('\0') || !path.isWellFormed() || isReserved(path)) checkPath(path);
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

const isReserved = (path: string): boolean => path.split('/').some((segment) => segment.startsWith(reservedPrefix));
