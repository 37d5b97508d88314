/** Reads tables by change tracking. For each row of a table, identified by its primary key, SQL Server keeps the version of the row’s newest change. */

import { deletedColumn } from '../../engine/contracts/home.ts';
import { changeVersionColumn } from '../../engine/contracts/spec.ts';
import { type ChangeFeed, type ChangeTracking, DatabaseError, type Relation, type Row, type SourceColumn } from '../engine.ts';
import type { SqlServerSession } from './connect.ts';
import { quoteName } from './dialect.ts';
import { notShown, notTracked, onSecondary } from './errors.ts';
import type { Wire } from './types.ts';

const column = (name: string, sourceType: string, of: Pick<SourceColumn, 'type'> & { readonly wire: Wire }): SourceColumn => ({
  ...{ name, sourceType, type: of.type, selectExpression: quoteName(name), nullable: false, shownAsText: false },
  wire: JSON.stringify([name, sourceType, of.wire]),
});

const addedColumns = {
  version: column(changeVersionColumn, 'bigint', { type: { kind: 'int64' }, wire: { as: 'bigint' } }),
  deleted: column(deletedColumn, 'bit', { type: { kind: 'bool' }, wire: { as: 'bool' } }),
};

/** One query that shows whether changes are recorded, who may read them, and since when. 209 is the internal table that records changes. */
const state = `SELECT CONVERT(varchar(20), CHANGE_TRACKING_CURRENT_VERSION()) AS [current], CONVERT(varchar(20), CHANGE_TRACKING_MIN_VALID_VERSION(OBJECT_ID(@p1))) AS kept,
  CONVERT(varchar(12), OBJECT_ID(@p1)) AS [table], CONVERT(varchar(20), t.begin_version) AS began, CONVERT(varchar(12), i.object_id) AS record,
  CONVERT(varchar(12), d.retention_period) AS period, CONVERT(varchar(1), d.retention_period_units) AS unit, CONVERT(varchar(1), d.is_auto_cleanup_on) AS forgets,
  CONVERT(varchar(1), HAS_PERMS_BY_NAME(@p1, 'OBJECT', 'VIEW CHANGE TRACKING')) AS may, CONVERT(varchar(12), d.database_id) AS tracked,
  CONVERT(varchar(20), DATABASEPROPERTYEX(DB_NAME(), 'Updateability')) AS updateability, QUOTENAME(DB_NAME()) AS [database], QUOTENAME(USER_NAME()) AS role
FROM (SELECT DB_ID() AS id) AS here
LEFT JOIN sys.change_tracking_databases AS d ON d.database_id = here.id
LEFT JOIN sys.change_tracking_tables AS t ON t.object_id = OBJECT_ID(@p1)
LEFT JOIN sys.internal_tables AS i ON i.parent_object_id = OBJECT_ID(@p1) AND i.internal_type = 209`;

/** An id that changes if the database was restored to an earlier moment, or lost commits in a failover. */
const fork = 'SELECT CONVERT(varchar(36), recovery_fork_guid) AS fork FROM sys.database_recovery_status WHERE database_id = DB_ID()';

/** Error codes for a view that does not exist, or that the role may not read. The transaction continues. */
const unseen: ReadonlySet<string> = new Set(['208', '229', '262', '297', '300']);

const restartReasons = {
  table: 'The table was dropped and recreated.',
  began: 'Change tracking began again: the table was truncated, or tracking was switched off and on.',
  record: 'Change tracking of the table was switched off and on.',
  fork: 'The database was restored, or lost commits in a failover.',
};

async function readTracking(session: SqlServerSession, { from, shown }: Relation): Promise<ChangeTracking> {
  const [row = {}] = await session.query(state, [from]);
  if (row.updateability === 'READ_ONLY') throw onSecondary(shown);
  const untracked = () => notTracked(shown, from, row.tracked == null ? (row.database ?? '') : null);
  if (row.tracked == null || row.began == null) throw untracked();
  if (row.may !== '1') throw notShown(shown, `GRANT VIEW CHANGE TRACKING ON ${from} TO ${row.role};`);
  // After tracking was switched off, recorded changes may exist for a while, so `current` and `kept` are checked.
  if (row.current == null || row.kept == null) throw untracked();
  // Azure does not have this view, and some roles may not read it.
  const [branch] = await session.query(fork).catch((error: unknown): readonly Row[] => {
    if (error instanceof DatabaseError && unseen.has(error.code)) return [];
    throw error;
  });
  return {
    newestVersion: row.current,
    oldestUsableVersion: row.kept,
    identities: { table: row.table ?? null, began: row.began, record: row.record ?? null, fork: branch?.fork ?? null },
    keptMinutes: row.forgets === '1' ? Number(row.period) * ({ '1': 1, '2': 60, '3': 1440 }[row.unit ?? ''] ?? 1) : null,
  };
}

/** The names of the table’s own columns. The column with a time’s offset is left out, because it is computed from the time. */
const namesOf = ({ columns }: Relation): readonly string[] =>
  columns.filter(({ name, isDerived }) => !isDerived && name !== changeVersionColumn && name !== deletedColumn).map(({ name }) => name);

const asVersion = (text: string): string => BigInt(text).toString();

function allRowsFrom(relation: Relation, from: string, at: string | null): string {
  const read = at === null ? 'CHANGE_TRACKING_CURRENT_VERSION()' : `CONVERT(bigint, ${asVersion(at)})`;
  return `(SELECT ${namesOf(relation).map(quoteName).join(', ')}, ${read} AS ${quoteName(changeVersionColumn)}, CONVERT(bit, 0) AS ${quoteName(deletedColumn)} FROM ${from}) AS hygge_rows`;
}

/**
 * If a row is gone but its newest change is an insert or update, it was deleted after the change was read. The delete has a later version, and the next run reads
 * it. A row that was deleted and added again also has a later version.
 */
function changedRowsFrom(relation: Relation, after: string): string {
  const { primaryKey, from } = relation;
  const isKey = (name: string) => primaryKey.includes(name);
  const read = namesOf(relation).map((name) => {
    const quoted = quoteName(name);
    return isKey(name) ? `COALESCE(r.${quoted}, c.${quoted}) AS ${quoted}` : `r.${quoted}`;
  });
  const same = primaryKey.map((name) => `r.${quoteName(name)} = c.${quoteName(name)}`).join(' AND ');
  // The function accepts a literal or a variable, but not an expression.
  return `(SELECT ${read.join(', ')}, c.SYS_CHANGE_VERSION AS ${quoteName(changeVersionColumn)}, CONVERT(bit, CASE WHEN c.SYS_CHANGE_OPERATION = 'D' THEN 1 ELSE 0 END) AS ${quoteName(deletedColumn)}
FROM CHANGETABLE(CHANGES ${from}, ${asVersion(after)}) AS c LEFT JOIN ${from} AS r ON ${same} AND c.SYS_CHANGE_OPERATION <> 'D'
WHERE c.SYS_CHANGE_OPERATION = 'D' OR r.${quoteName(primaryKey[0] ?? '')} IS NOT NULL) AS hygge_changes`;
}

export const changeTracking: ChangeFeed<SqlServerSession> = {
  ...{ addedColumns, restartReasons, readTracking, allRowsFrom, changedRowsFrom },
  extraRight: 'VIEW CHANGE TRACKING',
  // Change tracking waits for no transaction, so the right to see transactions is not needed.
  rightThatColumnWatermarkNeeds: 'VIEW DATABASE STATE',
  keyConflict({ query, where }) {
    if (query !== undefined)
      return {
        key: 'query',
        needs: 'Changes are tracked for a table by its primary key. A query has no tracked changes and no primary key.',
      };
    if (where !== undefined)
      return {
        key: 'where',
        needs: 'An update after which a row fails the condition would not be reported: the settled row would stay unchanged.',
      };
    return undefined;
  },
};
