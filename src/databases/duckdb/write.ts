/** How hygge writes rows and tables in DuckDB: each frame goes through a parquet file in scratch, so that no value passes through JavaScript. */
import { hash } from 'node:crypto';
import type { Frame } from '../../engine/contracts/frame.ts';
import type { DataType } from '../../frames/schema.ts';
import { type SpoolFile, scratchColumn, spooled } from '../../frames/values/scratch-parquet.ts';
import { ansiWrites } from '../ansi.ts';
import {
  type AttemptTags,
  attemptColumn,
  countByTagStatement,
  type LoadedTable,
  type RowsAsTheyCame,
  type TableName,
  type UpdateFromSource,
  type Writes,
} from '../writes.ts';
import { declared, howChanged, held as newColumnHolds, ownType as parseType } from './columns.ts';
import { type DuckdbSession, nestedMore } from './connect.ts';
import {
  carriedOver as carryOverStatements,
  columns,
  destination as inspectDestination,
  plainColumns,
  schemasWithAll,
  tablesIn,
} from './destination.ts';
import { nameOf, names, quoteName, quoteText, totals } from './dialect.ts';
import { meaning as errorClass, explainWritten } from './errors.ts';
import { pagesFor } from './pages.ts';

const attempt = attemptColumn.name;

type Written = (piece: Uint8Array) => void;

/** Attempts are tagged by a column of the table. Dropping the column changes the table, so DuckDB refuses an earlier transaction that is still filling the table. */
const attemptTags: AttemptTags<DuckdbSession> = {
  tagColumn: attemptColumn,
  async newTag(session) {
    const [row] = await session.query('select (hash(uuid()) >> 1)::bigint as tag');
    return row?.tag ?? '';
  },
  tagCondition: (all) => `${attempt} in (${[...all.keys()].map(quoteText).join(', ')})`,
  countByTag: (session, table, counts) => session.query(countByTagStatement(table, counts, attempt)),
  async closeToWritersAndCountByTag(session, table, counts) {
    await session.run(`alter table ${table} drop column ${attempt}`);
    // This transaction does not see the rows of later transactions, so the rows are counted outside of this transaction.
    return session.beside(countByTagStatement(table, counts, attempt));
  },
};

const standard = ansiWrites({ quote: quoteName }, declared);

export const writes: Writes<DuckdbSession> = {
  columns: {
    naming: { longest: null, case: 'ignored', reserved: ['rowid'] },
    ...{ newColumnHolds, declared, parseType, howChanged },
    altersValueCondition: (value, { from, to }) =>
      `try_cast(try_cast(${value} as ${to}) as ${from})::varchar is distinct from ${value}::varchar`,
  },
  tables: standard.tables,
  catalog: {
    parseTableName: (written) => names.parseDestination(written, 'main'),
    ...{ inspectDestination, columns, tablesIn, schemasWithAll },
  },
  staging: { load: { by: 'frames', copy: spool, untouched }, totals, attemptTags, takesSlicesOneByOne: true, staysInSchema: true },
  merge: { ...standard.merge, runUpdate, smallText: (expression) => `lower(rtrim(${expression}))` },
  commit: {
    ...standard.commit,
    ...{ settings: `set TimeZone = 'UTC'`, briefLockSettings: `set TimeZone = 'UTC'`, lockStatement, carryOverStatements },
    moveStatement: (table, { name }) => `alter table ${nameOf(table)} rename to ${quoteName(name)}`,
    // DuckDB can’t alter a column of a table from which the same transaction has deleted rows.
    altersBeforeDeletes: true,
  },
  errors: { errorClass, explain: explainWritten },
  ownTables: {
    ...standard.ownTables,
    types: { text: 'varchar', key: 'varchar', number: 'bigint', instant: 'timestamp with time zone' },
    nowExpression: 'now()',
    // The move of the head is refused, and retried, if another transaction has moved the head since this transaction began.
    selectForUpdate: ({ list, table, where }) => `select ${list} from ${table} where ${where}`,
    rowAsText: () => 'to_json(hygge_new)::varchar',
  },
};

/** DuckDB has no locks, so hygge makes a table as a lock. If two transactions make a table of the same name, the second transaction is refused, even if the first transaction has dropped its table again. */
function lockStatement(table: string): string {
  const own = `main.${quoteName(`hygge_lock_${hash('sha256', table.toLowerCase()).slice(0, 16)}`)}`;
  return `create table ${own} (one int); drop table ${own}`;
}

/**
 * In DuckDB, an UPDATE keeps all its changes in memory until its transaction ends, and takes several times as long. So the updated rows are assembled in
 * another table, which can go to the disk. If a constraint or an index checks the rows, an UPDATE is used, since the rows must not disappear meanwhile.
 */
async function runUpdate(session: DuckdbSession, update: UpdateFromSource & { readonly name: TableName }): Promise<number> {
  const { name, table, source, sets, on } = update;
  const all = await plainColumns(session, name);
  if (all === null) return session.execute(standard.merge.update(update));
  const given = new Map(sets);
  const values = all.map((column) => `${given.get(quoteName(column)) ?? `hygge_now.${quoteName(column)}`} as ${quoteName(column)}`);
  const aside = 'temp.hygge_changed';
  await session.run(
    `create or replace temp table hygge_changed as select hygge_now.rowid as hygge_row, ${values.join(', ')} from ${table} hygge_now join ${source} hygge_new on ${on}`,
  );
  await session.run(`delete from ${table} where rowid in (select hygge_row from ${aside})`);
  const names = all.map(quoteName).join(', ');
  const rows = await session.execute(`insert into ${table} (${names}) select ${names} from ${aside}`);
  await session.run(`drop table ${aside}`);
  return rows;
}

const perMicrosecond: Readonly<Record<string, string>> = { us: '', ms: ' * 1000' };

/** The value of a column of the file, as the type in the table’s declaration. */
function valueIn(type: DataType, place: number): string {
  const own = scratchColumn(place);
  if (type.kind === 'duration') return `to_microseconds(${own}::BIGINT${perMicrosecond[type.unit] ?? ''})`;
  return `${own}::${declared(newColumnHolds(type)?.type ?? type)}`;
}

/** The number of physical columns for the type: one for the type itself, and those of its nested types. */
function columnsFor(type: DataType): number {
  if (type.kind === 'list') return 1 + columnsFor(type.item) + nestedMore;
  if (type.kind === 'struct') return type.fields.reduce((sum, field) => sum + columnsFor(field.type) + nestedMore, 1);
  return 1;
}

/** Writes rows to a scratch file. The rows are inserted before the session’s next query. */
async function spool(session: DuckdbSession, into: LoadedTable, frame: Frame, written: Written): Promise<number> {
  const values = frame.schema.columns.map(({ type }, place) => valueIn(type, place));
  return put(session, into, { frame, values, written, isInMemory: true, spooled: () => spooled(frame, session.scratch) });
}

/** The frame’s pages of parquet, if their columns already match the table’s columns. */
async function untouched(
  session: DuckdbSession,
  frame: Frame,
  declaredColumns: readonly string[],
): Promise<RowsAsTheyCame<DuckdbSession> | undefined> {
  const read = await pagesFor(session, frame, declaredColumns);
  if (read === undefined) return undefined;
  const values = frame.schema.columns.map((_, place) => scratchColumn(place));
  return {
    addTo: async (totals) => totals.addTotals(read.totals),
    copy: (own, into, written) => put(own, into, { frame, values, written, isInMemory: false, spooled: async () => read.file }),
  };
}

interface RowsToPut {
  readonly frame: Frame;
  /** Expressions over the columns of the file, in the frame’s order. */
  readonly values: readonly string[];
  readonly written: Written;
  /** The frame was decoded, so its rows were in memory. */
  readonly isInMemory: boolean;
  spooled(): Promise<SpoolFile>;
}

async function put(
  session: DuckdbSession,
  { table, tag }: LoadedTable,
  { frame, values, written, isInMemory, ...of }: RowsToPut,
): Promise<number> {
  const { columns: all } = frame.schema;
  const names = all.map(({ name }) => quoteName(name));
  const [own, given] = tag === undefined ? [[], []] : [[attempt], [tag]];
  const insert = `insert into ${table} (${[...names, ...own].join(', ')}) select ${[...values, ...given].join(', ')}`;
  await session.meets(all.reduce((sum, { type }) => sum + columnsFor(type), 0));
  const file = await of.spooled();
  let bytes = 0;
  try {
    for await (const piece of file.pieces()) {
      written(piece);
      bytes += piece.byteLength;
    }
  } catch (error) {
    await file[Symbol.asyncDispose]();
    throw error;
  }
  await session.spool.add({ insert, rows: frame.rows, bytes, isInMemory, file });
  return frame.rows;
}
