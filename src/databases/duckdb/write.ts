/** How hygge writes rows and tables in DuckDB: each frame through a parquet file in scratch, so that no value passes through JavaScript. */
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

/** Without the column, DuckDB treats the table as another one: a transaction that began to fill it before is refused at its end. */
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
    // This transaction does not see rows of later transactions, so another session counts.
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
    // DuckDB can't alter a column of a table from which the same transaction has deleted rows.
    altersBeforeDeletes: true,
  },
  errors: { errorClass, explain: explainWritten },
  ownTables: {
    ...standard.ownTables,
    types: { text: 'varchar', key: 'varchar', number: 'bigint', instant: 'timestamp with time zone' },
    nowExpression: 'now()',
    // If another transaction has moved the head since this one began, this move is refused, and retried.
    selectForUpdate: ({ list, table, where }) => `select ${list} from ${table} where ${where}`,
    rowAsText: () => 'to_json(hygge_new)::varchar',
  },
};

/** DuckDB has no locks: if two transactions make a table of one name, the second is refused, even if the first has dropped it again. */
function lockStatement(table: string): string {
  const own = `main.${quoteName(`hygge_lock_${hash('sha256', table.toLowerCase()).slice(0, 16)}`)}`;
  return `create table ${own} (one int); drop table ${own}`;
}

/**
 * An UPDATE keeps all its changes in memory until its transaction ends, and takes several times as long. So the new rows are assembled in another table, which can
 * go to the disk. Rows that a constraint or an index checks must not disappear meanwhile, though.
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

/** A column of the file, in the table's declaration. */
function valueIn(type: DataType, place: number): string {
  const own = scratchColumn(place);
  if (type.kind === 'duration') return `to_microseconds(${own}::BIGINT${perMicrosecond[type.unit] ?? ''})`;
  return `${own}::${declared(newColumnHolds(type)?.type ?? type)}`;
}

/** The number of physical columns for the type: its own, and those of its parts. */
function columnsFor(type: DataType): number {
  if (type.kind === 'list') return 1 + columnsFor(type.item) + nestedMore;
  if (type.kind === 'struct') return type.fields.reduce((sum, field) => sum + columnsFor(field.type) + nestedMore, 1);
  return 1;
}

/** Writes rows to scratch; they are in the table before the session's next query. */
async function spool(session: DuckdbSession, into: LoadedTable, frame: Frame, written: Written): Promise<number> {
  const values = frame.schema.columns.map(({ type }, place) => valueIn(type, place));
  return put(session, into, { frame, values, written, isInMemory: true, spooled: () => spooled(frame, session.scratch) });
}

/** Pages of parquet whose columns already match. */
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
  /** Expressions over the columns of the file, in the frame's order. */
  readonly values: readonly string[];
  readonly written: Written;
  /** The frame was decoded. */
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
