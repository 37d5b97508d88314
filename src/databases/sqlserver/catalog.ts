/** What hygge reads from SQL Server’s catalogue about a source. */
import { collatedEqualities, type KeyEquality } from '../../frames/row-sum/key-equality.ts';
import type { OwnNote } from '../../ports/notes.ts';
import type { LateRows, OpenTransaction, Relation, RelationPart, Row, Source, SourceColumn, SourceOptions } from '../engine.ts';
import { DatabaseError } from '../engine.ts';
import { sameNameTwice } from '../errors.ts';
import { subqueryInFrom as inFrom } from '../select.ts';
import { restatedBy, selectedFields } from '../source-columns.ts';
import type { SqlServerSession } from './connect.ts';
import { dialect, names, quoteName, readers } from './dialect.ts';
import { encryptedColumns, hiddenRows, hiddenValues, noSuchTable, queryMustBeginWithSelect, secondaryLagNotVisible } from './errors.ts';
import { typeReadAs, type Wire } from './types.ts';

interface FoundTable {
  readonly id: string;
  readonly schema: string;
  readonly name: string;
  /** The kind of the relation: `U` table, `V` view, `SN` synonym. */
  readonly kind: string;
}

const find = `SELECT CONVERT(varchar(12), o.object_id) AS id, s.name AS [schema], o.name AS name, RTRIM(o.type) AS kind
FROM sys.objects AS o JOIN sys.schemas AS s ON s.schema_id = o.schema_id
WHERE o.object_id = OBJECT_ID(@p1) AND o.type IN ('U', 'V', 'SN')`;
const near = `SELECT TOP (3) s.name AS [schema], o.name AS name FROM sys.objects AS o JOIN sys.schemas AS s ON s.schema_id = o.schema_id
WHERE o.type IN ('U', 'V', 'SN') AND LOWER(o.name) = LOWER(@p1) ORDER BY s.name, o.name`;

const nameOf = ({ schema, name }: Pick<FoundTable, 'schema' | 'name'>) => `${quoteName(schema)}.${quoteName(name)}`;

/** Finds up to three tables that the role may see, whose names differ at most in schema and case. */
export const alike = (session: SqlServerSession, name: string) => session.query(near, [name]);

async function found(session: SqlServerSession, written: string): Promise<FoundTable> {
  const parts = names.split(written);
  const [row] = parts.length > 2 ? [] : await session.query(find, [parts.map(quoteName).join('.')]);
  if (row) return row as unknown as FoundTable;
  throw noSuchTable(written, await alike(session, parts.at(-1) ?? ''));
}

/** The query for the columns of a result as the server would send them, with what the catalogue says about each column. */
const describe = `SELECT d.name AS name, COALESCE(d.system_type_name, d.user_type_name) AS type, CONVERT(varchar(1), d.is_nullable) AS nullable,
  d.source_column AS source, CASE WHEN d.source_database <> DB_NAME() THEN '1' ELSE '0' END AS elsewhere, CONVERT(varchar(1), k.is_masked) AS masked, CONVERT(varchar(2), k.encryption_type) AS encrypted,
  CONVERT(varchar(1), COALESCE(HAS_PERMS_BY_NAME(QUOTENAME(OBJECT_SCHEMA_NAME(k.object_id)) + N'.' + QUOTENAME(OBJECT_NAME(k.object_id)), 'OBJECT', 'UNMASK', k.name, 'COLUMN'), 0)) AS unmasked,
  CONVERT(varchar(12), d.error_number) AS error, d.error_message AS message
FROM sys.dm_exec_describe_first_result_set(@p1, NULL, 1) AS d
LEFT JOIN sys.columns AS k ON k.object_id = COALESCE(CONVERT(int, @p2), OBJECT_ID(ISNULL(QUOTENAME(d.source_schema) + N'.', N'') + QUOTENAME(d.source_table)))
  AND k.name = CASE WHEN @p2 IS NULL THEN d.source_column ELSE d.name END
WHERE d.is_hidden = 0 OR d.error_number IS NOT NULL
ORDER BY d.column_ordinal`;

/** The query for how the database isolates slices from writers, and what the database may hide. */
const database = `SELECT CONVERT(varchar(1), snapshot_isolation_state) AS snapshots, CONVERT(varchar(1), is_read_committed_snapshot_on) AS versions,
  CONVERT(varchar(1), HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', 'UNMASK')) AS unmask,
  CONVERT(varchar(1), HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', 'VIEW DEFINITION')) AS definitions,
  CONVERT(varchar(12), (SELECT COUNT(*) FROM sys.masked_columns)) AS masked
FROM sys.databases WHERE database_id = DB_ID()`;

const policies = `SELECT y.name AS policy, QUOTENAME(OBJECT_SCHEMA_NAME(p.target_object_id)) + N'.' + QUOTENAME(OBJECT_NAME(p.target_object_id)) AS [table]
FROM sys.security_predicates AS p JOIN sys.security_policies AS y ON y.object_id = p.object_id
WHERE y.is_enabled = 1 AND p.predicate_type = 0 AND (@p1 IS NULL OR p.target_object_id = CONVERT(int, @p1))
ORDER BY y.name`;

const indexes = `SELECT CONVERT(varchar(12), i.index_id) AS [index], CONVERT(varchar(1), i.is_primary_key) AS is_primary, c.name AS name, c.collation_name AS collation
FROM sys.indexes AS i JOIN sys.index_columns AS k ON k.object_id = i.object_id AND k.index_id = i.index_id
JOIN sys.columns AS c ON c.object_id = k.object_id AND c.column_id = k.column_id
WHERE i.object_id = CONVERT(int, @p1) AND k.key_ordinal > 0 AND i.type IN (1, 2) AND i.is_disabled = 0 AND i.has_filter = 0
ORDER BY i.index_id, k.key_ordinal`;

const partitions = `SELECT CONVERT(varchar(12), p.partition_number) AS number, CONVERT(varchar(20), MAX(p.rows)) AS [rows],
  CONVERT(varchar(20), COALESCE(SUM(a.used_pages), 0) * 8192) AS bytes, MAX(f.name) AS [function], MAX(c.name) AS [column]
FROM sys.partitions AS p
LEFT JOIN sys.allocation_units AS a ON a.container_id = p.partition_id
JOIN sys.indexes AS i ON i.object_id = p.object_id AND i.index_id = p.index_id
LEFT JOIN sys.partition_schemes AS s ON s.data_space_id = i.data_space_id
LEFT JOIN sys.partition_functions AS f ON f.function_id = s.function_id
LEFT JOIN sys.index_columns AS k ON k.object_id = i.object_id AND k.index_id = i.index_id AND k.partition_ordinal = 1
LEFT JOIN sys.columns AS c ON c.object_id = k.object_id AND c.column_id = k.column_id
WHERE p.object_id = CONVERT(int, @p1) AND p.index_id IN (0, 1)
GROUP BY p.partition_number
ORDER BY p.partition_number`;

/** A query as text for FROM. @throws HomeError HYG-3548 */
function asFrom(query: string): string {
  const [word = ''] = /^\s*(?:--[^\n]*\n|\/\*[\s\S]*?\*\/|\s)*(\w+)/.exec(query)?.slice(1) ?? [];
  if (/^(with|exec|execute|declare|set)$/i.test(word)) throw queryMustBeginWithSelect(word.toUpperCase());
  return inFrom(query);
}

const apart = (under: 'snapshot' | 'row_versions' | 'locks', text: string): OwnNote => ({
  code: 'database.slices_apart',
  text,
  params: { under },
});

const sees = {
  snapshot: apart('snapshot', 'each slice is read under SNAPSHOT isolation, as the table is when the slice begins'),
  versions: apart('row_versions', 'each slice is read by the row versions of its statement, as the table is when the slice begins'),
  locks: apart(
    'locks',
    'each slice is read under locks: writers wait until the slice is read. ALTER DATABASE … SET ALLOW_SNAPSHOT_ISOLATION ON lets writers continue',
  ),
};

export async function look(session: SqlServerSession, source: Source, options: SourceOptions): Promise<Relation> {
  const table = 'table' in source ? await found(session, source.table) : undefined;
  const from = table ? nameOf(table) : asFrom((source as { query: string }).query);
  const shown = table ? `${table.schema}.${table.name}` : 'the query';
  const id = table?.kind === 'U' ? table.id : null;
  const [state = {}] = await session.query(database);
  const { columns, warnings } = await columnsOf(session, { from, shown, id, options, state });
  const hides = (await session.query(policies, [id])).map(({ policy, table: of }) => `${policy} on ${of}`);
  if (hides.length > 0 && !options.allowFiltered) throw hiddenRows(shown, hides);
  const isTable = id !== null;
  const [first = [], parts] = isTable ? [await session.query(indexes, [id]), await piecesOf(session, from, id)] : [[], [whole(from)]];
  const keys = first.filter((row) => row.is_primary === '1');
  const begins = first.filter(({ index }, i) => first[i - 1]?.index !== index);
  const known = isTable && parts.every(({ rows }) => rows !== null);
  const trust: OwnNote = {
    code: 'sqlserver.any_certificate',
    text: 'the certificate of the server is not verified: trust_server_certificate is true',
  };
  const filtered: OwnNote = {
    code: 'sqlserver.filtered',
    text: `rows may be missing: ${hides.join(', ')} hides rows that the role may not see`,
  };
  const unseen: OwnNote = {
    code: 'sqlserver.policies_unseen',
    text: 'whether a security policy hides rows can’t be seen: GRANT VIEW DEFINITION shows it',
  };
  return {
    ...{ from, shown, columns, parts, isTable },
    primaryKey: keys.map(({ name }) => name ?? ''),
    keyEqualities: collatedEqualities(keys, keyEquality),
    leadingIndexColumns: new Set(begins.map(({ name }) => name ?? '')),
    rows: known ? { n: parts.reduce((sum, { rows }) => sum + (rows ?? 0), 0), exact: false } : undefined,
    bytes: isTable ? parts.reduce((sum, { bytes }) => sum + bytes, 0) : undefined,
    warnings: [...(session.trustsAnybody ? [trust] : []), ...(hides.length > 0 ? [filtered] : []), ...warnings],
    notes: state.definitions === '0' ? [unseen] : [],
    snapshotNote: state.snapshots === '1' ? sees.snapshot : state.versions === '1' ? sees.versions : sees.locks,
  };
}

/** How a collation compares keys. No collation compares blanks at the end. Only for collations without language rules is the comparison known here, and only for ASCII letters. */
const keyEquality = (collation: string): KeyEquality => ({
  letters: /^(?:SQL_)?Latin1_General_(?:\w+_)?CI_/.test(collation) ? 'ascii' : /_(?:CI|AI)(?:_|$)/.test(collation) ? 'unknown' : 'exact',
  isPadded: true,
});

interface ColumnsRequest extends Pick<Relation, 'from' | 'shown'> {
  /** The object id of a table. Null: the relation is a query. */
  readonly id: string | null;
  readonly options: SourceOptions;
  readonly state: Row;
}

/** The columns to read as the database would send them now. */
async function columnsOf(
  session: SqlServerSession,
  asked: ColumnsRequest,
): Promise<{ readonly columns: readonly SourceColumn[]; readonly warnings: readonly OwnNote[] }> {
  const { from, shown, id, options, state } = asked;
  const rows = await session.query(describe, [`SELECT * FROM ${from}`, id]);
  const failed = rows.find(({ error }) => error !== null && error !== undefined);
  if (failed) throw new DatabaseError(failed.message ?? '', { code: failed.error ?? '' });
  const taken = selectedFields(
    rows.map((row): Row & { readonly name: string } => ({ ...row, name: row.name ?? '' })),
    { shown, options },
  );
  const called = (some: readonly Row[]) => some.map(({ name }) => name ?? '');
  const encrypted = taken.filter((row) => row.encrypted !== null && row.encrypted !== undefined);
  if (encrypted.length > 0) throw encryptedColumns(shown, called(encrypted));
  // The catalogue does not show which columns an expression reads, so it may read masked columns.
  const mayBe = (row: Row) => row.masked === '1' || (id === null && row.source === null && Number(state.masked) > 0);
  const masked = state.unmask === '1' ? [] : taken.filter((row) => mayBe(row) && row.unmasked !== '1');
  if (masked.length > 0 && !options.allowFiltered) throw hiddenValues(shown, called(masked));
  const warnings: readonly OwnNote[] =
    masked.length === 0 ? [] : [{ code: 'sqlserver.masked', text: `masks settle in place of values: ${called(masked).join(', ')}` }];
  const columns = taken.flatMap((row) => columnOf(row, options));
  const clash = columns.map(({ name }) => name).find((name, i, all) => all.indexOf(name) !== i);
  if (clash !== undefined) throw sameNameTwice(shown, clash);
  return { columns, warnings };
}

/** A column, and if requested, a second column with the offsets of its times. */
function columnOf({ name: named, type: declared, nullable, elsewhere }: Row, options: SourceOptions): readonly SourceColumn[] {
  const [name, sourceType] = [named ?? '', declared ?? ''];
  const read = typeReadAs(sourceType, { timeUnit: options.timeUnit ?? 'ns' });
  const quoted = quoteName(name);
  const isNullable = nullable !== '0';
  const column = (of: Omit<SourceColumn, 'wire' | 'nullable'>, wire: Wire, mayBeNull: boolean): SourceColumn => ({
    ...of,
    nullable: mayBeNull,
    wire: JSON.stringify([of.name, sourceType, wire]),
  });
  const { type } = read;
  // Another database counts its own row versions, so the bound of this database does not apply to them.
  const shownAsText = read.shownAsText || (sourceType === 'timestamp' && elsewhere === '1');
  const selectExpression = read.castInSelect === null ? quoted : `${read.castInSelect(quoted)} AS ${quoted}`;
  const itself = column(
    { name, type, sourceType, selectExpression, shownAsText, ...restatedBy(read) },
    read.wire,
    isNullable || (read.hasSpecialValues && options.specialValues === 'to_null'),
  );
  if (!options.offsets || !sourceType.startsWith('datetimeoffset')) return [itself];
  const beside = `${name}_offset`;
  const offset = { name: beside, type: { kind: 'int16' }, sourceType: 'smallint', shownAsText: true, isDerived: true } as const;
  return [
    itself,
    column(
      { ...offset, selectExpression: `CONVERT(smallint, DATEPART(tzoffset, ${quoted})) AS ${quoteName(beside)}` },
      { as: 'number' },
      isNullable,
    ),
  ];
}

const whole = (from: string): RelationPart => ({ from, bytes: 0, rows: null, blocks: null });

async function piecesOf(session: SqlServerSession, from: string, id: string): Promise<readonly RelationPart[]> {
  const rows = await session.query(partitions, [id]);
  const pieces = rows.map(({ number, function: by, column, rows: held, bytes }): RelationPart => {
    const part = `$PARTITION.${quoteName(by ?? '')}(${quoteName(column ?? '')}) = ${number}`;
    const isPart = rows.length > 1 && by !== null && column !== null;
    return {
      from: isPart ? `(SELECT * FROM ${from} WHERE ${part}) AS hygge_part` : from,
      bytes: Number(bytes),
      rows: Number(held),
      blocks: null,
    };
  });
  return pieces.length > 0 ? pieces : [whole(from)];
}

// ---- rows that may still appear below the newest value, from open transactions; a rowversion does not need this check

const utc = (time: string) => `${dialect.canonicalText(time, { kind: 'timestamp', unit: 'us' })} + 'Z'`;

/** Times in the server’s own zone are converted by their age. If the zone has summer time, an hour is subtracted. */
const openIn = (
  from: string,
  among: string,
) => `SELECT CONVERT(varchar(20), t.transaction_id) AS id, CONVERT(varchar(10), s.session_id) AS session, s.login_name AS login,
  s.program_name AS program, CONVERT(varchar(20), DATEDIFF(second, a.transaction_begin_time, SYSDATETIME())) AS age,
  ${utc('DATEADD(second, -3601 - DATEDIFF(second, a.transaction_begin_time, SYSDATETIME()), SYSUTCDATETIME())')} AS since
FROM ${from}
LEFT JOIN sys.dm_tran_session_transactions AS x ON x.transaction_id = t.transaction_id
LEFT JOIN sys.dm_exec_requests AS r ON r.transaction_id = t.transaction_id
LEFT JOIN sys.dm_exec_sessions AS s ON s.session_id = COALESCE(x.session_id, r.session_id)
WHERE ${among} AND a.transaction_type IN (1, 4) AND (s.session_id IS NULL OR (s.is_user_process = 1 AND s.session_id <> @@SPID
  AND (s.context_info IS NULL OR SUBSTRING(s.context_info, 1, ${readers.length}) <> 0x${readers.toString('hex')})))
ORDER BY t.transaction_id`;

/** Lists each transaction that has already used this database. */
const touching = openIn(
  `sys.dm_tran_database_transactions AS t
JOIN sys.dm_tran_active_transactions AS a ON a.transaction_id = t.transaction_id`,
  't.database_id = DB_ID()',
);
/** Lists transactions of all sessions of the server, since any session may write to this database at any moment. Transactions without a session are listed if they have used this database. */
const begun = openIn(
  `sys.dm_tran_active_transactions AS a
JOIN (SELECT transaction_id FROM sys.dm_tran_session_transactions UNION SELECT transaction_id FROM sys.dm_exec_requests
  UNION SELECT transaction_id FROM sys.dm_tran_database_transactions WHERE database_id = DB_ID()) AS t ON t.transaction_id = a.transaction_id`,
  't.transaction_id IS NOT NULL',
);

/**
 * Rows of system-versioned and ledger tables have the time, or the number, of the beginning of their transaction. So a transaction that begins now may write
 * the present time an hour later. A query or view may read any such table of this database.
 */
const ofBeginnings = `SELECT TOP (1) '1' AS begins FROM sys.columns AS c LEFT JOIN sys.tables AS t ON t.object_id = c.object_id
WHERE (c.generated_always_type IN (1, 7) OR t.temporal_type = 1) AND (@p1 IS NULL OR (c.object_id = OBJECT_ID(@p1) AND c.name = @p2))`;

async function isOfBeginnings(session: SqlServerSession, { relation, column }: Bounded): Promise<boolean> {
  const { kind } = column.type;
  if (kind !== 'timestamp' && kind !== 'int64') return false;
  return (await session.query(ofBeginnings, relation.isTable ? [relation.from, column.name] : [null, null])).length > 0;
}

type Bounded = Parameters<LateRows<SqlServerSession>['openTransactions']>[1];

/** All open transactions except hygge’s own read-only transactions. Transactions that wait for their coordinator are included. */
async function openTransactions(session: SqlServerSession, of: Bounded): Promise<readonly OpenTransaction[]> {
  const found = await session.query((await isOfBeginnings(session, of)) ? begun : touching);
  return found.map(({ id, session: of, login, program, since, age }): OpenTransaction => {
    const who = of === null ? 'a distributed transaction' : `session ${of}${program ? ` (${program})` : ''} of ${login}`;
    return { id: id ?? '', startedAt: since ?? null, shown: `${who}, ${age} s` };
  });
}

const mayLook = `SELECT CASE WHEN CONVERT(int, SERVERPROPERTY('EngineEdition')) IN (5, 12) THEN 'database' ELSE 'server' END AS scope,
  CASE WHEN HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW SERVER STATE') = 1 OR HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW SERVER PERFORMANCE STATE') = 1
  OR (CONVERT(int, SERVERPROPERTY('EngineEdition')) IN (5, 12) AND HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', 'VIEW DATABASE STATE') = 1) THEN '1' ELSE '0' END AS sees,
  QUOTENAME(USER_NAME()) AS role, QUOTENAME(SUSER_SNAME()) AS login`;

async function unseenReason(session: SqlServerSession): Promise<{ readonly why: string; readonly grant: string } | undefined> {
  return hiddenFrom(await session.query(mayLook));
}

function hiddenFrom([row]: readonly Row[]): { readonly why: string; readonly grant: string } | undefined {
  if (row?.sees === '1') return undefined;
  const right = row?.scope === 'database' ? 'VIEW DATABASE STATE' : 'VIEW SERVER STATE';
  const grant =
    row?.scope === 'database' ? `GRANT ${right} TO ${row.role}, in this database` : `GRANT ${right} TO ${row?.login}, in master`;
  return { why: `Without ${right} no one sees which transactions are open`, grant };
}

/** The row version below which every value belongs to a transaction that has ended. Must be read before everything else. */
async function finalBelow(session: SqlServerSession, { sourceType }: { readonly sourceType?: string }): Promise<string | undefined> {
  if (sourceType !== 'timestamp') return undefined;
  const [row] = await session.query('SELECT CONVERT(varchar(18), MIN_ACTIVE_ROWVERSION(), 1) AS bound');
  return row?.bound ?? undefined;
}

const primary = 'application_intent: read_write';

const secondary = `SELECT CASE WHEN DATABASEPROPERTYEX(DB_NAME(), 'Updateability') = 'READ_ONLY' THEN '1' ELSE '0' END AS standby`;
/** The query for the state of a secondary. Azure SQL has a separate view for this state. */
const applied = (
  scope: string | null | undefined,
) => `SELECT ${utc('DATEADD(second, -3601 - DATEDIFF(second, last_commit_time, SYSDATETIME()), SYSUTCDATETIME())')} AS until
FROM sys.${scope === 'database' ? 'dm_database_replica_states' : 'dm_hadr_database_replica_states'} WHERE is_local = 1 AND database_id = DB_ID()`;

/** How far a secondary is behind its primary. Undefined: the database is not a secondary, or it is permanently read-only, so no session writes to it. */
async function standbyPosition(
  session: SqlServerSession,
): Promise<{ readonly until: string | null; readonly primary: string } | undefined> {
  const [row] = await session.query(secondary);
  if (row?.standby !== '1') return undefined;
  const sight = await session.query(mayLook);
  if (hiddenFrom(sight)) throw secondaryLagNotVisible();
  const [state] = await session.query(applied(sight[0]?.scope));
  return state === undefined ? undefined : { until: state.until ?? null, primary };
}

const cached = `SELECT CONVERT(varchar(20), i.last_value) AS last FROM sys.identity_columns AS i WHERE i.object_id = OBJECT_ID(@p1) AND i.name = @p2 AND i.increment_value < 0`;

/** Why numbers are out of order. Numbers that are counted down are below earlier numbers. */
async function outOfOrderReason(
  session: SqlServerSession,
  relation: { readonly isTable: boolean; readonly from: string },
  column: string,
): Promise<string | undefined> {
  if (!relation.isTable) return undefined;
  const [row] = await session.query(cached, [relation.from, column]);
  return row && `the numbers of ${column} are counted down: new rows arrive below the newest number and are missed`;
}

export const late: LateRows<SqlServerSession> = { openTransactions, unseenReason, finalBelow, standbyPosition, outOfOrderReason };
