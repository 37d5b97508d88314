import { mkdir, open, rmdir } from 'node:fs/promises';
import { dirname, relative, sep } from 'node:path';
import { errnoOf } from './faults.ts';

/** Folders that come when a file needs them and go when they are empty, with names that survive a power cut. */
export class Folders {
  readonly #root: string;
  readonly #making = new Map<string, Promise<void>>();
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
        await this.make(folder);
      }
    }
  }

  /** Makes a folder and its parents, durably; two callers share the work. */
  make(folder: string): Promise<void> {
    const under = this.#making.get(folder);
    if (under) return under;
    const making = this.#make(folder).finally(() => this.#making.delete(folder));
    this.#making.set(folder, making);
    return making;
  }

  async #make(folder: string): Promise<void> {
    const first = await mkdir(folder, { recursive: true });
    if (first === undefined) return;
    const above = dirname(first);
    const syncs: Promise<void>[] = [];
    for (let made = folder; made !== above; made = dirname(made)) syncs.push(this.sync(dirname(made)));
    await Promise.all(syncs);
  }

  /**
   * Makes every name that is in `folder` now durable. Callers that come while one sync runs share the next one, so publishing a thousand
   * files at once costs a few syncs and not a thousand.
   */
  sync(folder: string): Promise<void> {
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

  /** Removes empty folders from `folder` up, never the root. */
  async prune(folder: string): Promise<void> {
    for (let empty = folder; this.#within(empty); empty = dirname(empty)) {
      try {
        await rmdir(empty);
      } catch (error) {
        // Not empty, busy or not ours to remove: an empty folder left behind harms nobody.
        if (errnoOf(error) !== 'ENOENT') return;
      }
    }
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
