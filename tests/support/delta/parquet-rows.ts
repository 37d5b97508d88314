/**
 * Rows of parquet files as the texts that the model of the foreign committer has (`rowTexts`, `feedTexts` in writer/history.ts), so that what a reader gave is compared
 * with it: `expect(difference(await parquetTexts(files, version.columns), rowTexts(version))).toBe('')`. DuckDB reads them, and casts to the type of the table.
 */
import { duck } from '../duck.ts';
import { changeText } from './writer/history.ts';
import { literal } from './writer/parquet.ts';
import { type Column, canonicalValue, type Nests, quoted, sqlType, type Value } from './writer/schema.ts';

/** In order; columns by their names, others in the files are left alone. */
export async function parquetTexts(
  files: readonly string[],
  columns: readonly Column[],
  nests: Nests = 'null',
): Promise<readonly string[]> {
  return (await rowsOf(files, columns, [])).map((row) => textOf(columns, row, nests)).sort();
}

/** Likewise of the change feed. @param how.kind the column of the kind of change, or SQL. @param how.where SQL, such as `_commit_version = 3`. */
export async function changeTexts(
  files: readonly string[],
  columns: readonly Column[],
  how: { readonly kind?: string; readonly where?: string; readonly nests?: Nests } = {},
): Promise<readonly string[]> {
  const { kind = '_change_type', where = 'true', nests = 'null' } = how;
  return (await rowsOf(files, columns, [kind], where)).map((row) => changeText(String(row[kind]), textOf(columns, row, nests))).sort();
}

const textOf = (columns: readonly Column[], row: Readonly<Record<string, Value>>, nests: Nests): string =>
  JSON.stringify(columns.map((column) => canonicalValue(column.type, row[column.name], nests)));

async function rowsOf(files: readonly string[], columns: readonly Column[], more: readonly string[], where = 'true') {
  if (files.length === 0) return [];
  const cast = columns.map(({ name, type }) => `CAST(${quoted(name)} AS ${sqlType(type, 'name')}) AS ${quoted(name)}`);
  const from = `read_parquet([${files.map(literal).join(', ')}], hive_partitioning = false)`;
  const rows = await duck(
    "set timezone = 'UTC'",
    `SELECT ${[...cast, ...more.map((one) => (/^\w+$/.test(one) ? quoted(one) : `${one} AS ${quoted(one)}`))].join(', ')} FROM ${from} WHERE ${where}`,
  );
  return rows as readonly Readonly<Record<string, Value>>[];
}
