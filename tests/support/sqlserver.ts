/**
 * Databases for the tests' TDS server: tables in memory, and answers to the statements that hygge reads with, and to no other. What they answer is what
 * Microsoft's documentation says of each; that SQL Server does so, nothing here proves.
 */

import { underLocks } from '../../src/databases/sqlserver/dialect.ts';
import { homesBy } from './postgres-home.ts';
import type { TdsServer } from './tds/server.ts';
import type { Answer, Part, TdsRequest } from './tds/session.ts';
import type { Value } from './tds/values.ts';
import { isOfSums, rowCondition, summedRows } from './tsql/summed-rows.ts';

export interface MemoryTable {
  /** `dbo.orders`. */
  readonly name: string;
  /** Types as T-SQL declares them; `not null` behind. */
  readonly columns: Readonly<Record<string, string>>;
  /** Text as the server's own conversions write it; bytes. */
  rows: Value[][];
  readonly keys?: readonly string[];
  /** Of columns of `keys`, by their names. */
  readonly collations?: Readonly<Record<string, string>>;
  readonly indexed?: readonly string[];
  readonly kind?: 'U' | 'V';
  readonly bytes?: number;
  /** Partition function, column and the first values of partitions but the first one. */
  readonly partitions?: { readonly by: string; readonly column: string; readonly from: readonly number[] };
  readonly masked?: readonly string[];
  readonly encrypted?: readonly string[];
  readonly policies?: readonly string[];
  /** The role has a right to it, and none to read it. */
  readonly unreadable?: boolean;
  /** Its rows lie in another database. */
  readonly elsewhere?: boolean;
}

export interface Open {
  readonly id: string;
  readonly session?: string;
  readonly login?: string;
  readonly age?: string;
  readonly since?: string;
}

/** What a database is like; may be changed while it runs. */
export interface MemoryDatabase {
  tables: MemoryTable[];
  /** Views and queries, by what stands in FROM: the columns and rows that they have. */
  readonly queries?: Readonly<Record<string, Pick<MemoryTable, 'columns' | 'rows'>>>;
  edition?: string;
  version?: string;
  snapshots?: boolean;
  versions?: boolean;
  seesTransactions?: boolean;
  unmask?: boolean;
  definitions?: boolean;
  /** Each look gives the first, until it is empty. */
  open?: Open[][];
  /** The same of all transactions of the server, where its columns have the times of their beginnings. */
  begun?: Open[][];
  minActiveRowversion?: string;
  clock?: string;
  /** Of a readable secondary: up to when it has everything. */
  standby?: string | null;
  /** Connections of hygge's that the server has. */
  sessions?: () => number;
  /** Whether the role lacks a right to a database, schema or table, as SQL names it. */
  lacks?: (securable: string, right: string) => boolean;
  /** What @@VERSION answers. */
  banner?: string;
  /** False: of a version before 2019. */
  hasUtf8?: boolean;
  /** Other rows that may stand in FROM. */
  shape?: (from: string) => Shape | undefined;
  /** Answered in place of what would be, where it answers anything. */
  before?: (request: TdsRequest) => Answer | undefined | Promise<Answer | undefined>;
}

type Columns = Readonly<Record<string, string>>;
const texts = (...names: readonly string[]): Columns => Object.fromEntries(names.map((name) => [name, 'nvarchar(4000)']));
const one = (row: Readonly<Record<string, string | null>>): Part => ({ columns: texts(...Object.keys(row)), rows: [Object.values(row)] });
const many = (names: readonly string[], rows: readonly (readonly (string | null)[])[]): Part => ({
  columns: texts(...names),
  rows: rows.map((row) => [...row]),
});
const bit = (value: boolean | undefined): string => (value ? '1' : '0');
const bare = (declaration: string): string =>
  declaration
    .replace(/ not null$/i, '')
    .replace(/\bcollate \w+/i, '')
    .trim();
const quoted = (name: string): string =>
  name
    .split('.')
    .map((part) => `[${part}]`)
    .join('.');

/** What a server of the tests answers for a database. */
export function answersOf(database: MemoryDatabase): (request: TdsRequest) => Promise<Answer | undefined> {
  return async (request) => (await database.before?.(request)) ?? answer(database, request);
}

function answer(database: MemoryDatabase, { sql, parameters }: TdsRequest): Answer | undefined {
  const p1 = parameters.p1 === null || parameters.p1 === undefined ? null : String(parameters.p1);
  const byId = database.tables[Number(p1) - 100];
  if (/^SET XACT_ABORT (ON|OFF); SET LOCK_TIMEOUT \d+; SET CONTEXT_INFO 0x[0-9a-f]+;\n/.test(sql) && sql.endsWith('\nBEGIN TRANSACTION;'))
    return { transaction: 'begin' };
  if (sql === 'IF @@TRANCOUNT > 0 COMMIT TRANSACTION;' || sql === 'COMMIT TRANSACTION;') return { transaction: 'commit' };
  if (sql.startsWith("SELECT CONVERT(varchar(10), SERVERPROPERTY('EngineEdition'))"))
    return one({
      edition: database.edition ?? '3',
      version: database.version ?? '16.0.4135.4',
      banner: database.banner ?? 'Microsoft SQL Server 2022',
    });
  if (sql.includes('is_ms_shipped') || sql.includes('AS [primary]')) return listed(database, sql);
  if (sql.includes('FROM sys.objects') && sql.includes('OBJECT_ID(@p1)')) {
    const at = database.tables.findIndex(({ name }) => quoted(name) === p1 || quoted(name.replace(/^dbo\./, '')) === p1);
    const table = database.tables[at];
    const [schema = '', name = ''] = table?.name.split('.') ?? [];
    return many(['id', 'schema', 'name', 'kind'], table ? [[String(100 + at), schema, name, table.kind ?? 'U']] : []);
  }
  if (sql.startsWith('SELECT TOP (3) s.name')) {
    const near = database.tables.map(({ name }) => name.split('.')).filter(([, name]) => name?.toLowerCase() === p1?.toLowerCase());
    return many(
      ['schema', 'name'],
      near.map(([schema = '', name = '']) => [schema, name]),
    );
  }
  if (sql.includes('sys.dm_exec_describe_first_result_set')) return described(database, p1 ?? '');
  if (sql.includes('FROM sys.databases') && sql.startsWith('SELECT CONVERT(varchar(1), snapshot'))
    return one({
      ...{ snapshots: bit(database.snapshots), versions: bit(database.versions), unmask: bit(database.unmask) },
      ...{ definitions: bit(database.definitions ?? true), masked: String(database.tables.flatMap(({ masked = [] }) => masked).length) },
    });
  if (sql.includes('FROM sys.security_predicates')) {
    const of = byId ? [byId] : database.tables;
    return many(
      ['policy', 'table'],
      of.flatMap(({ name, policies = [] }) => policies.map((policy) => [policy, quoted(name)])),
    );
  }
  if (sql.includes('FROM sys.indexes')) {
    const keys = (byId?.keys ?? []).map((name) => ['1', '1', name, byId?.collations?.[name] ?? null]);
    const others = (byId?.indexed ?? []).map((name, at) => [String(at + 2), '0', name, null]);
    return many(['index', 'is_primary', 'name', 'collation'], [...keys, ...others]);
  }
  if (sql.includes('FROM sys.partitions')) return partitionsOf(byId);
  if (sql.includes('FROM sys.identity_columns')) return many(['last'], []);
  if (sql.startsWith('SELECT STUFF(') && sql.includes('SYSUTCDATETIME()') && !sql.includes('FROM'))
    return one({ now: database.clock ?? '2026-11-23T00:00:00.000000Z' });
  if (sql.includes("DATABASEPROPERTYEX(DB_NAME(), 'Updateability')")) return one({ standby: bit(database.standby !== undefined) });
  if (sql.includes('database_replica_states WHERE is_local')) return one({ until: database.standby ?? null });
  if (sql.includes("HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW SERVER STATE')"))
    return one({
      scope: database.edition === '5' ? 'database' : 'server',
      sees: bit(database.seesTransactions ?? true),
      role: '[loader]',
      login: '[loader]',
    });
  if (sql.includes('generated_always_type')) return many(['begins'], database.begun ? [['1']] : []);
  if (sql.includes('FROM sys.dm_tran_database_transactions AS t') || sql.includes('FROM sys.dm_tran_active_transactions AS a')) {
    const looks = sql.includes('FROM sys.dm_tran_active_transactions AS a') ? database.begun : database.open;
    const [now = []] = [looks && looks.length > 0 ? looks.shift() : []];
    const names = ['id', 'session', 'login', 'program', 'age', 'since'] as const;
    return many(
      names,
      now.map(({ id, session = '61', login = 'app', age = '3', since = null }) => [id, session, login, 'shop', age, since]),
    );
  }
  if (sql === 'SELECT CONVERT(varchar(18), MIN_ACTIVE_ROWVERSION(), 1) AS bound')
    return one({ bound: database.minActiveRowversion ?? '0x00000000000007D1' });
  if (sql.startsWith("SELECT CONVERT(varchar(12), COLLATIONPROPERTY('"))
    return one({ code_page: database.hasUtf8 === false ? null : '65001' });
  if (sql.startsWith('SELECT USER_NAME() AS role, DB_NAME()'))
    return one({
      ...{ role: 'loader', database: 'erp', version: '16.0.4135.4', edition: 'Developer Edition (64-bit)' },
      sessions: String(database.sessions?.() ?? 0),
    });
  if (sql.startsWith('SELECT USER_NAME() AS hygge_role')) return one({ hygge_role: 'loader', hygge_database: 'erp' });
  if (sql.startsWith('SELECT r.name AS hygge_lacks')) {
    const rights = [...sql.matchAll(/\(N'([A-Z ]+)'\)/g)].map(([, right = '']) => [right]);
    return many(
      ['hygge_lacks'],
      rights.filter(([right = '']) => database.lacks?.(p1 ?? '', right)),
    );
  }
  const reading = sql
    .replace(underLocks, '')
    .replace(/^(--.*\n)+/, '')
    .replace(/;\s*$/, '');
  return isOfSums(reading) ? summedRows(reading, (from) => shapeOf(database, from)) : selected(database, reading);
}

/** Its tables, their keys, and columns that may tell new rows. */
function listed({ tables }: MemoryDatabase, sql: string): Part {
  const id = (at: number) => String(100 + at);
  if (sql.includes('AS [primary]'))
    return many(
      ['id', 'column', 'index', 'primary', 'nullable'],
      tables.flatMap(({ keys = [] }, at) => keys.map((key) => [id(at), key, '1', '1', '0'])),
    );
  if (sql.includes('AS counted')) {
    const telling = /^(datetime2|datetimeoffset|datetime|smalldatetime|rowversion)(?:\((\d)\))?/;
    return many(
      ['id', 'column', 'type', 'scale', 'counted', 'nullable', 'indexed'],
      tables.flatMap(({ columns, keys = [], indexed = [] }, at) =>
        Object.entries(columns).flatMap(([name, declared]) => {
          const [, type, scale = '7'] = telling.exec(declared) ?? [];
          const isIndexed = bit(keys[0] === name || indexed.includes(name));
          return type === undefined
            ? []
            : [[id(at), name, type.replace('rowversion', 'timestamp'), scale, '0', bit(!/not null$/i.test(declared)), isIndexed]];
        }),
      ),
    );
  }
  return many(
    ['id', 'schema', 'name', 'kind', 'rows', 'bytes', 'may'],
    tables.map(({ name, kind = 'U', rows, bytes = rows.length * 100, unreadable }, at) => {
      const [schema = '', table = ''] = name.split('.');
      return [id(at), schema, table, kind, String(rows.length), String(bytes), bit(!unreadable)];
    }),
  );
}

function described({ tables, queries = {} }: MemoryDatabase, statement: string): Part {
  const names = ['name', 'type', 'nullable', 'source', 'elsewhere', 'masked', 'encrypted', 'unmasked', 'error', 'message'];
  const from = statement.replace(/^SELECT \* FROM /, '');
  const table = tables.find(({ name }) => quoted(name) === from);
  const shape = table ?? queries[from];
  if (!shape) return many(names, [[null, null, null, null, null, null, null, null, '208', `Invalid object name '${from}'.`]]);
  const rows = Object.entries(shape.columns).map(([name, type]) => [
    ...[name, bare(type).replace(/^rowversion$/, 'timestamp'), bit(!/not null$/i.test(type)), table ? name : null, bit(table?.elsewhere)],
    ...[bit(table?.masked?.includes(name)), table?.encrypted?.includes(name) ? '1' : null, '0', null, null],
  ]);
  return many(names, rows);
}

function partitionsOf(table: MemoryTable | undefined): Part {
  const names = ['number', 'rows', 'bytes', 'function', 'column'];
  if (!table) return many(names, []);
  const { partitions, rows, bytes = rows.length * 100 } = table;
  if (!partitions) return many(names, [['1', String(rows.length), String(bytes), null, null]]);
  const shares = [0, ...partitions.from].map((_, at) => rows.filter((row) => partitionOf(table, row) === at + 1));
  return many(
    names,
    shares.map((share, at) => [
      String(at + 1),
      String(share.length),
      String(Math.round((bytes * share.length) / Math.max(1, rows.length))),
      partitions.by,
      partitions.column,
    ]),
  );
}

function partitionOf({ columns, partitions }: MemoryTable, row: readonly Value[]): number {
  const at = Object.keys(columns).indexOf(partitions?.column ?? '');
  return 1 + (partitions?.from ?? []).filter((from) => Number(row[at]) >= from).length;
}

// ---- SELECT

const statement =
  /^SELECT (?:TOP \((\d+)\) )?([\s\S]*?) FROM (\[[^\]]+\]\.\[[^\]]+\]|\(\n[\s\S]*?\n\) AS hygge_query|\(SELECT [\s\S]*?\) AS hygge_(?:part|sample|rows|changes))(?: WHERE ([\s\S]*?))?(?: GROUP BY hygge_part ORDER BY MIN\(hygge_key\)| ORDER BY \[([^\]]+)\] DESC)?$/;

export type Shape = Pick<MemoryTable, 'columns'> & { readonly rows: Iterable<Value[]> };

function selected(database: MemoryDatabase, sql: string): Part | undefined {
  const [, top, list = '', from = '', where, order] = statement.exec(sql) ?? [];
  if (list === '') return undefined;
  if (from.endsWith(') AS hygge_sample')) return sampled(database, list, from);
  const shape = shapeOf(database, from);
  if (!shape) return { error: { number: 208, message: `Invalid object name '${from}'.` } };
  const holds = conditionOf(shape.columns, where);
  const names = Object.keys(shape.columns);
  if (list === 'COUNT_BIG(*) AS counted') {
    let n = 0;
    for (const row of shape.rows) if (holds(row)) n++;
    return { columns: { counted: 'bigint' }, rows: [[String(n)]] };
  }
  const items = itemsOf(list).map((item) => itemOf(item, shape.columns));
  function* rows(): Generator<Value[]> {
    for (const row of shape?.rows ?? []) if (holds(row)) yield items.map(({ of }) => of(row));
  }
  const columns = Object.fromEntries(items.map(({ name, type }) => [name, type]));
  if (order === undefined) return { columns, rows: rows() };
  const at = names.indexOf(order);
  const type = shape.columns[order] ?? '';
  const found = [...shape.rows].filter(holds).sort((a, b) => compare(type, b[at] ?? null, a[at] ?? null));
  return { columns, rows: found.slice(0, Number(top ?? found.length)).map((row) => items.map(({ of }) => of(row))) };
}

/** What commas outside of parentheses, brackets and quotes part. */
function itemsOf(list: string): readonly string[] {
  const items: string[] = [''];
  let depth = 0;
  for (const [part] of list.matchAll(/'[^']*'|\[[^\]]*\]|[\s\S]/g)) {
    if (part === '(') depth++;
    if (part === ')') depth--;
    if (part === ',' && depth === 0) items.push('');
    else items[items.length - 1] += part;
  }
  return items.map((item) => item.trim());
}

export function shapeOf(database: MemoryDatabase, from: string): Shape | undefined {
  const { tables, queries = {} } = database;
  const other = database.shape?.(from);
  if (other) return other;
  const [, whole, part] = /^\(SELECT \* FROM (\S+) WHERE \$PARTITION\.\[\w+\]\(\[\w+\]\) = (\d+)\) AS hygge_part$/.exec(from) ?? [];
  const table = tables.find(({ name }) => quoted(name) === (whole ?? from));
  if (!table) return queries[from];
  return part === undefined
    ? table
    : { columns: table.columns, rows: table.rows.filter((row) => partitionOf(table, row) === Number(part)) };
}

/** NTILE over all rows: the first of each part but the first one. */
function sampled(database: MemoryDatabase, list: string, from: string): Part {
  const [, key = '', parts = '1', table = ''] =
    /^\(SELECT \[([^\]]+)\] AS hygge_key, NTILE\((\d+)\) OVER \(ORDER BY \[[^\]]+\]\) AS hygge_part FROM (\S+) TABLESAMPLE SYSTEM \([\d.]+ PERCENT\)\)/.exec(
      from,
    ) ?? [];
  const shape = shapeOf(database, table);
  const type = shape?.columns[key] ?? '';
  const at = Object.keys(shape?.columns ?? {}).indexOf(key);
  const values = [...(shape?.rows ?? [])].map((row) => row[at] ?? null).sort((a, b) => compare(type, a, b));
  const n = Number(parts);
  const firsts = Array.from({ length: n - 1 }, (_, part) => values[Math.ceil(((part + 1) * values.length) / n)] ?? null).filter(
    (value) => value !== null,
  );
  const item = itemOf(list.replace('MIN(hygge_key)', `[${key}]`), { [key]: type });
  return { columns: { bound: 'nvarchar(4000)' }, rows: firsts.map((value) => [item.of([value])]) };
}

interface Item {
  readonly name: string;
  readonly type: string;
  readonly of: (row: readonly Value[]) => Value;
}

/** A place in a SELECT list: a column, or a conversion of it that writes what its cell is anyway. */
function itemOf(item: string, columns: Columns): Item {
  const [, expression = item, alias] = /^([\s\S]*?)(?: AS \[?(\w+)\]?)?$/.exec(item) ?? [];
  const [, column = ''] = /\[([^\]]+)\]/.exec(expression) ?? [];
  const at = Object.keys(columns).indexOf(column);
  const type = columns[column];
  if (expression === '1') return { name: alias ?? '', type: 'int', of: () => 1 };
  if (type === undefined) throw new Error(`the tests' database has no column for ${item}`);
  const name = alias ?? column;
  if (expression === `[${column}]`) return { name, type, of: (row) => row[at] ?? null };
  if (expression.includes('DATEPART(tzoffset')) return { name, type: 'smallint', of: (row) => offsetOf(row[at] ?? null) };
  const to = /^CONVERT\((n?varchar\((?:\d+|max)\)|varbinary\((?:\d+|max)\))/.exec(expression)?.[1] ?? 'nvarchar(max)';
  const isCanonical =
    /^(STUFF|CONVERT\(varchar\((10|18|20)\)|LOWER)/.test(expression) || /^CONVERT\(varchar\(41\), CONVERT/.test(expression);
  // A text becomes its bytes in its collation, which is one of UTF-8 wherever texts are converted so.
  const bytesOf = (value: Value): Value => (typeof value === 'string' && /char/.test(type) ? Buffer.from(value, 'utf8') : value);
  if (to.startsWith('varbinary')) return { name, type: to, of: (row) => bytesOf(row[at] ?? null) };
  return {
    name,
    type: to,
    of: (row) => (row[at] === null || row[at] === undefined ? null : isCanonical ? canonical(type, expression, row[at]) : textOf(row[at])),
  };
}

function textOf(value: Value): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  return String(value);
}

function canonical(type: string, expression: string, value: Value): string {
  if (value instanceof Uint8Array) return `0x${Buffer.from(value).toString('hex').toUpperCase()}`;
  if (!/^(small)?datetime/.test(type)) return String(value).toLowerCase();
  const digits = expression.includes("+ '00'") ? 9 : 6;
  const [day = '', time = ''] = utcOf(String(value)).split(' ');
  const [clock = '', fraction = ''] = time.split('.');
  return `${day}T${clock}.${fraction.padEnd(digits, '0').slice(0, digits)}${expression.endsWith("'Z'") ? 'Z' : ''}`;
}

/** `2024-01-01 12:00:00.1234567 +02:00` as UTC has it. */
function utcOf(text: string): string {
  const [, day = '', clock = '', fraction = '', sign, hours, minutes] =
    /^(\S+) (\d\d:\d\d(?::\d\d)?)(?:\.(\d+))?(?: ([+-])(\d\d):(\d\d))?$/.exec(text) ?? [];
  if (sign === undefined) return text;
  const shift = (sign === '-' ? 1 : -1) * (Number(hours) * 60 + Number(minutes));
  const at = new Date(Date.parse(`${day}T${clock}Z`) + shift * 60_000).toISOString();
  return `${at.slice(0, 10)} ${at.slice(11, 19)}.${fraction}`;
}

function offsetOf(value: Value): Value {
  const [, sign, hours, minutes] = / ([+-])(\d\d):(\d\d)$/.exec(String(value)) ?? [];
  return value === null ? null : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

/** Values in the order of their type. */
function compare(declaration: string, a: Value, b: Value): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1;
  if (a instanceof Uint8Array || b instanceof Uint8Array) return Buffer.compare(asBytes(a), asBytes(b));
  if (/^(tiny|small|big)?int|^(small)?money|^decimal|^numeric/.test(declaration)) {
    const unscaled = (value: Value) => {
      const [whole = '', fraction = ''] = String(value).split('.');
      return BigInt(whole + fraction.padEnd(10, '0').slice(0, 10));
    };
    return unscaled(a) < unscaled(b) ? -1 : unscaled(a) > unscaled(b) ? 1 : 0;
  }
  const time = (value: Value) => {
    const [day = '', clock = ''] = utcOf(
      String(value)
        .replace('T', ' ')
        .replace(/([+-]\d\d:\d\d)$/, ' $1')
        .replace('  ', ' '),
    ).split(' ');
    const [whole = '', fraction = ''] = clock.split('.');
    return `${day} ${whole.padEnd(8, ':00')}.${fraction.padEnd(9, '0')}`;
  };
  const [x, y] = /^(small)?datetime/.test(declaration) ? [time(a), time(b)] : [String(a), String(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

const asBytes = (value: Value): Buffer =>
  value instanceof Uint8Array ? Buffer.from(value) : Buffer.from(String(value).replace(/^0x/, ''), 'hex');

/** Conditions of hygge's own: comparisons with literals, and what is null. */
function conditionOf(columns: Columns, where: string | undefined): (row: readonly Value[]) => boolean {
  if (where === undefined) return () => true;
  const all = [...where.matchAll(/\(\n([\s\S]*?)\n\)/g)].map(([, condition = '']) =>
    condition.includes('HASHBYTES') ? rowCondition(columns, condition) : anyOf(columns, condition),
  );
  return (row) => all.every((holds) => holds(row));
}

function anyOf(columns: Columns, condition: string): (row: readonly Value[]) => boolean {
  const parts = condition.split(' OR ').map((part) => part.split(' AND ').map((one) => comparison(columns, one)));
  return (row) => parts.some((all) => all.every((holds) => holds(row)));
}

function comparison(columns: Columns, text: string): (row: readonly Value[]) => boolean {
  const [, name = '', sign = '', right = ''] = /^\[([^\]]+)\] (IS NOT NULL|IS NULL|>=|<=|>|<|=)\s*([\s\S]*)$/.exec(text.trim()) ?? [];
  const at = Object.keys(columns).indexOf(name);
  const type = columns[name];
  if (type === undefined) throw new Error(`the tests' database does not understand ${text}`);
  const given = /N?'([^']*)'/.exec(right)?.[1] ?? right;
  return (row) => {
    const value = row[at] ?? null;
    if (sign === 'IS NOT NULL') return value !== null;
    if (sign === 'IS NULL') return value === null;
    if (value === null) return false;
    const order = compare(type, value, given);
    return sign === '>' ? order > 0 : sign === '<' ? order < 0 : sign === '>=' ? order >= 0 : sign === '<=' ? order <= 0 : order === 0;
  };
}

// ---- homes

/** Who and where, as a config has it. */
export function keysOf(server: TdsServer, authority: string): Readonly<Record<string, unknown>> {
  const { host, port, user, password } = server;
  return { server: host, port, database: 'erp', user, password, tls_ca_path: authority };
}

/** Homes over a server of the tests, in one process. */
export const sqlServerHomes = (keys: Readonly<Record<string, unknown>>) => homesBy('sqlserver', { safe_wait: '200ms', ...keys });
