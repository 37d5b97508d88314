import { markOf, stagedPathOfMark } from '../../../src/filesystems/remote/marks.ts';
import type { ListedStagedFile, PublishOutcome, StagedFile } from '../../../src/ports/filesystem.ts';
import { OutcomeUnknown } from '../../../src/ports/retry.ts';
import type { Step } from './call.ts';
import { checksumOf, Disk, SimFileSystem } from './disk.ts';
import type { Process } from './process.ts';

interface Upload {
  readonly staged: string;
  readonly final: string;
}

/**
 * A bucket: what is staged is an upload left open under its final name, with a mark beside the staged one. Completing it uses it up. An upload
 * without a byte counts for nothing.
 */
export class Bucket extends Disk {
  readonly #open = new Map<string, Upload>();
  #count = 0;

  mark({ staged, final }: Upload): void {
    const mark = markOf(staged);
    if (this.bodies.has(mark)) throw new Error(`${staged} is staged twice`);
    this.bodies.set(mark, new TextEncoder().encode(final));
  }

  unmark(staged: string): void {
    this.bodies.delete(markOf(staged));
  }

  begin(upload: Upload): string {
    const id = `upload ${++this.#count}`;
    this.#open.set(id, upload);
    return id;
  }

  /** Sends what the upload is to hold; one that was given up takes nothing any more. */
  fill(id: string, body: Uint8Array): void {
    const upload = this.#open.get(id);
    if (upload) this.bodies.set(upload.staged, body);
  }

  async complete(id: string, { staged, final }: Upload): Promise<PublishOutcome> {
    const body = this.bodies.get(staged);
    if (!this.#open.has(id) || body === undefined) return (await this.raw.stat(final)) === undefined ? 'gone' : 'already';
    const put = await this.put(final, body, { ifNoneMatch: '*' });
    if (put.outcome === 'refused') throw new Error(`${final} is there already`);
    this.#open.delete(id);
    this.bodies.delete(staged);
    return 'published';
  }

  /** Ends every upload of a staged name. */
  abort(staged: string): void {
    for (const [id, upload] of this.#open) if (upload.staged === staged) this.#open.delete(id);
    this.bodies.delete(staged);
  }

  override async remove(path: string): Promise<void> {
    const marked = stagedPathOfMark(path);
    this.abort(marked ?? path);
    if (marked !== undefined) this.bodies.delete(path);
    else await super.remove(path);
  }
}

/** One process's view of a bucket: every request on its own, for the scheduler to let fail. */
export class SimBucket extends SimFileSystem {
  readonly #process: Process;
  readonly #bucket: Bucket;
  readonly #step: (operation: string) => Step | undefined;

  constructor(process: Process, bucket: Bucket, options: { name: string; step: (operation: string) => Step | undefined }) {
    super(process, bucket, options);
    this.#process = process;
    this.#bucket = bucket;
    this.#step = options.step;
  }

  override async stage(names: { readonly staged: string; readonly final: string }, body: AsyncIterable<Uint8Array>): Promise<StagedFile> {
    const { staged, final } = names;
    const pieces: Uint8Array[] = [];
    for await (const piece of body) pieces.push(piece);
    const whole = new Uint8Array(Buffer.concat(pieces));
    await this.#request('mark', staged, 'stage', () => this.#bucket.mark(names));
    const id = await this.#request('begin', staged, 'stage', () => this.#bucket.begin(names));
    const stands = await this.#request('look', staged, undefined, () => this.#bucket.bodies.has(markOf(staged)));
    if (!stands) throw new OutcomeUnknown(`${staged} was swept away`);
    await this.#request('fill', staged, 'stage', () => this.#bucket.fill(id, whole));
    return { staged, final, bytes: whole.length, checksum: checksumOf(whole), handle: id };
  }

  override async publish(file: StagedFile): Promise<PublishOutcome> {
    const outcome = await this.#request('complete', file.final, 'publish', () => this.#bucket.complete(String(file.handle), file));
    if (outcome !== 'gone') await this.#request('unmark', file.staged, 'publish', () => this.#bucket.unmark(file.staged));
    return outcome;
  }

  override async *staged(folder: string): AsyncGenerator<ListedStagedFile> {
    const marks = await this.#request('marks', folder, undefined, () =>
      [...this.#bucket.bodies.keys()].filter((path) => path.startsWith(`${folder}/`)).map((path) => stagedPathOfMark(path) ?? path),
    );
    for (const staged of marks) yield { staged };
  }

  /** What begins after the first look and before the mark is gone would have neither: hence the second. */
  override async discard({ staged }: { readonly staged: string }): Promise<void> {
    const abort = () => this.#request('abort', staged, 'discard', () => this.#bucket.abort(staged));
    await abort();
    await this.#request('unmark', staged, 'discard', () => this.#bucket.unmark(staged));
    await abort();
  }

  #request<T>(label: string, path: string, operation: string | undefined, apply: () => T): Promise<Awaited<T>> {
    const step = operation === undefined ? undefined : this.#step(operation);
    const kind = operation === undefined ? ('read' as const) : ('write' as const);
    return this.#process.call({ label: `bucket ${label} ${path}`, kind, apply, ...(step ? { step } : {}) });
  }
}
