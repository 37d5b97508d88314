/**
 * Runs a commit. Its one transaction compares, changes the columns, deletes and inserts rows, and moves the head. If one way to commit fails and another way is
 * left, the commit begins again. If the database refuses permanently, that is the outcome of the commit. See protocol.md 2.7.
 */

import { othersWrote } from '../../../engine/contracts/errors.ts';
import type { Step } from '../../../engine/contracts/frame.ts';
import { headAfter } from '../../../engine/contracts/heads.ts';
import { type CommitOutcome, fenceHeadId, type Intent } from '../../../engine/contracts/intent.ts';
import type { Part } from '../../../engine/contracts/store.ts';
import type { Counts } from '../../../engine/contracts/writing.ts';
import { HyggeError } from '../../../errors/hygge-error.ts';
import { committingDdl } from '../../writes.ts';
import { countDestinationRows, destinationColumns, preparedOf, type StoreContext, stagedKeysOf } from '../context.ts';
import { permanentRefusalCodes } from '../errors.ts';
import { entityCondition, type HeadRow, hasSettledNothing, headKeyValues, ownTable } from '../head.ts';
import { type MovedRows, markToWrite, rowsAfterCommit, rowsMustBeOurs, withMarkColumn } from '../ownership.ts';
import { forgetStaged } from '../staging/removal.ts';
import { asStagedRef, PartsLost, stagedTableName } from '../staging/staged-tables.ts';
import { dropTables, tablesLeftByIntent } from '../sweep.ts';
import { stagesOnly, type Transactions } from '../transactions.ts';
import { countingIsolation, lockAndCountRows } from '../triggers.ts';
import {
  type CommitAttempt,
  firstAttempt,
  lockAndCleanStagedTable,
  makeDestination,
  StagedTableLocked,
  tableToAdopt,
} from './adopt-staged-table.ts';
import { changeColumns, createTable, tableExtras } from './definition.ts';
import { deleteReplacedRows } from './delete-condition.ts';
import { countAgain, insertRows } from './incoming-rows.ts';
import { keyIndexStatements } from './key-index.ts';
import { sizeColumnsToValues } from './lengths.ts';
import { storeRejectedRows } from './rejected-rows.ts';
import { leftoverTables, renameIntoPlace } from './rename-into-place.ts';
import { appendWithoutKey, fillTable, moveAside, mustHaveNoNewDependents, TakeoverRefused, takeOverRows } from './swap.ts';
import { mustKeepValues } from './value-checks.ts';

/** Undoes a transaction: the table that the commit needs does not name the intent any more, although `publishAhead` has checked the table. */
export class TableNotYetThere extends Error {
  override readonly name = 'TableNotYetThere';
}

/** Publishes an intent in its own transaction, which any error undoes. */
export async function publish(context: StoreContext, intent: Intent, attempt: CommitAttempt): Promise<CommitOutcome> {
  const { session, dialect, place, heads } = context;
  const standing = await heads.lock(session, intent.prev !== null);
  const { head } = standing;
  if (head?.id === intent.id) return committedAlready(context, intent);
  if (head?.id === fenceHeadId(intent)) return 'given up';
  if ((head?.id ?? null) !== intent.prev) return 'fenced';
  const took = await committingDdl(dialect)?.madeByIntent(session, place.table);
  if (took?.id === intent.id) {
    const counts = { inserted: took.rows, updated: 0, deleted: 0 };
    return settle(context, intent, standing, { rowsBeforeIfNoneOurs: 0, deletedRows: preparedOf(intent).goes, counts });
  }
  await mustBeRecorded(context, intent.parts);
  return settle(context, intent, standing, await moveRows(context, intent, { standing, attempt }));
}

/** Does everything of a commit except its head: changes the columns, and deletes and inserts rows. */
async function moveRows(
  context: StoreContext,
  intent: Intent,
  { standing, attempt }: { readonly standing: HeadRow; readonly attempt: CommitAttempt },
): Promise<MovedRows> {
  const { session, dialect, place } = context;
  const { head } = standing;
  const prepared = preparedOf(intent);
  const { goes } = prepared;
  const stagedKeys = stagedKeysOf(prepared);
  const writing = intent.writing ?? appendWithoutKey;
  let there = await destinationColumns(context);
  const isThere = there !== null;
  const isAnew = !isThere || writing.mode === 'swap';
  if (isAnew && committingDdl(dialect)) throw new TableNotYetThere();
  const taking = tableToAdopt(context, intent, { isAnew, attempt });
  if (taking) await lockAndCleanStagedTable(context, taking, intent);
  const stay = isThere && writing.mode !== 'swap' ? await lockAndCountRows(context, { ...prepared, mode: writing.mode }) : null;
  if (isThere && hasSettledNothing(standing)) await rowsMustBeOurs(context, intent);
  const mark = markToWrite(place, standing);
  const { sized, longer } = await sizeColumnsToValues(context, intent, { there, columns: withMarkColumn(place, intent.schema), mark });
  if (longer.length > 0) {
    await session.run(longer);
    there = await destinationColumns(context);
  }
  const refilled = isThere && writing.mode === 'swap' && attempt.mayTakeOverRows ? await takeOverRows(context, sized, standing) : null;
  if (refilled) return refilled;
  const altersFirst = dialect.commit.altersBeforeDeletes === true && isThere && writing.mode !== 'swap';
  if (altersFirst) await changeColumns(context, sized, there ?? []);
  const deletedRows = isThere ? await deleteReplacedRows(context, prepared, { mode: writing.mode, standing }) : 0;
  if (deletedRows !== goes) throw othersWrote(place.where, { found: deletedRows, prepared: goes });
  const swap = isThere && writing.mode === 'swap' ? await moveAside(context, sized) : undefined;
  const isNew = !isThere || swap !== undefined;
  const create = () => createTable(context, sized.schema);
  const { adopted, enable } = isNew
    ? await makeDestination(context, { taking, swap, columns: intent.schema.columns, create })
    : { adopted: null, enable: [] };
  if (adopted && taking) {
    await forgetStaged(session, dialect, place, [taking.name]);
    attempt.usedUp.add(taking.name);
  }
  const made = isThere || adopted ? null : await tableExtras(context, { schema: sized.schema, key: writing.key });
  if (made) await session.run(made.before);
  if (!isNew) {
    if (!altersFirst) await changeColumns(context, sized, there ?? []);
    // Deleting rows prevents other sessions from altering the table. If no rows were deleted, another session may have altered the table.
    if (deletedRows > 0 || (intent.changes ?? []).length > 0) there = await destinationColumns(context);
    await mustKeepValues(context, intent, there ?? []);
  }
  const rowsBeforeIfNoneOurs = isNew ? 0 : head === null || head.nothing ? await countDestinationRows(context) : null;
  const insert = async () => {
    const columns = (isNew ? await destinationColumns(context) : there) ?? [];
    const areAllOwnRowsMarked = hasSettledNothing(standing) || standing.markOfAllOwnRows !== null;
    // Whether the table may have rows of other entities, which may have any key.
    const hasOthers = async () => head === null || head.foreign === null || (await countDestinationRows(context)) > head.rows - deletedRows;
    const mayFold = intent.writing?.keyEqualities !== undefined && ((areAllOwnRowsMarked && mark !== null) || !(await hasOthers()));
    const merging = mayFold ? writing : { ...writing, keyEqualities: {} };
    return insertRows(context, intent, { writing: merging, stagedKeys, mark, areAllOwnRowsMarked, targetColumns: columns });
  };
  const counts = adopted ?? (await insert());
  await stay?.({ deleted: deletedRows, counts });
  if (swap && !adopted) await session.run(swap);
  if (made) await session.run(made.after);
  const index = isThere ? [] : keyIndexStatements(context, { schema: sized.schema, key: writing.key, mode: writing.mode });
  if (index.length > 0) await session.run(index);
  if (enable.length > 0) await session.run(enable);
  return { rowsBeforeIfNoneOurs, deletedRows, counts };
}

/** Moves the head once all rows are in their places. */
async function settle(context: StoreContext, intent: Intent, standing: HeadRow, moved: MovedRows): Promise<CommitOutcome> {
  const { session, place, heads } = context;
  const { counts, deletedRows } = moved;
  const prepared = preparedOf(intent);
  const { supersede } = prepared;
  await storeRejectedRows(context, intent, prepared);
  const areMarked = hasSettledNothing(standing) || supersede.what === 'all' || standing.markOfAllOwnRows !== null;
  const mark = areMarked ? markToWrite(place, standing) : null;
  const rows = await rowsAfterCommit(context, standing.head, { ...moved, supersede, mark });
  const next = headAfter(intent, rows);
  const did: Counts = { ...counts, deleted: counts.deleted + deletedRows };
  await heads.move(session, { from: standing.head, to: next, mark });
  await heads.recordCommit(session, { intent: intent.id, head: next, counts: did });
  return { outcome: 'committed', counts: did };
}

/** If DDL commits by itself: does the part of a commit that comes before its transaction. A repeated call does nothing. */
export async function publishAhead(context: StoreContext, intent: Intent, attempt: CommitAttempt): Promise<void> {
  const { session, dialect, place, heads } = context;
  const standing = await heads.read(session);
  if ((standing.head?.id ?? null) !== intent.prev) return;
  const there = await destinationColumns(context);
  if (there !== null && intent.writing?.mode !== 'swap') return changeColumns(context, intent, there);
  if ((await committingDdl(dialect)?.madeByIntent(session, place.table))?.id === intent.id) return;
  await mustBeRecorded(context, intent.parts);
  const mustBeAsPrepared = async () => there === null || mustHoldAsPrepared(context, intent);
  await mustBeAsPrepared();
  await renameIntoPlace(context, intent, {
    isThere: there !== null,
    columns: withMarkColumn(place, intent.schema),
    taking: tableToAdopt(context, intent, { isAnew: true, attempt }),
    fill: (into) => fillTable({ ...context, place: { ...place, table: into } }, intent, standing),
    mustBeAsPrepared,
  });
}

/** Adds the columns that the commit needs, each in its own transaction. A repeated call does nothing. The new columns may be null, because the commit may not happen after all. */
async function alterAhead(transactions: Transactions, intent: Intent): Promise<void> {
  if ((intent.changes ?? []).length === 0) return;
  await transactions.inWriteTransaction(async (context) => {
    const { head } = await context.heads.read(context.session);
    const there = await destinationColumns(context);
    if ((head?.id ?? null) === intent.prev && there !== null) await changeColumns(context, intent, there);
  }, stagesOnly);
}

/** Throws if a table that is replaced as a whole does not have the expected number of rows. */
async function mustHoldAsPrepared(context: StoreContext, intent: Intent): Promise<void> {
  await mustHaveNoNewDependents(context);
  const [found, { goes }] = [await countDestinationRows(context), preparedOf(intent)];
  if (found !== goes) throw othersWrote(context.place.where, { found, prepared: goes });
}

async function committedAlready({ session, heads }: StoreContext, { id }: Intent): Promise<CommitOutcome> {
  const counts = await heads.countsOf(session, id);
  return counts ? { outcome: 'already', counts } : 'already';
}

/** Throws `PartsLost` if the table of a part has no record. */
async function mustBeRecorded({ session, dialect, place }: StoreContext, parts: readonly Part[]): Promise<void> {
  if (parts.length === 0) return;
  const rows = await session.query(
    `select name from ${ownTable(dialect, place, 'staged')} where ${entityCondition(dialect)}`,
    headKeyValues(place.key),
  );
  const there = new Set(rows.map(({ name }) => name));
  if (!parts.every((part) => there.has(asStagedRef(part).name))) throw new PartsLost();
}

export async function commit(transactions: Transactions, intent: Intent): Promise<Step<CommitOutcome>> {
  const attempt = firstAttempt();
  const outcome = await attempted(transactions, intent, attempt);
  if (outcome === 'waited') return { again: { waited: true } };
  const isOver = outcome === 'already' || outcome === 'given up' || (typeof outcome === 'object' && 'counts' in outcome);
  const isLeft = (name: string) => !attempt.usedUp.has(name);
  const notes = isOver && outcome !== 'given up' ? await countAgain(transactions, intent) : [];
  if (isOver) await dropTables(transactions, tablesLeftByIntent(transactions.dialect, intent).filter(isLeft));
  return { done: notes.length > 0 && typeof outcome === 'object' && 'counts' in outcome ? { ...outcome, notes } : outcome };
}

/** Attempts the commit once. `waited`: another session holds a lock that the commit needs, so the commit is requested again. */
async function attempted(transactions: Transactions, intent: Intent, attempt: CommitAttempt): Promise<CommitOutcome | 'waited'> {
  attempt.usedUp.clear();
  const again = (otherwise: Partial<CommitAttempt>) => attempted(transactions, intent, { ...attempt, ...otherwise });
  try {
    if (transactions.dialect.commit.altersAhead) await alterAhead(transactions, intent);
    return await transactions.inCommit(async (context) => {
      await transactions.lockOutOtherCommits(
        context,
        () => publishAhead(context, intent, attempt),
        () => countingIsolation(context, intent),
      );
      return publish(context, intent, attempt);
    });
  } catch (error) {
    if (error instanceof StagedTableLocked) return again({ mustCopyStaged: true });
    if (error instanceof TakeoverRefused) return again({ mayTakeOverRows: false });
    if (error instanceof TableNotYetThere) return 'waited';
    if (error instanceof PartsLost) return (await isTaken(transactions, intent)) ? 'waited' : 'parts lost';
    const meaning = transactions.errorClassBehind(error);
    if (meaning === 'lock_timeout') return 'waited';
    if (meaning === 'permanent' && transactions.dialect.commit.isConflict && (await isTaken(transactions, intent))) return 'waited';
    if (meaning === 'missing_object' && (await isTaken(transactions, intent))) return 'waited';
    if (meaning === 'missing_object' && intent.parts.length > 0 && (await isAnyGone(transactions, intent))) return 'parts lost';
    const isRefused = meaning === 'permanent' || meaning === 'missing_object';
    if (error instanceof HyggeError && (isRefused || (meaning === undefined && permanentRefusalCodes.has(error.code))))
      return { outcome: 'refused', because: error.toDetails() };
    throw error;
  }
}

/** Whether another process has published or given up the intent, so that tables of the intent are gone. */
async function isTaken(transactions: Transactions, { id, prev }: Intent): Promise<boolean> {
  const ddl = committingDdl(transactions.dialect);
  if (ddl === undefined && !transactions.dialect.commit.isConflict) return false;
  return transactions.inReadTransaction(async (context) => {
    if (!(await transactions.hasOwnTables(context))) return false;
    const { session, place, heads } = context;
    const { head } = await heads.read(session);
    return (head?.id ?? null) !== prev || (await ddl?.madeByIntent(session, place.table))?.id === id;
  });
}

async function isAnyGone(transactions: Transactions, { id, parts }: Pick<Intent, 'id' | 'parts'>): Promise<boolean> {
  return transactions.inReadTransaction(async ({ session, dialect, place }) => {
    for (const { schema, name } of parts.map((part) => stagedTableName(dialect, place, asStagedRef(part).name))) {
      // A shared table has another name after a commit has used it.
      const there = await dialect.catalog.tablesIn(session, schema);
      if (![name, leftoverTables({ id }).whole].some((one) => there?.has(one))) return true;
    }
    return false;
  });
}
