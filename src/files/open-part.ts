/** One part while it is written: frames go in, the filesystem pulls bytes out. */
import type { Frame, Part, Role } from '../engine/contracts.ts';
import type { Schema } from '../frames/schema.ts';
import type { Watermark } from '../frames/watermark.ts';
import type { FileSystem, StagedFile } from '../ports/filesystem.ts';
import type { Scratch } from '../ports/scratch.ts';
import type { Json } from '../ports/values.ts';
import type { FileEncoder, Format } from './format.ts';
import { Handoff } from './handoff.ts';

export interface OpenPartOptions {
  readonly files: FileSystem;
  readonly format: Format;
  readonly scratch: Scratch;
}

export class OpenPart {
  readonly #role: Role;
  readonly #source: string | undefined;
  readonly #encoder: FileEncoder;
  readonly #handoff = new Handoff<Frame>();
  readonly #staged: Promise<StagedFile>;

  constructor(
    options: OpenPartOptions,
    request: { readonly schema: Schema; readonly source?: string; readonly watermark: Pick<Watermark, 'column' | 'type'> | null },
    names: { readonly role: Role; readonly staged: string; readonly final: string },
  ) {
    this.#role = names.role;
    this.#source = request.source;
    const { scratch } = options;
    this.#encoder = options.format.encoder({ schema: request.schema, scratch, watermark: request.watermark });
    this.#staged = options.files.stage({ staged: names.staged, final: names.final }, this.#body());
    this.#staged.catch((error: unknown) => this.#handoff.fail(error));
  }

  get bytes(): number {
    return this.#encoder.bytes;
  }

  /** Resolves when the frame is encoded and taken; rejects when the file can't be written. */
  add(frame: Frame): Promise<void> {
    return this.#handoff.put(frame);
  }

  abort(error: unknown): void {
    this.#handoff.fail(error);
  }

  async close(): Promise<Part> {
    this.#handoff.end();
    const file = await this.#staged;
    const { rows, nulls, min, max } = this.#encoder.summary();
    return {
      ref: file as unknown as Json,
      role: this.#role,
      rows,
      bytes: file.bytes,
      checksum: file.checksum,
      nulls,
      ...(min === undefined ? {} : { min }),
      ...(max === undefined ? {} : { max }),
      ...(this.#source === undefined ? {} : { source: this.#source }),
    };
  }

  async *#body(): AsyncGenerator<Uint8Array> {
    for await (const frame of this.#handoff) yield* this.#encoder.add(frame);
    yield* this.#encoder.end();
  }
}
