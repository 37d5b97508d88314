/** How hygge writes rows and tables in a Warehouse, where that differs from SQL Server. Rows are loaded by COPY INTO, without locks, and tables are not altered. */
import type { Change } from '../../../engine/contracts/catalog.ts';
import { setClause } from '../../ddl.ts';
import type { Writes } from '../../writes.ts';
import type { SqlServerSession } from '../connect.ts';
import { schemasWithAll, tablesIn } from '../destination.ts';
import { quoteName, summed, totals } from '../dialect.ts';
import { identityInsertKey } from '../storage.ts';
import { altersValueCondition, createSchema, equalByCollation, exactBytes, identityColumns, writes as sqlServer } from '../write.ts';
import {
  takes as alsoTakes,
  declared,
  declaredStaged,
  howChanged,
  held as newColumnHolds,
  ownType as parseType,
  stagedValue,
  timestampsKey,
} from './columns.ts';
import { loadFrom, stagingKey } from './copy-into.ts';
import { columns, inspectDestination, swapObstacle } from './destination.ts';
import { exactly, names, quoteText } from './dialect.ts';
import { meaning as errorClass, explainWritten, isConflict } from './errors.ts';

/** A statement without an effect. Fabric needs no settings, since it has no locks to wait for, and only one isolation level. */
const nothing = 'SELECT 1 AS one';

export const writes: Writes<SqlServerSession> = {
  columns: {
    naming: { longest: { most: 128, of: 'characters' }, case: 'ignored', reserved: [] },
    ...{ newColumnHolds, declared, declaredStaged, alsoTakes, parseType, howChanged, altersValueCondition, stagedValue },
    castToType: (expression, type) => (type.kind === 'timestamp' ? asTime(expression) : `CONVERT(${declared(type)}, ${expression})`),
  },
  tables: {
    ...{ alter, createSchema },
    analyze: () => nothing,
    // Fabric assigns ranges of numbers. According to its documentation, these numbers may repeat numbers of written rows.
    identityColumns: { ...identityColumns, countAgain: (table) => `DBCC CHECKIDENT(${quoteText(table)}, RESEED)` },
  },
  catalog: {
    parseTableName: (written) => names.parseDestination(written, 'dbo'),
    ...{ inspectDestination, columns, tablesIn, schemasWithAll },
  },
  staging: {
    load: { by: 'files in a place of the store', of: loadFrom },
    isOutsideTransaction: true,
    // Texts are UTF-8, as in frames. So if a text is cut, the sum of bytes shows it.
    totals: (column, type) => (type.kind === 'string' ? { sum: summed(`DATALENGTH(${column})`, 0) } : totals(column, type)),
  },
  merge: {
    createTemporary: (table, from) => [`create table ${table} as select * from ${from} k`],
    dropTemporary: (table) => `drop table ${table}`,
    update: ({ table, source, sets, on }) =>
      `update hygge_now set ${setClause(sets)} from ${table} as hygge_now join ${source} as hygge_new on ${on}`,
    deleteFrom: ({ table, where }) => `delete hygge_now from ${table} as hygge_now where ${where}`,
    exactText: (expression) => exactBytes(`convert(varchar(max), ${expression})`),
    ...{ exactBytes, equalByCollation },
  },
  commit: {
    by: 'transaction',
    ...{ settings: nothing, briefLockSettings: nothing, swapObstacle, altersAhead: true, isConflict },
    // Fabric has no locks. This statement fails if the table is missing, as a lock would.
    lockStatement: (table) => `select top (1) 1 as one from ${table}`,
    renameStatement: (table, to) => (sqlServer.commit.by === 'transaction' ? sqlServer.commit.renameStatement(table, to) : ''),
  },
  errors: { errorClass, explain: explainWritten },
  storeKeys: { staging: stagingKey, identity_insert: identityInsertKey, timestamps: timestampsKey },
  ownTables: {
    ...sqlServer.ownTables,
    tablesFor: 'each entity',
    types: {
      text: `varchar(max) COLLATE ${exactly}`,
      key: `varchar(1040) COLLATE ${exactly}`,
      ...{ number: 'bigint', instant: 'datetime2(6)' },
    },
    nowExpression: 'CONVERT(datetime2(6), SYSUTCDATETIME())',
    primaryKeyClause: '',
    insertUnlessThere: ({ table, columns: into, values, where }) =>
      `insert into ${table} (${into}) select ${values} from (select 1 as one) as hygge_one where not exists (select 1 from ${table} where ${where})`,
    selectForUpdate: ({ list, table, where }) => `select ${list} from ${table} where ${where}`,
    rowAsText() {
      throw new Error('no version of hygge staged rows for quarantine in columns of their own here');
    },
  },
};

/** Converts a time, or its canonical text, which may end with a Z. */
const asTime = (expression: string): string => `CONVERT(datetime2(6), REPLACE(CONVERT(varchar(40), ${expression}, 121), 'Z', ''))`;

function alter(table: string, change: Change): string {
  if (change.change !== 'add column') throw new Error(`Fabric has no way to ${change.change}`);
  return `alter table ${table} add ${quoteName(change.column.name)} ${change.column.override?.declared ?? declared(change.column.type)} null`;
}
