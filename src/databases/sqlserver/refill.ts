/**
 * A full load into a table that stays itself: another one like it is filled, and their rows change places (`ALTER TABLE … SWITCH`). What has to be equal
 * for that Microsoft's documentation says, and the texts of errors 4900 to 4993 and 11400 to 11446 of the server.
 */
import type { TargetColumn } from '../../engine/contracts/catalog.ts';
import type { Column } from '../../frames/schema.ts';
import { declaredAs } from '../ddl.ts';
import type { Session } from '../engine.ts';
import type { Like, Refilling, TableName } from '../writes.ts';
import { declared } from './columns.ts';
import { columns, named } from './destination.ts';
import { indexed, indexesOf } from './like.ts';

/** What a table that hygge makes beside it would not have. Indexes are made alike, and what `dependents` names lets no table be swapped. */
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

async function hindered(session: Session, table: TableName, wanted: readonly Column[]): Promise<readonly string[]> {
  const there = (await columns(session, table)) ?? [];
  const rows = await session.query(unlike, [named(table)]);
  return [...columnsUnlike(there, wanted), ...rows.map(({ kind, name }) => `${kind} ${name}`)];
}

/** In the order of the table's. */
function columnsUnlike(there: readonly TargetColumn[], wanted: readonly Column[]): readonly string[] {
  const told = there.flatMap(({ name, type, nullable, filled }, at): readonly string[] => {
    const column = wanted[at];
    if (!wanted.some((one) => one.name === name)) return [`column ${name}, which does not come any more`];
    if (column?.name !== name) return [`column ${name}, which comes in another place`];
    if (filled !== 'by rows') return [`column ${name}, which fills itself`];
    const comes = declaredAs({ declared }, column);
    if (comes !== type) return [`column ${name}, which is ${type} and would be ${comes}`];
    return nullable === column.nullable ? [] : [`column ${name}, which is ${nullable ? 'null' : 'not null'} and would be otherwise`];
  });
  const fresh = wanted.filter(({ name }) => !there.some((one) => one.name === name));
  return [...told, ...fresh.map(({ name }) => `column ${name}, which is new`)];
}

/** What orders the rows is made first: they go in once. */
async function likeThere(session: Session, table: TableName, as: TableName): Promise<Like> {
  const all = await indexesOf(session, table);
  const made = (isBeside: boolean) =>
    all.filter(({ kind }) => (kind === '2' || kind === '6') === isBeside).flatMap((index) => indexed(named(as), index, 'nameless'));
  return { before: made(false), after: made(true) };
}

export const refills: Refilling = {
  hindered,
  likeThere,
  refilled: (table, from) => [`TRUNCATE TABLE ${table}`, `ALTER TABLE ${from} SWITCH TO ${table}`],
  stays: 'the table stays itself, and its rows change places with new ones (SWITCH): rights, views, indexes and statistics are not touched',
};
