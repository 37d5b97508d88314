/** What hygge reads from SQLite’s catalogue about a source. */
import type { TableFound } from '../../engine/contracts/connector.ts';
import { cellBytes } from '../../frames/describe-type.ts';
import { type KeyEqualities, widerEqualities } from '../../frames/row-sum/key-equality.ts';
import type { DataType } from '../../frames/schema.ts';
import type { LateRows, Relation, RelationPart, Source, SourceColumn, SourceOptions } from '../engine.ts';
import { subqueryInFrom, whereAll } from '../select.ts';
import { configuredDecimal, selectedFields } from '../source-columns.ts';
import { bestKey, risingOf } from '../sql/rising.ts';
import type { SqliteSession } from './connect.ts';
import type { ReadRequest } from './decode.ts';
import { nameOf, names, quoteName } from './dialect.ts';
import { mixedKinds, noSuchTable, notReadable, noWatermark, strayUuid, strayValue } from './errors.ts';
import type { Field } from './thread.ts';
import { type ReadAs, readAs, readAsFound, readAsGiven, type StorageClass, strays } from './types.ts';

/** The number of rowids in the smallest range that is read. */
export const blockRows = 4_096;
/** The maximum size of a file whose rows are counted, because such a file is read in a moment. */
const countedBytes = 256 * 1024 * 1024;
/** The number of values that decide the type of a column without a useful declaration. */
const lookedAt = 10_000;
const sampleRows = 512;

interface FoundTable {
  readonly name: string;
  readonly isTable: boolean;
  readonly hasRowid: boolean;
  readonly isStrict: boolean;
}

/** A column of SQLite, in addition to what all engines know. */
interface SqliteColumn extends SourceColumn {
  readonly takesNumbers: boolean;
  /** The rowid is read before the first column. */
  readonly hasRowid: boolean;
  readonly isOfTable: boolean;
  /** The column can only have values of its type. */
  readonly isStrict: boolean;
  /** The `where` of the home, which leaves out rows. */
  readonly where: string | undefined;
}

/** What the reading thread needs to know about the columns that `look` found. */
export function readingOf(columns: readonly SourceColumn[]): Pick<ReadRequest, 'takeNumbers' | 'hasRowid' | 'isRepeatable'> {
  const all = columns as readonly SqliteColumn[];
  const [first] = all;
  return {
    takeNumbers: all.flatMap(({ takesNumbers }, at) => (takesNumbers ? [at] : [])),
    ...{ hasRowid: first?.hasRowid ?? false, isRepeatable: first?.isOfTable ?? false },
  };
}

export async function look(session: SqliteSession, source: Source, options: SourceOptions): Promise<Relation> {
  const found = 'table' in source ? await find(session, source.table) : undefined;
  const query = 'query' in source ? source.query : undefined;
  const from = found ? nameOf({ schema: 'main', name: found.name }) : subqueryInFrom(query ?? '');
  const shown = found?.name ?? 'the query';
  const own = found ? await ownOf(session, found.name) : [];
  const rowid = found?.hasRowid
    ? ['rowid', '_rowid_', 'oid'].find((word) => !own.some(({ name }) => name.toLowerCase() === word))
    : undefined;
  const columns = await columnsOf(session, { from, shown, found, query, options, own, rowid });
  const keys = own.filter(({ key }) => key > 0).sort((a, b) => a.key - b.key);
  const hasText = columns.some(({ name, type }) => type.kind === 'string' && keys.some((key) => key.name === name));
  const { rows, bytes, blocks } = await sizeOf(session, { from, found, rowid, columns });
  const piece: RelationPart = { from, bytes: bytes ?? 0, rows: rows?.n ?? null, blocks };
  return {
    ...{ from, shown, columns, rows, bytes, isTable: found?.isTable ?? false },
    primaryKey: keys.map(({ name }) => name),
    keyEqualities: found && hasText ? await equalitiesOf(session, found.name) : {},
    leadingIndexColumns: new Set(
      found
        ? await indexedOf(
            session,
            found.name,
            keys.map(({ name }) => name),
          )
        : [],
    ),
    parts: [piece],
    warnings: [],
  };
}

/** Which texts of a key are equal. Keys are compared by the index of the primary key, whose collations may differ from the collations of the columns. */
async function equalitiesOf(session: SqliteSession, table: string): Promise<KeyEqualities> {
  const rows = await session.query(
    `SELECT i.name, upper(i.coll) AS collation FROM pragma_index_list($1) l, pragma_index_xinfo(l.name) i WHERE l.origin = 'pk' AND i.key = 1`,
    [table],
  );
  return widerEqualities(
    rows.map(({ name, collation }) => [
      name ?? '',
      { letters: collation === 'NOCASE' ? 'ascii' : 'exact', isPadded: collation === 'RTRIM' },
    ]),
  );
}

async function find(session: SqliteSession, written: string): Promise<FoundTable> {
  const parts = names.split(written);
  const [name = '', schema = 'main'] = [parts.at(-1), parts.at(-2)];
  const sql = `SELECT name, type, wr, strict FROM pragma_table_list WHERE schema = 'main' AND lower(name) = lower($1)`;
  const [row] = parts.length > 2 || schema.toLowerCase() !== 'main' ? [] : await session.query(sql, [name]);
  if (row === undefined) {
    const all = await session.query(
      `SELECT name FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name`,
    );
    throw noSuchTable(
      written,
      all.map((one) => one.name ?? ''),
    );
  }
  const isTable = row.type === 'table' || row.type === 'virtual' || row.type === 'shadow';
  return { name: row.name ?? '', isTable, hasRowid: row.type === 'table' && row.wr === '0', isStrict: row.strict === '1' };
}

interface Own {
  readonly name: string;
  readonly type: string;
  readonly isRequired: boolean;
  /** The column’s position in the primary key, counted from 1. 0: the column is not in the key. */
  readonly key: number;
}

async function ownOf(session: SqliteSession, table: string): Promise<readonly Own[]> {
  const rows = await session.query(`SELECT name, type, "notnull" AS required, pk FROM pragma_table_xinfo($1)`, [table]);
  const isAlone = rows.filter(({ pk }) => Number(pk) > 0).length === 1;
  return rows.map(({ name, type, required, pk }) => ({
    name: name ?? '',
    type: type ?? '',
    // A rowid is never null, but other columns of a primary key may be null.
    isRequired: required === '1' || (isAlone && Number(pk) === 1 && (type ?? '').toUpperCase() === 'INTEGER'),
    key: Number(pk),
  }));
}

interface ColumnsRequest extends Pick<Relation, 'from' | 'shown'> {
  readonly found: FoundTable | undefined;
  readonly query: string | undefined;
  readonly options: SourceOptions;
  readonly own: readonly Own[];
  readonly rowid: string | undefined;
}

async function columnsOf(session: SqliteSession, of: ColumnsRequest): Promise<readonly SourceColumn[]> {
  const { from, shown, query, options, own, found, rowid } = of;
  // The query is not used as a subquery, which would rename the second of two columns with one name.
  const itself = query === undefined ? undefined : await session.fields(query);
  const fields = await session.fields(`SELECT * FROM ${from}`);
  const taken = selectedFields(fields, { shown, options, queryNames: itself?.map(({ name }) => name), isFolded: true });
  const columns: SqliteColumn[] = [];
  for (const [at, field] of taken.entries()) {
    const { type, takesNumbers = false } = await typeOf(session, field, of);
    const quoted = quoteName(field.name);
    const hasRowid = at === 0 && rowid !== undefined;
    const declared = own.find(({ name }) => name === field.name);
    columns.push({
      ...{ name: field.name, type, takesNumbers, hasRowid, isOfTable: found?.isTable ?? false, isStrict: found?.isStrict ?? false },
      where: options.where,
      ...(field.type === null ? {} : { sourceType: field.type }),
      nullable: !(declared?.isRequired ?? false),
      selectExpression: hasRowid ? `${rowid}, ${quoted}` : quoted,
      wire: `${field.name} ${field.type ?? ''} ${JSON.stringify(type)} ${takesNumbers}`,
      shownAsText: takesNumbers,
      ...(takesNumbers || !keptAsWritten.has(type.kind) ? { restated: manyForms } : {}),
      // With this declaration, SQLite keeps the text of a number as it was written. With other declarations of numbers, SQLite does not keep the text.
      ...(takesNumbers && /^\s*DECIMAL_TEXT/i.test(field.type ?? '') ? { numberTexts: true as const } : {}),
    });
  }
  return columns;
}

/** The types that SQLite itself has. A column declared as a date or a decimal has texts or numbers by convention. */
const keptAsWritten: ReadonlySet<string> = new Set(['int64', 'float64', 'string', 'binary']);
const manyForms = 'SQLite may have the values in several forms, but they settle in one form';

async function typeOf(session: SqliteSession, { name, type }: Field, { from, shown, options, found }: ColumnsRequest): Promise<ReadAs> {
  const given = options.types?.get(name);
  if (given !== undefined) {
    const read = readAsGiven(given);
    if (read === undefined) throw notReadable(shown, name, given);
    return read;
  }
  const declared = found?.isStrict && type?.toUpperCase() === 'ANY' ? undefined : readAs(type, configuredDecimal(name, options));
  if (declared !== undefined) return declared;
  const quoted = quoteName(name);
  const rows = await session.query(
    `SELECT DISTINCT typeof(v) AS kind FROM (SELECT ${quoted} AS v FROM ${from}${whereAll([`${quoted} IS NOT NULL`, options.where])} LIMIT ${lookedAt})`,
  );
  const kinds = new Set(rows.map(({ kind }) => kind as StorageClass));
  const read = readAsFound(kinds);
  if (read === undefined) throw mixedKinds(shown, { column: name, declared: type, kinds: [...kinds].sort() });
  return read;
}

/** The first columns of the table’s indexes, including the rowid. */
async function indexedOf(session: SqliteSession, table: string, keys: readonly string[]): Promise<readonly string[]> {
  const rows = await session.query(
    'SELECT i.name FROM pragma_index_list($1) l, pragma_index_info(l.name) i WHERE i.seqno = 0 AND l.partial = 0 AND i.name IS NOT NULL',
    [table],
  );
  return [...rows.map(({ name }) => name ?? ''), ...keys.slice(0, 1)];
}

/** The columns of the table’s unique indexes. An empty name stands for an expression. */
async function uniqueOf(session: SqliteSession, table: string): Promise<readonly { readonly index: string; readonly column: string }[]> {
  const rows = await session.query(
    `SELECT l.name AS "index", i.name AS "column" FROM pragma_index_list($1) l, pragma_index_info(l.name) i
    WHERE l."unique" = 1 AND l.partial = 0 AND l.origin <> 'pk' ORDER BY l.seq, i.seqno`,
    [table],
  );
  return rows.map(({ index, column }) => ({ index: index ?? '', column: column ?? '' }));
}

/** The number of rows. Null: the file is too large, so its rows are not counted. */
async function countOf(session: SqliteSession, from: string): Promise<number | null> {
  const [file] = await session.query('SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size');
  if (Number(file?.bytes ?? 0) > countedBytes) return null;
  return Number((await session.query(`SELECT count(*) AS n FROM ${from}`))[0]?.n ?? 0);
}

interface SizedTable {
  readonly from: string;
  readonly found: FoundTable | undefined;
  readonly rowid: string | undefined;
  readonly columns: readonly SourceColumn[];
}

async function sizeOf(
  session: SqliteSession,
  { from, found, rowid, columns }: SizedTable,
): Promise<Pick<Relation, 'rows' | 'bytes'> & Pick<RelationPart, 'blocks'>> {
  if (!found?.isTable) return { rows: undefined, bytes: undefined, blocks: null };
  const [file] = await session.query('SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size');
  const isSmall = Number(file?.bytes ?? 0) <= countedBytes;
  const [edge] = rowid === undefined ? [] : await session.query(`SELECT max(${rowid}) AS last FROM ${from}`);
  const last = Number(edge?.last ?? 0);
  const n = isSmall || rowid === undefined ? Number((await session.query(`SELECT count(*) AS n FROM ${from}`))[0]?.n ?? 0) : last;
  const bytes = Math.ceil(n * (await widthOf(session, { from, rowid, columns })));
  return {
    rows: { n, exact: isSmall || rowid === undefined },
    bytes,
    blocks: rowid !== 'rowid' ? null : Math.floor(Math.max(0, last) / blockRows) + 1,
  };
}

const isOpen = ({ kind }: DataType): boolean => kind === 'string' || kind === 'json' || kind === 'binary';

/** The size of a row in a frame, in bytes. Texts are measured in the first and the last rows. */
async function widthOf(session: SqliteSession, { from, rowid, columns }: Omit<SizedTable, 'found'>): Promise<number> {
  const open = columns.filter(({ type }) => isOpen(type));
  const fixed = columns.filter(({ type }) => !isOpen(type)).reduce((sum, { type }) => sum + cellBytes(type), 0);
  if (open.length === 0) return fixed;
  const lengths = open.map(({ name }) => `coalesce(octet_length(${quoteName(name)}), 0)`).join(' + ');
  const sample = (order: string) => `SELECT * FROM (SELECT ${lengths} AS w FROM ${from}${order} LIMIT ${sampleRows})`;
  const both = rowid === undefined ? sample('') : `${sample(` ORDER BY ${rowid}`)} UNION ALL ${sample(` ORDER BY ${rowid} DESC`)}`;
  const [row] = await session.query(`SELECT avg(w) AS width FROM (${both})`);
  return fixed + 4 * open.length + Math.ceil(Number(row?.width ?? 0));
}

/** The rows and bytes of a window. If the table is too large to be counted, the rows and bytes of the whole table. */
export async function estimate(
  session: SqliteSession,
  _sql: string,
  conditions: readonly string[],
  { from, isTable, columns, rows, bytes }: Relation,
): Promise<{ readonly rows: number; readonly bytes: number } | undefined> {
  if (!isTable || rows === undefined || bytes === undefined) return undefined;
  if (conditions.length === 0 || !rows.exact) return { rows: rows.n, bytes };
  const [row] = await session.query(`SELECT count(*) AS n FROM ${from}${whereAll(conditions)}`);
  const n = Number(row?.n ?? 0);
  return { rows: n, bytes: Math.ceil(n * columns.reduce((sum, { type }) => sum + cellBytes(type), 0)) };
}

/** Values that divide a column into so many ranges. */
export async function bounds(session: SqliteSession, piece: RelationPart, column: SourceColumn, parts: number): Promise<readonly string[]> {
  const { kind } = column.type;
  if (kind !== 'int64' && kind !== 'string' && kind !== 'uuid') return [];
  const name = quoteName(column.name);
  const step = Math.ceil((piece.rows ?? 0) / parts);
  if (step < 1) return [];
  const rows = await session.query(
    `SELECT DISTINCT quote(k) AS bound FROM (SELECT ${name} AS k, row_number() OVER (ORDER BY ${name}) AS n FROM ${piece.from}) WHERE n % ${step} = 0 AND k IS NOT NULL ORDER BY k`,
  );
  return rows.slice(0, parts - 1).map(({ bound }) => bound ?? '');
}

/** SQLite has only one writer at a time, so no value appears later below the newest value, unless someone writes such a value on purpose. */
export const late: LateRows<SqliteSession> = {
  openTransactions: async () => [],
  standbyPosition: async () => undefined,
  /** Values of another storage class sort before or after all others. A run would never reach a value that sorts first, and would never get beyond a value that sorts last. */
  async outOfOrderReason(session, relation, column) {
    const found = relation.columns.find(({ name }) => name === column) as SqliteColumn | undefined;
    if (found === undefined) return undefined;
    if (['decimal', 'time', 'json', 'binary', 'bool', 'uint64'].includes(found.type.kind)) throw noWatermark(relation.shown, found);
    const name = quoteName(column);
    const other = strays(name, found.type);
    const hasForms = ['date', 'timestamp', 'uuid'].includes(found.type.kind);
    if (other === null || (found.isStrict && !hasForms)) return undefined;
    const rowid = (relation.columns[0] as SqliteColumn).hasRowid ? `${relation.columns[0]?.selectExpression.split(',')[0]} AS rowid, ` : '';
    const [row] = await session.query(
      `SELECT ${rowid}quote(${name}) AS value FROM ${relation.from}${whereAll([`${name} IS NOT NULL`, other, found.where])} LIMIT 1`,
    );
    if (row === undefined) return undefined;
    const { value = '', rowid: at = null } = row as { readonly value?: string; readonly rowid?: string | null };
    if (found.type.kind === 'uuid') throw strayUuid(relation, { name: column, value, rowid: at });
    throw strayValue(relation.shown, { column: found, value, rowid: at });
  },
};

/** Tables and views, except hygge’s own tables and SQLite’s own tables. */
export async function tables(session: SqliteSession): Promise<readonly TableFound[]> {
  const list = await session.query(
    `SELECT name, type FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'view', 'virtual') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
    AND name NOT LIKE 'hygge\\_staging\\_%' ESCAPE '\\' AND name NOT LIKE 'hygge\\_metadata\\_%' ESCAPE '\\' ORDER BY name`,
  );
  const found: TableFound[] = [];
  for (const { name: called, type: kind } of list) {
    const name = called ?? '';
    // A view can’t be described if its table was dropped, or if a module is missing. Other views are described all the same.
    let unread: string | undefined;
    const own = await ownOf(session, name).catch((error: unknown) => {
      if (kind === 'table' || !(error instanceof Error && 'code' in error && error.code === 'SQLITE_ERROR')) throw error;
      unread = error.message;
      return [];
    });
    const keys = own
      .filter(({ key }) => key > 0)
      .sort((a, b) => a.key - b.key)
      .map((one) => one.name);
    const indexed = new Set(kind === 'table' ? await indexedOf(session, name, keys) : []);
    const isRequired = (column: string) => own.some((one) => one.name === column && one.isRequired);
    found.push({
      ...{ schema: 'main', name, written: names.spellName(name), kind: kind ?? '' },
      ...(unread === undefined ? {} : { unread, isBroken: true }),
      ...{ rows: kind === 'table' ? await countOf(session, nameOf({ schema: 'main', name })) : null, bytes: null },
      ...bestKey([
        ...keys.map((column) => ({ index: '', column, isPrimary: true, isNullable: false })),
        ...(await uniqueOf(session, name)).map((one) => ({ ...one, isPrimary: false, isNullable: !isRequired(one.column) })),
      ]),
      columns: own.map((column) => column.name),
      rising: risingOf(
        own.map((column) => ({
          ...{ column: column.name, type: column.type },
          ...{ isTime: readAs(column.type, undefined)?.type.kind === 'timestamp', isDay: /^date$/i.test(column.type) },
          isNullable: kind !== 'table' || !column.isRequired,
          isCounted: column.key === 1 && keys.length === 1 && column.type.toUpperCase() === 'INTEGER',
          newestValueBy: indexed.has(column.name) ? 'indexed' : `the whole ${kind} is read for it`,
        })),
      ),
    });
  }
  return found;
}
