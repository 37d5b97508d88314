import { open, realpath, rmdir } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { errnoOf } from './faults.ts';
import { makeFolders } from './make-folders.ts';

/** Folders that are created when a file needs them and removed when they are empty, with names that survive a power cut. */
export class Folders {
  readonly #root: string;
  /** The real path of the root. */
  #real: string | undefined;
  /** Folders with new subfolders whose names are not yet on the disk. Code that needs such a subfolder to be durable waits in `sync`. */
  readonly #naming = new Map<string, Promise<void>>();
  readonly #syncing = new Map<string, { running: Promise<void>; next: Promise<void> | undefined }>();

  constructor(root: string) {
    this.#root = root;
  }

  /**
   * Runs `act`, which creates a name in `folder`. The folder may be missing, because it was never created or another process has just pruned it. If so,
   * creates the folder and tries again. `act` must throw ENOENT only if the folder is missing.
   */
  async inside<T>(folder: string, act: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await act();
      } catch (error) {
        if (errnoOf(error) !== 'ENOENT' || attempt === 100) throw error;
        this.make(folder);
      }
    }
  }

  /**
   * Creates a folder and its parents, which are durable when `sync` of the folder returns. The call is synchronous. While much data arrives, an
   * asynchronous call would return ten milliseconds late, at each level of a long path.
   */
  make(folder: string): void {
    const first = makeFolders(folder);
    if (first === undefined) return;
    const above = dirname(first);
    for (let made = folder; made !== above; made = dirname(made)) this.#name(dirname(made));
  }

  /** Starts to write the new names in `parent` to the disk while the new folder is being filled. */
  #name(parent: string): void {
    const naming = this.#sync(parent);
    this.#naming.set(parent, naming);
    // If this sync fails, the error is ignored here. The later call of `sync` tries again, and throws the error.
    naming.then(() => this.#named(parent, naming)).catch(() => undefined);
  }

  #named(parent: string, naming: Promise<void>): void {
    if (this.#naming.get(parent) === naming) this.#naming.delete(parent);
  }

  /**
   * Makes every current name in `folder` durable, and the folder’s own name if this object created the folder. Calls during a
   * running sync share the next sync, so publishing a thousand files at once needs only a few syncs.
   */
  async sync(folder: string): Promise<void> {
    await Promise.all([this.#sync(folder), ...this.#above(folder)]);
  }

  /** The pending work for the names of the folders above `folder`. */
  *#above(folder: string): Generator<Promise<void>> {
    for (let at = dirname(folder), below = folder; at !== below; [at, below] = [dirname(at), at]) {
      const naming = this.#naming.get(at);
      if (naming !== undefined) yield naming.catch(() => this.#sync(at).then(() => this.#named(at, naming)));
    }
  }

  #sync(folder: string): Promise<void> {
    const current = this.#syncing.get(folder);
    if (!current) return this.#start(folder);
    current.next ??= current.running.then(
      () => this.#start(folder),
      () => this.#start(folder),
    );
    return current.next;
  }

  #start(folder: string): Promise<void> {
    const entry: { running: Promise<void>; next: Promise<void> | undefined } = { running: syncFolder(folder), next: undefined };
    this.#syncing.set(folder, entry);
    const done = (): void => {
      if (entry.next === undefined) this.#syncing.delete(folder);
    };
    entry.running.then(done, done);
    return entry.running;
  }

  /** Removes empty folders from `folder` up, except the root and folders behind a link. */
  async prune(folder: string): Promise<void> {
    for (let empty = folder; this.#within(empty); empty = dirname(empty)) {
      try {
        if (await this.#isBehindLink(empty)) return;
        await rmdir(empty);
      } catch (error) {
        // The folder is not empty, in use or not permitted. It stays, because an empty folder does no harm.
        if (errnoOf(error) !== 'ENOENT') return;
      }
    }
  }

  /** Whether a folder is behind a link below the root. The root itself may be a link. */
  async #isBehindLink(folder: string): Promise<boolean> {
    // The folder must exist. If the root did not exist either, no error would show that the folder is missing.
    const real = await realpath(folder);
    this.#real ??= await realpath(this.#root);
    return real !== join(this.#real, relative(this.#root, folder));
  }

  #within(folder: string): boolean {
    const path = relative(this.#root, folder);
    return path !== '' && path !== '..' && !path.startsWith(`..${sep}`);
  }
}

async function syncFolder(folder: string): Promise<void> {
  // Windows can’t sync folders, but its file systems write names in order without a sync.
  if (process.platform === 'win32') return;
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    // EINVAL: a network file system without folder sync. ENOENT: the folder was pruned, so no name in it is left.
    const errno = errnoOf(error);
    if (errno !== 'EINVAL' && errno !== 'ENOTSUP' && errno !== 'ENOENT') throw error;
  }
}
