/** What hygge reads from DuckDB’s catalogue about a source. */

import type { TableFound } from '../../engine/contracts/connector.ts';
import { cellBytes } from '../../frames/describe-type.ts';
import type { DataType } from '../../frames/schema.ts';
import type { OwnNote } from '../../ports/notes.ts';
import type { LateRows, Relation, RelationPart, Row, Source, SourceColumn, SourceOptions } from '../engine.ts';
import { subqueryInFrom, whereAll } from '../select.ts';
import { configuredDecimal, selectedFields } from '../source-columns.ts';
import { bestKey, risingOf } from '../sql/rising.ts';
import type { DuckdbSession } from './connect.ts';
import { nameOf, names, quoteName, quoteText } from './dialect.ts';
import { noSuchTable, twoFiles } from './errors.ts';
import { readAs } from './types.ts';

/** The number of rows in a row group of a table. */
const blockRows = 122_880;

interface FoundTable {
  readonly schema: string;
  readonly name: string;
  readonly isTable: boolean;
}

const throughScratch: OwnNote = {
  code: 'duckdb.through_scratch',
  text: 'the number of rows is known only at the end: all rows are written into one scratch file, and then read',
};

export async function look(session: DuckdbSession, source: Source, options: SourceOptions): Promise<Relation> {
  const found = 'table' in source ? await find(session, source.table) : undefined;
  const query = 'query' in source ? source.query : undefined;
  if (query !== undefined) await mustMeanRoot(session, query);
  const from = found ? nameOf(found) : subqueryInFrom(query ?? '');
  const shown = found ? `${found.schema}.${found.name}` : 'the query';
  const columns = await columnsOf(session, { from, shown, found, query, options });
  const of = { from, shown, columns, isTable: found?.isTable ?? false, warnings: [] };
  if (!found?.isTable) {
    const guess = await reckoned(session, `SELECT * FROM ${from}`);
    const bytes = guess === undefined ? undefined : guess * widthOf(columns);
    const piece: RelationPart = { from, bytes: bytes ?? 0, rows: guess ?? null, blocks: null };
    return {
      ...of,
      ...{ primaryKey: [], leadingIndexColumns: new Set<string>(), parts: [piece], bytes },
      rows: guess === undefined ? undefined : { n: guess, exact: false },
      notes: [throughScratch],
    };
  }
  const { rows, places } = await sizeOf(session, from);
  const bytes = Math.ceil(rows * (await measured(session, { from, columns, places })));
  const blocks = places === null ? null : Math.ceil(places / blockRows);
  return {
    ...of,
    primaryKey: await keyOf(session, found),
    // DuckDB stores each column separately, so finding the newest value of a column reads no other column.
    leadingIndexColumns: new Set(columns.map(({ name }) => name)),
    parts: [{ from, bytes, rows, blocks }],
    rows: { n: rows, exact: true },
    bytes,
  };
}

async function find(session: DuckdbSession, written: string): Promise<FoundTable> {
  const parts = names.split(written);
  const [name = '', schema] = [parts.at(-1), parts.at(-2)];
  const all = `SELECT schema_name AS schema, table_name AS name, true AS is_table FROM duckdb_tables() WHERE database_name = current_database()
    UNION ALL SELECT schema_name, view_name, false FROM duckdb_views() WHERE database_name = current_database()`;
  const sql = `SELECT * FROM (${all}) WHERE lower(name) = lower($1) AND lower(schema) = lower(coalesce($2, current_schema()))`;
  const [row] = parts.length > 2 ? [] : await session.query(sql, [name, schema ?? null]);
  if (row) return { schema: row.schema ?? '', name: row.name ?? '', isTable: row.is_table === 'true' };
  const near = await session.query(`SELECT * FROM (${all}) WHERE lower(name) = lower($1) ORDER BY 1, 2 LIMIT 3`, [name]);
  throw noSuchTable(written, near);
}

interface ColumnsRequest extends Pick<Relation, 'from' | 'shown'> {
  readonly found: FoundTable | undefined;
  readonly query: string | undefined;
  readonly options: SourceOptions;
}

/** The columns to read, as the database would send them now. */
async function columnsOf(session: DuckdbSession, { from, shown, found, query, options }: ColumnsRequest): Promise<readonly SourceColumn[]> {
  // The query is not used as a subquery, which would rename the second of two columns with one name.
  const itself = query === undefined ? undefined : await session.describe(query);
  const fields = await session.describe(`SELECT * FROM ${from}`);
  const taken = selectedFields(fields, { shown, options, queryNames: itself?.map(({ name }) => name), isFolded: true });
  const required = found ? await requiredOf(session, found) : new Set<string>();
  return taken.map(({ name, type }, at): SourceColumn => {
    const read = readAs(type, { decimal: configuredDecimal(name, options), specialValues: options.specialValues, at });
    const quoted = quoteName(name);
    const sourceType = type.alias === 'JSON' ? 'JSON' : String(type);
    const selectExpression = read.written === null ? quoted : `${read.written(quoted, 0)} AS ${quoted}`;
    return {
      ...{ name, type: read.type, sourceType, selectExpression, shownAsText: read.shownAsText },
      nullable: !required.has(name) || (read.hasSpecialValues && options.specialValues === 'to_null'),
      wire: `${name} ${sourceType}`,
      ...(read.specials === null ? {} : { specialCount: `(${read.specials(quoted, 0)})::INTEGER` }),
    };
  });
}

async function requiredOf(session: DuckdbSession, { schema, name }: FoundTable): Promise<ReadonlySet<string>> {
  const rows = await session.query(
    'SELECT column_name AS name FROM duckdb_columns() WHERE database_name = current_database() AND schema_name = $1 AND table_name = $2 AND NOT is_nullable',
    [schema, name],
  );
  return new Set(rows.map(({ name: column }) => column ?? ''));
}

async function keyOf(session: DuckdbSession, { schema, name }: FoundTable): Promise<readonly string[]> {
  const rows = await session.query(
    `SELECT unnest(constraint_column_names) AS name FROM duckdb_constraints() WHERE database_name = current_database()
    AND schema_name = $1 AND table_name = $2 AND constraint_type = 'PRIMARY KEY'`,
    [schema, name],
  );
  return rows.map(({ name: column }) => column ?? '');
}

/** The number of rows and of row numbers. `places` is null if a column is called `rowid`, or if the table is on another server. */
async function sizeOf(session: DuckdbSession, from: string): Promise<{ readonly rows: number; readonly places: number | null }> {
  const own = await session.describe(`SELECT * FROM ${from}`);
  const hasPlaces = !session.isRemote && !own.some(({ name }) => name.toLowerCase() === 'rowid');
  const [row] = await session.query(`SELECT count(*) AS rows${hasPlaces ? ', max(rowid) AS last' : ''} FROM ${from}`);
  return { rows: Number(row?.rows ?? 0), places: hasPlaces ? Number(row?.last ?? -1) + 1 : null };
}

/** The sample has rows from this many ranges, spread over the table. */
const samples = 4;
const sampleRows = 512;

/** The size of a row in a frame, in bytes. Texts and other types without a fixed size are measured in a sample. */
async function measured(
  session: DuckdbSession,
  { from, columns, places }: { readonly from: string; readonly columns: readonly SourceColumn[]; readonly places: number | null },
): Promise<number> {
  const open = columns.filter(({ type }) => isOpen(type));
  const fixed = columns.filter(({ type }) => !isOpen(type));
  if (open.length === 0 || places === null || places === 0) return widthOf(columns);
  const lengths = open.map(({ name, type }) => {
    const quoted = quoteName(name);
    return `coalesce(${type.kind === 'binary' ? `octet_length(${quoted})` : `strlen(${quoted}::VARCHAR)`}, 0)`;
  });
  const step = Math.max(sampleRows, Math.floor(places / samples));
  const ranges = Array.from({ length: samples }, (_, n) => `rowid BETWEEN ${n * step} AND ${n * step + sampleRows - 1}`);
  // The lengths are summed as a list, since an expression that adds up a thousand columns is too deep for DuckDB.
  const [row] = await session.query(`SELECT avg(list_sum([${lengths.join(', ')}])) AS width FROM ${from} WHERE ${ranges.join(' OR ')}`);
  return widthOf(fixed) + (row?.width == null ? widthOf(open) : Math.ceil(Number(row.width)) + 4 * open.length);
}

const isOpen = ({ kind }: DataType): boolean => ['string', 'json', 'binary', 'list', 'struct'].includes(kind);

const widthOf = (columns: readonly SourceColumn[]): number => columns.reduce((sum, { type }) => sum + cellBytes(type), 0);

/** The number of rows that DuckDB estimates for the result of a statement. */
async function reckoned(session: DuckdbSession, sql: string): Promise<number | undefined> {
  const [row] = await session.query(`EXPLAIN (FORMAT json) ${sql}`);
  const [plan] = JSON.parse(row?.explain_value ?? '[]') as readonly Planned[];
  return plan && cardinality(plan);
}

interface Planned {
  readonly extra_info?: Readonly<Record<string, unknown>>;
  readonly children?: readonly Planned[];
}

function cardinality({ extra_info: info, children = [] }: Planned): number | undefined {
  const own = info?.['Estimated Cardinality'];
  if (own !== undefined) return Number(own);
  const [only] = children;
  return only && cardinality(only);
}

/** The number of rows in a window. If the source is a table, its rows are counted: that reads only the columns of the conditions. */
export async function estimate(
  session: DuckdbSession,
  _sql: string,
  conditions: readonly string[],
  { from, isTable, columns, rows, bytes }: Relation,
): Promise<{ readonly rows: number; readonly bytes: number } | undefined> {
  if (isTable && conditions.length === 0 && rows !== undefined && bytes !== undefined) return { rows: rows.n, bytes };
  const rest = `FROM ${from}${whereAll(conditions)}`;
  const [row] = isTable ? await session.query(`SELECT count(*) AS rows ${rest}`) : [];
  const n = row === undefined ? await reckoned(session, `SELECT * ${rest}`) : Number(row.rows);
  return n === undefined ? undefined : { rows: n, bytes: Math.ceil(n * widthOf(columns)) };
}

// ---- files that a query names

async function mustMeanRoot(session: DuckdbSession, query: string): Promise<void> {
  const [row] = await session.query(`SELECT json_serialize_sql(${quoteText(query)}) AS tree`);
  const name = await session.besideRoot(filesIn(JSON.parse(row?.tree ?? 'null')));
  if (name !== undefined) throw twoFiles(name, session.root);
}

/** The names that a query uses as tables, each of which may be the path of a file. */
function filesIn(tree: unknown, isName = false): readonly string[] {
  if (Array.isArray(tree)) return tree.flatMap((one) => filesIn(one, isName));
  if (typeof tree === 'string') return isName && tree !== '' ? [tree] : [];
  if (typeof tree !== 'object' || tree === null) return [];
  const { type } = tree as { readonly type?: unknown };
  return Object.entries(tree).flatMap(([key, value]) =>
    filesIn(
      value,
      isName ||
        (type === 'BASE_TABLE' && key === 'table_name' && /[./]/.test(String(value))) ||
        (type === 'TABLE_FUNCTION' && key === 'function'),
    ),
  );
}

// ---- rows that may still appear below the newest value

/** Only this process writes to the file, so hygge knows all writers. */
export const late: LateRows<DuckdbSession> = {
  openTransactions: async (session) =>
    session.writers.map(({ id, since, label }) => ({ id, startedAt: since, shown: `${label} of this process` })),
  standbyPosition: async () => undefined,
  outOfOrderReason: async () => undefined,
};

// ---- all tables and views

/** Tables and views, except hygge’s own. The size of a table in bytes is unknown before it is read. */
export async function tables(session: DuckdbSession): Promise<readonly TableFound[]> {
  const ours = `database_name = current_database() AND NOT internal AND schema_name NOT IN ('hygge_metadata', 'hygge_staging')`;
  const found = await session.query(
    `SELECT schema_name AS schema, table_name AS name, 'table' AS kind, estimated_size AS rows FROM duckdb_tables() WHERE ${ours}
      AND NOT regexp_matches(table_name, '_all_[0-9a-f]{16}$')
    UNION ALL SELECT schema_name, view_name, 'view', NULL FROM duckdb_views() WHERE ${ours} ORDER BY 1, 2`,
  );
  const columns = await session.query(
    `SELECT schema_name AS schema, table_name AS name, column_name AS "column", data_type AS type, column_default AS given, is_nullable AS nullable FROM duckdb_columns()
    WHERE ${ours} ORDER BY 1, 2, column_index`,
  );
  const keys = await session.query(
    `SELECT schema_name AS schema, table_name AS name, constraint_type = 'PRIMARY KEY' AS "primary", constraint_index AS "index",
      unnest(constraint_column_names) AS "column" FROM duckdb_constraints()
    WHERE database_name = current_database() AND constraint_type IN ('PRIMARY KEY', 'UNIQUE')`,
  );
  return found.map((one): TableFound => {
    const { schema, name, kind, rows } = one;
    const own = (rest: readonly Row[]) => rest.filter((row) => row.schema === schema && row.name === name);
    const required = new Set(own(columns).flatMap(({ column, nullable }) => (nullable === 'false' ? (column ?? '') : [])));
    return {
      ...{ schema: schema ?? '', name: name ?? '', written: names.spellName(schema, name), kind: kind ?? '' },
      ...{ rows: rows == null ? null : Number(rows), bytes: null },
      ...bestKey(
        own(keys).map(({ index, primary, column }) => ({
          ...{ index: index ?? '', column: column ?? '', isPrimary: primary === 'true', isNullable: !required.has(column ?? '') },
        })),
      ),
      columns: own(columns).map(({ column }) => column ?? ''),
      rising: risingOf(
        own(columns).map(({ column, type, given, nullable }) => ({
          ...{ column: column ?? '', type: type ?? '', isTime: /^TIMESTAMP/.test(type ?? '') },
          ...{ isDay: type === 'DATE', isNullable: kind !== 'table' || nullable !== 'false' },
          isCounted: /^nextval\(/.test(given ?? ''),
          // DuckDB stores each column separately, so finding the newest value of a column reads no other column.
          newestValueBy: kind === 'table' ? 'no rows read' : 'the whole view is read for it',
        })),
      ),
    };
  });
}
