/** What a new table of SQL Server takes over from another table, apart from columns and rows: indexes, defaults, rights. */
import type { Change, TargetColumn } from '../../engine/contracts/catalog.ts';
import type { Column } from '../../frames/schema.ts';
import { columnDeclaration } from '../ddl.ts';
import type { Row, Session } from '../engine.ts';
import type { RowTakeover, StatementsBeforeAndAfter, TableName } from '../writes.ts';
import { declared } from './columns.ts';
import { columns as columnsIn, following, named, yes } from './destination.ts';
import { quoteName } from './dialect.ts';

/** The query for indexes. A heap is an index without a name. */
const indexes = `SELECT i.name AS name, CONVERT(varchar(2), i.type) AS kind, CONVERT(varchar(1), i.is_unique) AS is_unique, CONVERT(varchar(1), i.is_primary_key) AS is_primary,
  CONVERT(varchar(1), i.is_unique_constraint) AS is_constraint, i.filter_definition AS filter, c.name AS [column],
  CONVERT(varchar(1), k.is_descending_key) AS descending, CONVERT(varchar(1), k.is_included_column) AS included,
  (SELECT MAX(p.data_compression_desc) FROM sys.partitions AS p WHERE p.object_id = i.object_id AND p.index_id = i.index_id) AS compression
FROM sys.indexes AS i LEFT JOIN sys.index_columns AS k ON k.object_id = i.object_id AND k.index_id = i.index_id
LEFT JOIN sys.columns AS c ON c.object_id = k.object_id AND c.column_id = k.column_id
WHERE i.object_id = OBJECT_ID(@p1) AND i.type IN (0, 1, 2, 5, 6) AND i.is_disabled = 0
ORDER BY i.index_id, k.is_included_column, k.key_ordinal, k.index_column_id`;

const defaults = `SELECT d.name AS name, d.definition AS given, c.name AS [column] FROM sys.default_constraints AS d
JOIN sys.columns AS c ON c.object_id = d.parent_object_id AND c.column_id = d.parent_column_id WHERE d.parent_object_id = OBJECT_ID(@p1) ORDER BY c.column_id`;

const grants = `SELECT p.state_desc AS state, p.permission_name AS permission, USER_NAME(p.grantee_principal_id) AS grantee, c.name AS [column]
FROM sys.database_permissions AS p LEFT JOIN sys.columns AS c ON c.object_id = p.major_id AND c.column_id = p.minor_id AND p.minor_id > 0
WHERE p.class = 1 AND p.major_id = OBJECT_ID(@p1) ORDER BY 3, 2, 4`;

/** An index must be dropped before its column changes, unless a text only becomes longer. Keys and constraints that people made are kept. */
export async function around(session: Session, table: TableName, changes: readonly Change[]): Promise<StatementsBeforeAndAfter> {
  const altered = changes.flatMap((change) =>
    change.change === 'drop not null' || (change.change === 'widen' && !isLonger(change)) ? [change.column] : [],
  );
  if (altered.length === 0) return { before: [], after: [] };
  const target = named(table);
  const touched = (await indexesOf(session, table)).filter(
    ({ kind, columns, rows: [row] }) =>
      kind !== '0' && !yes(row?.is_primary) && !yes(row?.is_constraint) && (kind === '5' || columns.some((name) => altered.includes(name))),
  );
  return {
    before: touched.toReversed().map(({ name }) => `DROP INDEX ${quoteName(name)} ON ${target}`),
    after: touched.flatMap((index) => indexed(target, index)),
  };
}

function isLonger({ from, to }: Extract<Change, { readonly change: 'widen' }>): boolean {
  return to.kind === 'string' && /^nvarchar\(\d+\)$/.test(from) && /^nvarchar\(\d+\)$/.test(declared(to));
}

export interface Index {
  readonly name: string;
  /** The kind of index by its number in the catalogue: 0 heap, 1 clustered, 2 nonclustered, 5 clustered columnstore, 6 nonclustered columnstore. */
  readonly kind: string;
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

export async function indexesOf(session: Session, table: TableName): Promise<readonly Index[]> {
  const byName = Map.groupBy(await session.query(indexes, [named(table)]), ({ name }) => name ?? '');
  return [...byName].map(([name, rows]) => ({
    ...{ name, rows, kind: rows[0]?.kind ?? '' },
    columns: rows.flatMap(({ column }) => (column == null ? [] : [column])),
  }));
}

/** Statements for the new table. They use the destination’s name, which the new table has when the statements run. @param columns the columns of the new table. Objects that belong to other columns are left out. */
export async function carriedOver(session: Session, table: TableName, columns: readonly string[]): Promise<readonly string[]> {
  const target = named(table);
  const has = (name: string | null | undefined) => name == null || columns.includes(name);
  const kept = (await indexesOf(session, table)).filter(({ kind, columns: of }) => kind === '5' || of.every(has));
  const given = (await session.query(defaults, [target])).filter(({ column }) => has(column));
  const granted = (await session.query(grants, [target])).filter(({ column }) => has(column));
  const isOurs = (await columnsIn(session, table))?.some(({ follows }) => follows) === true;
  return [
    ...(isOurs ? [following(table)] : []),
    ...kept.flatMap((index) => indexed(target, index)),
    ...given.map(
      (row) => `ALTER TABLE ${target} ADD CONSTRAINT ${quoteName(row.name ?? '')} DEFAULT ${row.given} FOR ${quoteName(row.column ?? '')}`,
    ),
    ...granted.map(({ state, permission, grantee, column }) => {
      const on = `${target}${column == null ? '' : ` (${quoteName(column)})`}`;
      const mayGrant = state === 'GRANT_WITH_GRANT_OPTION' ? ' WITH GRANT OPTION' : '';
      return `${state === 'DENY' ? 'DENY' : 'GRANT'} ${permission} ON ${on} TO ${quoteName(grantee ?? '')}${mayGrant}`;
    }),
  ];
}

/** Values of an index option that equal the default. */
const usual: ReadonlySet<string> = new Set(['', 'NONE', 'COLUMNSTORE']);

/** Statements that make an index on another table. @param as `nameless`: keys get generated names, because their own names are in use. */
export function indexed(target: string, { rows, kind }: Index, as: 'named' | 'nameless' = 'named'): readonly string[] {
  const [first = {}] = rows;
  const name = quoteName(first.name ?? '');
  const compression = first.compression ?? '';
  const within = usual.has(compression) ? '' : ` WITH (DATA_COMPRESSION = ${compression})`;
  if (kind === '0') return within === '' ? [] : [`ALTER TABLE ${target} REBUILD${within}`];
  if (kind === '5') return [`CREATE CLUSTERED COLUMNSTORE INDEX ${name} ON ${target}${within}`];
  const all = rows.map(({ column }) => quoteName(column ?? '')).join(', ');
  if (kind === '6') return [`CREATE NONCLUSTERED COLUMNSTORE INDEX ${name} ON ${target} (${all})${within}`];
  const shape = kind === '1' ? 'CLUSTERED' : 'NONCLUSTERED';
  const key = rows
    .filter(({ included }) => !yes(included))
    .map(({ column, descending }) => `${quoteName(column ?? '')}${yes(descending) ? ' DESC' : ''}`)
    .join(', ');
  if (yes(first.is_primary) || yes(first.is_constraint)) {
    const called = as === 'named' ? `CONSTRAINT ${name} ` : '';
    return [`ALTER TABLE ${target} ADD ${called}${yes(first.is_primary) ? 'PRIMARY KEY' : 'UNIQUE'} ${shape} (${key})${within}`];
  }
  const beside = rows.filter(({ included }) => yes(included)).map(({ column }) => quoteName(column ?? ''));
  const include = beside.length === 0 ? '' : ` INCLUDE (${beside.join(', ')})`;
  const where = first.filter == null ? '' : ` WHERE ${first.filter}`;
  return [`CREATE ${yes(first.is_unique) ? 'UNIQUE ' : ''}${shape} INDEX ${name} ON ${target} (${key})${include}${where}${within}`];
}

/*
 * A full load into a table that stays itself: another one like it is filled, and their rows change places (`ALTER TABLE … SWITCH`). What has to be equal
 * for that Microsoft's documentation says, and the texts of errors 4900 to 4993 and 11400 to 11446 of the server.
 */

/** What a new table that hygge makes would lack. Indexes are made alike on the new table. A table with `dependents` can’t be swapped. */
const unlike = `WITH t AS (SELECT * FROM sys.tables WHERE object_id = OBJECT_ID(@p1)), c AS (SELECT c.* FROM t JOIN sys.columns AS c ON c.object_id = t.object_id)
SELECT 'filegroup' AS kind, s.name AS name FROM t JOIN sys.indexes AS i ON i.object_id = t.object_id JOIN sys.data_spaces AS s ON s.data_space_id = i.data_space_id AND s.is_default = 0
UNION ALL SELECT 'filegroup of large values', s.name FROM t JOIN sys.data_spaces AS s ON s.data_space_id = t.lob_data_space_id AND s.is_default = 0
UNION ALL SELECT 'table option', 'text in row' FROM t WHERE text_in_row_limit <> 0
UNION ALL SELECT 'table option', 'large value types out of row' FROM t WHERE large_value_types_out_of_row = 1
UNION ALL SELECT 'table option', 'ANSI_NULLS OFF' FROM t WHERE uses_ansi_nulls = 0
UNION ALL SELECT 'table option', 'QUOTED_IDENTIFIER OFF' FROM t WHERE OBJECTPROPERTY(object_id, 'IsQuotedIdentOn') = 0
UNION ALL SELECT 'collation of column', name FROM c WHERE collation_name <> CONVERT(nvarchar(128), DATABASEPROPERTYEX(DB_NAME(), 'Collation'))
UNION ALL SELECT 'type of column', name FROM c WHERE user_type_id <> system_type_id
UNION ALL SELECT 'rule of column', name FROM c WHERE rule_object_id <> 0
UNION ALL SELECT 'ANSI_PADDING OFF of column', name FROM c WHERE is_ansi_padded = 0 AND max_length > 0 AND TYPE_NAME(system_type_id) IN ('char', 'varchar', 'binary', 'varbinary')
UNION ALL SELECT 'storage of column', name FROM c WHERE is_sparse = 1 OR is_column_set = 1 OR is_filestream = 1 OR is_rowguidcol = 1 OR encryption_type IS NOT NULL
UNION ALL SELECT 'right', 'ALTER' FROM t WHERE HAS_PERMS_BY_NAME(@p1, 'OBJECT', 'ALTER') <> 1
ORDER BY 1, 2`;

async function hindrances(session: Session, table: TableName, wanted: readonly Column[]): Promise<readonly string[]> {
  const there = (await columnsIn(session, table)) ?? [];
  const rows = await session.query(unlike, [named(table)]);
  return [...columnsUnlike(there, wanted), ...rows.map(({ kind, name }) => `${kind} ${name}`)];
}

/** How the columns differ, in the order of the table’s columns. */
function columnsUnlike(there: readonly TargetColumn[], wanted: readonly Column[]): readonly string[] {
  const told = there.flatMap(({ name, type, nullable, filled, follows }, at): readonly string[] => {
    const column = wanted[at];
    if (!wanted.some((one) => one.name === name)) return [`column ${name}, which does not arrive any more`];
    if (column?.name !== name) return [`column ${name}, which arrives in another place`];
    if (filled !== 'by rows') return [`column ${name}, which fills itself`];
    const comes = columnDeclaration({ columns: { declared } }, column);
    // In a table that hygge made, a text column is as long as its texts need.
    const isAsLong = follows && column.type.kind === 'string' && column.override?.declared === undefined && type.startsWith('nvarchar(');
    if (comes !== type && !isAsLong) return [`column ${name}, which is ${type} and would be ${comes}`];
    return nullable === column.nullable ? [] : [`column ${name}, which is ${nullable ? 'null' : 'not null'} and would be otherwise`];
  });
  const fresh = wanted.filter(({ name }) => !there.some((one) => one.name === name));
  return [...told, ...fresh.map(({ name }) => `column ${name}, which is new`)];
}

/** The clustered index is made first, so that rows are written only once, and in order. */
async function likenessOf(session: Session, table: TableName, as: TableName): Promise<StatementsBeforeAndAfter> {
  const all = await indexesOf(session, table);
  const made = (isBeside: boolean) =>
    all.filter(({ kind }) => (kind === '2' || kind === '6') === isBeside).flatMap((index) => indexed(named(as), index, 'nameless'));
  return { before: made(false), after: made(true) };
}

export const rowExchange: RowTakeover = {
  hindrances,
  likenessOf,
  takeRowsStatements: (table, from) => [`TRUNCATE TABLE ${table}`, `ALTER TABLE ${from} SWITCH TO ${table}`],
  planNote:
    'the table itself stays, and new rows take the place of its rows (SWITCH): rights, views, indexes and statistics are not touched',
};
