/** What hygge reads from SQL Server’s catalogue about a destination table, and what a replacement of that table takes over. */
import type { Catalog, Dependent, TableRight, TargetColumn, TargetKey } from '../../engine/contracts/catalog.ts';
import { StoreError } from '../../errors/hygge-error.ts';
import type { Row, Session } from '../engine.ts';
import { dependentsFrom, keysFrom, missingRight } from '../sql/catalog-rows.ts';
import type { InspectedDestination, TableName, TriggerEvent, TriggerSide } from '../writes.ts';
import { notTable } from '../writing-errors.ts';
import { holds, lengthOf } from './columns.ts';
import { quoteName, quoteText } from './dialect.ts';

/** The quoted name of a table. */
export const named = ({ schema, name }: TableName) => `${quoteName(schema)}.${quoteName(name)}`;
/** The statement that locks a table against readers and writers until the transaction ends. @param table the quoted name. */
export const locked = (table: string) => `select top (1) 1 as one from ${table} with (tablockx, holdlock)`;
export const yes = (text: string | null | undefined): boolean => text === '1';

/** The statement that marks a table as made by hygge, so that its text columns may become longer. */
export const following = ({ schema, name }: TableName): string =>
  `EXEC sys.sp_addextendedproperty N'hygge_texts', N'as long as they come', N'SCHEMA', ${quoteText(schema)}, N'TABLE', ${quoteText(name)}`;

const tables = `SELECT t.name AS name FROM sys.schemas AS s LEFT JOIN sys.tables AS t ON t.schema_id = s.schema_id WHERE s.name = @p1`;

export async function tablesIn(session: Session, schema: string): Promise<ReadonlySet<string> | null> {
  const rows = await session.query(tables, [schema]);
  return rows.length === 0 ? null : new Set(rows.flatMap(({ name }) => (name == null ? [] : [name])));
}

export async function schemasWithAll(session: Session, all: readonly string[]): Promise<readonly string[]> {
  const rows = await session.query(
    `SELECT s.name AS name FROM sys.tables AS t JOIN sys.schemas AS s ON s.schema_id = t.schema_id WHERE t.name IN (${all.map(quoteText).join(', ')}) AND HAS_PERMS_BY_NAME(QUOTENAME(s.name) + '.' + QUOTENAME(t.name), 'OBJECT', 'SELECT') = 1 GROUP BY s.name HAVING COUNT(*) = ${all.length} ORDER BY s.name`,
  );
  return rows.map(({ name }) => name ?? '');
}

const found = `SELECT CONVERT(varchar(12), o.object_id) AS id, RTRIM(o.type) AS kind, LOWER(REPLACE(o.type_desc, '_', ' ')) AS described,
  CONVERT(varchar(1), COALESCE(t.is_external, 0)) AS is_external,
  CONVERT(varchar(20), COALESCE((SELECT SUM(a.used_pages) FROM sys.partitions AS p JOIN sys.allocation_units AS a ON a.container_id = p.partition_id WHERE p.object_id = o.object_id), 0) * 8192) AS bytes,
  CONVERT(varchar(20), (SELECT SUM(p.rows) FROM sys.partitions AS p WHERE p.object_id = o.object_id AND p.index_id IN (0, 1))) AS row_estimate
FROM sys.objects AS o LEFT JOIN sys.tables AS t ON t.object_id = o.object_id WHERE o.object_id = OBJECT_ID(@p1)`;

export async function destination(session: Session, table: TableName): Promise<InspectedDestination | null> {
  const [row] = await session.query(found, [named(table)]);
  if (row === undefined) return null;
  if (row.kind !== 'U' || yes(row.is_external)) {
    const kind = yes(row.is_external) ? 'external table' : (row.described ?? '');
    throw notTable(`${table.schema}.${table.name}`, `${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind}`);
  }
  const id = row.id ?? '';
  const held = await rightsOf(session, table);
  const catalog: Catalog = {
    columns: (await columns(session, table)) ?? [],
    keys: await keysOf(session, id),
    dependents: [...(await dependentsOf(session, id)), ...unmovable(held, table)],
    rights: held,
  };
  return { catalog, bytes: Number(row.bytes), rows: Number(row.row_estimate ?? 0) };
}

function writtenInstead(table: TableName, trigger: string): StoreError {
  const shown = `${table.schema}.${table.name}`;
  return new StoreError({
    code: 'HYG-4240',
    what: `Trigger ${trigger} of ${shown} runs instead of the statements that write to the table.`,
    why: ['If such a trigger leaves rows out, SQL Server still counts them as written: no one would notice that these rows are missing.'],
    tryThis: [
      `Disable the trigger while hygge writes to the table: DISABLE TRIGGER ${quoteName(table.schema)}.${quoteName(trigger)} ON ${named(table)}`,
      'Or settle in a table of its own, and let the trigger fill this table: store: { table: … }',
    ],
  });
}

/** The query for columns, including those that the server fills: counters, expressions, versions of rows, and the periods of temporal tables. */
const described = `SELECT c.name AS name, CASE WHEN y.is_assembly_type = 1 THEN y.name ELSE TYPE_NAME(c.system_type_id) END AS type,
  CONVERT(varchar(6), c.max_length) AS length, CONVERT(varchar(3), c.precision) AS digits, CONVERT(varchar(3), c.scale) AS scale,
  CONVERT(varchar(1), c.is_nullable) AS nullable, CONVERT(varchar(1), c.is_identity) AS counted,
  CASE WHEN c.is_computed = 1 OR c.generated_always_type <> 0 OR c.system_type_id = 189 THEN '1' ELSE '0' END AS generated,
  d.definition AS given, c.collation_name AS collation,
  CONVERT(varchar(1), (SELECT COUNT(*) FROM sys.extended_properties AS e WHERE e.class = 1 AND e.major_id = t.object_id AND e.minor_id = 0 AND e.name = N'hygge_texts')) AS follows,
  (SELECT MIN(g.name) FROM sys.triggers AS g WHERE g.parent_id = t.object_id AND g.is_instead_of_trigger = 1 AND g.is_disabled = 0) AS instead
FROM sys.tables AS t LEFT JOIN sys.columns AS c ON c.object_id = t.object_id
LEFT JOIN sys.types AS y ON y.user_type_id = c.user_type_id LEFT JOIN sys.default_constraints AS d ON d.object_id = c.default_object_id
WHERE t.object_id = OBJECT_ID(@p1) ORDER BY c.column_id`;

export async function columns(session: Session, table: TableName): Promise<readonly TargetColumn[] | null> {
  const rows = await session.query(described, [named(table)]);
  if (rows.length === 0) return null;
  // The server counts the sent rows, even if an INSTEAD OF trigger does something else with them.
  if (rows[0]?.instead != null) throw writtenInstead(table, rows[0].instead);
  return rows
    .filter(({ name }) => name != null)
    .map((row): TargetColumn => {
      const type = declarationOf(row);
      const filled = yes(row.counted) ? 'identity' : yes(row.generated) ? 'generated' : 'by rows';
      const collation = row.collation ?? null;
      return {
        ...{ name: row.name ?? '', type, nullable: yes(row.nullable), filled, collation },
        holds: holds(type) ?? null,
        default: filled === 'by rows' ? (row.given ?? null) : null,
        length: lengthOf(type),
        ...(yes(row.follows) ? { follows: true as const } : {}),
        // Even a binary collation ignores blanks at the end of texts.
        ...(collation === null ? {} : { isLoose: true }),
      };
    });
}

const triggers = `SELECT g.name AS name, LOWER(e.type_desc) AS event FROM sys.triggers AS g JOIN sys.trigger_events AS e ON e.object_id = g.object_id WHERE g.parent_id = OBJECT_ID(@p1) AND g.is_instead_of_trigger = 0 AND g.is_disabled = 0 ORDER BY g.name`;

const put = `SELECT QUOTENAME(OBJECT_SCHEMA_NAME(g.object_id)) + '.' + QUOTENAME(g.name) AS name, CONVERT(varchar(1), g.is_disabled) AS is_disabled FROM sys.triggers AS g WHERE g.parent_id = OBJECT_ID(@p1) ORDER BY g.name`;

export const triggerSide: TriggerSide = {
  async activeTriggers(session, table) {
    const rows = await session.query(triggers, [named(table)]);
    return rows.map(({ name, event }) => ({ name: `trigger ${name}`, events: [event as TriggerEvent], mayRemoveRows: true }));
  },
  lockStatements: (table) => [locked(table)],
  async ddlTriggers(session, table) {
    const rows = await session.query(put, [named(table)]);
    return rows.map(({ name, is_disabled }) => {
      const acts = !yes(is_disabled);
      const turned = (how: string) => (acts ? `${how} TRIGGER ${name} ON ${named(table)}` : null);
      return { drop: `DROP TRIGGER ${name}`, disable: turned('DISABLE'), enable: turned('ENABLE') };
    });
  },
};

function declarationOf({ type, length, digits, scale }: Row): string {
  const name = type ?? '';
  const bytes = Number(length);
  if (name === 'decimal' || name === 'numeric') return `${name}(${digits},${scale})`;
  if (/^(time|datetime2|datetimeoffset)$/.test(name)) return `${name}(${scale})`;
  if (/^n(var)?char$/.test(name)) return `${name}(${bytes < 0 ? 'max' : bytes / 2})`;
  return /^(var)?(char|binary)$/.test(name) ? `${name}(${bytes < 0 ? 'max' : bytes})` : name;
}

const keys = `SELECT i.name AS name, CONVERT(varchar(1), i.is_primary_key) AS is_primary, c.name AS [column]
FROM sys.indexes AS i JOIN sys.index_columns AS k ON k.object_id = i.object_id AND k.index_id = i.index_id
JOIN sys.columns AS c ON c.object_id = k.object_id AND c.column_id = k.column_id
WHERE i.object_id = CONVERT(int, @p1) AND i.is_unique = 1 AND i.has_filter = 0 AND i.is_disabled = 0 AND k.key_ordinal > 0
ORDER BY i.index_id, k.key_ordinal`;

async function keysOf(session: Session, id: string): Promise<readonly TargetKey[]> {
  return keysFrom(await session.query(keys, [id]), ({ is_primary }) => yes(is_primary));
}

/** Everything that would stay with the old table if another table took its place, or that prevents a replacement. What `carryOverStatements` moves is left out. */
const dependents = `WITH t AS (SELECT * FROM sys.tables WHERE object_id = CONVERT(int, @p1))
SELECT 'schema-bound ' + LOWER(REPLACE(o.type_desc, '_', ' ')) AS kind, OBJECT_SCHEMA_NAME(o.object_id) + '.' + o.name AS name, c.name AS [column], '0' AS holds
  FROM t JOIN sys.sql_expression_dependencies AS d ON d.referenced_id = t.object_id AND d.is_schema_bound_reference = 1 AND d.referencing_id <> t.object_id
  JOIN sys.objects AS o ON o.object_id = d.referencing_id AND o.type IN ('V', 'FN', 'IF', 'TF')
  LEFT JOIN sys.columns AS c ON c.object_id = t.object_id AND c.column_id = d.referenced_minor_id AND d.referenced_minor_id > 0
UNION ALL SELECT 'foreign key', f.name + ' of ' + OBJECT_NAME(f.parent_object_id), c.name, CASE WHEN f.delete_referential_action = 0 THEN '1' ELSE 'passes on' END
  FROM t JOIN sys.foreign_keys AS f ON f.referenced_object_id = t.object_id AND f.parent_object_id <> t.object_id
  JOIN sys.foreign_key_columns AS k ON k.constraint_object_id = f.object_id JOIN sys.columns AS c ON c.object_id = t.object_id AND c.column_id = k.referenced_column_id
UNION ALL SELECT 'foreign key', f.name, NULL, '0' FROM t JOIN sys.foreign_keys AS f ON f.parent_object_id = t.object_id
UNION ALL SELECT 'check constraint', k.name, NULL, '0' FROM t JOIN sys.check_constraints AS k ON k.parent_object_id = t.object_id
UNION ALL SELECT 'trigger', g.name, NULL, '0' FROM t JOIN sys.triggers AS g ON g.parent_id = t.object_id
UNION ALL SELECT 'history of versions', OBJECT_NAME(COALESCE(history_table_id, object_id)), NULL, '0' FROM t WHERE temporal_type <> 0
UNION ALL SELECT 'replication', name, NULL, '0' FROM t WHERE is_published = 1 OR is_schema_published = 1 OR is_merge_published = 1 OR is_sync_tran_subscribed = 1 OR is_replicated = 1
UNION ALL SELECT 'change data capture', name, NULL, '0' FROM t WHERE is_tracked_by_cdc = 1
UNION ALL SELECT 'change tracking', name, NULL, '0' FROM t WHERE EXISTS (SELECT 1 FROM sys.change_tracking_tables AS k WHERE k.object_id = t.object_id)
UNION ALL SELECT 'memory optimisation', name, NULL, '0' FROM t WHERE is_memory_optimized = 1
UNION ALL SELECT 'file table', name, NULL, '0' FROM t WHERE is_filetable = 1
UNION ALL SELECT 'security policy', y.name, NULL, '0' FROM t JOIN sys.security_predicates AS p ON p.target_object_id = t.object_id JOIN sys.security_policies AS y ON y.object_id = p.object_id
UNION ALL SELECT 'full-text index', name, NULL, '0' FROM t WHERE EXISTS (SELECT 1 FROM sys.fulltext_indexes AS f WHERE f.object_id = t.object_id)
UNION ALL SELECT 'index', i.name, NULL, '0' FROM t JOIN sys.indexes AS i ON i.object_id = t.object_id AND (i.type NOT IN (0, 1, 2, 5, 6) OR i.is_disabled = 1)
UNION ALL SELECT 'partitioning', s.name, NULL, '0' FROM t JOIN sys.indexes AS i ON i.object_id = t.object_id AND i.index_id IN (0, 1) JOIN sys.partition_schemes AS s ON s.data_space_id = i.data_space_id
UNION ALL SELECT 'description', e.name, NULL, '0' FROM t JOIN sys.extended_properties AS e ON e.major_id = t.object_id AND e.class = 1 AND e.name <> N'hygge_texts'
UNION ALL SELECT 'identity', c.name, NULL, '0' FROM t JOIN sys.identity_columns AS c ON c.object_id = t.object_id
UNION ALL SELECT 'mask', c.name, NULL, '0' FROM t JOIN sys.masked_columns AS c ON c.object_id = t.object_id WHERE c.is_masked = 1
ORDER BY 1, 2, 3`;

const settings = ['memory optimisation', 'file table', 'partitioning', 'identity'];

async function dependentsOf(session: Session, id: string): Promise<readonly Dependent[]> {
  return dependentsFrom(await session.query(dependents, [id]), settings, ({ holds: reach }) => ({
    ...(yes(reach) || reach === 'passes on' ? { holdsRows: true } : {}),
    ...(reach === 'passes on' ? { passesOn: true } : {}),
  }));
}

const rights: Readonly<Record<TableRight, string>> = {
  create: `CASE WHEN HAS_PERMS_BY_NAME(QUOTENAME(@p2), 'SCHEMA', 'ALTER') = 1 AND HAS_PERMS_BY_NAME(QUOTENAME(DB_NAME()), 'DATABASE', 'CREATE TABLE') = 1 THEN 1 ELSE 0 END`,
  alter: `HAS_PERMS_BY_NAME(@p1, 'OBJECT', 'ALTER')`,
  insert: `HAS_PERMS_BY_NAME(@p1, 'OBJECT', 'INSERT')`,
  update: `HAS_PERMS_BY_NAME(@p1, 'OBJECT', 'UPDATE')`,
  delete: `HAS_PERMS_BY_NAME(@p1, 'OBJECT', 'DELETE')`,
  drop: `CASE WHEN HAS_PERMS_BY_NAME(@p1, 'OBJECT', 'CONTROL') = 1 OR HAS_PERMS_BY_NAME(QUOTENAME(@p2), 'SCHEMA', 'ALTER') = 1 THEN 1 ELSE 0 END`,
};
/** The role’s rights to a table, as a SELECT list. `@p1` is the quoted table, and `@p2` is the table’s schema. */
export const permittedList = Object.entries(rights)
  .map(([right, said]) => `CONVERT(varchar(1), ${said}) AS ${quoteName(right)}`)
  .join(', ');
const permitted = `SELECT ${permittedList}`;

/** The missing rights to replace a table. Its pages are switched, or the table is renamed, and another table is made in its schema. */
function unmovable(held: Catalog['rights'], { schema }: TableName): readonly Dependent[] {
  if (held.alter !== false && held.create !== false) return [];
  const statement = `GRANT ALTER ON SCHEMA::${quoteName(schema)} TO …; GRANT CREATE TABLE TO …`;
  const name = held.alter === false ? 'ALTER on the table' : `ALTER on the schema ${schema}, or CREATE TABLE`;
  return [missingRight('missing right', name, statement)];
}

async function rightsOf(session: Session, table: TableName): Promise<Catalog['rights']> {
  const [row = {}] = await session.query(permitted, [named(table), table.schema]);
  return rightsIn(row);
}

export const rightsIn = (row: Row): Catalog['rights'] => Object.fromEntries(Object.keys(rights).map((right) => [right, yes(row[right])]));
