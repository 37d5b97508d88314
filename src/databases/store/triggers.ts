/**
 * Triggers and rules of a table that act during a commit. If a trigger rejects rows, the statement’s count lacks them. If a trigger removes rows afterwards,
 * the table lacks them. Triggers never act on staged rows, or on the first rows of a table.
 */
import type { Intent } from '../../engine/contracts/intent.ts';
import type { Supersede } from '../../engine/contracts/store.ts';
import type { Counts, Writing } from '../../engine/contracts/writing.ts';
import type { Session, Transaction } from '../engine.ts';
import type { ActiveTrigger, TableName, TriggerEvent } from '../writes.ts';
import { countDestinationRows, preparedOf, quotedDestination, type StoreContext, type StoreDialect } from './context.ts';
import { rowsNotKept, ruleRunsInstead, triggerComesBack } from './errors.ts';

interface Load {
  readonly mode: Writing['mode'];
  readonly supersede: Supersede;
}

interface CommitCounts {
  /** The number of rows that the commit replaced. */
  readonly deleted: number;
  readonly counts: Counts;
}

function triggerEvents({ mode, supersede }: Load): ReadonlySet<TriggerEvent> {
  const goes = supersede.what !== 'nothing' && supersede.what !== 'sources';
  return new Set<TriggerEvent>(['insert', ...(mode === 'merge' ? (['update'] as const) : []), ...(goes ? (['delete'] as const) : [])]);
}

const acts =
  (on: ReadonlySet<TriggerEvent>) =>
  (one: ActiveTrigger): boolean =>
    one.events.some((event) => on.has(event));

async function activeTriggers({ session, dialect, place }: StoreContext): Promise<readonly ActiveTrigger[]> {
  return (await dialect.triggers?.activeTriggers(session, place.table)) ?? [];
}

/** The triggers that may remove rows. A merge may also delete rows, so triggers on deletes count as well. */
async function triggersTakingRows(of: StoreContext, load: Load): Promise<readonly ActiveTrigger[]> {
  const all = (await activeTriggers(of)).filter(
    acts(load.mode === 'merge' ? new Set(['insert', 'update', 'delete']) : triggerEvents(load)),
  );
  mustWrite(of, all.filter(acts(triggerEvents(load))));
  return all.filter(({ mayRemoveRows }) => mayRemoveRows);
}

/**
 * The names of triggers that may alter written rows. Triggers that run only on deletes are left out. Throws StoreError HYG-4240 if a trigger writes something
 * else instead.
 */
export async function alteringTriggers(of: StoreContext, load: Load): Promise<readonly string[]> {
  const all = (await activeTriggers(of)).filter(acts(triggerEvents(load)));
  mustWrite(of, all);
  const writes = triggerEvents({ ...load, supersede: { what: 'nothing' } });
  return [...new Set(all.filter(acts(writes)).map(({ name }) => name))];
}

/** The isolation of the commit’s transaction. If the table’s rows have to be counted, no other session may insert rows in between. */
export async function countingIsolation(of: StoreContext, { writing, target }: Intent): Promise<Transaction['isolation']> {
  if (writing === undefined || writing.mode === 'swap') return 'statement';
  const { supersede } = preparedOf({ target });
  return (await triggersTakingRows(of, { mode: writing.mode, supersede })).length > 0 ? 'snapshot' : 'statement';
}

/** Locks the table against other writers after rows were inserted, and counts its rows. Null: no trigger removes rows. */
export async function lockAndCountRows(of: StoreContext, load: Load): Promise<((did: CommitCounts) => Promise<void>) | null> {
  const { session, dialect, place } = of;
  if ((await triggersTakingRows(of, load)).length === 0) return null;
  await session.run(dialect.triggers?.lockStatements(quotedDestination(of)) ?? []);
  const before = await countDestinationRows(of);
  return async ({ deleted, counts }) => {
    const gone = before - deleted - counts.deleted + counts.inserted - (await countDestinationRows(of));
    const sent = counts.inserted + counts.updated;
    if (gone > 0) throw rowsNotKept(place.where, { sent, kept: Math.max(0, sent - gone) });
  };
}

/** Removes what DDL triggers added to a new table, so that no trigger ever acts on its rows. Throws StoreError HYG-4244. */
export async function dropDdlTriggers(session: Session, dialect: Pick<StoreDialect, 'triggers'>, table: TableName): Promise<void> {
  const put = (await dialect.triggers?.ddlTriggers?.(session, table)) ?? [];
  await runs(session, dialect, { table, statements: put.flatMap(({ drop }) => drop ?? []) });
}

/**
 * Disables triggers of a new destination until its rows are inserted. Throws StoreError HYG-4244. @returns `hadNone`: DDL triggers added no trigger; `enable`:
 * statements after which the triggers act on the rows that others insert.
 */
export async function disableTriggersAddedByDdl({
  session,
  dialect,
  place: { table },
}: StoreContext): Promise<{ readonly hadNone: boolean; readonly enable: readonly string[] }> {
  const put = (await dialect.triggers?.ddlTriggers?.(session, table)) ?? [];
  await runs(session, dialect, { table, statements: put.flatMap(({ disable }) => disable ?? []) });
  return { hadNone: put.length === 0, enable: put.flatMap(({ enable }) => enable ?? []) };
}

async function runs(
  session: Session,
  { triggers: of }: Pick<StoreDialect, 'triggers'>,
  { table, statements }: { readonly table: TableName; readonly statements: readonly string[] },
): Promise<void> {
  if (statements.length === 0) return;
  await session.run(statements);
  const [still] = (await of?.activeTriggers(session, table)) ?? [];
  if (still) throw triggerComesBack(`${table.schema}.${table.name}`, still.name);
}

function mustWrite({ place }: StoreContext, all: readonly ActiveTrigger[]): void {
  const other = all.find(({ ruleTurnedOffBy }) => ruleTurnedOffBy !== undefined);
  if (other?.ruleTurnedOffBy !== undefined) throw ruleRunsInstead(place.where, { ...other, off: other.ruleTurnedOffBy });
}
