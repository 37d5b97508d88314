/** Prevents late commits when an intent is given up or older runs are fenced off. First the tables that a late commit would use up are removed, and then the head moves. */
import { type FenceRequest, headOfFence, headOfRefusal } from '../../engine/contracts/heads.ts';
import { fenceHeadId, type GiveUpOutcome, type Intent } from '../../engine/contracts/intent.ts';
import type { Head } from '../../engine/contracts/store.ts';
import type { CommitRefusalReason } from '../../ports/state.ts';
import { quotedTable } from '../ddl.ts';
import { DatabaseError } from '../engine.ts';
import { committingDdl } from '../writes.ts';
import { leftoverTables, tokenTableOf } from './commit/rename-into-place.ts';
import { countDestinationRows, destinationColumns, type StoreContext } from './context.ts';
import { settledRowsGone } from './errors.ts';
import { recordStaged, stagedNames, stagedTableName } from './staging/staged-tables.ts';
import { dropTables, tablesLeftByIntent, tablesToSweep } from './sweep.ts';
import type { Transactions } from './transactions.ts';

type GivingUp = 'unseen' | 'by force';

export async function giveUp(
  transactions: Transactions,
  intent: Intent,
  { reason, how }: { readonly reason: CommitRefusalReason; readonly how: GivingUp },
): Promise<GiveUpOutcome> {
  const given = await transactions.withOwnTables(async (context): Promise<GiveUpOutcome> => {
    const { session, dialect, place, heads } = context;
    await transactions.lockOutOtherCommits(context, () => takeToken(context, intent, how));
    const ddl = committingDdl(dialect);
    if (ddl && (await ddl.madeByIntent(session, place.table))?.id === intent.id) {
      const { head } = await heads.read(session);
      if (head?.id !== intent.id) return 'visible';
    }
    const { head, markOfAllOwnRows } = await heads.lock(session);
    if (head?.id === intent.id) return 'committed';
    if (head?.id !== fenceHeadId(intent)) {
      if ((head?.id ?? null) !== intent.prev) return 'fenced';
      await heads.move(session, { from: head, to: headOfRefusal(head, intent, reason), mark: markOfAllOwnRows });
    }
    return { removed: [] };
  });
  if (typeof given === 'object') await dropTables(transactions, tablesLeftByIntent(transactions.dialect, intent));
  return given;
}

/** Makes sure that no table can take the destination’s name for the intent any more. `by force`: if a table has already taken the name, it is renamed back. */
async function takeToken({ session, dialect, place, heads }: StoreContext, intent: Intent, how: GivingUp): Promise<void> {
  const ddl = committingDdl(dialect);
  const { head } = await heads.read(session);
  const token = tokenTableOf(intent);
  if (ddl === undefined || token === undefined || (head?.id ?? null) !== intent.prev) return;
  const { stagingSchema: schema, table } = place;
  await session.run(`drop table if exists ${quotedTable(dialect, { schema, name: token })}`);
  if (how !== 'by force' || (await ddl.madeByIntent(session, table))?.id !== intent.id) return;
  const { old } = leftoverTables(intent);
  const given = { schema, name: `given_${place.nonce()}` };
  await recordStaged(session, dialect, place, { name: given.name, run: intent });
  const isThere = (await dialect.catalog.tablesIn(session, schema))?.has(old) === true;
  await session.run(ddl.renameAllStatement([{ from: table, to: given }, ...(isThere ? [{ from: { schema, name: old }, to: table }] : [])]));
}

export async function fence(transactions: Transactions, request: FenceRequest): Promise<Head | 'moved'> {
  const fenced = await transactions.withOwnTables(async (context) => {
    const { session, dialect, place, heads } = context;
    await transactions.lockOutOtherCommits(context, () => takeTokens(context, request));
    const { head, markOfAllOwnRows } = await heads.lock(session);
    if (head?.id === request.id) return { head, staged: [] };
    if ((head?.id ?? null) !== request.prev) return 'moved';
    const isThere = (await destinationColumns(context)) !== null;
    const total = isThere ? await countDestinationRows(context) : 0;
    const rows = head && !head.nothing ? Math.min(head.rows, total) : total;
    if (request.keep && head && head.rows > 0 && rows === 0) throw settledRowsGone(place.where);
    const staged = await stagedNames(session, dialect, place, 'all');
    const seen = Math.max(0, ...staged.map(({ epoch }) => epoch));
    const next = headOfFence(head, request, { seen, rows, foreign: total - rows });
    await heads.move(session, { from: head, to: next, mark: markOfAllOwnRows });
    return { head: next, staged };
  });
  if (fenced === 'moved') return 'moved';
  await dropTables(
    transactions,
    await transactions.inReadTransaction((context) => tablesToSweep(context, fenced.staged, fenced.head.epoch)),
  );
  return fenced.head;
}

/** Makes sure that no staged table takes the destination’s name any more, so that rows stay as they are counted afterwards. A table that is still written to belongs to no intent. */
async function takeTokens({ session, dialect, place, heads }: StoreContext, { prev }: Pick<FenceRequest, 'prev'>): Promise<void> {
  const { head } = await heads.read(session);
  if ((head?.id ?? null) !== prev) return;
  const names = await stagedNames(session, dialect, place, 'all');
  await session.run(dialect.commit.briefLockSettings);
  for (const { name } of names) {
    const table = quotedTable(dialect, stagedTableName(dialect, place, name));
    await session.run(`drop table if exists ${table}`).catch((error: unknown) => {
      if (!(error instanceof DatabaseError && dialect.errors.errorClass(error) === 'lock_timeout')) throw error;
    });
  }
  await session.run(dialect.commit.settings);
}
