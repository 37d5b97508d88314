import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { vectorBytes, z85 } from '../delta/writer/roaring.ts';
import { attach, detach, type FolderNode, newFile } from '../dfs/tree.ts';
import { type Column, quoted, type Row, rowsOf, text } from './landed-file.ts';

/** What becomes of a row that a file inserts or updates, where a test wants Fabric to be wrong. `old`: the row stays as it was, or absent. */
export type Fate = 'kept' | 'lost' | 'twice' | 'old';

/** How the tables lie in OneLake. What no page says has a choice. */
export interface DeltaOptions {
  /** Where a table without a schema lies. */
  readonly withoutSchema?: 'Tables' | 'Tables/dbo';
  /** What becomes of times without a zone. */
  readonly wallTimes?: 'timestamp' | 'timestamp_ntz';
  readonly fate?: (row: Row, table: string) => Fate;
  /** Whether a row stays though it was deleted or updated. */
  readonly stays?: (row: Row, table: string) => boolean;
  /** Columns as the table declares them. */
  readonly columns?: (columns: readonly Column[], table: string) => readonly Column[];
}

interface DataFile {
  readonly path: string;
  readonly bytes: number;
  /** The text of each row, in order. */
  readonly rows: readonly string[];
  readonly deleted: ReadonlySet<number>;
}

interface Named extends Column {
  readonly physical: string;
  readonly id: number;
}

/**
 * The Delta table of a mirrored table, written after each file that was applied. An updated row is marked as deleted by a deletion vector and written anew ("Keep merge keys
 * narrow", https://learn.microsoft.com/fabric/mirroring/open-mirroring-best-practices), and columns are mapped by name ("Delta column mapping support",
 * https://learn.microsoft.com/fabric/mirroring/troubleshooting). Not modelled: V-order, checkpoints, and how Fabric compacts files.
 */
export class DeltaWriter {
  readonly #item: FolderNode;
  readonly #path: string;
  readonly #table: string;
  readonly #options: DeltaOptions;
  readonly #id = randomUUID();
  #version = -1;
  #columns: readonly Named[] = [];
  #files: readonly DataFile[] = [];
  /** The rows of the table as they should be. */
  #before: readonly string[] = [];

  constructor(
    item: FolderNode,
    of: { readonly schema: string | undefined; readonly table: string; readonly name: string },
    options: DeltaOptions,
  ) {
    this.#item = item;
    this.#table = of.name;
    this.#options = options;
    this.#path = of.schema === undefined ? `${options.withoutSchema ?? 'Tables'}/${of.table}` : `Tables/${of.schema}/${of.table}`;
  }

  drop(): void {
    detach(this.#item, this.#path);
  }

  /** Commits what the table of the same name in DuckDB has become. @param scratch where a parquet file is written first. */
  async commit(
    connection: DuckDBConnection,
    { columns, keys, scratch }: { readonly columns: readonly Column[]; readonly keys: readonly string[]; readonly scratch: string },
  ): Promise<void> {
    const found = await rowsOf(connection, `select rowid as id, to_json(t)::varchar as row from ${quoted(this.#table)} t`);
    const now = found.map((one) => ({ at: Number(one.id), row: String(one.row) }));
    const left = counts(this.#before);
    const added = now.filter(({ row }) => !take(left, row));
    const removed = [...left]
      .flatMap(([row, times]) => Array<string>(times).fill(row))
      .filter((row) => this.#options.stays?.(JSON.parse(row) as Row, this.#table) !== true);
    const fates = added.map((one) => ({ ...one, fate: this.#options.fate?.(JSON.parse(one.row) as Row, this.#table) ?? 'kept' }));
    const keyOf = (row: string) => JSON.stringify(keys.map((key) => (JSON.parse(row) as Row)[key]));
    const old = new Set(fates.filter(({ fate }) => fate === 'old').map(({ row }) => keyOf(row)));
    const gone = counts(keys.length === 0 ? removed : removed.filter((row) => !old.has(keyOf(row))));
    const written = fates.flatMap(({ at, fate }) => (fate === 'kept' ? [at] : fate === 'twice' ? [at, at] : []));
    const declared = this.#declared(columns);
    const actions: object[] = declared === this.#columns ? [] : this.#metadata(declared);
    this.#columns = declared;
    this.#files = this.#files.map((file) => {
      const deleted = new Set(file.deleted);
      for (const [at, row] of file.rows.entries()) if (!deleted.has(at) && take(gone, row)) deleted.add(at);
      if (deleted.size === file.deleted.size) return file;
      const next = { ...file, deleted };
      actions.push({ remove: { ...removeOf(file), deletionTimestamp: Date.now() } }, { add: addOf(next) });
      return next;
    });
    if (written.length > 0) {
      const file = await this.#dataFile(connection, { rows: written, texts: new Map(now.map(({ at, row }) => [at, row])), scratch });
      this.#files = [...this.#files, file];
      actions.push({ add: addOf(file) });
    }
    this.#before = now.map(({ row }) => row);
    this.#version++;
    const lines = [{ commitInfo: { timestamp: Date.now(), operation: 'MERGE' } }, ...actions];
    this.#put(
      `_delta_log/${String(this.#version).padStart(20, '0')}.json`,
      Buffer.from(lines.map((one) => `${JSON.stringify(one)}\n`).join('')),
    );
  }

  #declared(columns: readonly Column[]): readonly Named[] {
    const declared = this.#options.columns?.(columns, this.#table) ?? columns;
    if (declared.length === this.#columns.length) return this.#columns;
    return declared.map((column, at) => this.#columns[at] ?? { ...column, physical: `col-${randomUUID()}`, id: at + 1 });
  }

  #metadata(columns: readonly Named[]): object[] {
    const features = ['columnMapping', 'deletionVectors', ...(this.#wallTimes === 'timestamp_ntz' ? ['timestampNtz'] : [])];
    const fields = columns.map(({ name, type, physical, id }) => ({
      ...{ name, type: this.#deltaType(type), nullable: true },
      metadata: { 'delta.columnMapping.id': id, 'delta.columnMapping.physicalName': physical },
    }));
    const configuration = {
      'delta.columnMapping.mode': 'name',
      'delta.columnMapping.maxColumnId': String(columns.length),
      'delta.enableDeletionVectors': 'true',
    };
    const protocol = {
      minReaderVersion: 3,
      minWriterVersion: 7,
      readerFeatures: features,
      writerFeatures: [...features, 'appendOnly', 'invariants'],
    };
    const schemaString = JSON.stringify({ type: 'struct', fields });
    const metaData = {
      id: this.#id,
      format: { provider: 'parquet', options: {} },
      schemaString,
      partitionColumns: [],
      configuration,
      createdTime: Date.now(),
    };
    return this.#columns.length === 0 ? [{ protocol }, { metaData }] : [{ metaData }];
  }

  get #wallTimes() {
    return this.#options.wallTimes ?? 'timestamp_ntz';
  }

  #deltaType(type: string): string {
    if (type.startsWith('DECIMAL')) return type.toLowerCase();
    if (type === 'TIMESTAMP') return this.#wallTimes;
    const known = types[type];
    if (known === undefined) throw new Error(`no Delta type for ${type}`);
    return known;
  }

  async #dataFile(
    connection: DuckDBConnection,
    { rows, texts, scratch }: { readonly rows: readonly number[]; readonly texts: ReadonlyMap<number, string>; readonly scratch: string },
  ): Promise<DataFile> {
    const path = `part-00000-${randomUUID()}-c000.snappy.parquet`;
    const wall = this.#wallTimes;
    const there = new Set((await rowsOf(connection, `describe ${quoted(this.#table)}`)).map((one) => String(one.column_name)));
    const values = this.#columns.map(({ name, type, physical }) => {
      const value = !there.has(name)
        ? `cast(null as ${type})`
        : type === 'TIMESTAMP' && wall === 'timestamp'
          ? `make_timestamptz(epoch_us(t.${quoted(name)}))`
          : `t.${quoted(name)}::${type}`;
      return `${value} as ${quoted(physical)}`;
    });
    const listed = rows.map((at, n) => `(${n}, ${at})`).join(', ');
    const query = `select ${values.join(', ')} from (values ${listed}) w(n, id) join ${quoted(this.#table)} t on t.rowid = w.id order by w.n`;
    await connection.run(`copy (${query}) to ${text(scratch)} (format parquet, compression snappy)`);
    const content = await readFile(scratch);
    this.#put(path, content);
    return { path, bytes: content.length, rows: rows.map((at) => texts.get(at) ?? ''), deleted: new Set() };
  }

  #put(path: string, content: Buffer): void {
    const file = newFile(new Map(), new Map());
    file.content = content;
    attach(this.#item, `${this.#path}/${path}`, file);
  }
}

const types: Readonly<Record<string, string>> = {
  BOOLEAN: 'boolean',
  TINYINT: 'byte',
  SMALLINT: 'short',
  INTEGER: 'integer',
  BIGINT: 'long',
  FLOAT: 'float',
  DOUBLE: 'double',
  DATE: 'date',
  'TIMESTAMP WITH TIME ZONE': 'timestamp',
  VARCHAR: 'string',
  BLOB: 'binary',
};

/** Inline in the log, as Z85. */
function vectorOf({ deleted }: DataFile): object {
  if (deleted.size === 0) return {};
  const bytes = vectorBytes([...deleted].sort((a, b) => a - b));
  return { deletionVector: { storageType: 'i', pathOrInlineDv: z85(bytes), sizeInBytes: bytes.length, cardinality: deleted.size } };
}

function addOf(file: DataFile): object {
  const { path, bytes, rows, deleted } = file;
  const stats = JSON.stringify({ numRecords: rows.length, tightBounds: deleted.size === 0 });
  return { path, partitionValues: {}, size: bytes, modificationTime: Date.now(), dataChange: true, stats, ...vectorOf(file) };
}

function removeOf(file: DataFile): object {
  return { path: file.path, partitionValues: {}, size: file.bytes, dataChange: true, extendedFileMetadata: true, ...vectorOf(file) };
}

function counts(rows: readonly string[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const row of rows) found.set(row, (found.get(row) ?? 0) + 1);
  return found;
}

/** Whether there was one more of it. */
function take(from: Map<string, number>, row: string): boolean {
  const times = from.get(row) ?? 0;
  if (times === 0) return false;
  if (times === 1) from.delete(row);
  else from.set(row, times - 1);
  return true;
}
