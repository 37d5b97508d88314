/** How hygge writes rows and tables in SQLite. */
import { hash } from 'node:crypto';
import type { Change, Dependent, TargetColumn } from '../../engine/contracts/catalog.ts';
import type { Frame } from '../../engine/contracts/frame.ts';
import { letGoOfBytes } from '../../frames/native-bytes.ts';
import type { Column } from '../../frames/schema.ts';
import { piecesOf } from '../../frames/values/from-polars.ts';
import { asPolars } from '../../frames/values/polars-frame.ts';
import { ansiWrites } from '../ansi.ts';
import { indexKey } from '../config.ts';
import { setClause } from '../ddl.ts';
import type { Row } from '../engine.ts';
import { type AttemptTags, fromUnmatchedByJoin, type LoadedTable, type Writes } from '../writes.ts';
import { takes as alsoTakes, declared, howChanged, held as newColumnHolds, ownType as parseType, strictly } from './columns.ts';
import type { SqliteSession } from './connect.ts';
import { columns, destination as inspectDestination, leadingColumns, schemasWithAll, tablesIn, triggerSide } from './destination.ts';
import { nameOf, names, quoteName, quoteText, totals } from './dialect.ts';
import { meaning as errorClass, explainWritten } from './errors.ts';

const nothing = 'SELECT 1';

/** @param called the quoted name of the index. */
const createIndex = (called: string, table: string, columns: readonly string[]): string =>
  `create index ${called} on ${quoteName(table)} (${columns.map(quoteName).join(', ')})`;

/** After a swap, views of the old table would show the old rows, without an error. */
const swapObstacle: Dependent = {
  kind: 'rule',
  name: 'of SQLite that views follow a table that is renamed',
  columns: null,
  staysWithOld: true,
  isAlways: true,
};

const rowid = '_rowid_';

/** A condition for rows of an attempt: the rows after the last earlier row. */
const ofAttempt = ([before, rows]: readonly [tag: string, rows: number]): string =>
  `${rowid} > ${before} and ${rowid} <= ${Number(before) + rows}`;

/** Attempts need no tags. Only one transaction writes at a time, and no transaction deletes rows. So the rows of each transaction are contiguous, and come after the earlier rows. */
const attemptTags: AttemptTags<SqliteSession> = {
  systemColumnName: rowid,
  async newTag(session, table) {
    const [row] = await session.query(`select coalesce(max(${rowid}), 0) as last from ${table}`);
    return row?.last ?? '0';
  },
  tagCondition: (all) => `(${[...all].map(ofAttempt).join(' or ')})`,
  async countByTag(session, table, counts, all) {
    const found: Row[] = [];
    // Attempts are counted one after the other. For a statement that groups rows, SQLite would first sort all rows on the disk.
    for (const one of all) {
      const [row] = await session.query(`select ${['count(*) as n', ...counts].join(', ')} from ${table} where ${ofAttempt(one)}`);
      found.push({ ...row, tag: one[0] });
    }
    const [whole] = await session.query(`select count(*) as n from ${table}`);
    return [...found, { tag: '', n: String(found.reduce((rest, { n }) => rest - Number(n), Number(whole?.n))) }];
  },
};

const standard = ansiWrites({ quote: quoteName }, declared);

export const writes: Writes<SqliteSession> = {
  columns: {
    naming: { longest: null, case: 'ignored', reserved: [] },
    ...{ newColumnHolds, declared, alsoTakes, parseType },
    howChanged: (change) => howChanged(change),
    // In a column with a numeric type, SQLite converts a document that is only a number to a number.
    altersValueCondition: (value, { from, to }) =>
      from === 'JSON_TEXT' && /^jsonb?$/i.test(to) ? `json_type(${value}) in ('integer', 'real')` : '1 = 0',
    fromText: (expression, type) =>
      ['int64', 'bool', 'float64'].includes(type.kind) ? `cast(${expression} as ${declared(type)})` : expression,
  },
  tables: {
    alter,
    // Schemas need no statement, because a schema is only a prefix of its tables’ names.
    createSchema: () => nothing,
    // ANALYZE would leave its own tables in the file, so it is not run.
    analyze: () => nothing,
    prepareOutsideTransaction: (session) => session.makeReady(),
  },
  catalog: {
    parseTableName: (written) => ({ ...names.parseDestination(written, 'main'), schema: 'main' }),
    ...{ inspectDestination, columns, tablesIn, schemasWithAll },
  },
  staging: { load: { by: 'frames', copy }, totals, attemptTags },
  merge: {
    indexes: {
      leadingColumns,
      create: ({ name }, columns) => createIndex(quoteName(`${name}_key`), name, columns),
      // Indexes, tables and views of a file share one set of names. If a person renames a table, its indexes keep their names.
      ofNewTable: ({ name }, columns) => {
        const called = quoteName(`hygge_key_${hash('sha256', name).slice(0, 16)}`);
        const names = columns.map((column) => column.name);
        return [createIndex(`if not exists ${called}`, name, names)];
      },
    },
    ...standard.merge,
    smallText: (expression) => `lower(rtrim(${expression}))`,
    createTemporary: (table, from) => [`create table ${table} as select * from ${from} k`],
    update: ({ table, source, sets, on }) => `update ${table} as hygge_now set ${setClause(sets)} from ${source} hygge_new where ${on}`,
    deleteFrom: ({ table, where }) => `delete from ${table} as hygge_now where ${where}`,
    fromUnmatchedRows: fromUnmatchedByJoin,
    uuidTexts: {
      equal: (column, staged) => `${column} in (${staged}, upper(${staged}))`,
      createIndex: (name, table, expressions) => `create index ${name} on ${table.replace(/^main\./, '')} (${expressions.join(', ')})`,
    },
  },
  commit: {
    ...standard.commit,
    // A writing transaction needs no locks or settings, because no other transaction writes to the file.
    ...{ settings: nothing, briefLockSettings: nothing, lockStatement: () => nothing, swapObstacle },
    // The new table replaces the old table, and from then on views show the new table. Views of missing tables stay unchanged.
    moveStatement: (table, { name }) =>
      `pragma legacy_alter_table = on; alter table ${nameOf(table)} rename to ${quoteName(name)}; pragma legacy_alter_table = off`,
  },
  errors: { errorClass, explain: explainWritten },
  triggers: triggerSide,
  storeKeys: indexKey,
  ownTables: {
    ...standard.ownTables,
    types: { text: 'text', key: 'text', number: 'integer', instant: 'text' },
    nowExpression: `strftime('%Y-%m-%dT%H:%M:%fZ', 'now')`,
    selectForUpdate: ({ list, table, where }) => `select ${list} from ${table} where ${where}`,
    rowAsText,
  },
};

function rowAsText(columns: readonly Column[]): string {
  const fields = columns.map(({ name }) => {
    const value = `hygge_new.${quoteName(name)}`;
    return `${quoteText(name)}, case typeof(${value}) when 'blob' then hex(${value}) else ${value} end`;
  });
  return `json_object(${fields.join(', ')})`;
}

function alter(table: string, change: Change, _there?: TargetColumn, all: readonly TargetColumn[] = []): string {
  switch (change.change) {
    case 'add column': {
      const type = change.column.override?.declared ?? declared(change.column.type);
      return `alter table ${table} add column ${quoteName(change.column.name)} ${all.some(({ isStrict }) => isStrict) ? strictly(type) : type}`;
    }
    case 'rename column':
      return `alter table ${table} rename column ${quoteName(change.column)} to ${quoteName(change.to)}`;
    case 'drop not null':
      return `alter table ${table} alter column ${quoteName(change.column)} drop not null`;
    case 'widen':
      throw new Error(`SQLite has no way to ${change.change}`);
  }
}

async function copy(session: SqliteSession, { table }: LoadedTable, frame: Frame, written: (piece: Uint8Array) => void): Promise<number> {
  const data = await asPolars(frame).collect();
  const pieces = piecesOf((collecting) => data.writeIPCStream(collecting));
  const ipc = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.byteLength, 0));
  let at = 0;
  for (const piece of pieces) {
    written(piece);
    ipc.set(piece, at);
    at += piece.byteLength;
    letGoOfBytes(piece);
  }
  const { columns: of } = frame.schema;
  return session.write({ table, columns: of, ipc });
}
