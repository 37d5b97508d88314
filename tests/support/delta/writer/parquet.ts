/** Parquet files of the foreign committer: DuckDB writes them, so that they owe nothing to hygge's own encoder. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { duckInMemory } from '../../duck.ts';
import { type Column, type DeltaType, type Member, quoted, sqlType } from './schema.ts';

/** A column of a file, and how its values come as JSON. */
export interface FileColumn {
  readonly name: string;
  /** In DuckDB. */
  readonly type: string;
  /** As FIELD_IDS of DuckDB's COPY wants them; undefined: the file has none. */
  readonly ids?: string;
}

export interface FileOptions {
  readonly compression?: 'snappy' | 'zstd' | 'uncompressed';
  readonly rowGroupRows?: number;
}

export class ParquetWriter implements AsyncDisposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'hygge-delta-'));
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  #files = 0;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance;
    this.#connection = connection;
  }

  static async open(): Promise<ParquetWriter> {
    const instance = await duckInMemory();
    const connection = await instance.connect();
    await connection.run("SET timezone = 'UTC'");
    return new ParquetWriter(instance, connection);
  }

  /** The bytes of a file of these rows, in their order. Each row is an object of JSON; what it lacks is null. */
  async file(columns: readonly FileColumn[], rows: readonly object[], options: FileOptions = {}): Promise<Buffer> {
    const [source, target] = [join(this.#folder, `${++this.#files}.ndjson`), join(this.#folder, `${this.#files}.parquet`)];
    writeFileSync(source, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    const types = columns.map(({ name, type }) => `${literal(name)}: ${literal(type)}`).join(', ');
    const ids = columns.flatMap(({ name, ids }) => (ids === undefined ? [] : [`${quoted(name)}: ${ids}`])).join(', ');
    const how = [
      'FORMAT parquet',
      `COMPRESSION ${options.compression ?? 'snappy'}`,
      ...(options.rowGroupRows === undefined ? [] : [`ROW_GROUP_SIZE ${options.rowGroupRows}`]),
      ...(ids === '' ? [] : [`FIELD_IDS {${ids}}`]),
    ].join(', ');
    const read = `read_json(${literal(source)}, format = 'newline_delimited', columns = {${types}}, maximum_object_size = 100000000)`;
    await this.#connection.run(`COPY (SELECT * FROM ${read}) TO ${literal(target)} (${how})`);
    const bytes = readFileSync(target);
    for (const path of [source, target]) rmSync(path);
    return bytes;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#connection.closeSync();
    this.#instance.closeSync();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** @param withIds under column mapping every column of a file carries its id. */
export function fileColumn(column: Column, withIds: boolean): FileColumn {
  const base = { name: column.physicalName, type: sqlType(column.type, 'physicalName') };
  return withIds ? { ...base, ids: idsOf(column, column.type) } : base;
}

function idsOf(member: Member, type: DeltaType): string {
  if (typeof type === 'string' || type.type === 'array') return String(member.id);
  return `{__duckdb_field_id: ${member.id}, ${type.fields.map((field) => `${quoted(field.physicalName)}: ${idsOf(field, field.type)}`).join(', ')}}`;
}

export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
