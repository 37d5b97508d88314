/** The files of one attempt while they are written: staged under unique names, and closed when they are large enough. */
import type { Frame } from '../../../engine/contracts/frame.ts';
import type { FrameToStage, Part, PartRole, StageRequest } from '../../../engine/contracts/store.ts';
import type { Schema } from '../../../frames/schema.ts';
import { rejectedMarkIn, schemaOfRole } from '../../../frames/values/rejected-rows.ts';

import type { Random } from '../../../ports/random.ts';

import type { PartitionValue } from '../../paths/partition-values.ts';
import { type FilePlace, finalPath, keysPath, quarantinePath, stagedPath } from '../layout.ts';
import { OpenPart, type OpenPartOptions } from './open-part.ts';
import { type MakePartitionSorter, type PartitionSorter, partitionColumns, partitionFolder } from './partition-by.ts';

export interface StagingOptions extends OpenPartOptions {
  readonly place: FilePlace;
  readonly targetBytes: number;
  /** Rows are written to separate files by the values of these columns; their names are those of `place.partitionBy`. */
  readonly apart?: MakePartitionSorter;
  readonly random: Random;
  /** Rows of the role `deleted` are published in a place that no reader of the data reads. */
  readonly deletedApart?: true;
}

/** Rows of partitions are written when this many bytes wait in scratch: an endless slice must not fill the disk. */
const roundBytes = 1024 * 1024 * 1024;
/** Files that are being closed at once. */
const mostClosing = 8;
/** Partitions that are written at once: for small partitions, most of the time is spent on the answers of a service. Together, their frames are as large as one large frame. */
const partitionsAtOnce = { most: 16, mostBytes: 32 * 1024 * 1024 };

export class PartWriter {
  readonly #options: StagingOptions;
  readonly #request: StageRequest;
  /** One open file per role and partition. */
  readonly #open = new Map<string, { readonly part: OpenPart; readonly number: number }>();
  readonly #apart = new Map<PartRole, PartitionSorter>();
  /** Files by their numbers, once they are being closed. */
  readonly #parts: Array<Promise<Part>> = [];
  readonly #partitions = new Underway(partitionsAtOnce);
  /** The attempt was abandoned: no file is opened any more. */
  #failure: { readonly error: unknown } | undefined;
  #count = 0;
  /** A file was closed too small because the next rows did not fit into it; one such small file is enough. */
  #isMixed = false;

  constructor(options: StagingOptions, request: StageRequest) {
    this.#options = options;
    this.#request = request;
  }

  async add(frame: Frame, of: Whose): Promise<void> {
    const { role } = of;
    const { partition } = this.#request;
    if (partition) return this.#write(frame, of, asValues(partition));
    const apart = isApart(role) || this.#isHidden(role) ? undefined : this.#apartOf(role);
    if (apart === undefined) return this.#write(frame, of, []);
    await apart.add(frame);
    if (apart.bytes >= roundBytes) await this.#settle(role, apart);
  }

  async finish(): Promise<readonly Part[]> {
    for (const [role, apart] of this.#apart) await this.#settle(role, apart);
    if (this.#request.emptyPart && this.#count === 0) this.#opened({ role: 'data', ofGroup: false }, this.#nowhere());
    for (const key of [...this.#open.keys()]) await this.#close(key);
    return Promise.all(this.#parts);
  }

  async abort(error: unknown): Promise<void> {
    this.#failure = { error };
    await Promise.all([...this.#open.values()].map(({ part }) => part.abort(error)));
    await this.#partitions.over();
    await Promise.allSettled(this.#parts);
    for (const apart of this.#apart.values()) await apart[Symbol.asyncDispose]();
  }

  #apartOf(role: PartRole): PartitionSorter | undefined {
    const { apart: from, place, scratch } = this.#options;
    const { partitionBy = [] } = place;
    if (from === undefined || partitionBy.length === 0) return undefined;
    const apart = this.#apart.get(role) ?? from({ columns: partitionColumns(this.#request.schema, partitionBy), scratch });
    this.#apart.set(role, apart);
    return apart;
  }

  /** A partition's frames follow one another: when the next partition begins, the file of the last one is complete. Several files are in progress. */
  async #settle(role: PartRole, apart: PartitionSorter): Promise<void> {
    let last = { key: '', bytes: 0, written: Promise.resolve() };
    const ends = ({ key, bytes, written }: typeof last) =>
      this.#partitions.add(
        bytes,
        written.then(() => this.#closed(key)),
      );
    const taken = () => Promise.all([last.written, this.#partitions.done()]);
    try {
      for await (const { values, frame } of apart.drain(taken)) {
        const of = { role, ofGroup: false };
        const key = keyOf(of, values);
        if (key === last.key) await last.written;
        else ends(last);
        await this.#partitions.room(frame.bytes);
        last = { key, bytes: frame.bytes, written: this.#write(frame, of, values) };
        // Awaited when the partition ends; until then the failure must not count as unhandled.
        last.written.catch(() => undefined);
      }
    } catch (error) {
      this.#partitions.add(0, last.written);
      throw error;
    }
    ends(last);
    await this.#partitions.done();
  }

  async #write(frame: Frame, of: Whose, values: readonly PartitionValue[]): Promise<void> {
    const key = keyOf(of, values);
    if ((await this.#open.get(key)?.part.takes(frame)) === false) {
      this.#isMixed = true;
      await this.#close(key);
    }
    const part = this.#open.get(key)?.part ?? this.#opened(of, values, frame.schema);
    await part.add(frame);
    // A file a little over the target size is better than a tiny file after it.
    if (part.bytes >= this.#options.targetBytes * 1.3) await this.#close(key);
  }

  /** Starts to close, and waits only if many files are being closed. */
  async #close(key: string): Promise<void> {
    void this.#closed(key);
    await this.#parts.at(-mostClosing - 1);
  }

  #closed(key: string): Promise<Part> | undefined {
    const open = this.#open.get(key);
    if (!open) return undefined;
    this.#open.delete(key);
    const closed = open.part.close();
    // Awaited in finish(); until then a failure must not count as unhandled.
    closed.catch(() => undefined);
    this.#parts[open.number] = closed;
    return closed;
  }

  /** @param found the columns of the rows; absent: the columns of the role. */
  #opened(of: Whose, values: readonly PartitionValue[], found?: Schema): OpenPart {
    const { role } = of;
    if (this.#failure) throw this.#failure.error;
    const { run, slice } = this.#request;
    const number = this.#count++;
    const name = { epoch: run.epoch, lineage: run.lineage, slice, part: number, nonce: this.#options.random.nonce() };
    const { place } = this.#options;
    const asked = this.#asked();
    const schema = found && (isApart(role) || role === 'deleted') ? found : schemaOfRole(role, asked.schema);
    const request =
      role === 'quarantine' ? { ...fromOne(asked, of.source), schema, watermark: rejectedMarkIn(schema) } : { ...asked, schema };
    // The files are in a place that no reader of the data reads.
    const hidden = this.#isHidden(role) ? keysPath(place, name) : undefined;
    const final = hidden ?? (isApart(role) ? quarantinePath(place, name) : finalPath(place, name, partitionFolder(values)));
    const names = {
      ...of,
      staged: stagedPath(place, name),
      final,
      partition: values,
      // Row groups that are copied from a source are not mixed with others.
      anew: this.#isMixed || place.file !== undefined,
      ...(place.file === undefined || isApart(role) ? {} : { over: true as const }),
    };
    const { apartFormat = this.#options.format } = this.#options;
    const part = new OpenPart(
      isApart(role) || hidden !== undefined ? { ...this.#options, format: apartFormat } : this.#options,
      request,
      names,
    );
    this.#open.set(keyOf(of, values), { part, number });
    return part;
  }

  #isHidden(role: PartRole): boolean {
    return role === 'deleted' && this.#options.deletedApart === true;
  }

  /** Hundreds of partitions would each list all the sources. */
  #asked(): StageRequest {
    if ((this.#options.place.partitionBy ?? []).length === 0) return this.#request;
    const { sources: _, ...request } = this.#request;
    return request;
  }

  /** A file without rows also has a partition; otherwise readers would find files in a different layout. */
  #nowhere(): readonly PartitionValue[] {
    const { partitionBy = [] } = this.#options.place;
    return partitionBy.length === 0
      ? []
      : partitionColumns(this.#request.schema, partitionBy).map(({ name, type }) => ({ name, type, text: null }));
  }
}

/** Writes all frames. If that fails, no frame is still being written when it throws. */
export async function stagedParts(writer: PartWriter, frames: AsyncIterable<FrameToStage>, signal: AbortSignal): Promise<readonly Part[]> {
  try {
    for await (const { frame, role, ofGroup, source } of frames) {
      signal.throwIfAborted();
      await writer.add(frame, { role, ofGroup: ofGroup ?? false, ...(source !== undefined && { source }) });
    }
    return await writer.finish();
  } catch (error) {
    await writer.abort(error);
    throw error;
  }
}

/** Only the texts of these values count: they name the folders where the rows were before. */
function asValues(partition: Readonly<Record<string, string | null>>): readonly PartitionValue[] {
  return Object.entries(partition).map(([name, text]) => ({ name, text, type: { kind: 'string' } }));
}

/** Identifies the rows of a file. */
interface Whose {
  readonly role: PartRole;
  readonly ofGroup: boolean;
  /** The source file of rows that can't be read. */
  readonly source?: string;
}

function keyOf({ role, ofGroup, source = '' }: Whose, values: readonly PartitionValue[]): string {
  return `${role}${ofGroup ? ' of the group' : ''}/${partitionFolder(values)}/${source}`;
}

function fromOne(request: StageRequest, source: string | undefined): StageRequest {
  if (source === undefined) return request;
  const { sources: _, ...of } = request;
  return { ...of, source };
}

/** These are not the entity's rows: they have their own columns. */
function isApart(role: PartRole): boolean {
  return role === 'quarantine' || role === 'broken' || role === 'correction';
}

/** Work that runs in parallel: limited in number and in bytes, except that a single larger item is allowed. */
class Underway {
  readonly #most: number;
  readonly #mostBytes: number;
  readonly #all = new Set<Promise<void>>();
  #bytes = 0;
  #failure: { readonly error: unknown } | undefined;

  constructor({ most, mostBytes }: { readonly most: number; readonly mostBytes: number }) {
    this.#most = most;
    this.#mostBytes = mostBytes;
  }

  /** Waits until an item of this many bytes fits. Throws the error of any failed item. */
  async room(bytes: number): Promise<void> {
    const isFull = () => this.#all.size >= this.#most || this.#bytes + bytes > this.#mostBytes;
    while (this.#failure === undefined && this.#all.size > 0 && isFull()) await Promise.race(this.#all);
    this.#mustGoOn();
  }

  add(bytes: number, work: Promise<unknown>): void {
    this.#bytes += bytes;
    const over = work
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .then(() => {
        this.#bytes -= bytes;
        this.#all.delete(over);
      });
    this.#all.add(over);
  }

  /** Resolves when no work is running any more. Throws the error of any failed item. */
  async done(): Promise<void> {
    await this.over();
    this.#mustGoOn();
  }

  /** Waits until all work has ended, whether it succeeded or failed. */
  async over(): Promise<void> {
    await Promise.all(this.#all);
  }

  #mustGoOn(): void {
    if (this.#failure) throw this.#failure.error;
  }
}
