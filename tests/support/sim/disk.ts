import { hash } from 'node:crypto';
import type {
  Condition,
  FileInfo,
  FileSystem,
  ListedStagedFile,
  PublishOutcome,
  PutOutcome,
  StagedFile,
} from '../../../src/ports/filesystem.ts';
import { MemoryFileSystem } from '../memory-filesystem.ts';
import type { Step } from './call.ts';
import type { Process } from './process.ts';
import { permanent } from './refusals.ts';

/** A tree of files that all processes of a simulation share, with the contents kept where the oracle finds them cheaply. */
export class Disk {
  readonly raw: MemoryFileSystem;
  /** What is really there now: path → content. */
  readonly bodies = new Map<string, Uint8Array>();

  constructor(url: string) {
    this.raw = new MemoryFileSystem({ url });
  }

  async stage(names: { staged: string; final: string }, body: Uint8Array): Promise<StagedFile> {
    const file = await this.raw.stage(names, pieces(body));
    this.bodies.set(names.staged, body);
    return file;
  }

  /** What an upload leaves that was cut off: half of the bytes, where they were going. */
  tear(names: { staged: string }, body: Uint8Array): void {
    this.plant(names.staged, body.slice(0, Math.floor(body.length / 2)));
  }

  async publish(file: StagedFile): Promise<PublishOutcome> {
    const outcome = await this.raw.publish(file);
    const body = this.bodies.get(file.staged);
    if (outcome === 'published' && body) this.bodies.set(file.final, body);
    if (outcome !== 'gone') this.bodies.delete(file.staged);
    return outcome;
  }

  async put(path: string, body: Uint8Array, condition: Condition): Promise<PutOutcome> {
    const put = await this.raw.put(path, body, condition);
    if (put.outcome === 'written') this.bodies.set(path, body);
    return put;
  }

  async remove(path: string): Promise<void> {
    await this.raw.remove(path);
    this.bodies.delete(path);
  }

  /** Written by a person or another program. */
  plant(path: string, body: Uint8Array | string): void {
    const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
    this.raw.plant(path, bytes);
    this.bodies.set(path, bytes);
  }
}

async function* pieces(body: Uint8Array): AsyncGenerator<Uint8Array> {
  if (body.length > 0) yield body;
}

async function gathered<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const sums = new WeakMap<Uint8Array, string>();

export function checksumOf(body: Uint8Array): string {
  let found = sums.get(body);
  if (found === undefined) {
    found = `sha256:${hash('sha256', body)}`;
    sums.set(body, found);
  }
  return found;
}

/** One process's view of a disk: every method is one call that the scheduler may let fail. */
export class SimFileSystem implements FileSystem {
  readonly url: string;
  readonly permanent = permanent;
  readonly #disk: Disk;
  readonly #process: Process;
  readonly #name: string;
  readonly #step: (operation: string, path: string) => Step | undefined;

  constructor(process: Process, disk: Disk, options: { name: string; step: (operation: string, path: string) => Step | undefined }) {
    this.url = disk.raw.url;
    this.#process = process;
    this.#disk = disk;
    this.#name = options.name;
    this.#step = options.step;
  }

  stat(path: string): Promise<FileInfo | undefined> {
    return this.#call('stat', path, 'read', () => this.#disk.raw.stat(path));
  }

  async *list(folder: string): AsyncGenerator<FileInfo> {
    yield* await this.#call('list', folder, 'read', () => gathered(this.#disk.raw.list(folder)));
  }

  read(path: string, range?: { readonly start: number; readonly end: number }): Promise<Uint8Array> {
    return this.#call('read', path, 'read', () => this.#disk.raw.read(path, range));
  }

  get(path: string): Promise<{ body: Uint8Array; etag: string } | undefined> {
    return this.#call('get', path, 'read', () => this.#disk.raw.get(path));
  }

  async stage(names: { readonly staged: string; readonly final: string }, body: AsyncIterable<Uint8Array>): Promise<StagedFile> {
    const bytes = Buffer.concat(await gathered(body));
    const whole = new Uint8Array(bytes);
    return this.#call(
      'stage',
      names.staged,
      'write',
      () => this.#disk.stage(names, whole),
      () => this.#disk.tear(names, whole),
    );
  }

  publish(file: StagedFile): Promise<PublishOutcome> {
    return this.#call('publish', file.final, 'write', () => this.#disk.publish(file));
  }

  async *staged(folder: string): AsyncGenerator<ListedStagedFile> {
    yield* await this.#call('staged', folder, 'read', () => gathered(this.#disk.raw.staged(folder)));
  }

  discard(file: { readonly staged: string }): Promise<void> {
    return this.#call('discard', file.staged, 'write', () => this.#disk.remove(file.staged));
  }

  put(path: string, body: Uint8Array, condition: Condition): Promise<PutOutcome> {
    const how = 'ifMatch' in condition ? `if ${condition.ifMatch}` : 'if none';
    return this.#call(`put ${how}`, path, 'write', () => this.#disk.put(path, body, condition));
  }

  append(path: string, line: Uint8Array): Promise<void> {
    return this.#call('append', path, 'write', () => this.#disk.raw.append(path, line));
  }

  remove(path: string): Promise<void> {
    return this.#call('remove', path, 'write', () => this.#disk.remove(path));
  }

  #call<T>(operation: string, path: string, kind: 'read' | 'write', apply: () => Promise<T>, tear?: () => void): Promise<T> {
    const step = kind === 'write' ? this.#step(operation, path) : undefined;
    const label = `${this.#name} ${operation} ${short(path)}${step ? ` (${step})` : ''}`;
    return this.#process.call({ label, kind, apply, ...(step ? { step } : {}), ...(tear ? { tear } : {}) });
  }
}

/** Zeros in front of epochs say nothing in a trace. */
function short(path: string): string {
  return path.replaceAll(/0{8,}/g, '…');
}
