/** Lists the tables and views of a Warehouse or an SQL endpoint, for making files of entities. */
import type { TableFound } from '../../../engine/contracts/connector.ts';
import { bestKey, risingOf } from '../../sql/rising.ts';
import type { SqlServerSession } from '../connect.ts';
import { declarationOf } from './catalog.ts';
import { names } from './dialect.ts';
import { keys } from './key-statement.ts';

const ours = `o.is_ms_shipped = 0 AND s.name NOT IN ('sys', 'queryinsights', 'INFORMATION_SCHEMA', 'hygge_metadata', 'hygge_staging')`;

const found = `SELECT CONVERT(varchar(12), o.object_id) AS id, s.name AS [schema], o.name AS name, RTRIM(o.type) AS kind,
  CONVERT(varchar(1), COALESCE(HAS_PERMS_BY_NAME(QUOTENAME(s.name) + '.' + QUOTENAME(o.name), 'OBJECT', 'SELECT'), 0)) AS may
FROM sys.objects AS o JOIN sys.schemas AS s ON s.schema_id = o.schema_id
WHERE o.type IN ('U', 'V') AND ${ours}
ORDER BY s.name, o.name`;

const columns = `SELECT CONVERT(varchar(12), c.object_id) AS id, c.name AS [column], TYPE_NAME(c.system_type_id) AS type,
  CONVERT(varchar(6), c.max_length) AS length, CONVERT(varchar(3), c.precision) AS digits, CONVERT(varchar(3), c.scale) AS scale,
  CONVERT(varchar(1), c.is_nullable) AS nullable
FROM sys.columns AS c JOIN sys.objects AS o ON o.object_id = c.object_id JOIN sys.schemas AS s ON s.schema_id = o.schema_id
WHERE o.type IN ('U', 'V') AND ${ours}
ORDER BY c.object_id, c.column_id`;

export async function tables(session: SqlServerSession): Promise<readonly TableFound[]> {
  const all = await session.query(found);
  const byTable = Map.groupBy(await session.query(columns), ({ id }) => id ?? '');
  const keysOf = Map.groupBy(await session.query(keys), ({ id }) => id ?? '');
  return all.map(({ id, schema, name, kind, may }): TableFound => {
    const isView = kind === 'V';
    const own = byTable.get(id ?? '') ?? [];
    return {
      ...{ schema: schema ?? '', name: name ?? '', written: names.spellName(schema, name), kind: isView ? 'view' : 'table' },
      ...(may === '1' ? {} : { unread: 'no right to read' }),
      ...{ rows: null, bytes: null },
      ...bestKey(
        (keysOf.get(id ?? '') ?? []).map(({ index, column, primary, nullable }) => ({
          ...{ index: index ?? '', column: column ?? '', isPrimary: primary === '1', isNullable: nullable !== '0' },
        })),
      ),
      columns: own.map(({ column }) => column ?? ''),
      // Fabric assigns identity numbers in ranges, so they do not increase with time.
      rising: risingOf(
        own.map((row) => ({
          ...{ column: row.column ?? '', type: declarationOf(row), isTime: /^datetime/.test(row.type ?? ''), isDay: row.type === 'date' },
          ...{ isNullable: isView || row.nullable !== '0', isCounted: false },
          newestValueBy: isView ? 'the whole view is read for it' : 'each run reads this column for its newest value',
        })),
      ),
    };
  });
}
