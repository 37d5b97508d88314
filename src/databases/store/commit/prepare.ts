/** Before a commit is decided: finds out how many rows the commit removes, and whether it keeps only one staged row of each key. */
import { destinationBoundaryChanged, keyTwice, othersWrote } from '../../../engine/contracts/errors.ts';
import type { PreparedRows, PrepareRequest } from '../../../engine/contracts/intent.ts';
import { rowsFewer, storedSupersede } from '../../../engine/contracts/replacing.ts';
import type { Json } from '../../../ports/values.ts';
import {
  type ApartPart,
  countDestinationRows,
  countFrom,
  destinationColumns,
  type PreparedCommit,
  quotedDestination,
  type StagedKeys,
  type StoreContext,
  stagedKeysOf,
} from '../context.ts';
import { hasSettledNothing } from '../head.ts';
import { ownRowsCondition } from '../ownership.ts';
import { apartParts } from '../quarantine.ts';
import { asStagedRef, changesDestination } from '../staging/staged-tables.ts';
import { hasTotalsToCompare, sharedMustBeAsSent } from '../staging/staged-totals.ts';
import type { Transactions } from '../transactions.ts';
import { deleteCondition, lastGoodCondition, replacedCondition } from './delete-condition.ts';
import {
  findDuplicateKeys,
  looseTextColumns,
  newerThereCondition,
  rowsToUpsert,
  sameKeyCondition,
  sortExpressionFor,
  stagedRows,
} from './keys.ts';
import { lastGoodIn } from './last-good.ts';
import { findKeysAtSameWatermark, leftOutRows, rowsInTurns } from './partial-rows.ts';
import { apartPartOf } from './rejected-rows.ts';
import { makeTokenTable, needsTokenTable } from './rename-into-place.ts';
import { uuidLetters } from './uuid-texts.ts';
import { columnsAfterChanges, mustKeepValues } from './value-checks.ts';

export async function prepare(transactions: Transactions, request: PrepareRequest): Promise<PreparedRows> {
  if (request.supersede.what === 'quarantine' || request.parts.some((part) => asStagedRef(part).apart)) await transactions.widenRejected();
  const target = await comparedAndPrepared(transactions, request);
  const older = request.writing.keepsNewer
    ? await transactions.inReadTransaction(async (context) => {
        const goes = request.supersede.what === 'range' ? await rangeCondition(transactions, context, target) : null;
        return olderRows(context, request, { apart: target.apart, goes });
      })
    : 0;
  const notThere = request.parts.some(({ role }) => role === 'partial')
    ? await transactions.inReadTransaction((context) => rowsNotThere(context, request))
    : 0;
  const lastGood =
    target.lastGood === undefined
      ? null
      : await transactions.inReadTransaction((context) => lastGoodRows(transactions, context, request, target));
  const token = needsTokenTable(transactions.dialect, request.parts)
    ? { token: await transactions.withOwnTables((context) => makeTokenTable(context, request.run)) }
    : {};
  return {
    target: { ...target, supersede: storedSupersede(target.supersede), ...token } as unknown as Json,
    supersededRows: target.goes,
    leftQuarantine: rowsFewer(target.apartGoes ?? [], request.parts),
    older,
    notThere,
    lastGood,
    expiredRows: (target.expired ?? []).reduce((sum, { rows }) => sum + rows, 0),
  };
}

/** Compares the staged rows with the sent rows, and prepares the commit. Both use one transaction, because for a small table most of the time is spent on round trips. */
async function comparedAndPrepared(transactions: Transactions, request: PrepareRequest): ReturnType<typeof prepared> {
  const { parts, schema } = request;
  const isCompared = hasTotalsToCompare(transactions.dialect, parts);
  let isAsSent = false;
  try {
    return await transactions.inReadTransaction(async (context) => {
      const { session, dialect, place } = context;
      if (isCompared && !isAsSent) await sharedMustBeAsSent(session, dialect, { place, parts, schema });
      isAsSent = true;
      return prepared(transactions, context, request);
    });
  } catch (error) {
    // If a staged table is missing, the error is left to the commit.
    if (isAsSent || transactions.errorClassBehind(error) !== 'missing_object') throw error;
    return transactions.inReadTransaction((context) => prepared(transactions, context, request));
  }
}

/** The condition for the rows that a range removes. */
async function rangeCondition(transactions: Transactions, context: StoreContext, prepared: Pick<PreparedCommit, 'supersede' | 'lastGood'>) {
  return replacedCondition(transactions.dialect, prepared, ownRowsCondition(context, await transactions.headRow(context)));
}

/** The number of last good versions that stay in the range. Rows that the commit brings again do not count. Null: no version stays. */
async function lastGoodRows(
  transactions: Transactions,
  context: StoreContext,
  { parts, schema, writing }: PrepareRequest,
  { supersede, lastGood, apart }: PreparedCommit,
): Promise<PreparedRows['lastGood']> {
  const { dialect } = context;
  const there = await destinationColumns(context);
  const range = await rangeCondition(transactions, context, { supersede });
  if (there === null || range === null || lastGood === undefined || supersede.what !== 'range') return null;
  const stays = `${range} and ${lastGoodCondition(dialect, lastGood)}`;
  const staged = stagedRows(context, { parts: parts.filter(changesDestination), schema, key: writing.key });
  const ordered = sortExpressionFor(dialect, schema, staged.watermark);
  const rows = rowsToUpsert(dialect, staged, stagedKeysOf({ apart }), (name) => ordered(dialect.quote(name)));
  const letters = await uuidLetters(context, schema, writing.key);
  const on = sameKeyCondition(dialect, { schema, loose: looseTextColumns(there), letters }, writing.key);
  const comes = parts.some(changesDestination) ? ` and not exists (select 1 from ${rows} hygge_new where ${on})` : '';
  const stay = await countFrom(context, `${quotedDestination(context)} hygge_now where ${stays}${comes}`);
  return stay === 0 ? null : { rows: stay, areKnown: lastGood.rows !== 'any' };
}

/** The number of partial rows that are left out because no row of their key exists. */
async function rowsNotThere(context: StoreContext, { parts, schema, writing }: PrepareRequest): Promise<number> {
  const { dialect } = context;
  const there = writing.mode === 'swap' ? null : await destinationColumns(context);
  const staged = stagedRows(context, { parts: parts.filter(changesDestination), schema, key: writing.key });
  const ordered = sortExpressionFor(dialect, schema, staged.watermark);
  const turns = rowsInTurns(dialect, staged, (name) => ordered(dialect.quote(name)));
  const letters = await uuidLetters(context, schema, writing.key);
  const on = sameKeyCondition(dialect, { schema, loose: looseTextColumns(there ?? []), letters }, writing.key);
  return countFrom(context, leftOutRows(dialect, staged, { turns, table: there === null ? null : quotedDestination(context), on }));
}

interface ApartOfSource extends Pick<ApartPart, 'rows'> {
  readonly source: string;
}

/** The unreadable rows of source files that were read again. If such a row is in the open group, it is removed with the group. */
async function apartReadAgain(
  transactions: Transactions,
  context: StoreContext,
  sources: readonly string[],
): Promise<readonly (ApartPart & ApartOfSource)[]> {
  if (sources.length === 0) return [];
  const again = new Set(sources);
  const found = await apartParts(transactions, context);
  return found.flatMap(({ part, role, source }) =>
    role === 'quarantine' && !part.ofGroup && source !== null && again.has(source) ? [{ ...part, source }] : [],
  );
}

/** The number of incoming rows that a merge leaves out, because the existing row of their key is newer. */
async function olderRows(
  context: StoreContext,
  { parts, schema, writing }: PrepareRequest,
  { apart, goes }: Pick<PreparedCommit, 'apart'> & { readonly goes: string | null },
): Promise<number> {
  const taking = parts.filter(changesDestination);
  const there = taking.length > 0 ? await destinationColumns(context) : null;
  if (there === null) return 0;
  const { dialect } = context;
  const staged = stagedRows(context, { parts: taking, schema, key: writing.key });
  const ordered = sortExpressionFor(dialect, schema, staged.watermark);
  const rows = rowsToUpsert(dialect, staged, stagedKeysOf({ apart }), (name) => ordered(dialect.quote(name)));
  const letters = await uuidLetters(context, schema, writing.key);
  const on = sameKeyCondition(dialect, { schema, loose: looseTextColumns(there), letters }, writing.key);
  const newer = newerThereCondition(dialect, { table: quotedDestination(context), on, watermark: staged.watermark, ordered, goes });
  // Equal rows settle as one row, and so do several rows with one key.
  const live = taking.filter(({ role }) => role !== 'deleted');
  return live.reduce((sum, part) => sum + part.rows, 0) - (await countFrom(context, `${rows} hygge_new where not ${newer}`));
}

/** Throws if staged rows differ from the sent rows. If a table is missing, the error is left to the commit. */
export async function mustBeAsSent(transactions: Transactions, { parts, schema }: Pick<PrepareRequest, 'parts' | 'schema'>): Promise<void> {
  if (!hasTotalsToCompare(transactions.dialect, parts)) return;
  try {
    await transactions.inReadTransaction(({ session, dialect, place }) => sharedMustBeAsSent(session, dialect, { place, parts, schema }));
  } catch (error) {
    if (transactions.errorClassBehind(error) !== 'missing_object') throw error;
  }
}

async function prepared(
  transactions: Transactions,
  context: StoreContext,
  request: PrepareRequest,
): Promise<PreparedCommit & { readonly apartGoes?: readonly (ApartPart & ApartOfSource)[] }> {
  const { prev, supersede, writing, parts, schema, changes, groupAgain, keepsGroup, readAgain, expired } = request;
  const { dialect, place } = context;
  const { where } = place;
  const standing = await transactions.headRow(context);
  const there = await destinationColumns(context);
  const mine = ownRowsCondition(context, standing);
  const isThere = there !== null;
  // If the head has moved on, the table may already have the changes. In that case the commit decides.
  if (isThere && writing.mode !== 'swap' && (standing.head?.id ?? null) === prev)
    await mustKeepValues(context, { parts, schema, writing }, columnsAfterChanges(dialect, there, { changes, where }));
  let all: number | undefined;
  const range = isThere && supersede.what === 'range' ? deleteCondition(dialect, supersede, mine) : null;
  const lastGood = range === null ? undefined : await lastGoodIn(context, request, range);
  const stays = lastGood === undefined ? {} : { lastGood };
  const replaced = writing.mode === 'swap' ? '1 = 1' : replacedCondition(dialect, { supersede, ...stays }, mine);
  const leaves = supersede.what === 'range' || (supersede.what === 'all' && supersede.foreign === 'keep');
  const takesOthers = supersede.what === 'range' && supersede.foreign === 'replace';
  if (isThere && mine === null && leaves && !takesOthers) {
    const ours = hasSettledNothing(standing) ? 0 : (standing.head?.rows ?? 0);
    all = await countDestinationRows(context);
    if (all > ours) throw othersWrote(where, { found: all, prepared: ours });
  }
  const counted = replaced === '1 = 1' ? all : undefined;
  const goes = isThere && replaced !== null ? (counted ?? (await countDestinationRows(context, replaced))) : 0;
  if (supersede.what === 'boundary' && goes !== supersede.rows)
    throw destinationBoundaryChanged(where, { ...supersede, found: goes, key: place.key });
  const { stagedKeys, example } = await duplicateKeys(context, request);
  if (example !== null) throw keyTwice(where, { key: writing.key, example, cut: cutWatermarkOf(request) });
  const apartGoes = supersede.what === 'all' ? [] : await apartReadAgain(transactions, context, readAgain);
  const old = expired.map((slice) => apartPartOf(slice));
  return {
    ...stays,
    ...{ supersede, goes, apart: stagedKeys === 'once' ? 'by key' : 'distinct' },
    ...(groupAgain ? { groupAgain } : {}),
    ...(keepsGroup ? { keepsGroup } : {}),
    ...(apartGoes.length > 0 ? { apartGoes } : {}),
    ...(old.length > 0 ? { expired: old } : {}),
  };
}

/** The watermark’s column, if digits of its values are cut. Null: no digits are cut. */
function cutWatermarkOf({ parts, schema }: PrepareRequest): string | null {
  const marks = new Set(parts.filter(changesDestination).map((part) => asStagedRef(part).mark));
  return schema.columns.find(({ name, retimed }) => retimed?.cut && marks.has(name))?.name ?? null;
}

async function duplicateKeys(
  context: StoreContext,
  { parts, schema, writing: { key } }: PrepareRequest,
): Promise<{ readonly stagedKeys: StagedKeys; readonly example: string | null }> {
  const { session, dialect } = context;
  const taking = parts.filter(changesDestination);
  if (key.length === 0 || taking.length === 0) return { stagedKeys: 'once', example: null };
  const staged = stagedRows(context, { parts: taking, schema, key });
  const ordered = sortExpressionFor(dialect, schema, staged.watermark);
  if (staged.partialColumns !== null) return findKeysAtSameWatermark(session, dialect, staged, (name) => ordered(dialect.quote(name)));
  return findDuplicateKeys(session, dialect, staged, (name) => ordered(dialect.quote(name)));
}
