import { open, realpath, rmdir } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { errnoOf } from './faults.ts';
import { makeFolders } from './make-folders.ts';

/** Folders that come when a file needs them and go when they are empty, with names that survive a power cut. */
export class Folders {
  readonly #root: string;
  /** Where the root really is. */
  #real: string | undefined;
  /** Folders in which some were made whose names are on their way to the disk. Code that needs one of them durable waits in `sync`. */
  readonly #naming = new Map<string, Promise<void>>();
  readonly #syncing = new Map<string, { running: Promise<void>; next: Promise<void> | undefined }>();

  constructor(root: string) {
    this.#root = root;
  }

  /**
   * Does what makes a name in `folder`; when the folder is not there (never was, or was pruned that moment by someone else) makes it and tries
   * again. `act` throws ENOENT only for that reason.
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
   * Makes a folder and its parents; they are durable when `sync` of it answers. At once: Node comes back for each level of a long path, and while
   * data pours in, ten milliseconds late each time.
   */
  make(folder: string): void {
    const first = makeFolders(folder);
    if (first === undefined) return;
    const above = dirname(first);
    for (let made = folder; made !== above; made = dirname(made)) this.#name(dirname(made));
  }

  /** What was made in `parent` gets on the disk while it is being filled. */
  #name(parent: string): void {
    const naming = this.#sync(parent);
    this.#naming.set(parent, naming);
    // If it fails, the code that waits for it tries it once more, and gets the error then.
    naming.then(() => this.#named(parent, naming)).catch(() => undefined);
  }

  #named(parent: string, naming: Promise<void>): void {
    if (this.#naming.get(parent) === naming) this.#naming.delete(parent);
  }

  /**
   * Makes every name that is in `folder` now durable, and its own where it was made here. Callers that come while one sync runs share the next
   * one, so publishing a thousand files at once costs a few syncs and not a thousand.
   */
  async sync(folder: string): Promise<void> {
    await Promise.all([this.#sync(folder), ...this.#above(folder)]);
  }

  /** What is still to be done for the names of the folders that lead to `folder`. */
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

  /** Removes empty folders from `folder` up, never the root, and none that a link leads to. */
  async prune(folder: string): Promise<void> {
    for (let empty = folder; this.#within(empty); empty = dirname(empty)) {
      try {
        if (await this.#isBehindLink(empty)) return;
        await rmdir(empty);
      } catch (error) {
        // Not empty, busy or not ours to remove: an empty folder left behind does no harm.
        if (errnoOf(error) !== 'ENOENT') return;
      }
    }
  }

  /** The root itself may be a link. */
  async #isBehindLink(folder: string): Promise<boolean> {
    // If the folder does not exist, the root may not exist either, and that would go unnoticed.
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
  // Windows has no sync of folders: its file systems keep names in order by themselves.
  if (process.platform === 'win32') return;
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    // EINVAL: a network file system without it. ENOENT: pruned since, and then no name in it is left to keep.
    const errno = errnoOf(error);
    if (errno !== 'EINVAL' && errno !== 'ENOTSUP' && errno !== 'ENOENT') throw error;
  }
}
