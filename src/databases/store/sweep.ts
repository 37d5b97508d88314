/** Removes staged tables that no commit needs any more. A table that a dead run still writes to is left for the next sweep. */
import type { Intent } from '../../engine/contracts/intent.ts';
import { committingDdl, staysAfterFailure } from '../writes.ts';
import { leftoverTables, tokenTableOf } from './commit/rename-into-place.ts';
import type { StoreContext, StoreDialect } from './context.ts';
import { leftoverProbes } from './probes.ts';
import { dropStaged } from './staging/removal.ts';
import { asStagedRef, type StagedRecord } from './staging/staged-tables.ts';
import type { Transactions } from './transactions.ts';

/** The number of tables dropped in one transaction: each is locked until its end. */
const dropsAtOnce = 50;
/** After this many later claims, no attempt still makes a table that it announced before them. */
const recordsKept = 50;

/** The tables that an intent leaves behind once it is settled or given up. */
export function tablesLeftByIntent(dialect: StoreDialect, intent: Intent): readonly string[] {
  const staged = intent.parts.flatMap((part) => {
    const { name, copiedFrom = [] } = asStagedRef(part);
    return [name, ...copiedFrom];
  });
  return committingDdl(dialect) ? [...staged, tokenTableOf(intent) ?? [], Object.values(leftoverTables(intent))].flat() : staged;
}

/** The tables that can be dropped. If a table is not made in the transaction that records it, a fenced run may still make it: its record then leads to it. */
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

/** Drops the existing tables, and discards the files of all. If a CREATE is still on its way, the next sweep finds that table by its record. */
export async function dropExistingTables(transactions: Transactions, names: readonly string[]): Promise<void> {
  const there = await transactions.inReadTransaction(({ session, dialect, place }) =>
    dialect.catalog.tablesIn(session, place.stagingSchema),
  );
  await dropTables(
    transactions,
    names.filter((name) => there?.has(name)),
  );
  // The sweep of another run may have dropped a table whose file was still on its way.
  await transactions.discardFiles(names.filter((name) => !there?.has(name)));
}

/** False: another session still writes to one of the tables. */
async function areDropped(transactions: Transactions, names: readonly string[]): Promise<boolean> {
  try {
    await transactions.discardFiles(names);
    await transactions.inWriteTransaction(({ session, dialect, place }) =>
      dropStaged(session, dialect, place, { names, first: [dialect.commit.briefLockSettings] }),
    );
    return true;
  } catch (error) {
    const meaning = transactions.errorClassBehind(error);
    // If hygge's own tables are gone, nothing is staged.
    if (meaning === 'missing_object') return true;
    if (meaning !== 'lock_timeout') throw error;
    return false;
  }
}
