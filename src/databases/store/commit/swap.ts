/** A full load into an existing table. Another table takes its place, or the table exchanges its rows with a table that was filled next to it. */
import { hash } from 'node:crypto';
import { othersWrote } from '../../../engine/contracts/errors.ts';
import type { Intent } from '../../../engine/contracts/intent.ts';
import type { Writing } from '../../../engine/contracts/writing.ts';
import type { Schema } from '../../../frames/schema.ts';
import { quotedTable } from '../../ddl.ts';
import { DatabaseError } from '../../engine.ts';
import { commitInTransaction, type StatementsBeforeAndAfter } from '../../writes.ts';
import { preparedOf, quotedDestination, type StoreContext, stagedKeysOf } from '../context.ts';
import { dependentAddedMeanwhile } from '../errors.ts';
import type { HeadRow } from '../head.ts';
import { type MovedRows, markToWrite, withMarkColumn } from '../ownership.ts';
import { dropDdlTriggers } from '../triggers.ts';
import { createTable } from './definition.ts';
import { deleteReplacedRows } from './delete-condition.ts';
import { commitTableName, insertRows } from './incoming-rows.ts';

/** How an intent without `writing` inserts rows. */
export const appendWithoutKey: Pick<Writing, 'mode' | 'key'> = { mode: 'append', key: [] };

/** Undoes a transaction, because the database refuses to exchange the rows for a reason that the catalogue does not show. */
export class TakeoverRefused extends Error {
  override readonly name = 'ExchangeRefused';
}

/** Makes `context.place.table`, which is one of hygge’s own tables, with the rows of the intent. @param like statements that make it like another table. @returns the number of rows. */
export async function fillTable(
  context: StoreContext,
  intent: Intent,
  standing: HeadRow,
  like: StatementsBeforeAndAfter | null = null,
): Promise<number> {
  const { session, dialect, place } = context;
  await createTable(context, intent.schema);
  await dropDdlTriggers(session, dialect, place.table);
  if (like) await session.run(like.before);
  const stagedKeys = stagedKeysOf(preparedOf(intent));
  // The new table has no rows to merge with, and no index by which a merge would search, so rows are appended.
  const writing = { ...(intent.writing ?? appendWithoutKey), mode: 'append' as const };
  const mark = markToWrite(place, standing);
  const { inserted } = await insertRows(context, intent, { writing, stagedKeys, mark, areAllOwnRowsMarked: true, targetColumns: [] });
  if (like) await session.run(like.after);
  return inserted;
}

/** What prevents a full load from keeping the table and replacing only its rows. Null: the database can’t exchange rows. */
export async function takeoverHindrances({ session, dialect, place }: StoreContext, schema: Schema): Promise<readonly string[] | null> {
  return (await dialect.rowTakeover?.hindrances(session, place.table, withMarkColumn(place, schema))) ?? null;
}

/** Exchanges the table’s rows with new rows. Other sessions read the existing rows until the new rows are ready. Null: another table has to replace the existing table. */
export async function takeOverRows(context: StoreContext, intent: Intent, standing: HeadRow): Promise<MovedRows | null> {
  const { session, dialect, place } = context;
  const { rowTakeover } = dialect;
  if (!rowTakeover || (await takeoverHindrances(context, intent.schema))?.length !== 0) return null;
  await mustHaveNoNewDependents(context);
  const prepared = preparedOf(intent);
  const shadow = { schema: place.stagingSchema, name: commitTableName(`${intent.id} refilling`) };
  const like = await rowTakeover.likenessOf(session, place.table, shadow);
  const inserted = await fillTable({ ...context, place: { ...place, table: shadow } }, intent, standing, like);
  const deletedRows = await deleteReplacedRows(context, prepared, { mode: 'swap', standing });
  if (deletedRows !== prepared.goes) throw othersWrote(place.where, { found: deletedRows, prepared: prepared.goes });
  const from = quotedTable(dialect, shadow);
  try {
    await session.run(rowTakeover.takeRowsStatements(quotedDestination(context), from));
  } catch (error) {
    if (error instanceof DatabaseError && dialect.errors.errorClass(error) === 'permanent') throw new TakeoverRefused();
    throw error;
  }
  await session.run(`drop table ${from}`);
  return { rowsBeforeIfNoneOurs: 0, deletedRows, counts: { inserted, updated: 0, deleted: 0 } };
}

/** Renames the existing table. @returns what is done once the new table is filled: the old table is dropped, and the new table gets what the old table had. */
export async function moveAside(context: StoreContext, { id, schema }: Intent): Promise<readonly string[]> {
  await mustHaveNoNewDependents(context);
  const { session, dialect, place } = context;
  const { table } = place;
  const columns = withMarkColumn(place, schema).map(({ name }) => name);
  const { carryOverStatements, detachNeededStatements: letGo, renameStatement } = commitInTransaction(dialect);
  const carried = (await carryOverStatements?.(session, table, columns)) ?? [];
  const released = (await letGo?.(session, table, columns)) ?? [];
  if (released.length > 0) await session.run(released);
  const aside = `hygge_old_${hash('sha256', id).slice(0, 16)}`;
  await session.run(renameStatement(quotedDestination(context), aside));
  return [`drop table ${quotedTable(dialect, { schema: table.schema, name: aside })}`, ...carried];
}

/** Throws if the table has new dependents. Whether the table may be replaced was decided by the dependents that it had then. */
export async function mustHaveNoNewDependents({ session, dialect, place }: StoreContext): Promise<void> {
  const { table, where, stagingSchema } = place;
  const there = await dialect.catalog.inspectDestination(session, table, stagingSchema);
  const bound = there?.catalog.dependents.find(({ staysWithOld }) => staysWithOld);
  if (bound) throw dependentAddedMeanwhile(where, bound);
}
