/** The one transaction of a commit: compare, change the columns, remove what goes, insert what comes, move the head. protocol.md 2.7. */
import { hash } from 'node:crypto';
import type { Boundary } from '../../engine/contracts/boundary.ts';
import type { Change, TargetColumn } from '../../engine/contracts/catalog.ts';
import type { Opening } from '../../engine/contracts/connector.ts';
import { othersWrote } from '../../engine/contracts/errors.ts';
import { headAfter } from '../../engine/contracts/heads.ts';
import { type CommitOutcome, fenceHeadId, type Intent } from '../../engine/contracts/intent.ts';
import type { Part, PlannedTable, Supersede } from '../../engine/contracts/store.ts';
import type { Counts, Writing } from '../../engine/contracts/writing.ts';
import type { Schema } from '../../frames/schema.ts';
import type { Json } from '../../ports/values.ts';
import { altered, createdIn, type DdlDialect, named, ownNamed } from '../ddl.ts';
import { DatabaseError, type Dialect, type Session, type Transaction } from '../engine.ts';
import { commitInTransaction, committingDdl, type LikenessStatements, type TableNotes, type Writes } from '../writes.ts';
import { type CommitAttempt, firstAttempt, lockStagedTable, makeDestination, tableToAdopt } from './adopt-staged-table.ts';
import { deleteCondition, storeRejectedRows } from './delete-condition.ts';
import { dependentAddedMeanwhile, foreignRowsAppeared, rowsNotDeleted, rowsNotKept } from './errors.ts';
import { entityCondition, type HeadRow, HeadTable, hasSettledNothing, headKeyValues, rowsAfter } from './head.ts';
import {
  comparableColumns,
  type Dedup,
  dedupColumns,
  deletedBySourceCondition,
  findDuplicateKeys,
  type LooseTextColumns,
  rowsToDelete,
  rowsToUpsert,
  type StagedRows,
  sameKeyCondition,
  stagedRowsOf,
} from './keys.ts';
import { columnsBeforeValues, columnsOfOpenLength, sizeColumnsToValues } from './lengths.ts';
import { insertOf, rowsWithout, unmatchedRows, updateRows } from './merge-statements.ts';
import { renameIntoPlace } from './rename-into-place.ts';
import {
  changesTable,
  columnsOfParts,
  fromStagedSource,
  mustHoldAllParts,
  PartsLost,
  refOf,
  rowsOfParts,
  type StagingPlace,
  stagedSources,
} from './staged-tables.ts';
import { countingIsolation, dropDdlTriggers, lockAndCountRows } from './triggers.ts';
import { type DeclaredColumn, duplicateKeysThere, isChangeMade, mustHaveNoOwner, mustKeepValues } from './value-checks.ts';

export type StoreDialect = Dialect & DdlDialect & Writes;

export interface TablePlace extends StagingPlace {
  readonly steps: Opening['steps'];
  readonly stop?: Opening['stop'];
  /** Values of the engine's own keys of the store. */
  readonly own: Readonly<Record<string, Json>>;
  /** Absent: tables that a killed `debug` left behind are not looked for. */
  readonly nowMs?: () => number;
}

/** What `prepare` fixed. */
export interface PreparedCommit {
  readonly supersede: Supersede;
  /** Rows that go. */
  readonly goes: number;
  readonly apart: Dedup;
  /** The open group, where its rows are merged anew: what lies apart of it goes. */
  readonly groupAgain?: Boundary;
  /** The table that is used up where another one takes the destination's name; absent: a staged one. */
  readonly token?: string;
}

const settles = ({ role }: Part) => role === 'data' || role === 'boundary';
const countedIn = (there: readonly TargetColumn[] | null, { columns }: Schema): readonly string[] =>
  (there ?? []).flatMap(({ name, filled }) => (filled === 'identity' && columns.some((one) => one.name === name) ? [name] : []));
const looseIn = (columns: readonly TargetColumn[] | null): LooseTextColumns =>
  new Map((columns ?? []).flatMap(({ name, isLoose, collation }) => (isLoose ? [[name, collation ?? null]] : [])));

/** Of a table that the commit makes for itself. */
const ownName = (of: string) => `commit_${hash('sha256', of).slice(0, 24)}`;

const appended: Pick<Writing, 'mode' | 'key'> = { mode: 'append', key: [] };

/** Thrown to undo a transaction: the table that it needs does not bear the intent, which `ahead` had seen to. */
export class TableNotYetThere extends Error {
  override readonly name = 'NotYetThere';
}

/** Thrown to undo a transaction: the database lets no rows change places there, though nothing that can be seen hinders it. */
export class ExchangeRefused extends Error {
  override readonly name = 'NotRefilled';
}

/** In a transaction of its own; whatever it throws undoes it. */
export class TableCommit {
  readonly #session: Session;
  readonly #dialect: StoreDialect;
  readonly #place: TablePlace;
  readonly #heads: HeadTable;
  readonly #table: string;
  readonly #how: CommitAttempt;

  constructor(session: Session, dialect: StoreDialect, place: TablePlace, how: CommitAttempt = firstAttempt) {
    this.#session = session;
    this.#how = how;
    this.#dialect = dialect;
    this.#place = place;
    this.#heads = new HeadTable(dialect, place.metadataSchema, place.key);
    this.#table = named(dialect, place.table);
  }

  async publish(intent: Intent): Promise<CommitOutcome> {
    const standing = await this.#heads.lock(this.#session);
    const { head } = standing;
    if (head?.id === intent.id) return this.#already(intent);
    if (head?.id === fenceHeadId(intent)) return 'given up';
    if ((head?.id ?? null) !== intent.prev) return 'fenced';
    const prepared = intent.target as unknown as PreparedCommit;
    const { goes, apart } = prepared;
    const took = await committingDdl(this.#dialect)?.bearing(this.#session, this.#place.table);
    if (took?.id === intent.id)
      return this.#settle(intent, standing, { total: 0, deleted: goes, counts: { inserted: took.rows, updated: 0, deleted: 0 } });
    await this.#allStaged(intent.parts);
    const writing = intent.writing ?? appended;
    let there = await this.columns();
    const isThere = there !== null;
    const isAnew = !isThere || writing.mode === 'swap';
    if (isAnew && committingDdl(this.#dialect)) throw new TableNotYetThere();
    const taking = tableToAdopt(this.#of, intent, { isAnew, how: this.#how });
    if (taking) await lockStagedTable(this.#of, taking, intent);
    const stay = isThere && writing.mode !== 'swap' ? await lockAndCountRows(this.#of, { ...prepared, mode: writing.mode }) : null;
    if (isThere && hasSettledNothing(standing)) await this.#mustBeOurs(intent);
    const coming = { there, columns: this.#withMark(intent.schema), mark: this.markFor(standing) };
    const { sized, longer } = await sizeColumnsToValues(this.#of, intent, coming);
    if (longer.length > 0) await this.#session.run(longer);
    if (longer.length > 0) there = await this.columns();
    const refilled = isThere && writing.mode === 'swap' ? await this.#refilled(sized, standing) : null;
    if (refilled) return this.#settle(intent, standing, { total: 0, ...refilled });
    const altersFirst = this.#dialect.commit.altersFirst === true && isThere && writing.mode !== 'swap';
    if (altersFirst) await this.#change(sized, there ?? []);
    const deleted = isThere ? await this.#remove(prepared, writing, standing) : 0;
    if (deleted !== goes) throw othersWrote(this.#place.where, { found: deleted, prepared: goes });
    const swap = isThere && writing.mode === 'swap' ? await this.#moveAside(sized) : undefined;
    const isNew = !isThere || swap !== undefined;
    const { taken, again } = isNew
      ? await makeDestination(this.#of, { taking, swap, columns: intent.schema.columns, create: () => this.#create(sized) })
      : { taken: null, again: [] };
    const made = isThere || taken ? null : await this.made(sized.schema, writing.key);
    if (made) await this.#session.run(made.before);
    if (!isNew) {
      if (!altersFirst) await this.#change(sized, there ?? []);
      // Since rows went nobody can have altered it; before, somebody may have.
      if (deleted > 0 || (intent.changes ?? []).length > 0) there = await this.columns();
      await this.mustKeepValues(intent, there);
    }
    const mark = this.markFor(standing);
    const total = isNew ? 0 : head === null || head.nothing ? await this.#count('1 = 1') : null;
    const insert = async () => {
      const columns = isNew ? await this.columns() : there;
      const into = { writing, apart, mark, isTold: hasSettledNothing(standing) || standing.mark !== null, loose: looseIn(columns) };
      return this.#withCounted(countedIn(columns, intent.schema), (counted) => this.#insert(intent, { ...into, counted }));
    };
    const counts = taken ?? (await insert());
    await stay?.({ deleted, counts });
    if (swap && !taken) await this.#session.run(swap);
    if (made) await this.#session.run(made.after);
    if (again.length > 0) await this.#session.run(again);
    return this.#settle(intent, standing, { total, deleted, counts });
  }

  /** Numbers that the table would count itself are written as they come. Whoever fails in between leaves no session behind that would go on so. */
  async #withCounted(counted: readonly string[], insert: (counted: readonly string[]) => Promise<Counts>): Promise<Counts> {
    const { identities } = this.#dialect.tables;
    if (!identities || counted.length === 0 || this.#place.own.identity_insert !== true) return insert(counted);
    try {
      await this.#session.run(identities.written(this.#table));
      const counts = await insert(counted);
      await this.#session.run(identities.countedAgain(this.#table));
      return counts;
    } catch (error) {
      this.#session.destroy();
      throw error;
    }
  }

  /** Rows are where they belong: the head moves. */
  async #settle(
    intent: Intent,
    standing: HeadRow,
    of: { readonly total: number | null; readonly deleted: number; readonly counts: Counts },
  ): Promise<CommitOutcome> {
    const { counts, deleted } = of;
    const prepared = intent.target as unknown as PreparedCommit;
    const { supersede } = prepared;
    await storeRejectedRows(this.#of, intent, prepared);
    const areMarked = hasSettledNothing(standing) || supersede.what === 'all' || standing.mark !== null;
    const mark = areMarked ? this.markFor(standing) : null;
    const inTable = { mine: this.#mine(mark), count: (where: string) => this.#count(where) };
    const rows = await rowsAfter(standing.head, { ...of, supersede }, inTable);
    const next = headAfter(intent, rows);
    const did: Counts = { ...counts, deleted: counts.deleted + deleted };
    await this.#heads.move(this.#session, { from: standing.head, to: next, mark });
    await this.#heads.record(this.#session, { intent: intent.id, head: next, counts: did });
    return { outcome: 'committed', counts: did };
  }

  /** Of the transaction that `publish` is done in. */
  isolation(intent: Intent): Promise<Transaction['isolation']> {
    return countingIsolation(this.#of, intent);
  }

  /** Where DDL commits by itself: what of it comes before the transaction. Done again it does nothing. */
  async ahead(intent: Intent): Promise<void> {
    const standing = await this.#heads.read(this.#session);
    if ((standing.head?.id ?? null) !== intent.prev) return;
    const there = await this.columns();
    if (there !== null && intent.writing?.mode !== 'swap') return this.#change(intent, there);
    if ((await committingDdl(this.#dialect)?.bearing(this.#session, this.#place.table))?.id === intent.id) return;
    await this.#allStaged(intent.parts);
    const mustBeAsPrepared = async () => there === null || this.#mustBeAsPrepared(intent);
    await mustBeAsPrepared();
    await renameIntoPlace(this.#of, intent, {
      isThere: there !== null,
      columns: this.#withMark(intent.schema),
      taking: tableToAdopt(this.#of, intent, { isAnew: true, how: this.#how }),
      fill: (into) => new TableCommit(this.#session, this.#dialect, { ...this.#place, table: into }).fill(intent, standing),
      mustBeAsPrepared,
    });
  }

  /** Where it is replaced as a whole. */
  async #mustBeAsPrepared({ target }: Intent): Promise<void> {
    await this.#mustBeFree();
    const [found, { goes }] = [await this.#count('1 = 1'), target as unknown as PreparedCommit];
    if (found !== goes) throw othersWrote(this.#place.where, { found, prepared: goes });
  }

  /** A table of hygge's own, with the rows of the intent. @param like what makes it the like of another one. @returns how many rows. */
  async fill(intent: Intent, standing: HeadRow, like: LikenessStatements | null = null): Promise<number> {
    await this.#create(intent);
    await dropDdlTriggers(this.#session, this.#dialect, this.#place.table);
    if (like) await this.#session.run(like.before);
    const { apart } = intent.target as unknown as PreparedCommit;
    // Nothing is there to be merged with, and no index yet to find that out by.
    const writing = { ...(intent.writing ?? appended), mode: 'append' as const };
    const { inserted } = await this.#insert(intent, { writing, apart, mark: this.markFor(standing), isTold: true, loose: new Map() });
    if (like) await this.#session.run(like.after);
    return inserted;
  }

  /** What keeps the table from staying itself in a full load; null: the database has no such way. */
  async hindered(schema: Schema): Promise<readonly string[] | null> {
    return (await this.#dialect.exchange?.hindered(this.#session, this.#place.table, this.#withMark(schema))) ?? null;
  }

  /** Null: another table has to take the place of the one that is there. Until all is ready that one is only read by others, as ever. */
  async #refilled(intent: Intent, standing: HeadRow): Promise<{ readonly deleted: number; readonly counts: Counts } | null> {
    const { exchange } = this.#dialect;
    if (!exchange || !this.#how.refill || (await this.hindered(intent.schema))?.length !== 0) return null;
    await this.#mustBeFree();
    const { table, stagingSchema } = this.#place;
    const prepared = intent.target as unknown as PreparedCommit;
    const shadow = { schema: stagingSchema, name: ownName(`${intent.id} refilling`) };
    const like = await exchange.likeThere(this.#session, table, shadow);
    const filling = new TableCommit(this.#session, this.#dialect, { ...this.#place, table: shadow });
    const inserted = await filling.fill(intent, standing, like);
    const deleted = await this.#remove(prepared, { mode: 'swap' }, standing);
    if (deleted !== prepared.goes) throw othersWrote(this.#place.where, { found: deleted, prepared: prepared.goes });
    const from = named(this.#dialect, shadow);
    try {
      await this.#session.run(exchange.refilled(this.#table, from));
    } catch (error) {
      if (error instanceof DatabaseError && this.#dialect.errors.meaning(error) === 'permanent') throw new ExchangeRefused();
      throw error;
    }
    await this.#session.run(`drop table ${from}`);
    return { deleted, counts: { inserted, updated: 0, deleted: 0 } };
  }

  /** It was decided by what depended on the table then. */
  async #mustBeFree(): Promise<void> {
    const { table, where, stagingSchema } = this.#place;
    const bound = (await this.#dialect.catalog.destination(this.#session, table, stagingSchema))?.catalog.dependents.find(
      ({ staysWithOld }) => staysWithOld,
    );
    if (bound) throw dependentAddedMeanwhile(where, bound);
  }

  get #of() {
    return { session: this.#session, dialect: this.#dialect, place: this.#place };
  }

  async #already({ id }: Intent): Promise<CommitOutcome> {
    const counts = await this.#heads.countsOf(this.#session, id);
    return counts ? { outcome: 'already', counts } : 'already';
  }

  async #allStaged(parts: readonly Part[]): Promise<void> {
    if (parts.length === 0) return;
    const rows = await this.#session.query(
      `select name from ${ownNamed(this.#dialect, this.#place.metadataSchema, 'staged')} where ${entityCondition(this.#dialect)}`,
      headKeyValues(this.#place.key),
    );
    const there = new Set(rows.map(({ name }) => name));
    if (!parts.every((part) => there.has(refOf(part).name))) throw new PartsLost();
  }

  /** Null: there is no such table. */
  columns(): Promise<readonly TargetColumn[] | null> {
    return this.#dialect.catalog.columns(this.#session, this.#place.table);
  }

  /** The plan saw no row there, or none that another entity settled. Whoever puts some in now waits until ours are in as well. */
  async #mustBeOurs({ writing }: Intent): Promise<void> {
    await this.#session.run(this.#dialect.commit.lock(this.#table));
    const others = await this.#heads.others(this.#session);
    if (others.length === 0 && writing?.why !== 'creates') return;
    const rows = await this.#count('1 = 1');
    if (rows > 0) throw foreignRowsAppeared(this.#place.where, { rows, others });
  }

  async #create({ schema }: Pick<Intent, 'schema'>): Promise<void> {
    for (const statement of await this.#creation(schema)) await this.#session.run(statement);
  }

  async #creation(schema: Schema): Promise<readonly string[]> {
    const { table } = this.#place;
    const isThere = (await this.#dialect.catalog.tablesIn(this.#session, table.schema)) !== null;
    return [
      ...(isThere ? [] : [this.#dialect.tables.createSchema(table.schema)]),
      await createdIn(this.#session, this.#dialect, { table, columns: this.#withMark(schema), nulls: 'as declared' }),
    ];
  }

  /** What `publish` would make or alter the table with. */
  async ddl({ schema: wanted, mode, changes, key }: PlannedTable): Promise<readonly string[]> {
    const there = await this.columns();
    const schema = { columns: columnsBeforeValues(this.#dialect, wanted.columns) };
    if (there && mode !== 'swap') return this.#altered(changes, there);
    const { before = [], after = [] } = there === null ? ((await this.made(schema, key)) ?? {}) : {};
    return [...(await this.#creation(schema)), ...before, ...after];
  }

  /** What a table of its own gets beside its columns. */
  async made(schema: Schema, key: readonly string[], open: readonly string[] = []): Promise<TableNotes | null> {
    return (
      (await this.#dialect.tables.finish?.(this.#session, { ...this.#place, columns: this.#withMark(schema), undecided: open, key })) ??
      null
    );
  }

  /** Before any value was seen. */
  toBeMade(schema: Schema, key: readonly string[]): Promise<TableNotes | null> {
    const columns = columnsBeforeValues(this.#dialect, this.#withMark(schema));
    return this.made({ columns }, key, columnsOfOpenLength(this.#dialect, columns));
  }

  async #altered(changes: readonly Change[], there: readonly TargetColumn[]): Promise<readonly string[]> {
    const { table } = this.#place;
    const { before = [], after = [] } = (await this.#dialect.tables.around?.(this.#session, table, changes)) ?? {};
    return [...before, ...altered(this.#dialect, table, { changes, there }), ...after];
  }

  async #change({ changes = [] }: Intent, there: readonly TargetColumn[]): Promise<void> {
    // Where DDL commits by itself, some of it may be done.
    const left = committingDdl(this.#dialect) ? changes.filter((change) => !isChangeMade(this.#dialect, there, change)) : changes;
    const statements = await this.#altered(left, there);
    if (statements.length > 0) await this.#session.run(statements);
  }

  mustKeepValues(of: Pick<Intent, 'parts' | 'schema' | 'writing'>, there: readonly DeclaredColumn[] | null): Promise<void> {
    const going = { ...of, place: this.#place, there: there ?? [], parts: of.parts.filter(settles), key: of.writing?.key ?? [] };
    return mustKeepValues(this.#session, this.#dialect, going);
  }

  /** Another table takes its place. @returns what is done once that is filled: the old one goes, and what it had is the new one's. */
  async #moveAside({ id, schema }: Intent): Promise<readonly string[]> {
    await this.#mustBeFree();
    const { table } = this.#place;
    const columns = this.#withMark(schema).map(({ name }) => name);
    const { carriedOver, released: letGo, rename } = commitInTransaction(this.#dialect);
    const carried = (await carriedOver?.(this.#session, table, columns)) ?? [];
    const released = (await letGo?.(this.#session, table, columns)) ?? [];
    if (released.length > 0) await this.#session.run(released);
    const aside = `hygge_old_${hash('sha256', id).slice(0, 16)}`;
    await this.#session.run(rename(this.#table, aside));
    return [`drop table ${named(this.#dialect, { schema: table.schema, name: aside })}`, ...carried];
  }

  #withMark({ columns }: Schema): Schema['columns'] {
    const { markColumn } = this.#place;
    if (markColumn === null || columns.some(({ name }) => name === markColumn)) return columns;
    return [...columns, { name: markColumn, type: { kind: 'string' }, nullable: true }];
  }

  async #remove({ supersede, goes }: PreparedCommit, { mode }: Pick<Writing, 'mode'>, standing: HeadRow): Promise<number> {
    if (mode === 'swap') {
      // Rows that come between the count and the drop would go uncounted.
      await this.#session.run(this.#dialect.commit.lock(this.#table));
      return this.#count('1 = 1');
    }
    const where = deleteCondition(this.#dialect, supersede, this.mineOf(standing));
    if (where === null) return 0;
    const deleted = await this.#session.execute(`delete from ${this.#table} where ${where}`);
    if (deleted < goes && (await this.#count(where)) > 0) throw rowsNotDeleted(this.#place.where, goes - deleted);
    return deleted;
  }

  /** What stands in the column that marks our rows, from now on; null: there is none. */
  markFor({ mark }: HeadRow): string | null {
    const { markColumn, key } = this.#place;
    return markColumn === null ? null : (mark ?? `${key.flow}.${key.entity}`);
  }

  /** The rows there that are ours; null: no column tells. */
  mineOf(standing: HeadRow): string | null {
    if (this.#place.markColumn === null) return null;
    return hasSettledNothing(standing) ? '1 = 0' : this.#mine(standing.mark);
  }

  #mine(mark: string | null, of = ''): string | null {
    const { markColumn } = this.#place;
    if (markColumn === null || mark === null) return null;
    const text = { kind: 'string' } as const;
    return `${this.#dialect.ordered(`${of}${this.#dialect.quote(markColumn)}`, text)} = ${this.#dialect.literal(text, mark)}`;
  }

  async #count(where: string): Promise<number> {
    const [row] = await this.#session.query(`select ${this.#dialect.count} as n from ${this.#table} where ${where}`);
    return Number(row?.n);
  }

  staged(parts: readonly Part[], schema: Schema, key: readonly string[]): StagedRows {
    const apart = dedupColumns(this.#dialect, schema, { key, columns: columnsOfParts(parts) });
    return stagedRowsOf(rowsOfParts(this.#dialect, { place: this.#place, schema, parts }), parts, apart);
  }

  /** By type, as canonical texts are ordered. */
  ordered(schema: Schema, mark: string | null): (expression: string) => string {
    const type = schema.columns.find(({ name }) => name === mark)?.type ?? ({ kind: 'string' } as const);
    return (expression) => this.#dialect.ordered(expression, type);
  }

  async #insert(
    { id, parts, schema }: Intent,
    {
      writing,
      apart,
      mark,
      isTold,
      loose,
      counted = [],
    }: {
      readonly writing: Pick<Writing, 'mode' | 'key'>;
      readonly apart: Dedup;
      readonly mark: string | null;
      /** Each of our rows bears the mark. */
      readonly isTold: boolean;
      readonly loose: LooseTextColumns;
      /** Columns of the table that count by themselves, and get values all the same: none of them is ever updated. */
      readonly counted?: readonly string[];
    },
  ): Promise<Counts> {
    const taking = parts.filter(changesTable);
    if (taking.length === 0) return { inserted: 0, updated: 0, deleted: 0 };
    if (writing.key.length === 0) return { inserted: await this.#insertEach(taking, mark), updated: 0, deleted: 0 };
    const staged = this.staged(taking, schema, writing.key);
    const ordered = this.ordered(schema, staged.mark);
    const byName = (name: string) => ordered(this.#dialect.quote(name));
    await this.#mustBeWhole(taking);
    const select = rowsToUpsert(this.#dialect, staged, apart, byName);
    const isPlain = apart === 'by key' && !staged.hasDeleted;
    const rows = isPlain ? select : await this.#kept(`${id} settling`, select);
    const gone =
      staged.hasDeleted && writing.mode === 'merge' ? await this.#kept(`${id} going`, rowsToDelete(this.#dialect, staged, byName)) : null;
    const sent = await this.#rowsIn(rows, '1 = 1');
    const counts =
      writing.mode === 'merge'
        ? await this.#merge(staged, { rows, sent, gone, mark, isTold, ordered, schema, loose, counted })
        : { inserted: await this.#insertRows(staged.columns, `${rows} s`, mark), updated: 0, deleted: 0 };
    if (writing.mode !== 'merge' && counts.inserted !== sent) throw rowsNotKept(this.#place.where, { sent, kept: counts.inserted });
    for (const table of [isPlain ? null : rows, gone])
      if (table !== null) await this.#session.run(this.#dialect.merge.dropTemporary(table));
    return counts;
  }

  /** The rows of a SELECT as a table until the end of the commit: what joins them knows then how many they are. */
  async #kept(name: string, select: string): Promise<string> {
    const table = named(this.#dialect, { schema: this.#place.stagingSchema, name: ownName(name) });
    await this.#session.run(this.#dialect.merge.createTemporary(table, select));
    return table;
  }

  /** What goes in is as much as was staged, to the row. */
  async #insertEach(parts: readonly Part[], mark: string | null): Promise<number> {
    let inserted = 0;
    for (const source of stagedSources(parts)) {
      const from = fromStagedSource(this.#dialect, this.#place, source);
      const rows = await this.#insertRows(source.columns, `${from} s`, mark);
      if (rows !== source.rows) {
        await this.#mustBeWhole(parts);
        throw rowsNotKept(this.#place.where, { sent: source.rows, kept: rows });
      }
      inserted += rows;
    }
    return inserted;
  }

  async #mustBeWhole(parts: readonly Part[]): Promise<void> {
    for (const source of stagedSources(parts)) await mustHoldAllParts(this.#session, this.#dialect, { place: this.#place, source });
  }

  async #insertRows(columns: readonly string[], from: string, mark: string | null): Promise<number> {
    const { markColumn } = this.#place;
    const more =
      markColumn === null || mark === null ? {} : { more: [markColumn, this.#dialect.literal({ kind: 'string' }, mark)] as const };
    return this.#session.execute(insertOf(this.#dialect, { table: this.#table, columns, from, ...more }));
  }

  async #merge(
    staged: StagedRows,
    by: {
      readonly rows: string;
      readonly sent: number;
      readonly gone: string | null;
      readonly mark: string | null;
      readonly isTold: boolean;
      readonly schema: Schema;
      readonly loose: LooseTextColumns;
      readonly counted: readonly string[];
      ordered(expression: string): string;
    },
  ): Promise<Counts> {
    const { quote } = this.#dialect;
    const { columns, key } = staged;
    const mine = this.#mine(by.mark, 't.');
    const on = sameKeyCondition(this.#dialect, by, key);
    const deleted =
      by.gone === null
        ? 0
        : await this.#removed(deletedBySourceCondition(this.#dialect, { source: by.gone, staged, on, mine, ordered: by.ordered }));
    const others = columns.filter((name) => !key.includes(name));
    const updatable = key.filter((name) => !by.counted.includes(name)).slice(0, 1);
    const sets = (others.length === 0 ? updatable : others).map((name): readonly [string, string] => [quote(name), `s.${quote(name)}`]);
    if (this.#place.markColumn !== null && by.mark !== null)
      sets.push([quote(this.#place.markColumn), this.#dialect.literal({ kind: 'string' }, by.mark)]);
    const onOurs = mine === null || !by.isTold ? on : `${on} and ${mine}`;
    const update = { table: this.#table, source: by.rows, sets, on: onOurs, key, name: this.#place.table };
    const updated = await updateRows(this.#session, this.#dialect, update);
    const rows = { rows: by.rows, table: this.#table };
    const absent = (on: string) => unmatchedRows(this.#dialect, { ...rows, on, key: quote(key[0] ?? '') });
    const inserted = await this.#insertRows(columns, absent(on), by.mark);
    const merged = { staged, rows: by.rows, on: onOurs };
    if (updated + inserted > by.sent) throw await duplicateKeysThere(this.#of, { ...merged, more: updated + inserted - by.sent });
    const isLess = updated + inserted < by.sent;
    const left = isLess && onOurs === on ? 0 : await this.#rowsOf(absent(onOurs));
    if (left > 0 && onOurs !== on) await mustHaveNoOwner(this.#of, { ...merged, byKey: on, schema: by.schema, mark: by.mark ?? '' });
    // A trigger may leave out updates of rows that are so already: those that are not lack something.
    const same = `${onOurs} and exists (select ${comparableColumns(this.#dialect, by, columns, 't')} intersect select ${comparableColumns(this.#dialect, by, columns, 's')})`;
    const missing = isLess ? await this.#rowsOf(rowsWithout({ ...rows, on: same })) : left;
    if (missing > 0) throw rowsNotKept(this.#place.where, { sent: by.sent, kept: by.sent - missing });
    return { inserted, updated, deleted };
  }

  /** A trigger or a rule may keep rows without an error. */
  async #removed(where: string): Promise<number> {
    const deleted = await this.#session.execute(this.#dialect.merge.deleteFrom({ table: this.#table, where }));
    const stay = await this.#rowsIn(this.#table, where, 't');
    if (stay > 0) throw rowsNotDeleted(this.#place.where, stay);
    return deleted;
  }

  async #rowsIn(table: string, where: string, called: 's' | 't' = 's'): Promise<number> {
    return this.#rowsOf(`${table} ${called} where ${where}`);
  }

  async #rowsOf(from: string): Promise<number> {
    const [row] = await this.#session.query(`select ${this.#dialect.count} as n from ${from}`);
    return Number(row?.n);
  }

  /** The part of `prepare` that looks at keys. */
  async keys(
    parts: readonly Part[],
    schema: Schema,
    key: readonly string[],
  ): Promise<{ readonly apart: Dedup; readonly example: string | null }> {
    const taking = parts.filter(changesTable);
    if (key.length === 0 || taking.length === 0) return { apart: 'by key', example: null };
    const staged = this.staged(taking, schema, key);
    const ordered = this.ordered(schema, staged.mark);
    return findDuplicateKeys(this.#session, this.#dialect, staged, (name) => ordered(this.#dialect.quote(name)));
  }
}
