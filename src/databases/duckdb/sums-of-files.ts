/** The statement of a proof: SQL that reads settled files by name and sums their rows. */
import { isAbsolute } from 'node:path';
import type { Opening } from '../../engine/contracts/connector.ts';
import type { FilesOfRows } from '../../engine/contracts/home.ts';
import type { ComparesInside, SummedColumn, SumsOfFiles } from '../../engine/contracts/row-sums.ts';
import type { Column, DataType } from '../../frames/schema.ts';
import type { Relation, SourceColumn } from '../engine.ts';
import { comparesInside } from '../home/inside.ts';
import type { ColumnToSum, RowSums } from '../row-sums.ts';
import { comparableTextKind } from '../row-sums.ts';
import { subqueryInFrom, windowCondition } from '../select.ts';
import { poolOf, Sessions } from '../sessions.ts';
import { declared } from './columns.ts';
import type { DuckdbSession } from './connect.ts';
import { quoteName, quoteText } from './dialect.ts';
import { duckdb } from './duckdb.ts';
import { twoFiles } from './errors.ts';
import { inMemory } from './keys.ts';
import { rowSums } from './row-sums.ts';

/** How SQL reads files of a format. */
interface Reader {
  /** A table function with all columns of the files. @param names the names of the files as SQL literals. */
  from(names: string): string;
  /** The values in the files are texts. Absent: the files store typed values. */
  readonly isText?: true;
}

const byName = 'union_by_name = true, hive_partitioning = false';

function readerOf({ format, style }: FilesOfRows): Reader | undefined {
  if (format === 'parquet') return { from: (names) => `read_parquet([${names}], ${byName})` };
  if (format !== 'csv') return undefined;
  const { header, delimiter, nullValue } = style as { readonly header: boolean; readonly delimiter: string; readonly nullValue: string };
  // Without a header, columns are known only by position, and older files may have other columns.
  if (!header) return undefined;
  const options = [
    ...[`header = true, delim = ${quoteText(delimiter)}, quote = '"', escape = '"'`],
    `nullstr = ${quoteText(nullValue)}, allow_quoted_nulls = false, all_varchar = true`,
    byName,
  ];
  return { from: (names) => `read_csv([${names}],\n    ${options.join(', ')})`, isText: true };
}

/** The rows of settled files as a SELECT, with all columns as they settled. Undefined: SQL can’t return the exact values of the format. */
export function settledRows(of: FilesOfRows): string | undefined {
  const reader = readerOf(of);
  return reader && rowsOf(of, of.schema.columns, reader);
}

/** A value of a file as the type that it settled with. Bytes in files of texts are base64. */
function castOf({ name, type }: Column, { isText }: Reader): string {
  const quoted = quoteName(name);
  return isText && type.kind === 'binary' ? `from_base64(${quoted})` : `CAST(${quoted} AS ${declared(type)})`;
}

/** @returns undefined if SQL can’t read exact values from files of the format. */
export async function sumsOfFiles(of: FilesOfRows, opening: Opening): Promise<SumsOfFiles | undefined> {
  const reader = readerOf(of);
  if (reader === undefined) return undefined;
  const canRun = of.folder !== null && isSearchable(of.folder) && (await isInstalled());
  return { inside: insideOf(of, reader, opening), canRun };
}

const isInstalled = (): Promise<boolean> =>
  import('@duckdb/node-api').then(
    () => true,
    () => false,
  );

/** In a list of folders, DuckDB reads a comma as the end of a folder, and the other characters as patterns. */
const isSearchable = (folder: string): boolean => isAbsolute(folder) && !/[,*?[\]{}"]/.test(folder);

function insideOf(of: FilesOfRows, reader: Reader, opening: Opening): ComparesInside {
  const relation = relationOf(of, reader);
  const whyNot = whyNotSummed(of);
  const place = `the files in ${of.address}`;
  const keys = { path: inMemory, threads: 2, pool_size: 2 };
  let sessions: Sessions<DuckdbSession> | undefined;
  const inside = comparesInside<DuckdbSession>({
    engine: {
      dialect: duckdb.dialect,
      rowSums: sumsOfDays,
      ...(duckdb.finiteCondition ? { finiteCondition: duckdb.finiteCondition } : {}),
    },
    ...{ system: duckdb.id, place, specialValues: 'fail', where: undefined, oneMoment: true },
    describedRelation: () => relation,
    windowConditionOf: (window, { columns }) => windowCondition(duckdb.dialect, window, { columns }),
    async inSession(work, signal) {
      const root = of.folder ?? opening.root;
      const pool = poolOf(duckdb, keys, { ...opening, root });
      sessions ??= new Sessions({ engine: duckdb, pool, label: `hygge ${opening.flow}.${opening.entity} proof`, place });
      return sessions.transaction(
        { mode: 'read', isolation: 'snapshot' },
        async (session) => {
          const other = await session.besideRoot(of.files.map(({ name }) => name));
          if (other !== undefined) throw twoFiles(other, root);
          await session.meets(relation.columns.length);
          return work(session, relation);
        },
        signal,
      );
    },
  });
  return {
    ...inside,
    supports(columns, division) {
      const unable = columns.flatMap(({ name, type }: SummedColumn) => {
        const why = whyNot(name, type);
        return why === undefined ? [] : [{ column: name, why }];
      });
      const found = inside.supports(columns, division);
      return { ...found, unable: [...unable, ...found.unable] };
    },
  };
}

/** Why SQL can’t read a column’s exact values, as the end of a sentence. */
function whyNotSummed({ schema }: FilesOfRows): (name: string, type: DataType) => string | undefined {
  const spellings = Map.groupBy(schema.columns, ({ name }) => name.toLowerCase());
  return (name, type) => {
    if ((spellings.get(name.toLowerCase())?.length ?? 0) > 1) return 'another column has the same name in other capitals';
    if (type.kind === 'timestamp' && type.zone !== undefined && type.unit === 'ns') return 'its nanoseconds are read as microseconds';
    return undefined;
  };
}

function relationOf(of: FilesOfRows, reader: Reader): Relation {
  const columns = of.schema.columns.filter(({ type }) => comparableTextKind(type) !== undefined);
  return {
    from: subqueryInFrom(rowsOf(of, columns, reader)),
    shown: 'the files',
    isTable: false,
    columns: columns.map(
      (column): SourceColumn => ({
        ...{ name: column.name, type: column.type, nullable: true, sourceType: declared(column.type) },
        ...{ selectExpression: quoteName(column.name), wire: '', shownAsText: false },
      }),
    ),
    ...{ rows: undefined, bytes: undefined, primaryKey: [], leadingIndexColumns: new Set<string>(), parts: [], warnings: [] },
  };
}

/** The files’ rows, whose columns are matched by name. The first SELECT has no rows: it names columns that may be in no file, for example if the folder is empty. */
function rowsOf(of: FilesOfRows, columns: readonly Column[], reader: Reader): string {
  const types = columns.map(({ name, type }) => `NULL::${reader.isText ? 'VARCHAR' : declared(type)} AS ${quoteName(name)}`);
  const groups = Map.groupBy(of.files, ({ partition }) => JSON.stringify(Object.entries(partition).toSorted()));
  const reads = [...groups.values()].map((files) => {
    const names = files.map(({ name }) => `\n    ${quoteText(asPattern(name))}`).join(',');
    const values = Object.entries(files[0]?.partition ?? {}).map(
      ([name, value]) => `, ${value === null ? 'NULL' : quoteText(value)} AS ${quoteName(name)}`,
    );
    return `  UNION ALL BY NAME\n  SELECT *${values.join('')} FROM ${reader.from(names)}`;
  });
  return [
    `SELECT ${columns.map((column) => `${castOf(column, reader)} AS ${quoteName(column.name)}`).join(', ') || '1 AS one'}`,
    `FROM (\n  SELECT ${types.join(', ') || '1 AS one'} WHERE false`,
    ...reads,
    ')',
  ].join('\n');
}

/** The name of a file as a pattern that matches only this file, whatever pattern characters the name has. */
const asPattern = (name: string): string => name.replaceAll(/[*?[]/g, (mark) => `[${mark}]`);

/** Days outside of the years 1 to 9999, which files may have, are written as texts by the rules in docs/building/row-sum.md. */
const sumsOfDays: RowSums = { ...rowSums, text: textInFiles };

function textInFiles(of: ColumnToSum): ReturnType<RowSums['text']> {
  const found = rowSums.text(of);
  const { name, type } = of.column;
  if ('unable' in found || (type.kind !== 'date' && type.kind !== 'timestamp')) return found;
  const quoted = quoteName(name);
  const at = type.kind === 'timestamp' && type.zone !== undefined ? `(${quoted} AT TIME ZONE 'UTC')` : quoted;
  const year = `year(${at})`;
  const digits = `CASE WHEN ${year} = 0 THEN '0000' ELSE CASE WHEN ${year} < 0 THEN '-' ELSE '+' END || lpad(abs(${year})::VARCHAR, 6, '0') END`;
  const rest =
    type.kind === 'date'
      ? `strftime(${at}, '-%m-%d')`
      : `rtrim(rtrim(strftime(${at}, '-%m-%dT%H:%M:%S.${type.unit === 'ns' ? '%n' : '%f'}'), '0'), '.')`;
  return { ...found, text: `CASE WHEN ${year} BETWEEN 1 AND 9999 THEN ${found.text} ELSE ${digits} || ${rest} END` };
}
