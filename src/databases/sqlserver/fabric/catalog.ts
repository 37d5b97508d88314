/** What hygge reads from the catalogue of Fabric about a source. One statement can query either the catalogue or tables, but not both. */
import type { OwnNote } from '../../../ports/notes.ts';
import type { LateRows, Relation, RelationPart, Row, Source, SourceColumn, SourceOptions } from '../../engine.ts';
import { sameNameTwice } from '../../errors.ts';
import { subqueryInFrom as inFrom } from '../../select.ts';
import { restatedBy, selectedFields } from '../../source-columns.ts';
import type { SqlServerSession } from '../connect.ts';
import { quoteName } from '../dialect.ts';
import { hiddenRows, hiddenValues, queryMustBeginWithSelect } from '../errors.ts';
import { names } from './dialect.ts';
import { noSuchTable } from './errors.ts';
import { keys } from './key-statement.ts';
import { typeReadAs } from './types.ts';

interface FoundTable {
  readonly id: string;
  readonly schema: string;
  readonly name: string;
  /** The kind of the relation: `U` table, `V` view. */
  readonly kind: string;
}

const find = `SELECT CONVERT(varchar(12), o.object_id) AS id, s.name AS [schema], o.name AS name, RTRIM(o.type) AS kind
FROM sys.objects AS o JOIN sys.schemas AS s ON s.schema_id = o.schema_id
WHERE o.object_id = OBJECT_ID(@p1) AND o.type IN ('U', 'V')`;
const near = `SELECT TOP (3) s.name AS [schema], o.name AS name FROM sys.objects AS o JOIN sys.schemas AS s ON s.schema_id = o.schema_id
WHERE o.type IN ('U', 'V') AND LOWER(o.name) = LOWER(@p1) ORDER BY s.name, o.name`;

/** Finds up to three tables that the role may see, whose names differ at most in schema and case. */
export const alike = (session: SqlServerSession, name: string) => session.query(near, [name]);

async function found(session: SqlServerSession, written: string): Promise<FoundTable> {
  const parts = names.split(written);
  const [row] = parts.length > 2 ? [] : await session.query(find, [parts.map(quoteName).join('.')]);
  if (row) return row as unknown as FoundTable;
  throw noSuchTable(written, await alike(session, parts.at(-1) ?? ''));
}

/** The query for the kind of database. `DataWarehouse`: a Warehouse. `LakeWarehouse`: the SQL endpoint of a Lakehouse, a mirrored database or another item. */
const database = `SELECT CONVERT(varchar(60), DATABASEPROPERTYEX(DB_NAME(), 'Edition')) AS edition,
  CONVERT(varchar(1), COALESCE(HAS_PERMS_BY_NAME(QUOTENAME(DB_NAME()), 'DATABASE', 'UNMASK'), 0)) AS unmask,
  CONVERT(varchar(1), COALESCE(HAS_PERMS_BY_NAME(QUOTENAME(DB_NAME()), 'DATABASE', 'VIEW DEFINITION'), 0)) AS definitions,
  CONVERT(varchar(12), (SELECT COUNT(*) FROM sys.masked_columns)) AS masked`;

const columnsOfTable = `SELECT c.name AS name, TYPE_NAME(c.system_type_id) AS type, CONVERT(varchar(6), c.max_length) AS length,
  CONVERT(varchar(3), c.precision) AS digits, CONVERT(varchar(3), c.scale) AS scale, CONVERT(varchar(1), c.is_nullable) AS nullable,
  (SELECT COUNT(*) FROM sys.masked_columns AS m WHERE m.object_id = c.object_id AND m.column_id = c.column_id AND m.is_masked = 1) AS masked,
  CONVERT(varchar(1), COALESCE(HAS_PERMS_BY_NAME(@p2, 'OBJECT', 'UNMASK', c.name, 'COLUMN'), 0)) AS unmasked
FROM sys.columns AS c WHERE c.object_id = CONVERT(int, @p1) ORDER BY c.column_id`;

/** Describes a query’s columns by a procedure, because Fabric lacks the function of the same name. */
const columnsOfQuery = 'EXEC sys.sp_describe_first_result_set @tsql = @p1, @params = NULL, @browse_information_mode = 0';

const policies = `SELECT y.name AS policy, QUOTENAME(OBJECT_SCHEMA_NAME(p.target_object_id)) + '.' + QUOTENAME(OBJECT_NAME(p.target_object_id)) AS [table]
FROM sys.security_predicates AS p JOIN sys.security_policies AS y ON y.object_id = p.object_id
WHERE y.is_enabled = 1 AND p.predicate_type = 0 AND (@p1 IS NULL OR p.target_object_id = CONVERT(int, @p1))
ORDER BY y.name`;

/** The declaration of a type: `decimal(38,10)`, `varchar(max)`. */
export function declarationOf({ type, length, digits, scale }: Row): string {
  const name = type ?? '';
  const bytes = Number(length);
  if (name === 'decimal' || name === 'numeric') return `${name}(${digits},${scale})`;
  if (/^(time|datetime2|datetimeoffset)$/.test(name)) return `${name}(${scale})`;
  if (/^n(var)?char$/.test(name)) return `${name}(${bytes < 0 ? 'max' : bytes / 2})`;
  return /^(var)?(char|binary)$/.test(name) ? `${name}(${bytes < 0 ? 'max' : bytes})` : name;
}

/** A query as text for FROM. @throws HomeError HYG-3548 */
function asFrom(query: string): string {
  const [word = ''] = /^\s*(?:--[^\n]*\n|\/\*[\s\S]*?\*\/|\s)*(\w+)/.exec(query)?.slice(1) ?? [];
  if (/^(with|exec|execute|declare|set)$/i.test(word)) throw queryMustBeginWithSelect(word.toUpperCase());
  return inFrom(query);
}

const sees: OwnNote = {
  code: 'database.slices_apart',
  text: 'each slice is read under SNAPSHOT isolation, as the table is when the slice begins',
  params: { under: 'snapshot' },
};

export async function look(session: SqlServerSession, source: Source, options: SourceOptions): Promise<Relation> {
  const table = 'table' in source ? await found(session, source.table) : undefined;
  const from = table ? `${quoteName(table.schema)}.${quoteName(table.name)}` : asFrom((source as { query: string }).query);
  const shown = table ? `${table.schema}.${table.name}` : 'the query';
  const isTable = table?.kind === 'U';
  const [state = {}] = await session.query(database);
  const rows = table
    ? await session.query(columnsOfTable, [table.id, from])
    : ((await session.query(columnsOfQuery, [`SELECT * FROM ${from}`])) as readonly Row[])
        .filter(({ is_hidden }) => is_hidden !== '1')
        .map((row) => ({ ...row, type: row.system_type_name ?? '', declared: '1', nullable: row.is_nullable ?? '1' }));
  // A Warehouse returns whole values of its tables. A view or query may also read a table of a Lakehouse, whose values may be cut.
  const mayBeCut = !(isTable && state.edition === 'DataWarehouse');
  const { columns, warnings } = columnsOf(rows, { shown, isTable, options, state, mayBeCut });
  const hides = (await session.query(policies, [isTable ? (table?.id ?? null) : null])).map(
    ({ policy, table: of }) => `${policy} on ${of}`,
  );
  if (hides.length > 0 && !options.allowFiltered) throw hiddenRows(shown, hides);
  const filtered: OwnNote = {
    code: 'sqlserver.filtered',
    text: `rows may be missing: ${hides.join(', ')} hides rows that the role may not see`,
  };
  const unseen: OwnNote = {
    code: 'sqlserver.policies_unseen',
    text: 'whether a security policy hides rows can’t be seen: GRANT VIEW DEFINITION shows it',
  };
  const declared = isTable ? (await session.query(keys)).find(({ id, primary }) => id === table.id && primary === '1')?.column : undefined;
  const cutColumn = cutting(columns, declared ?? null);
  return {
    ...{ from, shown, columns, parts: [whole(from)], isTable, rows: undefined, bytes: undefined },
    // Fabric does not enforce a primary key, so a primary key proves nothing about the rows.
    primaryKey: [],
    ...(cutColumn === undefined ? {} : { cutColumn }),
    // Fabric stores each column separately, so finding the newest value of a column reads no other column.
    leadingIndexColumns: new Set(columns.map(({ name }) => name)),
    warnings: [...(hides.length > 0 ? [filtered] : []), ...warnings],
    notes: state.definitions === '0' ? [unseen] : [],
    snapshotNote: sees,
    ...(state.edition === 'LakeWarehouse' ? { copiedFrom: { table: isTable ? (table ?? null) : null } } : {}),
  };
}

/** Whether the database is the SQL endpoint of a Lakehouse or of a mirrored database. */
export async function showsCopies(session: SqlServerSession): Promise<boolean> {
  const [state] = await session.query(database);
  return state?.edition === 'LakeWarehouse';
}

const whole = (from: string): RelationPart => ({ from, bytes: 0, rows: null, blocks: null });

/** The column whose ranges are slices: the first column of the declared key. Slices share no snapshot, so a changed value would move its row to another slice. */
function cutting(columns: readonly SourceColumn[], declared: string | null): string | undefined {
  const able = ['int16', 'int32', 'int64', 'date', 'timestamp'];
  return columns.find(({ name, type }) => name === declared && able.includes(type.kind))?.name;
}

interface ColumnsRequest {
  readonly shown: string;
  readonly isTable: boolean;
  readonly options: SourceOptions;
  readonly state: Row;
  readonly mayBeCut: boolean;
}

function columnsOf(
  rows: readonly Row[],
  { shown, isTable, options, state, mayBeCut }: ColumnsRequest,
): { readonly columns: readonly SourceColumn[]; readonly warnings: readonly OwnNote[] } {
  const taken = selectedFields(
    rows.map((row): Row & { readonly name: string } => ({ ...row, name: row.name ?? '' })),
    { shown, options },
  );
  // The catalogue does not show which columns a view or a query reads, so they may be masked.
  const isMasked = (row: Row) => (isTable ? row.masked !== '0' && row.unmasked !== '1' : Number(state.masked) > 0);
  const masked = state.unmask === '1' ? [] : taken.filter(isMasked).map(({ name }) => name);
  if (masked.length > 0 && !options.allowFiltered) throw hiddenValues(shown, masked);
  const warnings: readonly OwnNote[] =
    masked.length === 0 ? [] : [{ code: 'sqlserver.masked', text: `masks settle in place of values: ${masked.join(', ')}` }];
  const columns = taken.map((row): SourceColumn => {
    const { name } = row;
    const sourceType = row.declared === '1' ? (row.type ?? '') : declarationOf(row);
    const read = typeReadAs(sourceType, mayBeCut);
    const quoted = quoteName(name);
    return {
      ...{ name, type: read.type, sourceType, shownAsText: read.shownAsText, ...restatedBy(read) },
      selectExpression: read.castInSelect === null ? quoted : `${read.castInSelect(quoted)} AS ${quoted}`,
      nullable: row.nullable !== '0',
      wire: JSON.stringify([name, sourceType, read.wire]),
    };
  });
  const clash = columns.map(({ name }) => name).find((name, i, all) => all.indexOf(name) !== i);
  if (clash !== undefined) throw sameNameTwice(shown, clash);
  return { columns, warnings };
}

const counted = `SELECT '1' AS counted FROM sys.identity_columns AS i WHERE i.object_id = OBJECT_ID(@p1) AND i.name = @p2`;

export const late: LateRows<SqlServerSession> = {
  openTransactions: async () => [],
  unseenReason: async () => ({ why: 'Fabric shows no one which transactions are open', grant: null }),
  standbyPosition: async () => undefined,
  async outOfOrderReason(session, { isTable, from }, column) {
    if (!isTable) return undefined;
    const [row] = await session.query(counted, [from, column]);
    return row && `Fabric assigns the numbers of ${column} in ranges: new rows arrive below the newest number and are missed`;
  },
};
