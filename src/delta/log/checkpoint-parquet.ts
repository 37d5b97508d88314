/** Checkpoints and sidecars in parquet. The decoder is the one of the format, so that damage is an error and never the end of the process. */
import type { Frame } from '../../engine/contracts/frame.ts';
import type { Window } from '../../engine/contracts/home.ts';
import type { FileSource } from '../../formats/contract/format.ts';
import { formatOf } from '../../formats/formats.ts';
import type { Arrow } from '../../frames/native.ts';
import type { DataType } from '../../frames/schema.ts';
import { cellReader } from '../../frames/values/cells.ts';
import { inParts } from '../../frames/values/from-polars.ts';
import { asPolars } from '../../frames/values/polars-frame.ts';
import type { FileInfo, FileSystem } from '../../ports/filesystem.ts';
import { retry } from '../../ports/retry.ts';
import type { Scratch } from '../../ports/scratch.ts';
import type { DeltaFile, DeltaProtocol, VectorDescriptor } from '../table.ts';
import { type Actions, absentValues, configurationOf, type RawMetadata, valuesFrom } from './actions.ts';
import { BadAction } from './errors.ts';
import { statsReader } from './parsed-stats.ts';

export interface ParquetReading {
  readonly files: FileSystem;
  readonly scratch: Scratch;
  readonly signal: AbortSignal;
  /** False: only protocol and metadata are wanted, and sidecars are not listed. */
  readonly wantsFiles: boolean;
}

/** A file up to this size is one request. */
const smallBytes = 4 * 1024 * 1024;
const frameBytes = 16 * 1024 * 1024;
const frameRows = 20_000;
/** All rows. */
const window: Window = { column: null, lower: null, upper: null, nulls: 'include', seen: null, changedFiles: 'ignore' };

/** Adds the file's actions. Tombstones are for VACUUM alone, and are left out. Throws a HomeError of the format, or `BadAction`. */
export async function readParquetActions(info: FileInfo, into: Actions, reading: ParquetReading): Promise<void> {
  const { scratch, signal, wantsFiles } = reading;
  const format = await formatOf('parquet', { int96: 'microseconds', leavesOut: (column: string) => !isWanted(column, wantsFiles) });
  const source = await sourceOf(info, reading.files);
  const content = await format.inspect(source, null);
  const columns = content.schema.columns.map(({ name }) => name).filter((name) => isWanted(name, wantsFiles));
  const last = content.pieces.at(-1);
  if (last === undefined || columns.length === 0) return;
  const request = { source, content, from: 0, to: last.to, window, frameBytes, frameRows, columns, scratch, signal };
  for await (const frame of format.read(request)) await takeFrame(frame as Frame, into);
}

function isWanted(column: string, wantsFiles: boolean): boolean {
  return (
    column === 'protocol' ||
    column === 'metaData' ||
    column === 'checkpointMetadata' ||
    (wantsFiles && (column === 'add' || column === 'sidecar'))
  );
}

async function sourceOf({ path, bytes }: FileInfo, files: FileSystem): Promise<FileSource> {
  if (bytes > smallBytes) return { name: path, bytes, read: (range, into) => retry(() => files.read(path, range, { into })) };
  const whole = await retry(() => files.read(path));
  return { name: path, bytes: whole.length, read: async ({ start, end }) => whole.subarray(start, end) };
}

type Reader = (row: number) => unknown;

async function takeFrame(frame: Frame, into: Actions): Promise<void> {
  const { columns } = frame.schema;
  for (const table of await inParts(await asPolars(frame).collect())) {
    for (const batch of table.batches) {
      for (const [at, { name, type }] of columns.entries()) {
        const data = batch.data.children[at];
        if (data === undefined) continue;
        const taker = takers[name]?.(new Struct(type, data), into);
        if (taker !== undefined) for (let row = 0; row < batch.numRows; row++) taker(row);
      }
    }
  }
}

/** A column of structs. A field that a file does not have is null in each row. */
class Struct {
  readonly #fields: readonly { readonly name: string; readonly type: DataType }[];
  readonly #data: Arrow.Data;

  constructor(type: DataType, data: Arrow.Data) {
    this.#fields = type.kind === 'struct' ? type.fields : [];
    this.#data = data;
  }

  field(name: string): Reader {
    const [type, data] = this.#at(name) ?? [];
    if (type === undefined || data === undefined) return () => null;
    const read = cellReader(type, data);
    return (row) => read(row);
  }

  inner(name: string): Struct | undefined {
    const [type, data] = this.#at(name) ?? [];
    return type === undefined || data === undefined ? undefined : new Struct(type, data);
  }

  /** For a reader of its own. */
  raw(name: string): { readonly type: DataType; readonly data: Arrow.Data } | undefined {
    const [type, data] = this.#at(name) ?? [];
    return type === undefined || data === undefined ? undefined : { type, data };
  }

  #at(name: string): readonly [DataType, Arrow.Data] | undefined {
    const at = this.#fields.findIndex((field) => field.name === name);
    const [field, data] = [this.#fields[at], this.#data.children[at]];
    return field === undefined || data === undefined ? undefined : [field.type, data];
  }
}

type Taker = (of: Struct, into: Actions) => (row: number) => void;

/** What a row's column adds. A row is one action, and all other columns are null in it. */
const takers: Readonly<Record<string, Taker>> = {
  add(add, into) {
    const [path, values, size, time, stats] = ['path', 'partitionValues', 'size', 'modificationTime', 'stats'].map((name) =>
      add.field(name),
    ) as [Reader, Reader, Reader, Reader, Reader];
    const parsed = add.raw('stats_parsed');
    const parsedStats = parsed === undefined ? () => null : statsReader(parsed.type, parsed.data);
    const vector = vectorReader(add.inner('deletionVector'));
    return (row) => {
      const name = path(row);
      if (name === null) return;
      const pairs = values(row) as readonly (readonly [string, unknown])[] | null;
      const file: DeltaFile = {
        path: text(name, 'add.path'),
        partitionValues: pairs === null ? absentValues : valuesFrom(pairs, String(name)),
        bytes: whole(size(row), 'add.size'),
        modificationTime: whole(time(row), 'add.modificationTime'),
        vector: vector(row),
        stats: (stats(row) as string | null) ?? parsedStats(row),
      };
      into.adds.push({ file, dataChange: false });
    };
  },
  protocol(protocol, into) {
    const [reader, writer, readers, writers] = ['minReaderVersion', 'minWriterVersion', 'readerFeatures', 'writerFeatures'].map((name) =>
      protocol.field(name),
    ) as [Reader, Reader, Reader, Reader];
    return (row) => {
      if (reader(row) === null) return;
      const found: DeltaProtocol = {
        minReaderVersion: whole(reader(row), 'protocol.minReaderVersion'),
        minWriterVersion: whole(writer(row), 'protocol.minWriterVersion'),
        readerFeatures: readers(row) as readonly string[] | null,
        writerFeatures: writers(row) as readonly string[] | null,
      };
      into.protocols.push(found);
    };
  },
  metaData(metadata, into) {
    const [id, name, description, schema, columns, configuration] = [
      'id',
      'name',
      'description',
      'schemaString',
      'partitionColumns',
      'configuration',
    ].map((field) => metadata.field(field)) as [Reader, Reader, Reader, Reader, Reader, Reader];
    const provider = metadata.inner('format')?.field('provider') ?? (() => null);
    return (row) => {
      if (id(row) === null) return;
      const found: RawMetadata = {
        id: text(id(row), 'metaData.id'),
        name: name(row) as string | null,
        description: description(row) as string | null,
        provider: (provider(row) as string | null) ?? 'parquet',
        schemaString: text(schema(row), 'metaData.schemaString'),
        partitionColumns: (columns(row) as readonly string[] | null) ?? [],
        configuration: configurationOf((configuration(row) as readonly (readonly [string, unknown])[] | null) ?? []),
      };
      into.metadata.push(found);
    };
  },
  sidecar(sidecar, into) {
    const [path, size] = [sidecar.field('path'), sidecar.field('sizeInBytes')];
    return (row) => {
      const name = path(row);
      if (name !== null) into.sidecars.push({ path: text(name, 'sidecar.path'), bytes: size(row) === null ? null : Number(size(row)) });
    };
  },
  checkpointMetadata(metadata, into) {
    const version = metadata.field('version');
    return (row) => {
      if (version(row) !== null) into.checkpointVersion = whole(version(row), 'checkpointMetadata.version');
    };
  },
};

function vectorReader(vector: Struct | undefined): (row: number) => VectorDescriptor | null {
  if (vector === undefined) return () => null;
  const [type, path, offset, size, cardinality] = ['storageType', 'pathOrInlineDv', 'offset', 'sizeInBytes', 'cardinality'].map((name) =>
    vector.field(name),
  ) as [Reader, Reader, Reader, Reader, Reader];
  return (row) => {
    if (type(row) === null) return null;
    return {
      storageType: text(type(row), 'storageType') as VectorDescriptor['storageType'],
      pathOrInlineDv: text(path(row), 'pathOrInlineDv'),
      offset: offset(row) === null ? null : whole(offset(row), 'offset'),
      sizeInBytes: whole(size(row), 'sizeInBytes'),
      cardinality: whole(cardinality(row), 'cardinality'),
    };
  };
}

function text(value: unknown, of: string): string {
  if (typeof value !== 'string' || value === '') throw new BadAction(`An action has no ${of}.`);
  return value;
}

function whole(value: unknown, of: string): number {
  const number = typeof value === 'bigint' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 0)
    throw new BadAction(`An action has no whole number ${of}.`);
  return number;
}
