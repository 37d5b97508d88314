/** Reads a file of corrected rows with the settled columns of the entity. */

import { basename, dirname } from 'node:path';
import type { Frame } from '../../engine/contracts/frame.ts';
import { everything } from '../../engine/contracts/home.ts';
import type { MendedRows } from '../../engine/contracts/replacing.ts';
import type { EntitySpec } from '../../engine/contracts/spec.ts';
import { mendedRowsChanged, notOfColumn, otherColumns, rowWithoutId, valueNotRead } from '../../engine/errors/settled-parts.ts';
import { textsIn } from '../../engine/validation/quarantined-rows.ts';
import { HomeError } from '../../errors/hygge-error.ts';
import { localFileSystem } from '../../filesystems/disk/local.ts';
import type { FileSource, Format } from '../../formats/contract/format.ts';
import { formatOf } from '../../formats/formats.ts';
import { describeType } from '../../frames/describe-type.ts';
import { maskedError, noMask } from '../../frames/polish/mask.ts';
import type { Column, Schema } from '../../frames/schema.ts';
import { asColumn } from '../../frames/values/conforms.ts';
import { brokenColumns, type Rejected } from '../../frames/values/rejected-rows.ts';
import { type FileInfo, FileNotFound, FileReplaced } from '../../ports/filesystem.ts';
import { retry } from '../../ports/retry.ts';
import type { Scratch } from '../../ports/scratch.ts';
import type { Json } from '../../ports/values.ts';
import { textsAsNested } from './nested-texts.ts';
import { notThere, type RowsFile, schemaInFile } from './rows-file.ts';

const frameBytes = 32 * 1024 * 1024;
const frameRows = 100_000;

/** The delimiters that a person's spreadsheet may use. */
const delimiters = [',', ';', '\t', '|'] as const;
/** The maximum bytes of the first line of a CSV file. */
const headBytes = 256 * 1024;

export interface MendedFileOptions {
  readonly file: RowsFile;
  readonly spec: EntitySpec;
  readonly scratch: Scratch;
}

export class MendedFile implements MendedRows {
  readonly name: string;
  readonly #of: MendedFileOptions;
  /** The file as it was at the first read, to notice a change. */
  #version: FileInfo | undefined;

  constructor(of: MendedFileOptions) {
    this.#of = of;
    this.name = of.file.shown;
  }

  async *read(settled: Schema, signal: AbortSignal): AsyncGenerator<Frame> {
    const { spec, scratch } = this.#of;
    const names = brokenColumns(settled);
    const id: Column = { name: names.id, type: { kind: 'string' }, nullable: true };
    const wanted: Schema = { columns: [...settled.columns, id] };
    const facts = Object.values(names).filter((name) => name !== id.name);
    const source = await this.#source();
    const { format, pinned } = await this.#opened(source, [...wanted.columns, ...facts.map((name): Column => ({ ...id, name }))]);
    const content = await format.inspect(source, pinned);
    const own = content.schema.columns.map(({ name }) => name);
    const missing = wanted.columns.flatMap(({ name }) => (own.includes(name) ? [] : [name]));
    const extra = own.filter((name) => !facts.includes(name) && !wanted.columns.some((column) => column.name === name));
    if (missing.length + extra.length > 0) throw otherColumns(spec, this.name, { missing, extra });
    const [first, last] = [content.pieces[0], content.pieces.at(-1)];
    if (first === undefined || last === undefined) return;
    let before = 0;
    const columns = wanted.columns.map(({ name }) => name);
    const reading = { source, content, from: first.from, to: last.to, window: everything, frameBytes, frameRows, columns, scratch, signal };
    for await (const read of this.#told(format.read(reading))) {
      // A bad row was thrown as an error before this point.
      if ('rejected' in read) continue;
      yield await this.#typed(read, wanted, before);
      before += read.rows;
    }
  }

  /** The rows without advice about the config of a home, since a person corrects this file by hand. */
  async *#told(rows: AsyncIterable<Frame | Rejected>): AsyncGenerator<Frame | Rejected> {
    const { spec } = this.#of;
    try {
      yield* rows;
    } catch (error) {
      if (!(error instanceof HomeError)) throw error;
      throw valueNotRead(spec, spec.validation?.samples === 'show' ? error : (maskedError(error, noMask) as HomeError));
    }
  }

  /** @param before the number of rows of the file that are before the frame. */
  async #typed(read: Frame, wanted: Schema, before: number): Promise<Frame> {
    const { spec, file } = this.#of;
    const inFile = schemaInFile(wanted, file.format);
    const columns = inFile.columns.map((column) => asColumn(column));
    const rows = (await read.conform({ schema: inFile, columns, samples: this.#of.spec.validation?.samples ?? 'mask' })).told(inFile);
    const misfit = ({ name, type }: Column, row: number) =>
      notOfColumn(spec, this.name, { row: before + row + 1, column: name, type: describeType(type) });
    const typed = file.format === 'csv' ? await textsAsNested(rows, wanted, misfit) : rows;
    const ids = await textsIn(typed, wanted.columns.at(-1)?.name ?? '');
    const without = ids.findIndex((one) => one === null || one === '');
    if (without >= 0) throw rowWithoutId(spec, this.name, before + without + 1);
    return typed;
  }

  /** @param columns the columns that the file may have. */
  async #opened(source: FileSource, columns: readonly Column[]): Promise<{ readonly format: Format; readonly pinned: Json | null }> {
    const { file, scratch } = this.#of;
    const schema = schemaInFile({ columns }, file.format);
    const format = await formatOf(file.format, {});
    if (format.rereading === undefined) return { format, pinned: null };
    if (file.format !== 'csv') return format.rereading({ source, schema, scratch, padded: true });
    const delimiter = await delimiterOf(source, new Set(columns.map(({ name }) => name)));
    return format.rereading({ source, schema, scratch, padded: true, style: { header: true, delimiter, nullValue: '' } });
  }

  async #source(): Promise<FileSource> {
    const { file, spec } = this.#of;
    const files = localFileSystem(dirname(file.path));
    const name = basename(file.path);
    const version = await retry(() => files.stat(name));
    if (version === undefined) throw notThere(file.shown);
    this.#version ??= version;
    const { etag, bytes } = this.#version;
    const changed = mendedRowsChanged(spec, file.shown);
    if (version.etag !== etag || version.bytes !== bytes) throw changed;
    return {
      name: file.shown,
      bytes,
      localPath: file.path,
      read: (range, into) =>
        retry(() => files.read(name, range, { into, etag })).catch((error: unknown) => {
          throw error instanceof FileReplaced || error instanceof FileNotFound ? changed : error;
        }),
    };
  }
}

/** The delimiter by which the most names are found in the first line. */
async function delimiterOf(source: FileSource, names: ReadonlySet<string>): Promise<string> {
  const head = Buffer.from(await source.read({ start: 0, end: Math.min(source.bytes, headBytes) }));
  const [encoding, mark] = head[0] === 0xff && head[1] === 0xfe ? (['utf-16le', 2] as const) : (['utf-8', 0] as const);
  const [line = ''] = new TextDecoder(encoding).decode(head.subarray(mark)).split(/\r?\n|\r/);
  const found = (delimiter: string) => line.split(delimiter).filter((name) => names.has(name.trim().replace(/^"(.*)"$/, '$1'))).length;
  return delimiters.toSorted((a, b) => found(b) - found(a))[0] ?? ',';
}
