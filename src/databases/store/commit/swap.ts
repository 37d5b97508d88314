/** A full load of a table that is there: another table takes its place, or its rows change places with those of one that is filled beside it. */
import { hash } from 'node:crypto';
import { othersWrote } from '../../../engine/contracts/errors.ts';
import type { Intent } from '../../../engine/contracts/intent.ts';
import type { Writing } from '../../../engine/contracts/writing.ts';
import type { Schema } from '../../../frames/schema.ts';
import { named } from '../../ddl.ts';
import { DatabaseError } from '../../engine.ts';
import { commitInTransaction, type LikenessStatements } from '../../writes.ts';
import { preparedOf, type StoreContext, tableOf } from '../context.ts';
import { dependentAddedMeanwhile } from '../errors.ts';
import type { HeadRow } from '../head.ts';
import { type MovedRows, markFor, withMark } from '../ownership.ts';
import { dropDdlTriggers } from '../triggers.ts';
import { createTable } from './definition.ts';
import { removeReplaced } from './delete-condition.ts';
import { insertRows, ownName } from './incoming-rows.ts';

/** How an intent without `writing` puts rows in. */
export const appended: Pick<Writing, 'mode' | 'key'> = { mode: 'append', key: [] };

/** Thrown to undo a transaction: the database lets no rows change places there, though nothing that can be seen hinders it. */
export class ExchangeRefused extends Error {
  override readonly name = 'ExchangeRefused';
}

/** Makes `context.place.table`, a table of hygge's own, with the rows of the intent. @param like what makes it the like of another one. @returns how many rows. */
export async function fillTable(
  context: StoreContext,
  intent: Intent,
  standing: HeadRow,
  like: LikenessStatements | null = null,
): Promise<number> {
  const { session, dialect, place } = context;
  await createTable(context, intent.schema);
  await dropDdlTriggers(session, dialect, place.table);
  if (like) await session.run(like.before);
  const { apart } = preparedOf(intent);
  // Nothing is there to be merged with, and no index yet to find that out by.
  const writing = { ...(intent.writing ?? appended), mode: 'append' as const };
  const mark = markFor(place, standing);
  const { inserted } = await insertRows(context, intent, { writing, apart, mark, areMarked: true, there: [] });
  if (like) await session.run(like.after);
  return inserted;
}

/** What keeps the table from staying itself in a full load; null: the database has no such way. */
export async function exchangeHindrances({ session, dialect, place }: StoreContext, schema: Schema): Promise<readonly string[] | null> {
  return (await dialect.exchange?.hindered(session, place.table, withMark(place, schema))) ?? null;
}

/** Null: another table has to take the place of the existing one. Other sessions read the existing table until the new one is ready. */
export async function exchangeRows(context: StoreContext, intent: Intent, standing: HeadRow): Promise<MovedRows | null> {
  const { session, dialect, place } = context;
  const { exchange } = dialect;
  if (!exchange || (await exchangeHindrances(context, intent.schema))?.length !== 0) return null;
  await mustBeFree(context);
  const prepared = preparedOf(intent);
  const shadow = { schema: place.stagingSchema, name: ownName(`${intent.id} refilling`) };
  const like = await exchange.likeThere(session, place.table, shadow);
  const inserted = await fillTable({ ...context, place: { ...place, table: shadow } }, intent, standing, like);
  const deleted = await removeReplaced(context, prepared, { mode: 'swap', standing });
  if (deleted !== prepared.goes) throw othersWrote(place.where, { found: deleted, prepared: prepared.goes });
  const from = named(dialect, shadow);
  try {
    await session.run(exchange.refilled(tableOf(context), from));
  } catch (error) {
    if (error instanceof DatabaseError && dialect.errors.meaning(error) === 'permanent') throw new ExchangeRefused();
    throw error;
  }
  await session.run(`drop table ${from}`);
  return { total: 0, deleted, counts: { inserted, updated: 0, deleted: 0 } };
}

/** Gives the table that is there another name. @returns what is done once the new one is filled: the old one goes, and what it had is the new one's. */
export async function moveAside(context: StoreContext, { id, schema }: Intent): Promise<readonly string[]> {
  await mustBeFree(context);
  const { session, dialect, place } = context;
  const { table } = place;
  const columns = withMark(place, schema).map(({ name }) => name);
  const { carriedOver, released: letGo, rename } = commitInTransaction(dialect);
  const carried = (await carriedOver?.(session, table, columns)) ?? [];
  const released = (await letGo?.(session, table, columns)) ?? [];
  if (released.length > 0) await session.run(released);
  const aside = `hygge_old_${hash('sha256', id).slice(0, 16)}`;
  await session.run(rename(tableOf(context), aside));
  return [`drop table ${named(dialect, { schema: table.schema, name: aside })}`, ...carried];
}

/** That a table may be replaced was decided by what depended on it then. */
export async function mustBeFree({ session, dialect, place }: StoreContext): Promise<void> {
  const { table, where, stagingSchema } = place;
  const there = await dialect.catalog.destination(session, table, stagingSchema);
  const bound = there?.catalog.dependents.find(({ staysWithOld }) => staysWithOld);
  if (bound) throw dependentAddedMeanwhile(where, bound);
}
