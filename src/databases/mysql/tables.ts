/** Lists the tables and views of a MySQL or MariaDB database, for making files of entities. */
import type { TableFound } from '../../engine/contracts/connector.ts';
import type { Row } from '../engine.ts';
import { bestKey, risingOf } from '../sql/rising.ts';
import type { MysqlSession } from './connect.ts';
import { names } from './dialect.ts';

/** The server lists a table if the role has any right on the table, even if the role may not read the table. hygge’s own tables are left out. */
const found = `SELECT TABLE_SCHEMA AS \`schema\`, TABLE_NAME AS name, LOWER(TABLE_TYPE) AS kind, TABLE_ROWS AS \`rows\`, DATA_LENGTH AS bytes
FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE IN ('BASE TABLE', 'VIEW', 'SYSTEM VERSIONED') ORDER BY TABLE_NAME`;
/** The columns of unique indexes. An index of an expression, or of the beginning of a text, does not count as a key even if it is unique. */
const keys = `SELECT TABLE_NAME AS name, COLUMN_NAME AS \`column\`, INDEX_NAME AS \`index\`,
  NULLABLE = 'YES' OR COLUMN_NAME IS NULL OR SUB_PART IS NOT NULL AS nullable FROM information_schema.STATISTICS
WHERE TABLE_SCHEMA = DATABASE() AND NON_UNIQUE = 0 ORDER BY TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX`;
const columns = `SELECT c.TABLE_NAME AS name, c.COLUMN_NAME AS \`column\`, c.COLUMN_TYPE AS type, c.DATA_TYPE AS kind, c.EXTRA AS extra, c.IS_NULLABLE AS nullable,
  c.PRIVILEGES LIKE '%select%' AS may,
  EXISTS (SELECT 1 FROM information_schema.STATISTICS i WHERE i.TABLE_SCHEMA = c.TABLE_SCHEMA AND i.TABLE_NAME = c.TABLE_NAME
    AND i.COLUMN_NAME = c.COLUMN_NAME AND i.SEQ_IN_INDEX = 1 AND i.SUB_PART IS NULL AND i.INDEX_TYPE = 'BTREE') AS indexed
FROM information_schema.COLUMNS c WHERE c.TABLE_SCHEMA = DATABASE() ORDER BY c.TABLE_NAME, c.ORDINAL_POSITION`;

export async function tables(session: MysqlSession): Promise<readonly TableFound[]> {
  const all = (await session.query(found)).filter(({ name }) => !/^hygge_(metadata|staging)/.test(name ?? ''));
  const ofTables = grouped(await session.query(columns));
  const keysOf = grouped(await session.query(keys));
  return all.map(({ schema, name, kind, rows, bytes }): TableFound => {
    const isView = kind === 'view';
    const unread = unreadFor(ofTables.get(name ?? '') ?? [], isView);
    return {
      ...{ schema: schema ?? '', name: name ?? '', written: names.spellName(name) },
      ...{ kind: isView ? 'view' : 'table', rows: isView || rows == null ? null : Number(rows) },
      ...(unread === undefined ? {} : { unread }),
      bytes: isView || bytes == null ? null : Number(bytes),
      ...bestKey(
        (keysOf.get(name ?? '') ?? []).map(({ index, column, nullable }) => ({
          ...{ index: index ?? '', column: column ?? '', isPrimary: index === 'PRIMARY', isNullable: nullable !== '0' },
        })),
      ),
      columns: (ofTables.get(name ?? '') ?? []).map(({ column }) => column ?? ''),
      rising: risingOf(
        (ofTables.get(name ?? '') ?? []).map(({ column, type, kind: declared, extra, indexed, nullable }) => ({
          ...{ column: column ?? '', type: type ?? '', isTime: declared === 'datetime' || declared === 'timestamp' },
          ...{ isCounted: /auto_increment/i.test(extra ?? ''), isDay: declared === 'date', isNullable: isView || nullable !== 'NO' },
          newestValueBy:
            indexed === '1' ? 'indexed' : isView ? 'the whole view is read for it' : 'without an index: each run reads the whole table',
        })),
      ),
    };
  });
}

/** Why a table can’t be read. Undefined: the table can be read. A broken view lists no columns. */
function unreadFor(columns: readonly Row[], isView: boolean): string | undefined {
  const readable = columns.filter(({ may }) => may === '1').length;
  if (readable === columns.length && (readable > 0 || isView)) return undefined;
  return readable === 0 ? 'no right to read' : 'no right to read all of its columns';
}

function grouped(rows: readonly Row[]): ReadonlyMap<string, readonly Row[]> {
  return Map.groupBy(rows, ({ name }) => name ?? '');
}
