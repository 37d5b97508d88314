/** The writes of a run to a store, tried by `debug` with trial tables that are dropped again. */
import type { Column } from '../../frames/schema.ts';
import { frameBuilder } from '../../frames/values/builders.ts';
import type { Scratch } from '../../ports/scratch.ts';
import type { Json } from '../../ports/values.ts';
import { createTableStatementIn, quotedTable } from '../ddl.ts';
import type { Session } from '../engine.ts';
import { fromUnmatchedRows, insertFromStaged, updateRows } from '../store/commit/merge-statements.ts';
import type { StoreDialect } from '../store/context.ts';
import { rowsNotKept } from '../store/errors.ts';
import { probeName } from '../store/probes.ts';
import { loaderFor } from '../store/staging/bulk-load.ts';
import { committingDdl, type TableName } from '../writes.ts';

export interface RehearsalContext<S extends Session> {
  readonly session: S;
  readonly dialect: StoreDialect<S>;
  /** The schema of the trial tables. */
  readonly schema: string;
  readonly nowMs: number;
  readonly nonce: string;
  readonly scratch: Scratch;
  /** The table of the store does not exist, so a run would make it with the engine’s defaults. */
  readonly createsTable: boolean;
  /** Values of the engine’s own keys of the store. */
  readonly storeKeyValues: Readonly<Record<string, Json>>;
  /** Where the store is, for messages. */
  readonly where: string;
}

const columns: readonly Column[] = [
  { name: 'k', type: { kind: 'int64' }, nullable: false },
  { name: 'c', type: { kind: 'string' }, nullable: true },
];
const rows = [
  [1n, 'one'],
  [2n, 'two'],
] as const;

/** Tries a bulk load, a merge, a lock and a rename. Throws the database’s error if one of them is refused. In that case no trial table stays. */
export async function rehearse<S extends Session>(of: RehearsalContext<S>): Promise<void> {
  const { session, dialect, schema } = of;
  const name = probeName(of.nowMs, of.nonce);
  const at = (end: string): TableName => ({ schema, name: `${name}${end}` });
  try {
    await loaded(of, at(''));
    await merged(of, { staged: at(''), table: at('_d'), kept: quotedTable(dialect, at('_k')) });
    await renamed(of, at('_d'), at('_r'));
    await session.run(`drop table ${quotedTable(dialect, at(''))}`);
  } catch (error) {
    // If DDL commits at once, it is not undone with the transaction.
    if (committingDdl(dialect) && !session.isBroken)
      for (const end of ['', '_d', '_r']) await session.run(`drop table if exists ${quotedTable(dialect, at(end))}`).catch(() => undefined);
    throw error;
  }
}

async function loaded<S extends Session>(
  { session, dialect, where, nonce, scratch }: RehearsalContext<S>,
  table: TableName,
): Promise<void> {
  await session.run(await createTableStatementIn(session, dialect, { table, columns, nulls: 'kept' }));
  const builder = await frameBuilder({ columns });
  for (const row of rows) builder.append(row);
  const into = {
    into: { table: quotedTable(dialect, table) },
    name: table.name,
    where,
    scratch,
    nonce: () => nonce,
    onPieceWritten: () => undefined,
  };
  const { load } = dialect.staging;
  const sending = loaderFor(session, load, into);
  const discarded = async () => {
    if (load.by === 'files') await load.discardFiles(session, table.name);
  };
  try {
    const kept = await sending.add(await builder.take());
    await sending.end();
    if (kept !== rows.length) throw rowsNotKept(where, { sent: rows.length, kept });
  } catch (error) {
    await sending.abandon();
    // If the database refuses writes, it also refuses deletes, so only the first error is reported.
    await discarded().catch(() => undefined);
    throw error;
  }
  await discarded();
}

interface MergeRehearsal {
  readonly staged: TableName;
  /** The trial table that is used instead of the store’s table. */
  readonly table: TableName;
  /** The table’s name in quotes. */
  readonly kept: string;
}

async function merged<S extends Session>(
  { session, dialect, createsTable, storeKeyValues, where }: RehearsalContext<S>,
  { staged, table, kept }: MergeRehearsal,
): Promise<void> {
  const { quote } = dialect;
  const into = quotedTable(dialect, table);
  await session.run(await createTableStatementIn(session, dialect, { table, columns, nulls: 'as declared' }));
  const made = createsTable
    ? await dialect.tables.extrasOfNewTable?.(session, { table, columns, openLengthColumns: [], key: ['k'], storeKeyValues, where })
    : undefined;
  if (made) await session.run(made.before);
  await session.run(dialect.merge.createTemporary(kept, `(select * from ${quotedTable(dialect, staged)})`));
  const on = `hygge_now.${quote('k')} = hygge_new.${quote('k')}`;
  await updateRows(session, dialect, {
    table: into,
    source: kept,
    sets: [[quote('c'), `hygge_new.${quote('c')}`]],
    on,
    key: ['k'],
    name: table,
  });
  const from = fromUnmatchedRows(dialect, { rows: kept, table: into, on, key: quote('k') });
  await session.run(insertFromStaged(dialect, { table: into, columns: columns.map(({ name }) => name), from }));
  await session.run(dialect.merge.deleteFrom({ table: into, where: `hygge_now.${quote('k')} = 1` }));
  await session.run(dialect.merge.dropTemporary(kept));
  if (made) await session.run(made.after);
}

async function renamed<S extends Session>({ session, dialect }: RehearsalContext<S>, from: TableName, to: TableName): Promise<void> {
  const table = quotedTable(dialect, from);
  const renames = dialect.commit.swapObstacle === undefined;
  await session.run(dialect.commit.lockStatement(table));
  const { commit } = dialect;
  if (renames)
    await session.run(commit.by === 'transaction' ? commit.renameStatement(table, to.name) : commit.renameAllStatement([{ from, to }]));
  await session.run(`drop table ${renames ? quotedTable(dialect, to) : table}`);
}
