/** Lists the tables and views of a SQL Server database, for making files of entities. */
import type { TableFound } from '../../engine/contracts/connector.ts';
import { bestKey, risingOf } from '../sql/rising.ts';
import type { SqlServerSession } from './connect.ts';
import { names } from './dialect.ts';

const ours = `o.is_ms_shipped = 0 AND s.name NOT IN (N'hygge_metadata', N'hygge_staging')`;

/** The catalogue hides a table from a role that has no right to the table. */
const found = `SELECT CONVERT(varchar(12), o.object_id) AS id, s.name AS [schema], o.name AS name, RTRIM(o.type) AS kind,
  CONVERT(varchar(20), (SELECT SUM(p.rows) FROM sys.partitions AS p WHERE p.object_id = o.object_id AND p.index_id IN (0, 1))) AS [rows],
  CONVERT(varchar(20), (SELECT SUM(a.used_pages) * 8192 FROM sys.partitions AS p JOIN sys.allocation_units AS a ON a.container_id = p.partition_id
    WHERE p.object_id = o.object_id AND p.index_id IN (0, 1))) AS bytes,
  CONVERT(varchar(1), COALESCE(HAS_PERMS_BY_NAME(QUOTENAME(s.name) + N'.' + QUOTENAME(o.name), 'OBJECT', 'SELECT'), 0)) AS may
FROM sys.objects AS o JOIN sys.schemas AS s ON s.schema_id = o.schema_id
WHERE o.type IN ('U', 'V') AND ${ours}
ORDER BY s.name, o.name`;

const keys = `SELECT CONVERT(varchar(12), i.object_id) AS id, c.name AS [column], CONVERT(varchar(12), i.index_id) AS [index],
  CONVERT(varchar(1), i.is_primary_key) AS [primary], CONVERT(varchar(1), c.is_nullable) AS nullable
FROM sys.indexes AS i JOIN sys.index_columns AS k ON k.object_id = i.object_id AND k.index_id = i.index_id
JOIN sys.columns AS c ON c.object_id = k.object_id AND c.column_id = k.column_id
WHERE i.is_unique = 1 AND i.has_filter = 0 AND i.is_disabled = 0 AND k.key_ordinal > 0
ORDER BY i.object_id, i.index_id, k.key_ordinal`;

const columns = `SELECT CONVERT(varchar(12), c.object_id) AS id, c.name AS [column], TYPE_NAME(c.system_type_id) AS type, CONVERT(varchar(3), c.scale) AS scale,
  CONVERT(varchar(1), c.is_identity) AS counted, CONVERT(varchar(1), c.is_nullable) AS nullable,
  CASE WHEN EXISTS (SELECT 1 FROM sys.index_columns AS k JOIN sys.indexes AS i ON i.object_id = k.object_id AND i.index_id = k.index_id
    WHERE k.object_id = c.object_id AND k.column_id = c.column_id AND k.key_ordinal = 1 AND i.type IN (1, 2) AND i.is_disabled = 0 AND i.has_filter = 0)
    THEN '1' ELSE '0' END AS indexed
FROM sys.columns AS c JOIN sys.objects AS o ON o.object_id = c.object_id JOIN sys.schemas AS s ON s.schema_id = o.schema_id
WHERE o.type IN ('U', 'V') AND ${ours}
ORDER BY c.object_id, c.column_id`;

export async function tables(session: SqlServerSession): Promise<readonly TableFound[]> {
  const all = await session.query(found);
  const byTable = Map.groupBy(await session.query(columns), ({ id }) => id ?? '');
  const keysOf = Map.groupBy(await session.query(keys), ({ id }) => id ?? '');
  return all.map(({ id, schema, name, kind, rows, bytes, may }): TableFound => {
    const isView = kind === 'V';
    return {
      ...{ schema: schema ?? '', name: name ?? '', written: names.spellName(schema, name), kind: isView ? 'view' : 'table' },
      ...(may === '1' ? {} : { unread: 'no right to read' }),
      ...{ rows: isView || rows == null ? null : Number(rows), bytes: isView || bytes == null ? null : Number(bytes) },
      ...bestKey(
        (keysOf.get(id ?? '') ?? []).map(({ index, column, primary, nullable }) => ({
          ...{ index: index ?? '', column: column ?? '', isPrimary: primary === '1', isNullable: nullable !== '0' },
        })),
      ),
      columns: (byTable.get(id ?? '') ?? []).map(({ column }) => column ?? ''),
      rising: risingOf(
        (byTable.get(id ?? '') ?? []).map(({ column, type, scale, counted, indexed, nullable }) => ({
          ...{ column: column ?? '', type: declared(type ?? '', scale ?? ''), isTime: /date./.test(type ?? '') },
          ...{ isDay: type === 'date', isNullable: isView || nullable !== '0' },
          // The server increases the version of a row whenever the row is written.
          isCounted: counted === '1',
          isVersion: type === 'timestamp',
          newestValueBy:
            indexed === '1' ? 'indexed' : isView ? 'the whole view is read for it' : 'without an index: each run reads the whole table',
        })),
      ),
    };
  });
}

function declared(type: string, scale: string): string {
  if (type === 'timestamp') return 'rowversion';
  return /^datetime(2|offset)$/.test(type) ? `${type}(${scale})` : type;
}
