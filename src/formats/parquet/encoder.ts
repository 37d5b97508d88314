import { open } from 'node:fs/promises';
import type { Frame } from '../../engine/contracts/frame.ts';
import { schemaChanges } from '../../frames/compare.ts';
import { asWritten, refuseLossy } from '../../frames/fidelity.ts';
import type { LazyDataFrame } from '../../frames/native.ts';
import type { Schema } from '../../frames/schema.ts';
import { extremesOf } from '../../frames/values/extremes.ts';
import { asPolars, PolarsFrame } from '../../frames/values/polars-frame.ts';
import { emptyFrame } from '../../frames/values/to-polars.ts';
import { type WatermarkKey, watermarkKey } from '../../frames/watermark-text.ts';
import { LruCache } from '../../ports/lru-cache.ts';
import type { Scratch } from '../../ports/scratch.ts';
import { encoderDefect, mustBeOf } from '../bytes/encoder-errors.ts';
import { fileBytes } from '../bytes/file-bytes.ts';
import { scratchErrorOf } from '../bytes/scratch-errors.ts';
import type { EncodeOptions, FileEncoder } from '../contract/format.ts';
import { Tally } from '../contract/tally.ts';
import { type Footer, parseFooter } from './footer.ts';
import { type FileSchema, schemaOf } from './footer-schema.ts';
import { joinedFooter, mark, shiftedGroups, signature, tailOf } from './join.ts';
import { type LaidOut, laidOut } from './look.ts';
import { groupSize, type Pages } from './pages.ts';
import { boundsIn, nullsIn } from './statistics.ts';
import { canBeCopied, placed, StoredRows } from './stored-rows.ts';
import type { EncodedValue, ThriftStruct } from './thrift.ts';

/** Polars cuts statistics of text at 64 bytes, and does not mark them as cut. A shorter text is whole. */
const cutTextBytes = 64;

/**
 * Encodes frames into one parquet file, in one pass. Polars encodes each frame as a small file in scratch. Its pages are written at once,
 * and a single footer at the end lists all pages. However large the file becomes, one frame is in memory. Row groups that are unchanged,
 * and have the right form in their source, are copied instead. Copied rows are decoded once all the same, so that damage is found.
 */
export class ParquetEncoder implements FileEncoder {
  bytes = 0;
  readonly #options: EncodeOptions;
  readonly #pages: Pages;
  readonly #groups: EncodedValue[] = [];
  readonly #tally: Tally;
  readonly #settled: Schema;
  /** The footer of the first frame. For copied rows, this is the footer of their source until it is known whether hygge’s own footer fits as well. */
  #first: First | undefined;
  #begun: Promise<void> = Promise.resolve();
  /** Resolves when the last copied rows were checked. */
  #looked: Promise<void> = Promise.resolve();

  /** Throws HYG-3106 if the schema has a type that parquet can’t hold without loss. */
  constructor(options: EncodeOptions, pages: Pages) {
    refuseLossy(options.schema.columns);
    this.#options = options;
    this.#pages = pages;
    this.#tally = new Tally(options);
    this.#settled = settled(options.schema);
  }

  /** Whether the frame fits into this file. Rows that have to be encoded do not fit into a file with the footer of a source. */
  async takes(frame: Frame): Promise<boolean> {
    if (this.#copyable(asPolars(frame)) !== undefined) return true;
    await this.#begun;
    return this.#first === undefined || this.#first.schema !== undefined;
  }

  async *add(frame: Frame): AsyncIterable<Uint8Array> {
    const data = asPolars(frame);
    mustBeOf(this.#options.schema, data);
    if (data.rows === 0) return;
    const stored = this.#copyable(data);
    if (stored === undefined) yield* this.#encode(await inOrder(data, this.#options.schema));
    else yield* this.#take(data, stored);
  }

  async *end(): AsyncIterable<Uint8Array> {
    await this.#looked;
    await this.#begun;
    // A file without rows still has a schema. Such a file has no pages, but the mark at its beginning.
    if (this.#first === undefined) yield* this.#encode(await emptyFrame(this.#options.schema));
    if (this.#first === undefined) throw encoderDefect('An empty file has no footer.');
    yield* this.#out(tailOf(joinedFooter(this.#first.tree, this.#groups, this.#tally.rows)));
  }

  summary(): ReturnType<FileEncoder['summary']> {
    return this.#tally.summary();
  }

  /** The position of the frame’s rows in their source, if this file can copy the rows. */
  #copyable({ stored }: PolarsFrame): StoredRows | undefined {
    if (this.#options.anew || !(stored instanceof StoredRows) || !canBeCopied(stored, this.#settled, this.#pages)) return undefined;
    const isFirst = this.#first === undefined || Buffer.compare(this.#first.signature, stored.footer.signature) === 0;
    return isFirst ? stored : undefined;
  }

  /** Begins a file with copied rows. If their footer equals the footer of rows that are encoded now, both kinds of rows fit into one file. More rows are copied while the footers are compared. */
  #begin({ footer }: StoredRows): void {
    const { schema, scratch } = this.#options;
    this.#first = footer;
    this.#begun = ownFooter(schema, { scratch, pages: this.#pages }).then((own) => {
      if (Buffer.compare(own.signature, footer.signature) === 0) this.#first = own;
    });
    this.#begun.catch(() => undefined);
  }

  async *#take(frame: PolarsFrame, stored: StoredRows): AsyncIterable<Uint8Array> {
    const before = this.#looked;
    const laid = laidOut(stored, this.#options.scratch);
    this.#looked = Promise.all([laid, before]).then(([{ look }]) => this.#look(frame, stored, look));
    // The two promises are awaited below, or at the next frame or the end. Until then, their errors must not count as unhandled.
    for (const promise of [laid, this.#looked]) promise.catch(() => undefined);
    if (this.bytes === 0) yield* this.#out(mark);
    const { groups, ranges } = placed(stored, this.bytes);
    this.#groups.push(...groups);
    for (const range of ranges) for (const bytes of stored.pages(range)) yield* this.#out(bytes);
    if (this.#first === undefined) this.#begin(stored);
    await laid;
    await before;
  }

  /**
   * Decodes each value of rows that are only copied, because a value that can’t be decoded must not settle. The check continues while the
   * next frame arrives. Row groups are decoded one by one: Polars would decode all given groups at once, and new memory costs more time
   * than the check.
   */
  async #look(frame: PolarsFrame, { groups, opened }: StoredRows, look: LaidOut['look']): Promise<void> {
    const before = this.#tally.summary().nulls;
    const inTurn = async (plan: LazyDataFrame) => {
      let from = 0;
      let found = 0;
      for (const { rows } of groups) {
        found += await this.#tally.addPlan(plan.slice(from, rows));
        from += rows;
      }
      return found;
    };
    const found = await look((plan) =>
      inTurn(plan).catch(async (cause: unknown) => {
        throw await frame.explain(cause);
      }),
    );
    if (found !== frame.rows) throw await frame.explain(new Error(`The footer promises ${frame.rows} rows, but there are ${found}.`));
    for (const [i, nulls] of this.#tally.summary().nulls.entries()) {
      const column = opened.schema.columns[i];
      const promised = column && groups.reduce((sum, group) => sum + (nullsIn(group, column) ?? 0), 0);
      if (column === undefined || promised === nulls - (before[i] ?? 0)) continue;
      throw await frame.explain(
        new Error(`Column ${column.name} has ${promised} nulls according to its footer, but ${nulls - (before[i] ?? 0)} were decoded.`),
      );
    }
  }

  async *#encode(frame: PolarsFrame): AsyncIterable<Uint8Array> {
    await this.#begun;
    const { scratch } = this.#options;
    const path = await scratch.path('.parquet');
    try {
      await sink(frame, path, this.#pages);
      const footer = await footerOf(path);
      const schema = this.#agree(footer);
      await this.#count(frame, footer, schema);
      if (this.bytes === 0) yield* this.#out(mark);
      if (frame.rows > 0) {
        this.#groups.push(...shiftedGroups(footer.tree, this.bytes - mark.length));
        for await (const bytes of fileBytes(path, { start: mark.length, end: footer.start })) yield* this.#out(bytes);
      }
    } finally {
      await scratch.free(path);
    }
  }

  *#out(bytes: Uint8Array): Iterable<Uint8Array> {
    this.bytes += bytes.length;
    yield bytes;
  }

  /** Throws if the batch is encoded in another way than the other batches, because the single footer would be wrong for it. */
  #agree(footer: Footer): FileSchema {
    this.#first ??= madeHere(footer, this.#settled);
    const { schema, signature: first } = this.#first;
    if (schema === undefined || Buffer.compare(first, signature(footer.tree)) !== 0)
      throw encoderDefect('Two frames of one file were encoded with different schemas.');
    return schema;
  }

  /** Counts the real content of the file, from what was encoded and not from what was planned. */
  async #count(frame: PolarsFrame, footer: Footer, schema: FileSchema): Promise<void> {
    if (footer.rows !== frame.rows) throw encoderDefect(`A frame of ${frame.rows} rows was encoded as ${footer.rows}.`);
    this.#tally.rows += footer.rows;
    const unknown: number[] = [];
    for (const [index, column] of schema.columns.entries()) {
      const counts = footer.groups.map((group) => nullsIn(group, column));
      if (counts.includes(undefined)) unknown.push(index);
      else for (const count of counts) this.#tally.addNulls(index, count ?? 0);
    }
    if (unknown.length > 0) {
      const counted = await frame.nullCounts();
      for (const index of unknown) this.#tally.addNulls(index, counted[index] ?? 0);
    }
    await this.#stretch(frame, footer, schema);
  }

  async #stretch(frame: PolarsFrame, footer: Footer, schema: FileSchema): Promise<void> {
    const { watermark } = this.#options;
    const column = schema.columns.find((candidate) => candidate.name === watermark?.column);
    if (!watermark || !column) return;
    const filled = footer.groups.filter((group) => group.rows > 0 && nullsIn(group, column) !== group.rows);
    const bounds = filled.map((group) => boundsIn(group, column));
    if (bounds.every((bound) => bound !== undefined && isWhole(bound.min) && isWhole(bound.max))) {
      for (const bound of bounds) if (bound) this.#tally.stretch(bound.min, bound.max);
      return;
    }
    const found = await extremesOf(await frame.lazy(), watermark);
    if (found) this.#tally.stretch(watermarkKey(watermark.type, found.min), watermarkKey(watermark.type, found.max));
  }
}

/** The frame with its columns in the order of the file. The columns of a source file may be in another order. */
async function inOrder(frame: PolarsFrame, { columns }: Schema): Promise<PolarsFrame> {
  const own = frame.schema.columns;
  if (columns.every((column, index) => column.name === own[index]?.name)) return frame;
  const byName = new Map(own.map((column) => [column.name, column]));
  const schema = { columns: columns.map((column) => byName.get(column.name) ?? column) };
  const plan = (await frame.lazy()).select(...columns.map((column) => column.name));
  const explain = async (cause: unknown): Promise<Error> => asError(await frame.explain(cause));
  const facts = { explain, bounds: (name: string) => frame.bounds(name) };
  return PolarsFrame.lazy({ schema, plan, rows: frame.rows, bytes: frame.bytes, facts });
}

function asError(cause: unknown): Error {
  return cause instanceof Error ? cause : new Error(String(cause));
}

function isWhole(key: WatermarkKey): boolean {
  return typeof key === 'bigint' || Buffer.byteLength(key) < cutTextBytes;
}

/** The footer that all other footers of the file must equal. `schema`: the schema of the frames that are encoded here. If `schema` is missing, the footer is the footer of a source. */
interface First {
  readonly tree: ThriftStruct;
  readonly signature: Uint8Array;
  readonly schema?: FileSchema;
}

/** The footer of frames that are encoded here and have this schema. */
function ownFooter(schema: Schema, how: EncodingContext): Promise<First> {
  return known.get(JSON.stringify(schema.columns), () => ofNoRows(schema, how));
}

interface EncodingContext {
  readonly scratch: Scratch;
  readonly pages: Pages;
}

/** The known footers, by the schema that they were made for. */
const known = new LruCache<Promise<First>>(64);

async function ofNoRows(schema: Schema, { scratch, pages }: EncodingContext): Promise<First> {
  const path = await scratch.path('.parquet');
  try {
    await sink(await emptyFrame(schema), path, pages);
    return madeHere(await footerOf(path), settled(schema));
  } finally {
    await scratch.free(path);
  }
}

/** Throws a DefectError if the columns of the footer are not the columns that were to settle. */
function madeHere(footer: Footer, wanted: Schema): First {
  const schema = schemaOf(footer, 'an encoded batch');
  const changes = schemaChanges(wanted, schema);
  if (changes.length > 0) throw encoderDefect('A frame was encoded with other types than its schema says.', changes);
  return { tree: footer.tree, signature: signature(footer.tree), schema };
}

function settled({ columns }: Schema): Schema {
  return { columns: columns.map((column) => ({ ...column, type: asWritten(column.type) })) };
}

/** Writes a frame as a parquet file. hygge’s size of row groups is used instead of the size that Polars would choose. */
async function sink(frame: PolarsFrame, path: string, pages: Pages): Promise<void> {
  const { compression, compressionLevel, statistics } = pages;
  const plan = await frame.lazy();
  const codec = compressionLevel === undefined ? { compression } : { compression, compressionLevel };
  try {
    await plan.sinkParquet(path, { ...codec, statistics, rowGroupSize: groupSize(frame.rows, pages) }).collect();
  } catch (cause) {
    throw scratchErrorOf(cause) ?? (await frame.explain(cause));
  }
}

/** The footer of the written file. */
async function footerOf(path: string): Promise<Footer> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const end = Buffer.alloc(8);
    await file.read(end, 0, 8, size - 8);
    const start = size - 8 - end.readUInt32LE(0);
    const bytes = Buffer.alloc(size - 8 - start);
    await file.read(bytes, 0, bytes.length, start);
    return parseFooter(bytes, { name: 'an encoded batch', start });
  } finally {
    await file.close();
  }
}
