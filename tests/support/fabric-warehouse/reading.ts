/**
 * A Warehouse of Fabric, or an SQL endpoint, for the tests' TDS server: tables in memory, and answers to the statements that hygge reads with. It answers, and
 * refuses, what Microsoft's pages say of Fabric: no isolation level but SNAPSHOT, no hints, no samples, no statement over the catalogue and tables together,
 * no function that describes a query, keys that are not enforced. The numbers of its refusals are its own. That Fabric does so, nothing here proves.
 */
import { answersOf, type MemoryDatabase, type MemoryTable } from '../sqlserver.ts';
import type { Answer, Part, TdsRequest, TdsSession } from '../tds/session.ts';
import type { Value } from '../tds/values.ts';

export interface FabricDatabase extends MemoryDatabase {
  /** What the item is: `endpoint` is that of a Lakehouse. */
  item: 'warehouse' | 'endpoint';
  /** Columns that Fabric counts up, by table. */
  readonly identities?: Readonly<Record<string, string>>;
  /** What EngineEdition answers, where it is not Fabric. */
  otherEdition?: string;
}

const texts = (...names: readonly string[]) => Object.fromEntries(names.map((name) => [name, 'varchar(8000)']));
const one = (row: Readonly<Record<string, string | null>>): Part => ({ columns: texts(...Object.keys(row)), rows: [Object.values(row)] });
const many = (names: readonly string[], rows: readonly (readonly (string | null)[])[]): Part => ({
  columns: texts(...names),
  rows: rows.map((row) => [...row]),
});
const bit = (value: boolean | undefined): string => (value ? '1' : '0');
const bracketed = (name: string): string =>
  name
    .split('.')
    .map((part) => `[${part}]`)
    .join('.');

const refuse = (message: string): Answer => ({ error: { number: 24_500, message } });

/** Words that Fabric does not take. */
const refusals: readonly (readonly [RegExp, string])[] = [
  [/\bSET TRANSACTION ISOLATION LEVEL\b/i, 'SET TRANSACTION ISOLATION LEVEL is not supported.'],
  [/\bTABLESAMPLE\b/i, 'TABLESAMPLE is not supported.'],
  [/\bWITH \((TABLOCK|NOLOCK|HOLDLOCK)/i, 'Hints are not supported.'],
  [/\bSAVE TRAN/i, 'Savepoints are not supported.'],
  [/\bdm_exec_describe_first_result_set\b/i, "Invalid object name 'sys.dm_exec_describe_first_result_set'."],
  [/\bdm_tran_(active|database)_transactions\b|\bsys\.partitions\b|\ballocation_units\b/i, 'The catalogue has no such view.'],
  [/\bCONTEXT_INFO\b|\bLOCK_TIMEOUT\b/i, 'The option is not supported.'],
  [/(?=[\s\S]*\bFROM \[)(?=[\s\S]*\bsys\.\w+)/i, 'A query over system and user tables is not supported.'],
];

/** What a session reads in a transaction: tables as they were when it began to read. */
const snapshots = new WeakMap<TdsSession, readonly MemoryTable[]>();

function seenBy(database: FabricDatabase, session: TdsSession): readonly MemoryTable[] {
  if (!session.inTransaction) {
    snapshots.delete(session);
    return database.tables;
  }
  const seen = snapshots.get(session) ?? database.tables.map((table) => ({ ...table, rows: [...table.rows] }));
  snapshots.set(session, seen);
  return seen;
}

export function answersOfFabric(database: FabricDatabase): (request: TdsRequest) => Promise<Answer | undefined> {
  return async (request) => {
    const before = await database.before?.(request);
    if (before !== undefined) return before;
    return read({ ...database, tables: [...seenBy(database, request.session)] }, request);
  };
}

/** What a home is answered over the tables that its session sees now. */
export async function read(database: FabricDatabase, request: TdsRequest): Promise<Answer | undefined> {
  const refused = refusals.find(([pattern]) => pattern.test(request.sql));
  if (refused !== undefined) return refuse(refused[1]);
  const told = ofCatalogue(database, request);
  if (told !== undefined) return told;
  const { before: _, ...memory } = database;
  const answers = answersOf(memory);
  const edges = /^SELECT ([\s\S]*?MIN\([\s\S]*?) AS low, [\s\S]*?MAX\([\s\S]*? AS high FROM (\S+)$/.exec(request.sql);
  // Texts of memory are compared as that collation does it.
  const plain = request.sql.includes('HASHBYTES') ? request.sql : request.sql.replaceAll(' COLLATE Latin1_General_100_BIN2_UTF8', '');
  if (edges === null) return answers({ ...request, sql: plain });
  const [, low = '', from = ''] = edges;
  const all = (await answers({ ...request, sql: `SELECT ${low.replace(/MIN\((\[[^\]]+\])\)/, '$1')} AS low FROM ${from}` })) as Rows;
  return lowestAndHighest([...all.rows].flatMap(([text]) => (text === null || text === undefined ? [] : [String(text)])));
}

type Rows = { readonly rows: Iterable<readonly Value[]> };

/** Canonical texts: of numbers by their value, and of times as they are. */
function lowestAndHighest(values: readonly string[]): Answer {
  const sorted = values.toSorted((a, b) => (/^-?\d+$/.test(a) ? Number(a) - Number(b) : a < b ? -1 : 1));
  return one({ low: sorted[0] ?? null, high: sorted.at(-1) ?? null });
}

function ofCatalogue(database: FabricDatabase, { sql, parameters }: TdsRequest): Answer | undefined {
  const { tables, item } = database;
  const p1 = parameters.p1 === null || parameters.p1 === undefined ? null : String(parameters.p1);
  const id = (table: MemoryTable) => String(100 + tables.indexOf(table));
  const edition = item === 'warehouse' ? 'DataWarehouse' : 'LakeWarehouse';
  if (sql === 'BEGIN TRANSACTION;') return { transaction: 'begin' };
  if (sql.startsWith("SELECT CONVERT(varchar(10), SERVERPROPERTY('EngineEdition'))"))
    return one({ edition: database.otherEdition ?? '11', version: '12.0.2000.8', banner: 'Microsoft Azure SQL Data Warehouse' });
  if (sql.startsWith("SELECT CONVERT(varchar(60), DATABASEPROPERTYEX(DB_NAME(), 'Edition')) AS edition,")) {
    const masked = tables.flatMap(({ masked = [] }) => masked).length;
    const { unmask, definitions = true } = database;
    return one({ edition, unmask: bit(unmask), definitions: bit(definitions), masked: String(masked) });
  }
  if (sql.startsWith('SELECT USER_NAME() AS role, DB_NAME()')) return one({ role: 'loader', database: 'sales', edition });
  if (sql.startsWith('SELECT USER_NAME() AS role, CONVERT(varchar(1), COALESCE(HAS_PERMS_BY_NAME(@p1'))
    return one({ role: 'loader', may: bit(!tables.some(({ name, unreadable }) => bracketed(name) === p1 && unreadable)) });
  if (sql.startsWith("SELECT '1' AS counted FROM sys.identity_columns"))
    return many(
      ['counted'],
      Object.entries(database.identities ?? {}).some(([name, column]) => bracketed(name) === p1 && column === parameters.p2) ? [['1']] : [],
    );
  if (sql.startsWith('EXEC sys.sp_describe_first_result_set')) return described(database, p1 ?? '');
  const columns = ({ columns, masked = [] }: MemoryTable) =>
    Object.entries(columns).map(([name, declared]) => ({ name, ...partsOf(declared), masked: bit(masked.includes(name)) }));
  if (sql.startsWith('SELECT c.name AS name, TYPE_NAME(c.system_type_id) AS type')) {
    const table = tables[Number(p1) - 100];
    const rows = table === undefined ? [] : columns(table);
    return many(
      ['name', 'type', 'length', 'digits', 'scale', 'nullable', 'masked', 'unmasked'],
      rows.map(({ name, type, length, digits, scale, nullable, masked }) => [name, type, length, digits, scale, nullable, masked, '0']),
    );
  }
  if (sql.includes('is_ms_shipped') && sql.includes('AS may'))
    return many(
      ['id', 'schema', 'name', 'kind', 'may'],
      tables.map((table) => [id(table), ...table.name.split('.'), table.kind ?? 'U', bit(!table.unreadable)]),
    );
  if (sql.includes('is_ms_shipped'))
    return many(
      ['id', 'column', 'type', 'length', 'digits', 'scale', 'nullable'],
      tables.flatMap((table) =>
        columns(table).map(({ name, type, length, digits, scale, nullable }) => [id(table), name, type, length, digits, scale, nullable]),
      ),
    );
  if (sql.includes('FROM sys.key_constraints'))
    return many(
      ['id', 'column', 'index', 'primary', 'nullable'],
      tables.flatMap((table) => (table.keys ?? []).map((key) => [id(table), key, 'key', '1', '0'])),
    );
  return undefined;
}

/** As `sys.columns` has a declaration. */
function partsOf(declared: string) {
  const [, type = '', first, second] = /^(\w+)(?:\((\w+)(?:,(\d+))?\))?/.exec(declared) ?? [];
  const isWide = /^n(var)?char$/.test(type);
  const isTimed = /^(time|datetime2|datetimeoffset)$/.test(type);
  const length = first === 'max' ? '-1' : /char|binary/.test(type) ? String(Number(first) * (isWide ? 2 : 1)) : '8';
  return {
    ...{ type, length, digits: first === undefined || first === 'max' ? '0' : first, scale: isTimed ? (first ?? '6') : (second ?? '0') },
    nullable: bit(!/not null/i.test(declared)),
  };
}

function described({ tables, queries = {} }: FabricDatabase, statement: string): Answer {
  const from = statement.replace(/^SELECT \* FROM /, '');
  const shape = tables.find(({ name }) => bracketed(name) === from) ?? queries[from];
  if (!shape) return { error: { number: 208, message: `Invalid object name '${from}'.` } };
  return {
    columns: { is_hidden: 'bit', column_ordinal: 'int', name: 'varchar(128)', is_nullable: 'bit', system_type_name: 'varchar(128)' },
    rows: Object.entries(shape.columns).map(([name, declared], at): Value[] => [
      ...['0', String(at + 1), name, bit(!/not null/i.test(declared))],
      declared.replace(/ not null$/i, ''),
    ]),
  };
}
