/** A part while it is written: a writer adds frames, and the filesystem requests the encoded bytes. */
import type { Frame } from '../../../engine/contracts/frame.ts';
import type { Part, PartRole, StageRequest } from '../../../engine/contracts/store.ts';
import type { FileEncoder, Format } from '../../../formats/contract/format.ts';
import type { Schema } from '../../../frames/schema.ts';
import type { FileSystem, StagedFile } from '../../../ports/filesystem.ts';
import type { Scratch } from '../../../ports/scratch.ts';
import type { Json } from '../../../ports/values.ts';
import { defined } from '../../../ports/values.ts';
import type { PartitionValue } from '../../paths/partition-values.ts';
import { withoutColumns } from './partition-by.ts';

export interface OpenPartOptions {
  readonly files: Pick<FileSystem, 'stage'>;
  readonly format: Format;
  /** The format of rows that settle apart. Absent: the format of all other rows. */
  readonly apartFormat?: Format;
  readonly scratch: Scratch;
}

export interface PartNames {
  readonly role: PartRole;
  readonly ofGroup?: boolean;
  readonly staged: string;
  readonly final: string;
  /** The partition values. The final name contains these values, so their columns are not in the file. */
  readonly partition?: readonly PartitionValue[];
  /** Whether every commit uses the same final name. */
  readonly over?: true;
}

export class OpenPart {
  readonly #role: PartRole;
  readonly #ofGroup: boolean;
  readonly #from: Pick<Part, 'source' | 'sources'>;
  readonly #schema: Schema;
  readonly #watermark: string | undefined;
  readonly #partition: readonly PartitionValue[];
  readonly #encoder: FileEncoder;
  readonly #style: Json | undefined;
  readonly #setApartBy: string | undefined;
  readonly #handoff = new Handoff<Frame>();
  readonly #staged: Promise<StagedFile>;

  constructor(
    options: OpenPartOptions,
    request: Pick<StageRequest, 'source' | 'sources' | 'schema' | 'watermark' | 'setApartBy'>,
    names: PartNames & { readonly anew?: boolean },
  ) {
    this.#role = names.role;
    this.#ofGroup = names.ofGroup ?? false;
    const { source, sources } = request;
    this.#from = source !== undefined ? { source } : sources !== undefined ? { sources } : {};
    this.#schema = request.schema;
    this.#setApartBy = request.setApartBy;
    this.#partition = names.partition ?? [];
    this.#watermark = request.watermark?.column;
    const { scratch } = options;
    const inName = this.#partition.map(({ name }) => name);
    const watermark = request.watermark && !inName.includes(request.watermark.column) ? request.watermark : null;
    const schema = withoutColumns(request.schema, inName);
    this.#style = options.format.styleOf?.(schema);
    this.#encoder = options.format.encoder({
      schema,
      scratch,
      watermark,
      anew: names.anew ?? false,
    });
    const over = names.over ? ({ over: true } as const) : {};
    this.#staged = options.files.stage({ staged: names.staged, final: names.final }, this.#body()).then((file) => ({ ...file, ...over }));
    this.#staged.catch((error: unknown) => this.#handoff.fail(error));
  }

  get bytes(): number {
    return this.#encoder.bytes;
  }

  async takes(frame: Frame): Promise<boolean> {
    return (await this.#encoder.takes?.(frame)) ?? true;
  }

  /** Resolves when the frame is encoded; rejects if the file can't be written. */
  add(frame: Frame): Promise<void> {
    return this.#handoff.put(frame);
  }

  /** Resolves when the staged bytes of the part are discarded. After that no byte of the part is still being written. */
  async abort(error: unknown): Promise<void> {
    this.#handoff.fail(error);
    await this.#staged.catch(() => undefined);
  }

  async close(): Promise<Part> {
    this.#handoff.end();
    const file = await this.#staged;
    const { rows, nulls, min, max } = this.#summary();
    const unmarked = nulls[this.#schema.columns.findIndex(({ name }) => name === this.#watermark)];
    return {
      ref: {
        ...file,
        ...defined({ style: this.#style, setApartBy: this.#setApartBy }),
      } as unknown as Json,
      role: this.#role,
      ...(this.#ofGroup ? { ofGroup: true } : {}),
      rows,
      bytes: file.bytes,
      checksum: file.checksum,
      nulls,
      ...defined({ min, max, unmarked }),
      ...this.#from,
      ...(this.#partition.length === 0 ? {} : { partition: Object.fromEntries(this.#partition.map(({ name, text }) => [name, text])) }),
    };
  }

  /** The encoder’s summary, with the bounds of the partition columns added at their positions. */
  #summary(): ReturnType<FileEncoder['summary']> {
    const summary = this.#encoder.summary();
    if (this.#partition.length === 0) return summary;
    const inFile = [...summary.nulls];
    const texts = new Map(this.#partition.map(({ name, text }) => [name, text]));
    const nulls = this.#schema.columns.map(({ name }) => {
      const text = texts.get(name);
      return text === undefined ? (inFile.shift() ?? 0) : text === null ? summary.rows : 0;
    });
    const edge = this.#watermark === undefined || summary.rows === 0 ? undefined : texts.get(this.#watermark);
    return { ...summary, nulls, ...(edge == null ? {} : { min: edge, max: edge }) };
  }

  async *#body(): AsyncGenerator<Uint8Array> {
    for await (const frame of this.#handoff) yield* this.#encoder.add(frame);
    yield* this.#encoder.end();
  }
}

/** Passes items from one writer to one reader, one at a time: `put` waits until the reader requests the next item. */
class Handoff<T> implements AsyncIterable<T> {
  #item: { readonly value: T; readonly done: () => void; readonly failed: (error: unknown) => void } | undefined;
  #wake: (() => void) | undefined;
  #ended = false;
  #failure: { readonly error: unknown } | undefined;

  put(value: T): Promise<void> {
    if (this.#failure) return Promise.reject(this.#failure.error);
    return new Promise((done, failed) => {
      this.#item = { value, done, failed };
      this.#wake?.();
    });
  }

  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  /** Ends the handoff with an error. The side that waits, the writer or the reader, gets the error. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#item?.failed(error);
    this.#item = undefined;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (;;) {
      if (this.#failure) throw this.#failure.error;
      const item = this.#item;
      if (item) {
        yield item.value;
        if (this.#item === item) this.#item = undefined;
        item.done();
        continue;
      }
      if (this.#ended) return;
      await new Promise<void>((wake) => {
        this.#wake = wake;
      });
      this.#wake = undefined;
    }
  }
}
