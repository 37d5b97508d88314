import type { Frame } from '../../engine/contracts/frame.ts';
import type { DataFrame } from '../../frames/native.ts';
import { toArrow } from '../../frames/values/from-polars.ts';
import { asPolars } from '../../frames/values/polars-frame.ts';
import { takenInOrder } from '../bytes/column-order.ts';
import { type Compression, Compressor } from '../bytes/compression.ts';
import { encoderDefect, mustBeOf } from '../bytes/encoder-errors.ts';
import { throughScratch } from '../bytes/file-bytes.ts';
import type { EncodeOptions, FileEncoder } from '../contract/format.ts';
import { Tally } from '../contract/tally.ts';
import { isRaw, LinesWithEnds, rowEnds } from './raw-members.ts';
import { mustBeWritable, writable } from './writable.ts';

const newline = 0x0a;

export interface JsonEncoding {
  /** Whether the file has one object per line. If not, the file is one array of objects. */
  readonly isLines: boolean;
  readonly compression: Compression;
}

/** Encodes frames into one file, in one pass. Polars writes each frame as lines into scratch, and the lines are copied from scratch into the file. */
export class JsonEncoder implements FileEncoder {
  bytes = 0;
  readonly #options: EncodeOptions;
  readonly #items: Items | undefined;
  readonly #compressing: Compressor;
  readonly #tally: Tally;

  /** Throws HYG-4303 if the schema has a type that JSON can’t hold. */
  constructor(options: EncodeOptions, { isLines, compression }: JsonEncoding) {
    mustBeWritable(options.schema);
    this.#options = options;
    this.#items = isLines ? undefined : new Items();
    this.#compressing = new Compressor(compression);
    this.#tally = new Tally(options);
  }

  async *add(frame: Frame): AsyncIterable<Uint8Array> {
    const { schema } = this.#options;
    const own = asPolars(frame);
    mustBeOf(schema, own);
    if (own.rows === 0) return;
    const data = await takenInOrder(own, schema);
    await this.#tally.add(data);
    yield* this.#lines(this.#written(await writable(data, schema)), own.rows);
  }

  async *#written(rows: DataFrame): AsyncIterable<Uint8Array> {
    const { scratch, schema } = this.#options;
    const polars = (data: DataFrame) => throughScratch(scratch, '.ndjson', (path) => data.lazy().sinkNdJson(path).collect());
    const raw = schema.columns.filter(({ type }) => isRaw(type));
    if (raw.length === 0) {
      yield* polars(rows);
      return;
    }
    const names = raw.map(({ name }) => name);
    const ends = rowEnds(await toArrow(rows.select(...names)), raw);
    if (raw.length === schema.columns.length) for (const end of ends) yield Buffer.from(`{${end}`);
    else {
      const lines = new LinesWithEnds(ends);
      for await (const piece of polars(rows.drop(names) as DataFrame))
        yield lines.of(Buffer.from(piece.buffer, piece.byteOffset, piece.length));
    }
  }

  async *end(): AsyncIterable<Uint8Array> {
    if (this.#items) yield* this.#out(this.#items.end());
    for await (const bytes of this.#compressing.end()) yield this.#counted(bytes);
  }

  summary(): ReturnType<FileEncoder['summary']> {
    return this.#tally.summary();
  }

  /** The lines that Polars wrote, checked while they pass. The number of lines must be the number of rows. */
  async *#lines(written: AsyncIterable<Uint8Array>, rows: number): AsyncIterable<Uint8Array> {
    let lines = 0;
    for await (const piece of written) {
      const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.length);
      const ends = endsOf(bytes);
      yield* this.#out(this.#items ? this.#items.of(bytes, ends) : bytes);
      lines += ends.length;
    }
    if (lines !== rows) throw encoderDefect(`A frame of ${rows} rows was written as ${lines} lines.`);
  }

  async *#out(bytes: Uint8Array): AsyncIterable<Uint8Array> {
    for await (const out of this.#compressing.write(bytes)) yield this.#counted(out);
  }

  #counted(bytes: Uint8Array): Uint8Array {
    this.bytes += bytes.length;
    return bytes;
  }
}

const nothing = Buffer.alloc(0);
const separator = Buffer.from(',\n');

/** Turns lines into the items of an array. The end of a line becomes a comma only if another line follows. */
class Items {
  #before: Buffer = Buffer.from('[\n');

  of(bytes: Buffer, ends: readonly number[]): Buffer {
    const parts: Buffer[] = [];
    let from = 0;
    for (const end of ends) {
      parts.push(this.#before, bytes.subarray(from, end));
      this.#before = separator;
      from = end + 1;
    }
    if (from < bytes.length) {
      parts.push(this.#before, bytes.subarray(from));
      this.#before = nothing;
    }
    return Buffer.concat(parts);
  }

  end(): Buffer {
    return Buffer.from(this.#before === separator ? '\n]\n' : '[]\n');
  }
}

function endsOf(bytes: Buffer): readonly number[] {
  const ends: number[] = [];
  for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) ends.push(at);
  return ends;
}
