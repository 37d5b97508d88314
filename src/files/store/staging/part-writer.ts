/** Writes the files of one attempt. Files are staged under unique names, and closed when they are large enough. */
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
  /** Sorts rows by partition, so that each partition gets separate files. The partition columns are `place.partitionBy`. */
  readonly apart?: MakePartitionSorter;
  readonly random: Random;
  /** Rows of the role `deleted` are published in a folder that no reader of the data reads. */
  readonly deletedApart?: true;
}

/** When so many bytes of partitioned rows wait in scratch, they are written to parts, so that an endless slice does not fill the disk. */
const roundBytes = 1024 * 1024 * 1024;
/** The maximum number of files that are closed at once. */
const mostClosing = 8;
/** The limits for partitions that are written at once. Small partitions mostly wait for the answers of a service. Together, their frames are as large as one large frame. */
const partitionsAtOnce = { most: 16, mostBytes: 32 * 1024 * 1024 };

export class PartWriter {
  readonly #options: StagingOptions;
  readonly #request: StageRequest;
  /** One open file per role and partition. */
  readonly #open = new Map<string, { readonly part: OpenPart; readonly number: number }>();
  readonly #apart = new Map<PartRole, PartitionSorter>();
  /** The parts by file number. A file is added when it starts to close. */
  readonly #parts: Array<Promise<Part>> = [];
  readonly #partitions = new Underway(partitionsAtOnce);
  /** Set if the attempt was abandoned, so that no more files are opened. */
  #failure: { readonly error: unknown } | undefined;
  #count = 0;
  /** Whether a file was closed too small because the next rows did not fit into it. After one such file, row groups are encoded again instead of copied, so that no second small file is needed. */
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

  /** Writes the rows that a sorter returns. The frames of a partition follow one another, so its file is complete when the next partition begins. Several files are written at once. */
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
        // The promise is awaited when the partition ends. Until then, its failure must not count as unhandled.
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
    // A file that is a little larger than the target size is better than a tiny next file.
    if (part.bytes >= this.#options.targetBytes * 1.3) await this.#close(key);
  }

  /** Starts to close a file. Waits only if many files are already being closed. */
  async #close(key: string): Promise<void> {
    void this.#closed(key);
    await this.#parts.at(-mostClosing - 1);
  }

  #closed(key: string): Promise<Part> | undefined {
    const open = this.#open.get(key);
    if (!open) return undefined;
    this.#open.delete(key);
    const closed = open.part.close();
    // The promise is awaited in `finish`. Until then, its failure must not count as unhandled.
    closed.catch(() => undefined);
    this.#parts[open.number] = closed;
    return closed;
  }

  /** Opens a part. @param found the columns of the rows; absent: the usual columns of the role. */
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
    // Hidden parts are in a folder that no reader of the data reads.
    const hidden = this.#isHidden(role) ? keysPath(place, name) : undefined;
    const final = hidden ?? (isApart(role) ? quarantinePath(place, name) : finalPath(place, name, partitionFolder(values)));
    const names = {
      ...of,
      staged: stagedPath(place, name),
      final,
      partition: values,
      // Row groups that are copied from a source are not mixed with other row groups.
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

  /** The stage request for a part. With partitions, its sources are left out, because hundreds of parts would each list all sources. */
  #asked(): StageRequest {
    if ((this.#options.place.partitionBy ?? []).length === 0) return this.#request;
    const { sources: _, ...request } = this.#request;
    return request;
  }

  /** The partition values for a file without rows. Such a file needs a partition too; otherwise readers would find files in different layouts. */
  #nowhere(): readonly PartitionValue[] {
    const { partitionBy = [] } = this.#options.place;
    return partitionBy.length === 0
      ? []
      : partitionColumns(this.#request.schema, partitionBy).map(({ name, type }) => ({ name, type, text: null }));
  }
}

/** Writes all frames. When the call throws, no frame is still being written. */
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

/** The partition values from the folder names where the rows were before. Only the texts of the values are used, not their types. */
function asValues(partition: Readonly<Record<string, string | null>>): readonly PartitionValue[] {
  return Object.entries(partition).map(([name, text]) => ({ name, text, type: { kind: 'string' } }));
}

/** Identifies the rows of a file. */
interface Whose {
  readonly role: PartRole;
  readonly ofGroup: boolean;
  /** The source file, for rows that can’t be read. */
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

/** Whether rows of a role are set apart. Such rows have their own columns. */
function isApart(role: PartRole): boolean {
  return role === 'quarantine' || role === 'broken' || role === 'correction';
}

/** Limits the work that runs in parallel, by number and by bytes. A single larger item is allowed. */
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

  /** Waits until an item with this number of bytes fits. Throws the error of any failed item. */
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
