/** Removes staged tables that no commit needs any more. If a dead run still writes to a table, the next sweep removes it. */
import type { Intent } from '../../engine/contracts/intent.ts';
import { committingDdl, staysAfterFailure } from '../writes.ts';
import { leftoverTables, tokenTableOf } from './commit/rename-into-place.ts';
import type { StoreContext, StoreDialect } from './context.ts';
import { leftoverProbes } from './probes.ts';
import { dropStaged } from './staging/removal.ts';
import { asStagedRef, type StagedRecord } from './staging/staged-tables.ts';
import type { Transactions } from './transactions.ts';

/** The number of tables that one transaction drops. The number is limited because each table is locked until the end of the transaction. */
const dropsAtOnce = 50;
/** The number of later claims after which a record is removed. By then, no attempt still makes a table that it recorded. */
const recordsKept = 50;

/** The tables that an intent leaves behind once the intent is settled or given up. */
export function tablesLeftByIntent(dialect: StoreDialect, intent: Intent): readonly string[] {
  const staged = intent.parts.flatMap((part) => {
    const { name, copiedFrom = [] } = asStagedRef(part);
    return [name, ...copiedFrom];
  });
  return committingDdl(dialect) ? [...staged, tokenTableOf(intent) ?? [], Object.values(leftoverTables(intent))].flat() : staged;
}

/** The tables that can be dropped. If a table is not made in the transaction that records it, a fenced run may still make the table. In that case the record is kept, so that the table is found. */
export async function tablesToSweep(
  { session, dialect, place }: StoreContext,
  staged: readonly StagedRecord[],
  before: number,
): Promise<readonly string[]> {
  if (!staysAfterFailure(dialect)) return staged.map(({ name }) => name);
  if (staged.length === 0 && !committingDdl(dialect)) return [];
  const there = await dialect.catalog.tablesIn(session, place.stagingSchema);
  const isOver = ({ name, epoch }: StagedRecord) => there?.has(name) || epoch < before - recordsKept;
  const probes = there && place.nowMs && committingDdl(dialect) ? leftoverProbes(there, place.nowMs()) : [];
  return [...staged.filter(isOver).map(({ name }) => name), ...probes];
}

export async function dropTables(transactions: Transactions, names: readonly string[]): Promise<void> {
  const all = [...new Set(names)];
  for (let from = 0; from < all.length; from += dropsAtOnce) {
    const some = all.slice(from, from + dropsAtOnce);
    if ((await areDropped(transactions, some)) || some.length === 1) continue;
    for (const one of some) await areDropped(transactions, [one]);
  }
}

/** Drops the tables that exist, and discards the files of all tables. If a CREATE has not arrived yet, the next sweep finds its table by the record. */
export async function dropExistingTables(transactions: Transactions, names: readonly string[]): Promise<void> {
  const there = await transactions.inReadTransaction(({ session, dialect, place }) =>
    dialect.catalog.tablesIn(session, place.stagingSchema),
  );
  await dropTables(
    transactions,
    names.filter((name) => there?.has(name)),
  );
  // Another run’s sweep may have dropped a table before one of its files arrived.
  await transactions.discardFiles(names.filter((name) => !there?.has(name)));
}

/** Whether the tables were dropped. False: another session still writes to one of the tables. */
async function areDropped(transactions: Transactions, names: readonly string[]): Promise<boolean> {
  try {
    await transactions.discardFiles(names);
    await transactions.inWriteTransaction(({ session, dialect, place }) =>
      dropStaged(session, dialect, place, { names, first: [dialect.commit.briefLockSettings] }),
    );
    return true;
  } catch (error) {
    const meaning = transactions.errorClassBehind(error);
    // If hygge’s own tables are missing, no table is staged.
    if (meaning === 'missing_object') return true;
    if (meaning !== 'lock_timeout') throw error;
    return false;
  }
}
