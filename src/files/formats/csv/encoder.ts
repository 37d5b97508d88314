import { setImmediate } from 'node:timers/promises';
import type { Frame } from '../../../engine/contracts.ts';
import { DefectError } from '../../../errors/hygge-error.ts';
import { schemaChanges } from '../../../frames/compare.ts';
import type { DataFrame } from '../../../frames/native.ts';
import { asPolars, type PolarsFrame } from '../../../frames/polars-frame.ts';
import type { Schema } from '../../../frames/schema.ts';
import { Compressing } from '../../compressed.ts';
import type { EncodeOptions, FileEncoder } from '../../format.ts';
import { Tally } from '../../tally.ts';
import { asWritten, refuseValues } from './as-written.ts';
import { refuseColumns } from './refusals.ts';
import type { Writing } from './writing.ts';

/** Frames → one CSV file, compressed or not, in one pass. */
export class CsvEncoder implements FileEncoder {
  bytes = 0;
  readonly #options: EncodeOptions;
  readonly #writing: Writing;
  readonly #compressing: Compressing;
  readonly #tally: Tally;
  #headed = false;

  /** Throws HYG-4301 when a column can't be one field of a CSV file. */
  constructor(options: EncodeOptions, writing: Writing) {
    refuseColumns(options.schema.columns);
    this.#options = options;
    this.#writing = writing;
    this.#compressing = new Compressing(writing.compression);
    this.#tally = new Tally(options);
  }

  async *add(frame: Frame): AsyncIterable<Uint8Array> {
    const { schema } = this.#options;
    const own = asPolars(frame);
    const changes = schemaChanges(schema, own.schema);
    if (changes.length > 0) throw anotherSchema(changes);
    if (own.rows === 0) return;
    const data = await inOrder(own, schema);
    await refuseValues(data, schema.columns, this.#writing);
    await this.#tally.add(data);
    const written = await asWritten(data, schema.columns);
    yield* this.#out(this.#header());
    yield* this.#out(written.writeCSV(this.#csvOptions()));
    // Buffers of native code are given back only when the event loop turns.
    await setImmediate();
  }

  async *end(): AsyncIterable<Uint8Array> {
    yield* this.#out(this.#header());
    for await (const bytes of this.#compressing.end()) yield this.#counted(bytes);
  }

  summary(): ReturnType<FileEncoder['summary']> {
    return this.#tally.summary();
  }

  #csvOptions() {
    const { delimiter, quoteStyle, nullValue, lineEnding } = this.#writing;
    return { includeHeader: false, separator: delimiter, quoteStyle, nullValue, lineTerminator: lineEnding };
  }

  /** Once, before the first row, or alone in a file without rows. */
  #header(): Uint8Array {
    const { header, delimiter, lineEnding, quoteStyle } = this.#writing;
    if (this.#headed || !header) return new Uint8Array(0);
    this.#headed = true;
    const names = this.#options.schema.columns.map(({ name }) => {
      const needs = quoteStyle !== 'necessary' || name === '' || /["\r\n]/.test(name) || name.includes(delimiter);
      return needs ? `"${name.replaceAll('"', '""')}"` : name;
    });
    return Buffer.from(names.join(delimiter) + lineEnding);
  }

  async *#out(bytes: Uint8Array): AsyncIterable<Uint8Array> {
    if (bytes.length === 0) return;
    for await (const ready of this.#compressing.write(bytes)) yield this.#counted(ready);
  }

  #counted(bytes: Uint8Array): Uint8Array {
    this.bytes += bytes.length;
    return bytes;
  }
}

/** Source files may hold the same columns in another order. */
async function inOrder(frame: PolarsFrame, { columns }: Schema): Promise<DataFrame> {
  const data = await frame.collect();
  const same = columns.every(({ name }, index) => frame.schema.columns[index]?.name === name);
  return same ? data : data.select(...columns.map(({ name }) => name));
}

function anotherSchema(changes: readonly string[]): DefectError {
  return new DefectError({
    code: 'HYG-9001',
    what: 'A frame has another schema than the file it goes into.',
    why: changes.slice(0, 6),
    tryThis: ['Run again; if it stays, report it with the schema of the source: this should not be possible'],
  });
}
