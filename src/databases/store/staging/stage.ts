/** Stages a slice. An attempt writes its rows in one transaction, into its own staged table or into the table that all attempts of a full load share. */
import type { FrameToStage, Part, StageRequest } from '../../../engine/contracts/store.ts';
import type { Column } from '../../../frames/schema.ts';
import { columnDeclaration, createTableStatementIn, quotedTable } from '../../ddl.ts';
import { committingDdl, staysAfterFailure } from '../../writes.ts';
import type { StoreContext } from '../context.ts';
import { dropExistingTables } from '../sweep.ts';
import { stagesOnly, type Transactions, tableMakingAttempts } from '../transactions.ts';
import { dropDdlTriggers } from '../triggers.ts';
import { isStaged, recordStaged, StagingAttempt, sharedStagedName, stagedTableName } from './staged-tables.ts';

export async function stage(
  transactions: Transactions,
  request: StageRequest,
  frames: AsyncIterable<FrameToStage>,
  signal: AbortSignal,
): Promise<readonly Part[]> {
  const coming = frames[Symbol.asyncIterator]();
  // A connection is opened only when the attempt has something to write.
  let next = await coming.next();
  if (next.done && !request.emptyPart) return [];
  let attempt: StagingAttempt | undefined;
  try {
    const { dialect } = transactions;
    let mayShare = true;
    // The transaction that searches for the shared table also makes it, unless DDL commits by itself or slices are staged one by one.
    let isMadeAtOnce = committingDdl(dialect) === undefined && !dialect.staging.takesSlicesOneByOne;
    /** The name of the shared table that this attempt made or found. */
    let known: string | undefined;
    for (let makes = 0; ; makes++) {
      let isMaking = false;
      const work = async (context: StoreContext) => {
        const { session, place } = context;
        const name = known ?? (mayShare ? await tableToShare(context, request) : null);
        if (name !== null && known === undefined && !(await isStaged(session, dialect, place, name))) {
          if (!isMadeAtOnce) return { lacks: name };
          isMaking = true;
          await makeShared(context, request, name);
          isMaking = false;
          return { made: name };
        }
        const table = quotedTable(dialect, stagedTableName(dialect, place, name ?? ''));
        const shared = name === null ? null : { name, tag: (await dialect.staging.attemptTags?.newTag(session, table)) ?? '' };
        attempt = new StagingAttempt(dialect, place, { request, shared });
        for (; !next.done; next = await coming.next()) {
          signal.throwIfAborted();
          await attempt.add(session, next.value);
        }
        if (attempt.isEmpty) await attempt.addEmpty(session);
        return attempt.parts(session);
      };
      const done = await transactions.withOwnTables(work, { ...stagesOnly, signal }).catch((error: unknown) => {
        // If several processes make the table at once, all except the first are refused, and find the table.
        if (!isMaking || transactions.errorClassBehind(error) === undefined) throw error;
        return { refused: true };
      });
      if ('made' in done) known = done.made;
      else if ('refused' in done) isMadeAtOnce = false;
      else if ('lacks' in done) {
        const made = await madeShared(transactions, request, { name: done.lacks, isLast: makes + 1 === tableMakingAttempts });
        mayShare = made !== 'impossible';
        if (made === 'there') known = done.lacks;
      } else return done;
    }
  } catch (error) {
    await attempt?.abandon();
    // The tables of the attempt may still exist. If some can’t be dropped now, the next run drops them.
    if (staysAfterFailure(transactions.dialect) && attempt) await dropExistingTables(transactions, attempt.names).catch(() => undefined);
    throw error;
  } finally {
    await coming.return?.();
  }
}

/** The name of the table into which all attempts of the run write rows, if that table may become the destination’s table. Null: each attempt has its own table. */
async function tableToShare({ session, dialect, place }: StoreContext, { run, writing, schema }: StageRequest): Promise<string | null> {
  if (!dialect.staging.attemptTags || place.markColumn !== null) return null;
  const { tagColumn, systemColumnName, valuesFitAnyDeclaration } = dialect.staging.attemptTags;
  if (schema.columns.some(({ name }) => [tagColumn?.name, systemColumnName].includes(name.toLowerCase()))) return null;
  const isOwn = (column: Column) => columnDeclaration(dialect, column) === dialect.columns.declared(column.type);
  if (!valuesFitAnyDeclaration && !schema.columns.every(isOwn)) return null;
  const isAnew = writing.mode === 'swap' || (await dialect.catalog.columns(session, place.table)) === null;
  return isAnew ? sharedStagedName(dialect, place.key, { run, schema }) : null;
}

/** Makes the shared table before any attempt writes rows to it, so that attempts do not wait for each other. */
async function makeShared({ session, dialect, place }: StoreContext, { run, schema }: StageRequest, name: string): Promise<void> {
  const table = stagedTableName(dialect, place, name);
  // If the staged table is in the destination’s schema, that schema may have to be made first.
  if (table.schema !== place.stagingSchema && (await dialect.catalog.tablesIn(session, table.schema)) === null)
    await session.run(dialect.tables.createSchema(table.schema));
  const columns = [schema.columns, dialect.staging.attemptTags?.tagColumn ?? []].flat();
  await recordStaged(session, dialect, place, { name, run });
  await session.run(await createTableStatementIn(session, dialect, { table, columns, nulls: 'as declared' }));
  await dropDdlTriggers(session, dialect, table);
}

/** Makes the shared table. `impossible`: the database accepts no table with one more column. `refused`: another session may have made the table, else the next attempt makes it. */
async function madeShared(
  transactions: Transactions,
  request: StageRequest,
  { name, isLast }: { readonly name: string; readonly isLast: boolean },
): Promise<'there' | 'refused' | 'impossible'> {
  const { attemptTags } = transactions.dialect.staging;
  try {
    await transactions.withOwnTables((context) => makeShared(context, request, name));
    return 'there';
  } catch (error) {
    // If several processes make the table at once, all except the first are refused, and find the table.
    const meaning = transactions.errorClassBehind(error);
    if (meaning === undefined) throw error;
    if (await transactions.inReadTransaction(({ session, dialect, place }) => isStaged(session, dialect, place, name))) return 'there';
    if (attemptTags?.tagColumn && meaning === 'permanent') return 'impossible';
    if (isLast) throw error;
    return 'refused';
  }
}
