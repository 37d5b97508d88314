import { writeFile } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { Refused } from './rules.ts';

export const marker = '__rowMarker__';
/** Where a row stands in its file. */
export const position = '__position__';

export interface Column {
  readonly name: string;
  /** As DuckDB names it, with precision and scale. */
  readonly type: string;
  readonly isNullable: boolean;
}

/** A file's rows in the table `landed`, with their positions. */
export interface LandedFile {
  /** Without the marker. */
  readonly columns: readonly Column[];
  readonly hasMarker: boolean;
  readonly rows: number;
}

export type Row = Readonly<Record<string, unknown>>;

export async function rowsOf(connection: DuckDBConnection, query: string): Promise<readonly Row[]> {
  return (await connection.runAndReadAll(query)).getRowObjectsJson() as readonly Row[];
}

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
export const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;

const deltaTypes =
  /^(BOOLEAN|TINYINT|SMALLINT|INTEGER|BIGINT|FLOAT|DOUBLE|DECIMAL\(.*\)|DATE|TIMESTAMP|TIMESTAMP WITH TIME ZONE|VARCHAR|BLOB)$/;
const signedIntegers = /^(TINYINT|SMALLINT|INTEGER|BIGINT)$/;
const nested = /\[|^STRUCT|^MAP|^UNION|^VARIANT/;

/** Reads a file of the landing zone, or refuses it. */
export async function readLandedFile(
  connection: DuckDBConnection,
  file: { readonly content: Buffer; readonly name: string; readonly scratch: string },
): Promise<LandedFile> {
  if (file.content.length === 0) throw new Refused('ZeroByteFile', `"${file.name}" is empty.`);
  await writeFile(file.scratch, file.content);
  await connection.run('drop table if exists landed');
  const columns = await readParquet(connection, file);
  const names = columns.map(({ name }) => name.toLowerCase());
  const twice = names.find((name, at) => names.indexOf(name) < at);
  if (twice !== undefined) throw new Refused('CorruptFile', `Column "${twice}" is there twice.`);
  for (const { name, type } of columns) {
    if (nested.test(type)) throw new Refused('NestedColumn', `"${name}" is ${type}.`);
    if (!deltaTypes.test(type)) throw new Refused('TypeNotInDelta', `"${name}" is ${type}.`);
  }
  const hasMarker = await checkMarker(connection, columns);
  const [counted] = await rowsOf(connection, 'select count(*) as n from landed');
  return { columns: columns.filter(({ name }) => name !== marker), hasMarker, rows: Number(counted?.n) };
}

async function readParquet(
  connection: DuckDBConnection,
  { scratch, name }: { readonly scratch: string; readonly name: string },
): Promise<Column[]> {
  try {
    const leaves = await rowsOf(connection, `select name, repetition_type from parquet_schema(${text(scratch)})`);
    const nullable = new Map(leaves.slice(1).map((leaf) => [String(leaf.name), leaf.repetition_type !== 'REQUIRED']));
    const described = await rowsOf(connection, `describe select * from read_parquet(${text(scratch)})`);
    await connection.run(
      `create temp table landed as select * rename (file_row_number as ${quoted(position)}) from read_parquet(${text(scratch)}, file_row_number = true)`,
    );
    return described.map((one) => ({
      name: String(one.column_name),
      type: String(one.column_type),
      isNullable: nullable.get(String(one.column_name)) ?? true,
    }));
  } catch (error) {
    throw new Refused('CorruptFile', `"${name}": ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function checkMarker(connection: DuckDBConnection, columns: readonly Column[]): Promise<boolean> {
  const at = columns.findIndex(({ name }) => name === marker);
  if (at < 0) return false;
  if (at < columns.length - 1) throw new Refused('MarkerNotLast', `"${columns.at(-1)?.name}" comes after it.`);
  const { type } = columns[at] as Column;
  // The marker's type is on no page; its examples are whole numbers.
  if (!signedIntegers.test(type)) throw new Refused('UnknownMarker', `The column is ${type}.`);
  const found = await rowsOf(
    connection,
    `select ${marker} as value from landed where ${marker} is null or ${marker} not in (0, 1, 2, 4) limit 1`,
  );
  if (found.length > 0) throw new Refused('UnknownMarker', `A row has ${String(found[0]?.value)}.`);
  return true;
}
