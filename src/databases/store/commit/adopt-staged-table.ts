/** Adopts a staged table: if all rows of a full load are in one staged table, in their final form, that table becomes the destination’s table. So no row is written twice. */
import type { Intent } from '../../../engine/contracts/intent.ts';
import type { Counts } from '../../../engine/contracts/writing.ts';
import type { Schema } from '../../../frames/schema.ts';
import { quotedTable } from '../../ddl.ts';
import { DatabaseError } from '../../engine.ts';
import { commitInTransaction } from '../../writes.ts';
import { preparedOf, quotedDestination, type StoreContext, stagedKeysOf } from '../context.ts';
import {
  changesDestination,
  mustHoldAllParts,
  type StagedSource,
  sharedStagedName,
  stagedSources,
  stagedTableName,
} from '../staging/staged-tables.ts';
import { disableTriggersAddedByDdl, dropDdlTriggers } from '../triggers.ts';

/** How a repeated commit differs from the first attempt. */
export interface CommitAttempt {
  /** The rows of a single staged table are copied, and the staged table stays. */
  readonly mustCopyStaged: boolean;
  /** New rows may swap places with the rows of an existing table. */
  readonly mayTakeOverRows: boolean;
  /** Names of the staged tables that this commit has made the destination’s table. */
  readonly usedUp: Set<string>;
}

export const firstAttempt = (): CommitAttempt => ({ mustCopyStaged: false, mayTakeOverRows: true, usedUp: new Set() });

/** Undoes a transaction, because a session of another run still writes to the staged table. Its rows are copied instead. */
export class StagedTableLocked extends Error {
  override readonly name = 'StagedTableLocked';
}

/** The staged table to adopt. Null: its rows are copied instead. @param isAnew a new table is made for the rows. */
export function tableToAdopt(
  { dialect, place }: StoreContext,
  { schema, parts, writing, target, ...run }: Intent,
  { isAnew, attempt }: { readonly isAnew: boolean; readonly attempt: CommitAttempt },
): StagedSource | null {
  const comeOnce = stagedKeysOf(preparedOf({ target })) === 'once' || (writing?.key.length ?? 0) === 0;
  if (!isAnew || attempt.mustCopyStaged || place.markColumn !== null || !comeOnce) return null;
  const [source, ...others] = stagedSources(parts.filter(changesDestination));
  if (source === undefined || others.length > 0 || source.tags.size === 0) return null;
  return source.name === sharedStagedName(dialect, place.key, { run, schema }) ? source : null;
}

/** Locks the staged table against other writers, and removes all rows that no record counts. */
export async function lockAndCleanStagedTable(of: StoreContext, source: StagedSource, intent: Intent): Promise<void> {
  const { dialect, place } = of;
  await runUnlessLocked(of, dialect.commit.lockStatement(quotedTable(dialect, stagedTableName(dialect, place, source.name))));
  await removeOtherRows(of, source, intent);
}

/** Runs a statement that no other session may disturb at the staged table. Throws `StagedTableLocked` if the lock takes longer than a moment. */
export async function runUnlessLocked({ session, dialect }: StoreContext, statement: string): Promise<void> {
  try {
    await session.run([dialect.commit.briefLockSettings, statement, dialect.commit.settings]);
  } catch (error) {
    if (error instanceof DatabaseError && dialect.errors.errorClass(error) === 'lock_timeout') throw new StagedTableLocked();
    throw error;
  }
}

/** Removes rows that no record counts from a locked staged table. Throws `PartsLost` if recorded rows are missing. */
export async function removeOtherRows(
  { session, dialect, place }: StoreContext,
  source: StagedSource,
  { parts }: Pick<Intent, 'parts'>,
): Promise<void> {
  const table = quotedTable(dialect, stagedTableName(dialect, place, source.name));
  const { others } = await mustHoldAllParts(session, dialect, { place, source, parts });
  // From here on, these rows can’t be told apart from the rows that this run staged.
  if (others > 0 && dialect.staging.attemptTags?.closeToWritersAndCountByTag) throw new StagedTableLocked();
  if (others > 0 && dialect.staging.attemptTags)
    await session.execute(`delete from ${table} where not (${dialect.staging.attemptTags.tagCondition(source.tags)})`);
}

/**
 * Makes the destination’s table for a new load: either the table that the rows are staged in, or another table without rows. The staged table gets what the
 * database adds to each new table in the schema, such as default privileges. If the staged table already has more than that, its rows are copied. @param
 * of.swap what makes the table like the table that it replaces. At this time no table has the destination’s name. @returns the statements that follow once the
 * rows are in the table.
 */
export async function makeDestination(
  of: StoreContext,
  by: {
    readonly taking: StagedSource | null;
    readonly swap: readonly string[] | undefined;
    readonly columns: Schema['columns'];
    create(): Promise<void>;
  },
): Promise<{ readonly adopted: Counts | null; readonly enable: readonly string[] }> {
  const { session, dialect, place } = of;
  const { taking, swap } = by;
  if (taking && !swap && (await commitInTransaction(dialect).makesPlainTables?.(session, place.table, by.columns)))
    return { adopted: await adoptTable(of, taking, []), enable: [] };
  if (taking && swap) return { adopted: await adoptTable(of, taking, swap), enable: [] };
  await by.create();
  if (swap) {
    await dropDdlTriggers(session, dialect, place.table);
    return { adopted: null, enable: [] };
  }
  const { hadNone, enable } = await disableTriggersAddedByDdl(of);
  if (!taking || !hadNone) return { adopted: null, enable };
  const names = by.columns.map(({ name }) => name);
  const carried = (await commitInTransaction(dialect).carryOverStatements?.(session, place.table, names)) ?? [];
  await session.run(`drop table ${quotedDestination(of)}`);
  return { adopted: await adoptTable(of, taking, carried), enable: [] };
}

/** @param after statements that make the table like the table that it replaces. */
async function adoptTable({ session, dialect, place }: StoreContext, source: StagedSource, after: readonly string[]): Promise<Counts> {
  const { moveStatement } = commitInTransaction(dialect);
  if (moveStatement === undefined) throw new Error(`no staged table becomes ${place.where}`);
  await session.run([moveStatement(stagedTableName(dialect, place, source.name), place.table), ...after]);
  return { inserted: source.rows, updated: 0, deleted: 0 };
}
