import fs from 'node:fs';
import promises, { type FileHandle } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { dirname } from 'node:path';

interface Entry {
  /** Written since the last sync of its content. */
  unsynced: boolean;
}

/**
 * What a power cut would leave of a tree of files: which contents and which names the program has had synced, from the calls it really makes. A
 * file is durable when its content was synced after it was written, and its name, and those of the folders on the way, after they were made.
 */
export class Durability {
  readonly #root: string;
  readonly #content = new Map<string, Entry>();
  /** Names, of files and folders, that were made since their folder was last synced. */
  readonly #loose = new Set<string>();
  #busy = 0;
  #quietTurns = 0;
  readonly #calls: string[] = [];

  constructor(root: string) {
    this.#root = root;
  }

  /** All calls so far, in their order, for people. */
  get calls(): readonly string[] {
    return this.#calls;
  }

  /** What a power cut might take now: empty files, half files, lost names. */
  atRisk(): readonly string[] {
    const found: string[] = [];
    for (const [path, { unsynced }] of this.#content) if (unsynced) found.push(`the content of ${this.#short(path)}`);
    for (const path of this.#loose) found.push(`the name of ${this.#short(path)}`);
    return found.sort();
  }

  opened(path: string, flags: string | number | undefined): void {
    if (flags !== 'wx' && flags !== 'a+' && flags !== 'w') return;
    this.#note(`open ${this.#short(path)}`);
    if (this.#content.has(path)) return;
    this.#content.set(path, { unsynced: false });
    this.#loose.add(path);
  }

  /** A call of the file system has begun; answers what ends it. */
  begin(): () => void {
    this.#busy++;
    return () => {
      this.#busy--;
      this.#quietTurns = 0;
    };
  }

  /**
   * The slowest disk there could be: names get on it only when nothing else goes on any more, those of higher folders last. Whoever does not wait for
   * a sync has answered by then.
   */
  async slowly(folder: string): Promise<void> {
    const depth = folder.slice(this.#root.length).split('/').length;
    while (this.#busy > 0 || this.#quietTurns++ < 100 * (10 - Math.min(depth, 9))) await new Promise((resolve) => setImmediate(resolve));
  }

  written(path: string): void {
    this.#note(`write ${this.#short(path)}`);
    const entry = this.#content.get(path);
    if (entry) entry.unsynced = true;
  }

  /** What was there when the sync began; what comes while it runs has to wait for the next one. */
  syncing(path: string): () => void {
    const names = [...this.#loose].filter((name) => dirname(name) === path);
    const entry = this.#content.get(path);
    if (entry) entry.unsynced = false;
    return () => {
      this.#note(`sync ${this.#short(path)}`);
      for (const name of names) this.#loose.delete(name);
    };
  }

  made(first: string | undefined, path: string): void {
    if (first === undefined) return;
    for (let at = path; at !== dirname(first); at = dirname(at)) this.#loose.add(at);
    this.#note(`mkdir ${this.#short(path)}`);
  }

  /** `rename` takes the old name away, `link` leaves it. A name that hides a content that is not on the disk yet is the worst of all. */
  named(how: 'rename' | 'link', from: string, to: string): void {
    this.#note(`${how} ${this.#short(from)} to ${this.#short(to)}`);
    const entry = this.#content.get(from) ?? { unsynced: true };
    if (entry.unsynced) throw new Error(`${this.#short(to)} gets its name before its content is synced`);
    this.#content.set(to, entry);
    this.#loose.add(to);
    if (how === 'rename') this.gone(from);
  }

  gone(path: string): void {
    this.#content.delete(path);
    this.#loose.delete(path);
  }

  covers(path: unknown): path is string {
    return typeof path === 'string' && (path === this.#root || path.startsWith(`${this.#root}/`));
  }

  #note(call: string): void {
    this.#calls.push(call);
  }

  #short(path: string): string {
    return path === this.#root ? '.' : path.slice(this.#root.length + 1).replace(/\.hygge-tmp-.*/, 'temporary');
  }
}

const real = { ...promises };
const realFs = { mkdirSync: fs.mkdirSync, renameSync: fs.renameSync };

/** Listens to `node:fs` while `work` runs, whoever calls it. */
export async function watching(durability: Durability, work: () => Promise<void>): Promise<void> {
  const of = (path: unknown): path is string => durability.covers(path);
  promises.open = async (path, flags, mode) => {
    const handle = await real.open(path, flags, mode);
    if (!of(path)) return handle;
    durability.opened(path, flags);
    return watched(handle, path, durability);
  };
  promises.rename = async (from, to) => {
    await real.rename(from, to);
    if (of(from) && of(to)) durability.named('rename', from, to);
  };
  promises.link = async (from, to) => {
    await real.link(from, to);
    if (of(from) && of(to)) durability.named('link', from, to);
  };
  promises.unlink = async (path) => {
    await real.unlink(path);
    if (of(path)) durability.gone(path);
  };
  promises.rmdir = async (path) => {
    await real.rmdir(path);
    if (of(path)) durability.gone(path);
  };
  for (const name of ['open', 'rename', 'link', 'unlink', 'rmdir', 'stat', 'lstat', 'readdir', 'readFile'] as const)
    Object.assign(promises, { [name]: counted(promises[name] as (...args: unknown[]) => Promise<unknown>, durability) });
  fs.renameSync = (from, to) => {
    realFs.renameSync(from, to);
    if (of(from) && of(to)) durability.named('rename', from, to);
  };
  fs.mkdirSync = ((path: string, options?: fs.MakeDirectoryOptions) => {
    const first = realFs.mkdirSync(path, options);
    if (of(path)) durability.made(options?.recursive === true ? first : path, path);
    return first;
  }) as typeof fs.mkdirSync;
  syncBuiltinESMExports();
  try {
    await work();
  } finally {
    Object.assign(promises, real);
    Object.assign(fs, realFs);
    syncBuiltinESMExports();
  }
}

function counted<A extends readonly unknown[], T>(call: (...args: A) => Promise<T>, durability: Durability): (...args: A) => Promise<T> {
  return async (...args) => {
    const end = durability.begin();
    return call(...args).finally(end);
  };
}

function watched(handle: FileHandle, path: string, durability: Durability): FileHandle {
  const { write, sync, datasync, close } = handle;
  const syncs = (call: () => Promise<void>) => async () => {
    const done = durability.syncing(path);
    await call.call(handle);
    if (call === sync) await durability.slowly(path);
    done();
  };
  return Object.assign(handle, {
    write: counted((...args: unknown[]) => {
      durability.written(path);
      return Reflect.apply(write, handle, args) as Promise<unknown>;
    }, durability),
    sync: syncs(sync),
    datasync: counted(syncs(datasync), durability),
    close: counted(close.bind(handle), durability),
  });
}
