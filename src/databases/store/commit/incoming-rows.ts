/** Settles incoming rows: a commit appends or merges all staged rows into the destination’s table, and counts the rows. */
import { hash } from 'node:crypto';
import type { TargetColumn } from '../../../engine/contracts/catalog.ts';
import type { Intent } from '../../../engine/contracts/intent.ts';
import type { Part } from '../../../engine/contracts/store.ts';
import type { Counts, Writing } from '../../../engine/contracts/writing.ts';
import { HyggeError } from '../../../errors/hygge-error.ts';
import type { KeyEqualities } from '../../../frames/row-sum/key-equality.ts';
import type { Schema } from '../../../frames/schema.ts';
import type { OwnNote } from '../../../ports/notes.ts';
import { quotedTable } from '../../ddl.ts';
import type { IdentityInserts } from '../../writes.ts';
import { countFrom, destinationColumns, quotedDestination, type StagedKeys, type StoreContext } from '../context.ts';
import { notCountedAgainNote, rowsNotDeleted, rowsNotKept } from '../errors.ts';
import { markCondition } from '../ownership.ts';
import { changesDestination, fromStagedSource, mustHoldAllParts, stagedSources } from '../staging/staged-tables.ts';
import { stagesOnly, type Transactions } from '../transactions.ts';
import {
  comparableColumns,
  deletedBySourceCondition,
  type LooseTextColumns,
  looseTextColumns,
  newerThereCondition,
  rowsToDelete,
  rowsToUpsert,
  type StagedRows,
  sameKeyCondition,
  sortExpressionFor,
  stagedRows,
} from './keys.ts';
import { fromRowsWithoutMatch, fromUnmatchedRows, insertFromStaged, updateRows } from './merge-statements.ts';
import { removeOtherSpellings } from './other-spellings.ts';
import { isWhole, rowsInTurns, rowsOfTurn, shownColumns, turnsIn } from './partial-rows.ts';
import { indexUuids, type UuidLetters, uuidLetters } from './uuid-texts.ts';
import { duplicateKeysThere, keysMustNotBeOfOthers } from './value-checks.ts';

/** The name of a table that the commit makes for its own use. */
export const commitTableName = (of: string) => `commit_${hash('sha256', of).slice(0, 24)}`;

export interface Insertion {
  readonly writing: Pick<Writing, 'mode' | 'key' | 'keepsNewer' | 'keyEqualities'>;
  readonly stagedKeys: StagedKeys;
  /** The value in the column that marks the entity’s own rows. Null: no column marks them. */
  readonly mark: string | null;
  /** All of the entity’s own rows have the mark. */
  readonly areAllOwnRowsMarked: boolean;
  /** The columns of the table that rows are inserted into. Empty: hygge has just made the table for itself. */
  readonly targetColumns: readonly TargetColumn[];
}

/** Whether values of rows are written into identity columns. Otherwise the table would number these columns itself. */
export const fillsIdentities = ({ by }: IdentityInserts, { storeKeyValues }: Pick<StoreContext['place'], 'storeKeyValues'>): boolean =>
  by === 'clause' || storeKeyValues.identity_insert === true;

/** The identity columns of the table that get values from rows, and that are never updated. */
const countedIn = (there: readonly TargetColumn[], { columns }: Schema): readonly string[] =>
  there.flatMap(({ name, filled }) => (filled === 'identity' && columns.some((one) => one.name === name) ? [name] : []));

/**
 * Runs after a commit: the identity columns continue after the numbers that rows brought. Between the commit and this call, other sessions may have drawn
 * some of these numbers. A repeated call does nothing. The rows have settled already, so a permanent refusal does not fail the run. Instead a note gives a
 * person the statement.
 */
export async function countAgain(transactions: Transactions, { parts, schema }: Intent): Promise<readonly OwnNote[]> {
  const { dialect, place } = transactions;
  const { identityColumns } = dialect.tables;
  if (identityColumns?.by !== 'setting' || !fillsIdentities(identityColumns, place) || !parts.some(changesDestination)) return [];
  if (identityColumns.countAgain === null) return [];
  const statement = identityColumns.countAgain(quotedDestination(transactions));
  try {
    await transactions.inWriteTransaction(async (context) => {
      if (countedIn((await destinationColumns(context)) ?? [], schema).length > 0) await context.session.run(statement);
    }, stagesOnly);
    return [];
  } catch (error) {
    const meaning = transactions.errorClassBehind(error);
    if (!(error instanceof HyggeError) || (meaning !== 'permanent' && meaning !== 'missing_object')) throw error;
    return [notCountedAgainNote(place.where, statement, error.why)];
  }
}

/** Inserts rows. Values of identity columns are written as they arrive. If that fails, the session leaves the mode in which it writes such values. */
export async function insertRows(context: StoreContext, intent: Intent, insertion: Insertion): Promise<Counts> {
  const { session, dialect, place } = context;
  const { identityColumns } = dialect.tables;
  const counted = countedIn(insertion.targetColumns, intent.schema);
  if (!identityColumns || counted.length === 0 || !fillsIdentities(identityColumns, place))
    return insertParts(context, intent, insertion, { counted, clause: undefined });
  if (identityColumns.by === 'clause') return insertParts(context, intent, insertion, { counted, clause: identityColumns.clause });
  try {
    await session.run(identityColumns.allowInserts(quotedDestination(context)));
    const counts = await insertParts(context, intent, insertion, { counted, clause: undefined });
    await session.run(identityColumns.endInserts(quotedDestination(context)));
    return counts;
  } catch (error) {
    session.destroy();
    throw error;
  }
}

interface Identities {
  /** The names of the identity columns. */
  readonly counted: readonly string[];
  /** The clause of an INSERT for values of identity columns. */
  readonly clause: string | undefined;
}

async function insertParts(
  context: StoreContext,
  { id, parts, schema }: Intent,
  { writing, stagedKeys, mark, areAllOwnRowsMarked, targetColumns }: Insertion,
  { counted, clause }: Identities,
): Promise<Counts> {
  const { session, dialect, place } = context;
  const taking = parts.filter(changesDestination);
  if (taking.length === 0) return { inserted: 0, updated: 0, deleted: 0 };
  if (writing.key.length === 0) return { inserted: await insertEach(context, taking, { mark, clause }), updated: 0, deleted: 0 };
  const staged = stagedRows(context, { parts: taking, schema, key: writing.key });
  const ordered = sortExpressionFor(dialect, schema, staged.watermark);
  const byName = (name: string) => ordered(dialect.quote(name));
  await mustHaveAllStagedRows(context, taking);
  if (staged.partialColumns !== null)
    return insertInTurns(context, staged, { id, schema, writing, mark, areAllOwnRowsMarked, targetColumns, counted, clause });
  const select = rowsToUpsert(dialect, staged, stagedKeys, byName);
  const loose = looseTextColumns(targetColumns);
  const letters = writing.mode === 'merge' ? await uuidLetters(context, schema, writing.key) : 'of one kind';
  const dropIndex = await indexUuids(context, { schema, key: writing.key, letters, name: commitTableName(`${id} uuids`) });
  const isPlain = stagedKeys === 'once' && !staged.hasDeleted && !writing.keepsNewer;
  const settling =
    writing.mode === 'merge' && writing.keepsNewer ? withoutOlder(context, staged, { select, schema, loose, letters, ordered }) : select;
  const rows = isPlain ? select : await kept(context, `${id} settling`, settling);
  const gone =
    staged.hasDeleted && writing.mode === 'merge' ? await kept(context, `${id} going`, rowsToDelete(dialect, staged, byName)) : null;
  const sent = await countFrom(context, `${rows} hygge_new where 1 = 1`);
  const counts =
    writing.mode === 'merge'
      ? await mergeRows(context, staged, {
          rows,
          sent,
          gone,
          mark,
          areAllOwnRowsMarked,
          ordered,
          schema,
          loose,
          letters,
          counted,
          clause,
          shown: null,
          id,
          equalities: writing.keyEqualities ?? {},
        })
      : {
          inserted: await insertFrom(context, { columns: staged.columns, from: `${rows} hygge_new`, mark, clause }),
          updated: 0,
          deleted: 0,
        };
  if (writing.mode !== 'merge' && counts.inserted !== sent) throw rowsNotKept(place.where, { sent, kept: counts.inserted });
  for (const table of [isPlain ? null : rows, gone]) if (table !== null) await session.run(dialect.merge.dropTemporary(table));
  if (dropIndex !== null) await session.run(dropIndex);
  return counts;
}

interface Turns extends Omit<Insertion, 'stagedKeys'>, Identities {
  readonly id: string;
  readonly schema: Schema;
}

/** Merges turns one after another: each turn sets its columns in the result of the turns before. A row counts once. */
async function insertInTurns(context: StoreContext, staged: StagedRows, of: Turns): Promise<Counts> {
  const { session, dialect } = context;
  const { id, schema, writing, mark, counted, clause } = of;
  const ordered = sortExpressionFor(dialect, schema, staged.watermark);
  const loose = looseTextColumns(of.targetColumns);
  const letters = await uuidLetters(context, schema, writing.key);
  const dropIndex = await indexUuids(context, { schema, key: writing.key, letters, name: commitTableName(`${id} uuids`) });
  const turns = await kept(
    context,
    `${id} turns`,
    rowsInTurns(dialect, staged, (name) => ordered(dialect.quote(name))),
  );
  // A partial row needs its settled row, even if the settled key is spelled differently.
  const merge = { schema, loose, letters, ordered, counted, clause, mark, areAllOwnRowsMarked: of.areAllOwnRowsMarked, id, equalities: {} };
  const on = sameKeyCondition(dialect, { schema, loose, letters }, staged.key);
  let counts: Counts = { inserted: 0, updated: 0, deleted: 0 };
  for (const [at, one] of (await turnsIn(session, turns)).entries()) {
    const { turn, isGone, shown } = one;
    const isFirst = turn === 1;
    if (isGone && writing.mode !== 'merge') continue;
    const isLeftOut = !isGone && !isWhole(shown);
    const table = quotedDestination(context);
    const all = rowsOfTurn(dialect, turns, one, staged.columns);
    const rows = await kept(
      context,
      `${id} turn ${at}`,
      isLeftOut ? `(select * from ${all} hygge_new where exists (select 1 from ${table} hygge_now where ${on}))` : all,
    );
    const sent = isGone ? 0 : await countFrom(context, `${rows} hygge_new where 1 = 1`);
    const did =
      isFirst && writing.mode !== 'merge'
        ? {
            inserted: await insertFrom(context, { columns: staged.columns, from: `${rows} hygge_new`, mark, clause }),
            updated: 0,
            deleted: 0,
          }
        : isGone
          ? { inserted: 0, updated: 0, deleted: await removeGone(context, staged, { ...merge, gone: rows }) }
          : await mergeRows(context, staged, { ...merge, rows, sent, gone: null, shown: shownColumns(staged, shown) });
    if (isFirst && writing.mode !== 'merge' && did.inserted !== sent) throw rowsNotKept(context.place.where, { sent, kept: did.inserted });
    // If a later turn changes a row again, the row was already counted in the first turn.
    counts = {
      inserted: counts.inserted + did.inserted,
      updated: counts.updated + (isFirst ? did.updated : 0),
      deleted: counts.deleted + did.deleted,
    };
    await session.run(dialect.merge.dropTemporary(rows));
  }
  await session.run(dialect.merge.dropTemporary(turns));
  if (dropIndex !== null) await session.run(dropIndex);
  return counts;
}

/** The rows that settle. A row does not settle if the table has a newer row with its key. */
function withoutOlder(
  context: StoreContext,
  { columns, key, watermark }: StagedRows,
  of: { readonly select: string } & Pick<Merge, 'schema' | 'loose' | 'letters' | 'ordered'>,
): string {
  const { dialect } = context;
  const on = sameKeyCondition(dialect, of, key);
  const newer = newerThereCondition(dialect, { table: quotedDestination(context), on, watermark, ordered: of.ordered });
  return `(select ${columns.map((name) => `hygge_new.${dialect.quote(name)}`).join(', ')} from ${of.select} hygge_new where not ${newer})`;
}

/** Keeps the rows of a SELECT as a table until the end of the commit. When the database joins these rows, it knows their number. */
async function kept({ session, dialect, place }: StoreContext, name: string, select: string): Promise<string> {
  const table = quotedTable(dialect, { schema: place.stagingSchema, name: commitTableName(name) });
  await session.run(dialect.merge.createTemporary(table, select));
  return table;
}

/** Inserts the rows, and checks that as many rows were inserted as were staged. */
async function insertEach(context: StoreContext, parts: readonly Part[], how: HowInserted): Promise<number> {
  let inserted = 0;
  for (const source of stagedSources(parts)) {
    const from = fromStagedSource(context.dialect, context.place, source);
    const rows = await insertFrom(context, { columns: source.columns, from: `${from} hygge_new`, ...how });
    if (rows !== source.rows) {
      await mustHaveAllStagedRows(context, parts);
      throw rowsNotKept(context.place.where, { sent: source.rows, kept: rows });
    }
    inserted += rows;
  }
  return inserted;
}

/** Throws `PartsLost` if the number of staged rows differs from the recorded number. */
export async function mustHaveAllStagedRows({ session, dialect, place }: StoreContext, parts: readonly Part[]): Promise<void> {
  for (const source of stagedSources(parts)) await mustHoldAllParts(session, dialect, { place, source });
}

interface HowInserted extends Pick<Insertion, 'mark'>, Pick<Identities, 'clause'> {}

async function insertFrom(
  context: StoreContext,
  { mark, ...of }: HowInserted & { readonly columns: readonly string[]; readonly from: string },
): Promise<number> {
  const { session, dialect, place } = context;
  const { markColumn } = place;
  const more = markColumn === null || mark === null ? {} : { more: [markColumn, dialect.literal({ kind: 'string' }, mark)] as const };
  return session.execute(insertFromStaged(dialect, { table: quotedDestination(context), ...of, ...more }));
}

interface Merge extends Pick<Insertion, 'mark' | 'areAllOwnRowsMarked'>, Identities {
  /** The live rows as text for FROM. `gone`: the keys of deleted rows; null: no row was deleted. */
  readonly rows: string;
  readonly gone: string | null;
  /** The number of live rows. */
  readonly sent: number;
  /** The columns that the rows have. A merge sets only these columns in existing rows. Null: the rows have all columns. */
  readonly shown: ReadonlySet<string> | null;
  readonly schema: Schema;
  readonly loose: LooseTextColumns;
  readonly letters: UuidLetters;
  /** The id of the intent. */
  readonly id: string;
  readonly equalities: KeyEqualities;
  ordered(expression: string): string;
}

async function mergeRows(context: StoreContext, staged: StagedRows, by: Merge): Promise<Counts> {
  const { session, dialect, place } = context;
  const { quote } = dialect;
  const { columns, key } = staged;
  const table = quotedDestination(context);
  // Rows that settled before the table had a mark column lack the mark. Nothing distinguishes such rows from rows that hygge did not write.
  const mine = by.areAllOwnRowsMarked ? markCondition(context, by.mark, 'hygge_now.') : null;
  const on = sameKeyCondition(dialect, by, key);
  const gone = by.gone === null ? 0 : await removeGone(context, staged, { ...by, gone: by.gone });
  // The rows with other spellings are removed before rows are inserted, because a unique index may also treat both texts as equal.
  const respelt =
    Object.keys(by.equalities).length === 0
      ? 0
      : await removeOtherSpellings(
          context,
          {
            ...{ rows: by.rows, key, on, mine, equalities: by.equalities },
            keep: (name, select) => kept(context, `${by.id} ${name}`, select),
          },
          (where) => removeMatches(context, where),
        );
  const isShown = (name: string) => by.shown?.has(name) ?? true;
  const others = columns.filter((name) => !key.includes(name) && isShown(name));
  const updatable = key.filter((name) => !by.counted.includes(name)).slice(0, 1);
  const sets = (others.length === 0 ? updatable : others).map((name): readonly [string, string] => [
    quote(name),
    `hygge_new.${quote(name)}`,
  ]);
  if (place.markColumn !== null && by.mark !== null) sets.push([quote(place.markColumn), dialect.literal({ kind: 'string' }, by.mark)]);
  const onOurs = mine === null ? on : `${on} and ${mine}`;
  const rows = { rows: by.rows, table };
  const updated =
    sets.length === 0
      ? by.sent - (await countFrom(context, fromRowsWithoutMatch({ ...rows, on: onOurs })))
      : await updateRows(session, dialect, { table, source: by.rows, sets, on: onOurs, key, name: place.table });
  const absent = (on: string) => fromUnmatchedRows(dialect, { ...rows, on, key: quote(key[0] ?? '') });
  const inserted = await insertFrom(context, { columns, from: absent(on), mark: by.mark, clause: by.clause });
  const merged = { staged, schema: by.schema, rows: by.rows, on: onOurs };
  if (updated + inserted > by.sent) throw await duplicateKeysThere(context, { ...merged, more: updated + inserted - by.sent });
  const isLess = updated + inserted < by.sent;
  const left = isLess && onOurs === on ? 0 : await countFrom(context, absent(onOurs));
  // If two entities merge the same new key at once, neither entity sees the other’s row. So their commits must conflict.
  if (onOurs !== on) await context.heads.meetOthers(session);
  if (left > 0 && onOurs !== on) await keysMustNotBeOfOthers(context, { ...merged, byKey: on, mark: by.mark ?? '' });
  // A trigger may skip updates that change nothing. If a row does not have the new values, its update is missing.
  const compared = columns.filter(isShown);
  const same = `${onOurs} and exists (select ${comparableColumns(dialect, by, compared, 'hygge_now')} intersect select ${comparableColumns(dialect, by, compared, 'hygge_new')})`;
  const missing = isLess ? await countFrom(context, fromRowsWithoutMatch({ ...rows, on: same })) : left;
  if (missing > 0) throw rowsNotKept(place.where, { sent: by.sent, kept: by.sent - missing });
  return { inserted, updated, deleted: gone + respelt };
}

/** Removes the rows whose key is among the deleted keys. */
async function removeGone(
  context: StoreContext,
  staged: StagedRows,
  by: Pick<Merge, 'schema' | 'loose' | 'letters' | 'ordered' | 'mark' | 'areAllOwnRowsMarked'> & { readonly gone: string },
): Promise<number> {
  const { dialect } = context;
  const mine = by.areAllOwnRowsMarked ? markCondition(context, by.mark, 'hygge_now.') : null;
  const on = sameKeyCondition(dialect, by, staged.key);
  return removeMatches(context, deletedBySourceCondition(dialect, { source: by.gone, staged, on, mine, ordered: by.ordered }));
}

/** Removes rows, and checks that they are gone, because a trigger or a rule may keep rows without an error. */
async function removeMatches(context: StoreContext, where: string): Promise<number> {
  const table = quotedDestination(context);
  const deleted = await context.session.execute(context.dialect.merge.deleteFrom({ table, where }));
  const stay = await countFrom(context, `${table} hygge_now where ${where}`);
  if (stay > 0) throw rowsNotDeleted(context.place.where, stay);
  return deleted;
}
