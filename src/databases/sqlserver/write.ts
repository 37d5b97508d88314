/** How hygge writes rows and tables in SQL Server. */
import type { Change, TargetColumn } from '../../engine/contracts/catalog.ts';
import type { Frame } from '../../engine/contracts/frame.ts';
import { withArrow } from '../../frames/values/from-polars.ts';
import { asPolars } from '../../frames/values/polars-frame.ts';
import { setClause } from '../ddl.ts';
import type { ColumnSide, IdentityInserts, LoadedTable, MergeSide, Writes } from '../writes.ts';
import { takes as alsoTakes, declared, howChanged, held as newColumnHolds, ownType as parseType } from './columns.ts';
import type { SqlServerSession } from './connect.ts';
import { columns, destination as inspectDestination, locked, schemasWithAll, tablesIn, triggerSide } from './destination.ts';
import { exactly, names, quoteName, quoteText, totals } from './dialect.ts';
import { rowBlocks, sentColumn } from './encode.ts';
import { meaning as errorClass, explainWritten } from './errors.ts';
import { around as alterObstacles, carriedOver as carryOverStatements, rowExchange } from './like.ts';
import { made, storeKeys } from './storage.ts';
import { alteredTo, lengths } from './texts.ts';

/** How long to wait for a lock, in milliseconds. After this time, other sessions that queue behind ours get their turn. */
const lockMs = 30_000;
/** The number of rows in one batch of a bulk load. A columnstore compresses a batch of this size directly into a row group. */
const batchRows = 102_400;

/** Bytes that `=` compares exactly. For `=`, bytes that differ only in trailing zeros are equal, so a byte that is not zero is appended. */
export const exactBytes = (expression: string) => `convert(varbinary(max), ${expression}) + 0x01`;

export const altersValueCondition: ColumnSide['altersValueCondition'] = (value, { from, to }) =>
  `${value} is not null and (try_convert(${to}, ${value}) is null or ${exactBytes(`try_convert(${from}, try_convert(${to}, ${value}))`)} <> ${exactBytes(value)})`;

export const createSchema = (schema: string): string =>
  `IF SCHEMA_ID(${quoteText(schema)}) IS NULL EXEC(${quoteText(`CREATE SCHEMA ${quoteName(schema)}`)})`;

export const equalByCollation: NonNullable<MergeSide['equalByCollation']> = (column, staged, collation) =>
  collation === null ? `${column} = ${staged}` : `${column} = ${staged} collate ${collation}`;

export const identityColumns = {
  by: 'setting',
  allowInserts: (table) => `SET IDENTITY_INSERT ${table} ON`,
  endInserts: (table) => `SET IDENTITY_INSERT ${table} OFF`,
  countAgain: null,
} as const satisfies IdentityInserts;

export const writes: Writes<SqlServerSession> = {
  columns: {
    naming: { longest: { most: 128, of: 'characters' }, case: 'ignored', reserved: [] },
    ...{ newColumnHolds, declared, alsoTakes, parseType, howChanged },
    canBeKey: (declaration) => !/\(max\)$/.test(declaration),
    // Staged texts are compared exactly, independent of the database’s collation, because rows of a part are distinguished by their exact tags.
    declaredStaged: (type) => (declared(type) === 'nvarchar(max)' ? `nvarchar(max) COLLATE ${exactly}` : declared(type)),
    altersValueCondition,
  },
  tables: {
    ...{ alter, alterObstacles, extrasOfNewTable: made },
    createSchema,
    analyze: (table) => `update statistics ${table}`,
    identityColumns,
  },
  catalog: {
    // A name without a schema means a table in `dbo`, because someone else may choose and change the user’s default schema.
    parseTableName: (written) => names.parseDestination(written, 'dbo'),
    ...{ inspectDestination, columns, tablesIn, schemasWithAll },
  },
  staging: { load: { by: 'frames', copy }, totals },
  merge: {
    createTemporary: (table, from) => [`select * into ${table} from ${from} k`, `update statistics ${table}`],
    dropTemporary: (table) => `drop table ${table}`,
    update: ({ table, source, sets, on }) =>
      `update hygge_now set ${setClause(sets)} from ${table} as hygge_now with (holdlock) join ${source} as hygge_new on ${on}`,
    deleteFrom: ({ table, where }) => `delete hygge_now from ${table} as hygge_now where ${where}`,
    // The table lock lets only one transaction insert at a time, so no other session inserts rows in between.
    insertTarget: (table) => `${table} with (tablock)`,
    exactText: (expression) => exactBytes(`convert(nvarchar(max), ${expression})`),
    exactBytes,
    equalByCollation,
  },
  commit: {
    by: 'transaction',
    settings: `SET LOCK_TIMEOUT ${lockMs}`,
    briefLockSettings: 'SET LOCK_TIMEOUT 2000',
    lockStatement: locked,
    // The old name is qualified and quoted, but the new name is used exactly as written.
    renameStatement: (table, to) => `EXEC sp_rename ${quoteText(table)}, ${quoteText(to)}`,
    carryOverStatements,
  },
  errors: { errorClass, explain: explainWritten },
  ownTables: {
    tablesFor: 'all entities',
    types: { text: 'nvarchar(max)', key: `nvarchar(260) COLLATE ${exactly}`, number: 'bigint', instant: 'datetimeoffset(7)' },
    nowExpression: 'SYSDATETIMEOFFSET()',
    primaryKeyClause: 'primary key nonclustered',
    parameter: (place) => `@p${place}`,
    createIfMissing: (table, parts) => `IF OBJECT_ID(${quoteText(table)}) IS NULL create table ${table} (\n  ${parts.join(',\n  ')}\n)`,
    insertUnlessThere: ({ table, columns: into, values, where }) =>
      `insert into ${table} (${into}) select ${values} where not exists (select 1 from ${table} with (updlock, holdlock) where ${where})`,
    selectForUpdate: ({ list, table, where }) => `select ${list} from ${table} with (updlock, holdlock) where ${where}`,
    rowAsText: () => '(select hygge_new.* for json path, without_array_wrapper, include_null_values)',
  },
  rowTakeover: rowExchange,
  ...{ storeKeys, lengths },
  triggers: triggerSide,
};

function alter(table: string, change: Change, there?: TargetColumn): string {
  const altered = (name: string, type: string, isNullable: boolean) =>
    alteredTo(table, { name, collation: there?.collation ?? null }, type, isNullable);
  switch (change.change) {
    case 'add column':
      return `alter table ${table} add ${quoteName(change.column.name)} ${change.column.override?.declared ?? declared(change.column.type)} null`;
    case 'widen':
      return altered(change.column, declared(change.to), there?.nullable ?? true);
    case 'drop not null':
      return altered(change.column, there?.type ?? '', true);
    case 'rename column':
      return `EXEC sp_rename ${quoteText(`${table}.${quoteName(change.column)}`)}, ${quoteText(change.to)}, 'COLUMN'`;
  }
}

async function copy(
  session: SqlServerSession,
  { table }: LoadedTable,
  frame: Frame,
  written: (piece: Uint8Array) => void,
): Promise<number> {
  const { columns: all } = frame.schema;
  const sent = all.map(sentColumn);
  return withArrow(await asPolars(frame).collect(), async (data) => {
    let taken = 0;
    for (let from = 0; from < data.numRows; from += batchRows) {
      const blocks = function* () {
        for (const block of rowBlocks(data, all, { from, to: Math.min(data.numRows, from + batchRows) })) {
          written(block);
          yield block;
        }
      };
      taken += await session.load(table, sent, blocks());
    }
    return taken;
  });
}
