import { hash } from 'node:crypto';
import { DefectError } from '../../src/errors/hygge-error.ts';
import { checkFolder, checkPath, comparePaths } from '../../src/filesystems/paths.ts';
import type {
  AppendableFileSystem,
  Condition,
  FileInfo,
  ListedStagedFile,
  PublishOutcome,
  PutOutcome,
  StagedFile,
} from '../../src/ports/filesystem.ts';
import { FileNotFound } from '../../src/ports/filesystem.ts';

interface Entry {
  readonly body: Uint8Array;
  /** Counts the writes of this filesystem: no two contents share one. */
  readonly version: number;
  readonly modifiedAt: string;
}

export interface MemoryFileSystemOptions {
  readonly url?: string;
  /** Time of a write; by default one second later with every write, from 2026 on. */
  readonly now?: () => string;
}

const newline = 0x0a;

function joined(...pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/**
 * A tree of files in memory with the rules of the real ones, deterministic: no clock, no randomness, no thread; every method does its
 * work at once when called. `get` and `put` give other etags than listings do, so that mixing them up shows.
 */
export class MemoryFileSystem implements AppendableFileSystem {
  readonly url: string;
  readonly #now: (() => string) | undefined;
  readonly #files = new Map<string, Entry>();
  readonly #removed = new Set<string>();
  #version = 0;
  /** Names that were created again after they had been removed, which no step of a commit may do. Whole-file rewrites by `put` don't count. */
  readonly reused: string[] = [];

  constructor(options: MemoryFileSystemOptions = {}) {
    this.url = options.url ?? 'memory://files';
    this.#now = options.now;
  }

  async stat(path: string): Promise<FileInfo | undefined> {
    checkPath(path);
    return this.#info(path);
  }

  async *list(folder: string): AsyncGenerator<FileInfo> {
    for (const path of this.#below(folder)) {
      const info = this.#info(path);
      if (info) yield info;
    }
  }

  async read(path: string, range?: { readonly start: number; readonly end: number }): Promise<Uint8Array> {
    checkPath(path);
    const entry = this.#files.get(path);
    if (!entry) throw new FileNotFound(path);
    return range ? entry.body.slice(range.start, Math.max(range.start, range.end)) : entry.body.slice();
  }

  async get(path: string): Promise<{ body: Uint8Array; etag: string } | undefined> {
    checkPath(path);
    const entry = this.#files.get(path);
    return entry && { body: entry.body.slice(), etag: `v${entry.version}` };
  }

  async stage(names: { readonly staged: string; readonly final: string }, body: AsyncIterable<Uint8Array>): Promise<StagedFile> {
    checkPath(names.staged);
    checkPath(names.final);
    const pieces: Uint8Array[] = [];
    for await (const piece of body) pieces.push(piece.slice());
    if (this.#files.has(names.staged)) throw usedTwice(names.staged);
    const whole = joined(...pieces);
    this.#create(names.staged, whole);
    return { staged: names.staged, final: names.final, bytes: whole.length, checksum: `sha256:${hash('sha256', whole)}` };
  }

  async publish(file: StagedFile): Promise<PublishOutcome> {
    checkPath(file.staged);
    checkPath(file.final);
    const staged = this.#files.get(file.staged);
    const final = this.#files.get(file.final);
    if (!staged) return final ? 'already' : 'gone';
    if (final && hash('sha256', final.body) !== hash('sha256', staged.body)) throw usedTwice(file.final);
    this.#delete(file.staged);
    if (final) return 'already';
    this.#create(file.final, staged.body);
    return 'published';
  }

  async *staged(folder: string): AsyncGenerator<ListedStagedFile> {
    for (const path of this.#below(folder)) yield { staged: path, bytes: this.#files.get(path)?.body.length ?? 0 };
  }

  async discard(file: { readonly staged: string }): Promise<void> {
    await this.remove(file.staged);
  }

  async put(path: string, body: Uint8Array, condition: Condition): Promise<PutOutcome> {
    checkPath(path);
    const entry = this.#files.get(path);
    const holds = 'ifNoneMatch' in condition ? entry === undefined : entry !== undefined && `v${entry.version}` === condition.ifMatch;
    if (!holds) return { outcome: 'refused' };
    this.#create(path, body.slice());
    return { outcome: 'written', etag: `v${this.#version}` };
  }

  async append(path: string, line: Uint8Array): Promise<void> {
    checkPath(path);
    if (line.includes(newline))
      throw new DefectError({
        code: 'HYG-9402',
        what: 'A line to append contains a newline.',
        tryThis: ['Run it again with `-v` and report what it prints.'],
      });
    const old = this.#files.get(path)?.body ?? new Uint8Array();
    const heal = old.length > 0 && old[old.length - 1] !== newline ? [newline] : [];
    this.#create(path, joined(old, Uint8Array.from(heal), line, Uint8Array.of(newline)));
  }

  async remove(path: string): Promise<void> {
    checkPath(path);
    this.#delete(path);
  }

  /** Every file with its content, in path order. The bytes are the caller's own. */
  snapshot(): Map<string, Uint8Array> {
    return new Map(this.#below('').map((path) => [path, this.#files.get(path)?.body.slice() ?? new Uint8Array()]));
  }

  /** The same files in another filesystem; from here on they go separate ways. */
  clone(): MemoryFileSystem {
    const copy = new MemoryFileSystem({ url: this.url, ...(this.#now && { now: this.#now }) });
    for (const [path, entry] of this.#files) copy.#files.set(path, entry);
    for (const path of this.#removed) copy.#removed.add(path);
    copy.#version = this.#version;
    copy.reused.push(...this.reused);
    return copy;
  }

  /** Writes a file past all rules: what a person, a crash or another program would leave there. */
  plant(path: string, body: Uint8Array | string): void {
    this.#create(path, typeof body === 'string' ? new TextEncoder().encode(body) : body.slice());
  }

  #below(folder: string): string[] {
    checkFolder(folder);
    const paths = [...this.#files.keys()].filter((path) => folder === '' || path.startsWith(`${folder}/`));
    return paths.sort(comparePaths);
  }

  #info(path: string): FileInfo | undefined {
    const entry = this.#files.get(path);
    return entry && { path, bytes: entry.body.length, etag: `listed-${entry.version}`, modifiedAt: entry.modifiedAt };
  }

  #create(path: string, body: Uint8Array): void {
    if (this.#removed.delete(path)) this.reused.push(path);
    this.#version += 1;
    const modifiedAt = this.#now?.() ?? new Date(Date.UTC(2026, 0, 1) + this.#version * 1000).toISOString();
    this.#files.set(path, { body, version: this.#version, modifiedAt });
  }

  #delete(path: string): void {
    if (this.#files.delete(path)) this.#removed.add(path);
  }
}

function usedTwice(path: string): DefectError {
  return new DefectError({
    code: 'HYG-9401',
    what: `A file named ${path} already exists with other content.`,
    why: ['hygge uses every name once. A second use would overwrite data that a commit needs.'],
    tryThis: ['Report it with the output of `-v`. Nothing was overwritten.'],
  });
}
