/** Makes and alters the destination’s table. */
import type { Change, TargetColumn } from '../../../engine/contracts/catalog.ts';
import type { Intent } from '../../../engine/contracts/intent.ts';
import type { PlannedTable } from '../../../engine/contracts/store.ts';
import type { Schema } from '../../../frames/schema.ts';
import { alterStatements, createTableStatementIn } from '../../ddl.ts';
import { committingDdl, type TableExtras } from '../../writes.ts';
import { destinationColumns, type StoreContext } from '../context.ts';
import { withMarkColumn } from '../ownership.ts';
import { keyIndexStatements } from './key-index.ts';
import { columnsBeforeValues, columnsOfOpenLength } from './lengths.ts';
import { isChangeMade } from './value-checks.ts';

export async function createTable(context: StoreContext, schema: Schema): Promise<void> {
  for (const statement of await creation(context, schema)) await context.session.run(statement);
}

async function creation({ session, dialect, place }: StoreContext, schema: Schema): Promise<readonly string[]> {
  const { table } = place;
  const isThere = (await dialect.catalog.tablesIn(session, table.schema)) !== null;
  return [
    ...(isThere ? [] : [dialect.tables.createSchema(table.schema)]),
    await createTableStatementIn(session, dialect, { table, columns: withMarkColumn(place, schema), nulls: 'as declared' }),
  ];
}

/** The statements by which a commit would make or alter the destination’s table. */
export async function plannedDdl(context: StoreContext, { schema: wanted, mode, changes, key }: PlannedTable): Promise<readonly string[]> {
  const there = await destinationColumns(context);
  if (there && mode !== 'swap') return alterations(context, changes, there);
  const schema = { columns: columnsBeforeValues(context.dialect, wanted.columns) };
  const { before = [], after = [] } = there === null ? ((await tableExtras(context, { schema, key })) ?? {}) : {};
  const index = there === null ? keyIndexStatements(context, { schema, key, mode }) : [];
  return [...(await creation(context, schema)), ...before, ...after, ...index];
}

interface NewTable {
  readonly schema: Schema;
  readonly key: readonly string[];
  /** Columns whose length depends on values that have not been read yet. */
  readonly undecided?: readonly string[];
}

/** What a new table gets in addition to its columns. Null: nothing. */
export async function tableExtras(
  { session, dialect, place }: StoreContext,
  { schema, key, undecided: openLengthColumns = [] }: NewTable,
): Promise<TableExtras | null> {
  return (
    (await dialect.tables.extrasOfNewTable?.(session, { ...place, columns: withMarkColumn(place, schema), openLengthColumns, key })) ?? null
  );
}

/** The result of `besideColumns` before any value was read. */
export function plannedTableExtras(
  context: StoreContext,
  { schema, key }: Pick<PlannedTable, 'schema' | 'key'>,
): Promise<TableExtras | null> {
  const columns = columnsBeforeValues(context.dialect, withMarkColumn(context.place, schema));
  return tableExtras(context, { schema: { columns }, key, undecided: columnsOfOpenLength(context.dialect, columns) });
}

/** Makes the table changes of the intent. If the changes are made before the transaction, some may have been made already. */
export async function changeColumns(context: StoreContext, { changes = [] }: Intent, there: readonly TargetColumn[]): Promise<void> {
  const { session, dialect } = context;
  const areMadeAhead = committingDdl(dialect) !== undefined || dialect.commit.altersAhead === true;
  const left = areMadeAhead ? changes.filter((change) => !isChangeMade(dialect, there, change)) : changes;
  const statements = await alterations(context, left, there);
  if (statements.length > 0) await session.run(statements);
}

async function alterations(
  { session, dialect, place: { table } }: StoreContext,
  changes: readonly Change[],
  there: readonly TargetColumn[],
): Promise<readonly string[]> {
  const { before = [], after = [] } = (await dialect.tables.alterObstacles?.(session, table, changes)) ?? {};
  return [...before, ...alterStatements(dialect, table, { changes, there }), ...after];
}
