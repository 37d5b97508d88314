/** The settled rows of a file store, as a home: the rows of the files that a head lists, in the settled columns. */

import { dirname } from 'node:path';
import type { Frame } from '../../engine/contracts/frame.ts';
import {
  type FilesOfRows,
  type Home,
  type SlicePlan,
  type SliceRef,
  type SourceDescription,
  usualReading,
  type Window,
} from '../../engine/contracts/home.ts';
import { DefectError } from '../../errors/hygge-error.ts';
import { rowsWithin } from '../../frames/row-sum/some-rows.ts';
import { isText } from '../../frames/row-sum/text-family.ts';
import type { Column, DataType, Schema } from '../../frames/schema.ts';
import type { Conforms } from '../../frames/values/conforms.ts';
import type { Json } from '../../ports/values.ts';
import { partitionText } from '../paths/partition-values.ts';
import type { FilesHead, ListedFile } from './head/head-log.ts';
import { rangeOverlap } from './range.ts';
import { FileRework, type ReworkOptions, sliceOf } from './rework.ts';

export function settledHome(head: FilesHead, options: ReworkOptions): Home {
  return new SettledHome(head, options);
}

class SettledHome implements Home {
  readonly reading = { ...usualReading, readsAsPinned: true };
  readonly rowCondition = '';
  readonly place: string;
  readonly #head: FilesHead;
  readonly #parts: FileRework;
  readonly #options: ReworkOptions;

  constructor(head: FilesHead, options: ReworkOptions) {
    this.place = options.where;
    this.#head = head;
    this.#parts = new FileRework(options);
    this.#options = options;
  }

  /** Nothing to close, because each slice opens and closes its files. */
  async [Symbol.asyncDispose](): Promise<void> {}

  async describe(): Promise<{ done: SourceDescription }> {
    const own = this.#own();
    return {
      done: {
        schema: this.#head.schema ?? undefined,
        rows: { n: own.reduce((sum, { rows }) => sum + (rows ?? 0), 0), exact: own.every(({ rows }) => rows !== null) },
        bytes: own.reduce((sum, { bytes }) => sum + bytes, 0),
        version: this.#head.id,
        summary: `${own.length} settled ${own.length === 1 ? 'file' : 'files'} in ${this.place}`,
      },
    };
  }

  async bound(): Promise<never> {
    throw notIncremental(this.place);
  }

  async future(): Promise<never> {
    throw notIncremental(this.place);
  }

  async nulls(): Promise<never> {
    throw notIncremental(this.place);
  }

  /** Plans one slice per file. A file whose listed values are outside of the window gets no slice. Files that existed before hygge have no settled rows. */
  async plan(window: Window): Promise<{ done: SlicePlan }> {
    return {
      done: {
        slices: this.#own()
          .filter((file) => mayHold(file, window))
          .map((file) => sliceOf(file)),
      },
    };
  }

  /** The files with the rows of a window. Undefined: files settled with different format settings, or have rows that are marked as deleted. */
  filesOf(window: Window): FilesOfRows | undefined {
    const { files, format } = this.#options;
    const own = this.#own().filter((file) => mayHold(file, window));
    const styles = new Map(own.map(({ style = format.style ?? null }) => [JSON.stringify(style), style]));
    if (styles.size > 1 || own.some(({ vector }) => vector !== undefined)) return undefined;
    const [style = format.style ?? null] = styles.values();
    const inRoot = files.localPath?.('any');
    return {
      format: format.id,
      style,
      address: files.url,
      folder: inRoot === undefined ? null : dirname(inRoot),
      files: own.map(({ name, bytes, partition = {} }) => ({ name, bytes, partition })),
      schema: this.#head.schema ?? { columns: [] },
    };
  }

  #own() {
    return this.#head.files.filter(({ role, rows }) => role !== 'foreign' && rows !== 0);
  }

  /** The rows of a slice. Throws HYG-4110 if a settled file is missing, or another file has its name. */
  async *read(slice: SliceRef, window: Window, from: Json | undefined, signal: AbortSignal): AsyncGenerator<Frame> {
    const { column, columns } = window;
    if (column === null && columns !== undefined) {
      for await (const frame of this.#parts.readColumns(slice, columns, signal))
        yield await this.#asSettled(frame, slice.partition ?? {}, columns);
      return;
    }
    if (column === null) {
      for await (const item of this.#parts.readAsItIs(slice, { range: null, retyped: [] }, from, signal))
        if ('fingerprint' in item) yield await this.#asSettled(item, slice.partition ?? {});
      return;
    }
    for await (const { frame, isWithin } of this.#parts.readWithin(slice, window, signal)) {
      const settled = await this.#asSettled(frame, slice.partition ?? {});
      yield isWithin ? settled : await rowsWithin(settled, { ...window, column });
    }
  }

  /** The rows of a file in the settled columns. Earlier files may have narrower columns or lack columns; partition columns are only in the names of folders. */
  async #asSettled(frame: Frame, partition: Readonly<Record<string, string | null>>, only?: readonly string[]): Promise<Frame> {
    if (this.#head.schema === null) return frame;
    return rowsAsSettled(frame, { columns: this.#head.schema.columns.filter(({ name }) => only?.includes(name) ?? true) }, partition);
  }
}

/** The rows of a settled file in the columns of a schema. A column that the file lacks gets the value of the partition, or else null. */
export async function rowsAsSettled(frame: Frame, schema: Schema, partition: Readonly<Record<string, string | null>> = {}): Promise<Frame> {
  const own = new Map(frame.schema.columns.map(({ name, type }) => [name, type]));
  const columns = schema.columns.map(({ name, type }): Conforms => {
    const inFile = Object.hasOwn(partition, name) ? undefined : own.get(name);
    if (inFile === undefined) return { name, type, from: null, fill: filled({ name, type }, partition[name] ?? null) };
    return { name, type: readAs(inFile, type), from: name, fill: null };
  });
  const typed = columns.map(({ name, type }): Column => ({ name, type, nullable: true }));
  const conformed = await frame.conform({ schema: { columns: typed }, columns, samples: 'mask' });
  return conformed.told({ columns: schema.columns.map((column) => ({ ...column, nullable: true })) });
}

/**
 * The type in which a settled column is read. In a file, documents and ids may be texts, and times of day may have another unit, also inside lists and
 * structs. The values are the same.
 */
function readAs(inFile: DataType, settled: DataType): DataType {
  if ((isText(inFile) && isText(settled)) || (inFile.kind === 'time' && settled.kind === 'time')) return inFile;
  if (inFile.kind === 'list' && settled.kind === 'list') return { kind: 'list', item: readAs(inFile.item, settled.item) };
  if (inFile.kind !== 'struct' || settled.kind !== 'struct') return settled;
  const own = new Map(inFile.fields.map(({ name, type }) => [name, type]));
  const fields = settled.fields.map((field) => ({ ...field, type: readAs(own.get(field.name) ?? field.type, field.type) }));
  return { kind: 'struct', fields };
}

/** Whether a file may have rows of a window, by the facts in the head. */
function mayHold(file: ListedFile, { column, lower, upper, nulls }: Window): boolean {
  if (column === null || lower === null || nulls === 'include') return true;
  return rangeOverlap(file, { ...column, from: lower, to: upper, group: 'rows' }) !== 'none';
}

function filled({ name, type }: Pick<Column, 'name' | 'type'>, written: string | null): Conforms['fill'] {
  if (written === null) return null;
  const text = type.kind === 'string' ? written : partitionText(type, written);
  if (text !== undefined) return { type, text };
  throw new DefectError({
    code: 'HYG-9001',
    what: `The folder ${name}=${written} is not a value of the column that settled.`,
    tryThis: ['Report it with the type of the column'],
  });
}

/** The error for an incremental load from a settled home, which must not happen. */
export function notIncremental(place: string): DefectError {
  return new DefectError({
    code: 'HYG-9001',
    what: `The settled rows in ${place} have no watermark to read.`,
    tryThis: ['Report this error: settled rows are only compared'],
  });
}
