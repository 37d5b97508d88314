/** What hygge reads from Fabric’s catalogue about a destination table. */
import type { Catalog, Dependent, TargetColumn } from '../../../engine/contracts/catalog.ts';
import { StoreError } from '../../../errors/hygge-error.ts';
import type { Row, Session } from '../../engine.ts';
import type { InspectedDestination, TableName } from '../../writes.ts';
import { notTable } from '../../writing-errors.ts';
import { lengthOf } from '../columns.ts';
import { named, permittedList, rightsIn, yes } from '../destination.ts';
import { declarationOf } from './catalog.ts';
import { holds } from './columns.ts';

const ofColumn = `c.name AS name, TYPE_NAME(c.system_type_id) AS type, CONVERT(varchar(6), c.max_length) AS length,
  CONVERT(varchar(3), c.precision) AS digits, CONVERT(varchar(3), c.scale) AS scale, CONVERT(varchar(1), c.is_nullable) AS nullable,
  CONVERT(varchar(1), c.is_identity) AS counted, CONVERT(varchar(1), c.is_computed) AS generated, c.collation_name AS collation`;

/** The query for columns. The result has a row for each column, or one row without a column if the table does not exist. */
const found = `SELECT o.kind AS kind, CONVERT(varchar(60), DATABASEPROPERTYEX(DB_NAME(), 'Edition')) AS edition, ${permittedList},
  ${ofColumn}
FROM (SELECT 1 AS one) AS a LEFT JOIN (SELECT object_id, RTRIM(type) AS kind FROM sys.objects WHERE object_id = OBJECT_ID(@p1)) AS o ON 1 = 1
LEFT JOIN sys.columns AS c ON c.object_id = o.object_id ORDER BY c.column_id`;

const described = `SELECT ${ofColumn}
FROM sys.columns AS c JOIN sys.tables AS t ON t.object_id = c.object_id WHERE c.object_id = OBJECT_ID(@p1) ORDER BY c.column_id`;

function endpointIsReadOnly(shown: string): StoreError {
  return new StoreError({
    code: 'HYG-4247',
    what: `${shown} is in an SQL endpoint, which is read only.`,
    why: ['The SQL endpoint of a Lakehouse or of a mirrored database shows tables that are in OneLake, and accepts no rows.'],
    tryThis: [
      'Name a Warehouse: database, or the database of another connection',
      'Or settle in the Lakehouse itself: store: { type: onelake, …, format: delta }',
    ],
  });
}

export async function inspectDestination(session: Session, table: TableName): Promise<InspectedDestination | null> {
  const rows = await session.query(found, [named(table), table.schema]);
  const [row = {}] = rows;
  const shown = `${table.schema}.${table.name}`;
  if (row.edition === 'LakeWarehouse') throw endpointIsReadOnly(shown);
  if (row.kind == null) return null;
  if (row.kind !== 'U') throw notTable(shown, row.kind === 'V' ? 'a view' : 'no table');
  // Fabric does not enforce keys, so keys prove nothing about the rows.
  const catalog: Catalog = { columns: columnsIn(rows), keys: [], dependents: [], rights: rightsIn(row) };
  return { catalog, bytes: 0, rows: null };
}

/** The columns of a table. Null: the table does not exist. */
export async function columns(session: Session, table: TableName): Promise<readonly TargetColumn[] | null> {
  const rows = await session.query(described, [named(table)]);
  return rows.length === 0 ? null : columnsIn(rows);
}

function columnsIn(rows: readonly Row[]): readonly TargetColumn[] {
  return rows.map((row): TargetColumn => {
    const type = declarationOf(row);
    const collation = row.collation ?? null;
    return {
      ...{ name: row.name ?? '', type, nullable: yes(row.nullable), default: null, collation, length: lengthOf(type) },
      filled: yes(row.counted) ? 'identity' : yes(row.generated) ? 'generated' : 'by rows',
      holds: holds(type) ?? null,
      // Every collation of Fabric ignores blanks at the end of texts.
      ...(collation === null ? {} : { isLoose: true }),
    };
  });
}

/** Why no other table replaces the table. People have set rights, masks and policies on the table, so only its rows change. */
export const swapObstacle: Dependent = {
  kind: 'rule',
  name: 'of hygge that a table of Fabric stays itself',
  columns: null,
  staysWithOld: true,
  isAlways: true,
};
