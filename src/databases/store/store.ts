/**
 * The one Store of databases: staged rows lie in tables of their own, and a commit is one transaction that moves them, the table's columns and the head
 * together. What differs between engines it asks of `Writes`.
 */
import type { Catalog, Dependent, Evolution, Fit, Standing as Found, Refusal, TargetColumn } from '../../engine/contracts/catalog.ts';
import { boundaryChanged, keyTwice, othersWrote } from '../../engine/contracts/errors.ts';
import { fitColumns } from '../../engine/contracts/fit.ts';
import type { Step } from '../../engine/contracts/frame.ts';
import { type FenceRequest, headOfFence, headOfRefusal } from '../../engine/contracts/heads.ts';
import type { Home } from '../../engine/contracts/home.ts';
import { type CommitOutcome, fenceHeadId, type GiveUpOutcome, type Intent } from '../../engine/contracts/intent.ts';
import type {
  FrameToStage,
  Head,
  Part,
  PlannedFilling,
  PlannedTable,
  StageRequest,
  Store,
  StoreCapabilities,
  Target,
} from '../../engine/contracts/store.ts';
import { HyggeError } from '../../errors/hygge-error.ts';
import type { Column, DataType } from '../../frames/schema.ts';
import type { Random } from '../../ports/random.ts';
import type { CommitRefusalReason } from '../../ports/state.ts';
import type { EntityKey, Instant, Json } from '../../ports/values.ts';
import { createdIn, declaredAs, named } from '../ddl.ts';
import { DatabaseError, type Session, type Transaction } from '../engine.ts';
import type { Sessions } from '../sessions.ts';
import { committingDdl, type Destination, type ErrorClass } from '../writes.ts';
import { type CommitAttempt, firstAttempt, StagingHeld } from './adopt-staged-table.ts';
import { deleteCondition } from './delete-condition.ts';
import { commitOutlastsStep, permanentRefusals, settledRowsGone } from './errors.ts';
import { type HeadRow, HeadTable, hasSettledNothing, mustHaveNoHeadElsewhere } from './head.ts';
import { hasPlanNotes, planNotes } from './plan-notes.ts';
import { leftProbes } from './probes.ts';
import { leftoverTables, makeTokenTable, needsTokenTable, tokenTableOf } from './rename-into-place.ts';
import {
  Attempt,
  dropStaged,
  hasTotalsToCompare,
  isStaged,
  PartsLost,
  recordStaged,
  refOf,
  sharedMustBeAsSent,
  sharedStagedName,
  stagedNames,
  stagedTableName,
} from './staged-tables.ts';
import { ExchangeRefused, type PreparedCommit, type StoreDialect, TableCommit, TableNotYetThere, type TablePlace } from './table-commit.ts';
import { notComparedNotes } from './totals-check.ts';
import { makeAttempts, staging, Transactions, writing } from './transactions.ts';
import { dropDdlTriggers } from './triggers.ts';
import { columnsAfterChanges, columnsOfOwnTable } from './value-checks.ts';

type PrepareRequest = Parameters<Store['prepare']>[0];

export interface StoreOptions<S extends Session> {
  readonly sessions: Sessions<S>;
  readonly dialect: StoreDialect;
  readonly place: TablePlace;
  /** As intents keep it. */
  readonly address: Json;
  readonly random: Pick<Random, 'nonce'>;
  /** Opens what settled in the table as a home. @param of.mine a condition for the entity's own rows; null: all are. Absent: it can't be read back. */
  settledHome?(of: { readonly schema: NonNullable<Head['schema']>; readonly mine: string | null }): Home;
}

/** What a step of an app commits, roughly, before its time is over. */
const stepBytes = 8 * 1024 ** 3;
const statement = async (): Promise<Transaction['isolation']> => writing.isolation;
/** Tables dropped in one transaction: each holds a lock until its end. */
const dropsAtOnce = 50;
/** Claims after which nobody makes a table any more that was announced before them. */
const recordsKept = 50;

export class DatabaseStore<S extends Session> implements Store {
  readonly capabilities: StoreCapabilities;
  readonly place: Json;
  readonly where: string;
  readonly settled?: NonNullable<Store['settled']>;
  readonly #sessions: Sessions<S>;
  readonly #in: Transactions<S>;
  readonly #dialect: StoreDialect;
  readonly #place: TablePlace;
  readonly #heads: HeadTable;
  readonly #random: Pick<Random, 'nonce'>;

  constructor({ sessions, dialect, place, address, random, settledHome }: StoreOptions<S>) {
    this.#sessions = sessions;
    this.#in = new Transactions({ sessions, dialect, place });
    this.#dialect = dialect;
    this.#place = place;
    this.#heads = new HeadTable(dialect, place.metadataSchema, place.key);
    this.#random = random;
    if (settledHome) this.settled = (head) => this.#settled(head, settledHome);
    this.place = address;
    this.where = place.where;
    this.capabilities = {
      ...{ append: true, replace: true, merge: true, deletes: true, deleteInsert: true },
      ...{ replaceBoundary: true, replaceSources: false, replaceRange: true },
      tellsOwnRows: place.markColumn !== null,
      ...(dialect.staging.oneByOne ? { oneByOne: true } : {}),
      guarantee: 'readers see the rows of one commit or of the one before, never of both',
    };
  }

  /** Its connections are the pool's. */
  async [Symbol.asyncDispose](): Promise<void> {}

  async makeReady(): Promise<void> {
    const { makeReady } = this.#dialect.tables;
    if (makeReady) await this.#sessions.outside(makeReady);
  }

  head(): Promise<Head | null> {
    return this.#in.looked(async (session) => ((await this.#in.hasOwnTables(session)) ? (await this.#heads.read(session)).head : null));
  }

  async #settled({ schema }: Head, open: NonNullable<StoreOptions<S>['settledHome']>): Promise<Home> {
    if (schema === null) throw new Error(`nothing settled in ${this.where} yet`);
    const mine = await this.#in.looked(async (session) =>
      new TableCommit(session, this.#dialect, this.#place).mineOf(await this.#heads.read(session)),
    );
    return open({ schema, mine });
  }

  async inspect(): Promise<Step<Target>> {
    return { done: await this.#in.looked((session) => this.#target(session), this.#place.stop) };
  }

  async #target(session: S): Promise<Target> {
    const isSetUp = await this.#in.hasOwnTables(session);
    const standing = isSetUp ? await this.#heads.read(session) : nothingSettled;
    const { head } = standing;
    const there = await this.#dialect.catalog.destination(session, this.#place.table, this.#place.stagingSchema);
    if (head === null || head.nothing) {
      if (there !== null) await mustHaveNoHeadElsewhere(session, this.#dialect, this.#place);
      const more = { ...(head && { fence: head }), ...(there && { catalog: this.#catalog(there) }) };
      if (there === null || !(await this.#hasRows(session))) return { content: 'empty', ...more };
      const others = isSetUp ? await this.#heads.others(session) : [];
      return { content: 'foreign', summary: 'a table with rows', newest: null, others, ...more };
    }
    return this.#ours(session, { head, standing, there });
  }

  async #ours(session: S, of: { readonly head: Head; readonly standing: HeadRow; readonly there: Destination | null }): Promise<Target> {
    const { head, standing, there } = of;
    const looks = { content: 'ours', head, bytes: there?.bytes ?? 0, touched: [], unknown: [] } as const;
    if (there === null) return { ...looks, rows: 0, foreign: 0, empty: true, missing: [this.#place.key.table], left: 0 };
    const mine = new TableCommit(session, this.#dialect, this.#place).mineOf(standing);
    const total = await this.#count(session, '1 = 1');
    const own = mine === null ? Math.min(head.rows, total) : await this.#count(session, mine);
    const foreign = mine === null && head.foreign === null ? null : total - own;
    const catalog = this.#catalog(there, columnsOfOwnTable(there.catalog, head, this.#dialect));
    return { ...looks, rows: own, foreign, empty: total === 0, missing: [], left: 1, catalog };
  }

  #catalog({ catalog }: Destination, made: readonly Dependent[] = []): Catalog {
    const { neverSwapped } = this.#dialect.commit;
    return { ...catalog, dependents: [...catalog.dependents, ...made, ...(neverSwapped ? [neverSwapped] : [])] };
  }

  async #count(session: S, where: string): Promise<number> {
    const [row] = await session.query(`select ${this.#dialect.count} as n from ${this.#table} where ${where}`);
    return Number(row?.n);
  }

  async #hasRows(session: S): Promise<boolean> {
    return (await session.query(this.#dialect.first('1 as one', `from ${this.#table}`))).length > 0;
  }

  get #table(): string {
    return named(this.#dialect, this.#place.table);
  }

  fit(wanted: Parameters<Store['fit']>[0], standing: Found): Fit {
    const { markColumn } = this.#place;
    const own = markColumn === null ? [] : [{ name: markColumn, type: { kind: 'string' }, nullable: true } as const];
    const { naming } = this.#dialect.columns;
    const takes = ({ type }: TargetColumn, values: DataType) => this.#dialect.columns.takes?.(type, values) ?? false;
    const mayFill = ({ filled }: TargetColumn) => filled === 'identity' && this.#writesCounted;
    return fitColumns(wanted, standing, {
      where: this.where,
      naming,
      held: (type) => this.#dialect.columns.held(type),
      takes,
      mayFill,
      own,
    });
  }

  get #writesCounted(): boolean {
    return this.#dialect.tables.identities !== undefined && this.#place.own.identity_insert === true;
  }

  /** What becomes the table as it is staged takes no time; rows that the commit copies or deletes do. */
  tooLarge({ mode, creates, bytes, there }: Parameters<NonNullable<Store['tooLarge']>>[0]): Refusal | null {
    const isTaken = this.#dialect.staging.tags !== undefined && this.#place.markColumn === null && (mode === 'swap' || creates);
    const moved = (isTaken ? 0 : bytes) + there;
    return this.#place.steps === 'here' || moved <= stepBytes ? null : commitOutlastsStep(this.where, moved);
  }

  evolution(change: Parameters<NonNullable<Store['evolution']>>[0]): Evolution {
    return this.#dialect.columns.evolution(change);
  }

  ddl(planned: PlannedTable): Promise<readonly string[]> {
    return this.#in.looked(async (session) => [
      ...(await this.#in.missing(session)),
      ...(await new TableCommit(session, this.#dialect, this.#place).ddl(planned)),
    ]);
  }

  async tells(planned: PlannedFilling): ReturnType<NonNullable<Store['tells']>> {
    const counted = notComparedNotes(this.#dialect, planned.schema.columns);
    if (!hasPlanNotes(this.#dialect, planned)) return { notes: counted, warnings: [] };
    return this.#in.looked(async (session) => {
      const standing = async () => ((await this.#in.hasOwnTables(session)) ? this.#heads.read(session) : nothingSettled);
      const publishing = new TableCommit(session, this.#dialect, this.#place);
      const of = { ...{ session, publishing, standing, dialect: this.#dialect }, place: this.#place, table: this.#table };
      const { notes, warnings } = await planNotes(planned, of);
      return { notes: [...notes, ...counted], warnings };
    });
  }

  async stage(request: StageRequest, frames: AsyncIterable<FrameToStage>, signal: AbortSignal): Promise<readonly Part[]> {
    const coming = frames[Symbol.asyncIterator]();
    // A connection is taken only when there is something to write.
    let next = await coming.next();
    if (next.done && !request.emptyPart) return [];
    let attempt: Attempt | undefined;
    try {
      let mayShare = true;
      for (let makes = 0; ; makes++) {
        const parts = await this.#in.written(
          async (session) => {
            const name = mayShare ? await this.#sharedName(session, request) : null;
            if (name !== null && !(await isStaged(session, this.#dialect, this.#place, name))) return { lacks: name };
            const table = named(this.#dialect, stagedTableName(this.#dialect, this.#place, name ?? ''));
            const shared = name === null ? null : { name, tag: (await this.#dialect.staging.tags?.own(session, table)) ?? '' };
            attempt = new Attempt(this.#dialect, this.#place, { request, random: this.#random, shared });
            for (; !next.done; next = await coming.next()) {
              signal.throwIfAborted();
              await attempt.add(session, next.value);
            }
            if (attempt.isEmpty) await attempt.addEmpty(session);
            return attempt.parts(session);
          },
          { ...staging, signal },
        );
        if (!('lacks' in parts)) return parts;
        mayShare = await this.#makeShared(request, parts.lacks, makes + 1 === makeAttempts);
      }
    } catch (error) {
      // Where DDL commits by itself its tables outlive the transaction. What can't be dropped now is swept by the next run.
      if (committingDdl(this.#dialect) && attempt) await this.#dropNow(attempt.names).catch(() => undefined);
      throw error;
    } finally {
      await coming.return?.();
    }
  }

  /** Of the table that all attempts of the run put rows into, where it may become the destination's; null: each has a table of its own. */
  async #sharedName(session: S, { run, writing, schema }: StageRequest): Promise<string | null> {
    if (!this.#dialect.staging.tags || this.#place.markColumn !== null) return null;
    const { column, reserved, intoAny } = this.#dialect.staging.tags;
    if (schema.columns.some(({ name }) => [column?.name, reserved].includes(name.toLowerCase()))) return null;
    const isOwn = (column: Column) => declaredAs(this.#dialect, column) === this.#dialect.columns.declared(column.type);
    if (!intoAny && !schema.columns.every(isOwn)) return null;
    const isAnew = writing.mode === 'swap' || (await this.#dialect.catalog.columns(session, this.#place.table)) === null;
    return isAnew ? sharedStagedName(this.#dialect, this.#place.key, { run, schema }) : null;
  }

  /** Before any attempt puts rows into it, so that none waits for another. False: with a column more there is no such table. */
  async #makeShared({ run, schema }: StageRequest, name: string, isLast: boolean): Promise<boolean> {
    try {
      await this.#in.written(async (session) => {
        const table = stagedTableName(this.#dialect, this.#place, name);
        // Where it lies beside the destination's, whose schema may have to be made yet.
        if (table.schema !== this.#place.stagingSchema && (await this.#dialect.catalog.tablesIn(session, table.schema)) === null)
          await session.run(this.#dialect.tables.createSchema(table.schema));
        const columns = [schema.columns, this.#dialect.staging.tags?.column ?? []].flat();
        await recordStaged(session, this.#dialect, this.#place, { name, run });
        await session.run(await createdIn(session, this.#dialect, { table, columns, nulls: 'as declared' }));
        await dropDdlTriggers(session, this.#dialect, table);
      });
    } catch (error) {
      // Several do so at once: who comes second is refused, and finds it there.
      const meaning = this.#meaningBehind(error);
      if (meaning === undefined) throw error;
      if (await this.#in.looked((session) => isStaged(session, this.#dialect, this.#place, name))) return true;
      if (this.#dialect.staging.tags?.column && meaning === 'permanent') return false;
      if (isLast) throw error;
    }
    return true;
  }

  async prepare(request: PrepareRequest): Promise<{ readonly target: Json; readonly supersededRows: number }> {
    await this.#mustBeAsSent(request);
    const target = await this.#in.looked((session) => this.#prepared(session, request));
    const token = needsTokenTable(this.#dialect, request.parts)
      ? { token: await this.#in.written((session) => makeTokenTable({ session, dialect: this.#dialect, place: this.#place }, request.run)) }
      : {};
    return { target: { ...target, ...token } as unknown as Json, supersededRows: target.goes };
  }

  /** A table that is gone is the commit's to tell. */
  async #mustBeAsSent({ parts, schema }: PrepareRequest): Promise<void> {
    if (!hasTotalsToCompare(this.#dialect, parts)) return;
    try {
      await this.#in.looked((session) => sharedMustBeAsSent(session, this.#dialect, { place: this.#place, parts, schema }));
    } catch (error) {
      if (this.#meaningBehind(error) !== 'missing_object') throw error;
    }
  }

  /** What the database meant by what an error of ours tells of it. Undefined: it said nothing. */
  #meaningBehind(error: unknown): ErrorClass | undefined {
    return error instanceof HyggeError && error.cause instanceof DatabaseError ? this.#dialect.errors.meaning(error.cause) : undefined;
  }

  async #prepared(session: S, request: PrepareRequest): Promise<PreparedCommit> {
    const { prev, supersede, writing, parts, schema, changes, groupAgain } = request;
    const publishing = new TableCommit(session, this.#dialect, this.#place);
    const isSetUp = await this.#in.hasOwnTables(session);
    const standing = isSetUp ? await this.#heads.read(session) : nothingSettled;
    const there = await publishing.columns();
    const mine = publishing.mineOf(standing);
    const isThere = there !== null;
    // Once the head has moved on, the table may be what the changes make of it: the commit finds that out.
    if (isThere && writing.mode !== 'swap' && (standing.head?.id ?? null) === prev)
      await publishing.mustKeepValues(
        { parts, schema, writing },
        columnsAfterChanges(this.#dialect, there, { changes, where: this.where }),
      );
    let all: number | undefined;
    const where = writing.mode === 'swap' ? '1 = 1' : deleteCondition(this.#dialect, supersede, mine);
    const leaves = supersede.what === 'range' || (supersede.what === 'all' && supersede.foreign === 'keep');
    if (isThere && mine === null && leaves) {
      const ours = hasSettledNothing(standing) ? 0 : (standing.head?.rows ?? 0);
      all = await this.#count(session, '1 = 1');
      if (all > ours) throw othersWrote(this.where, { found: all, prepared: ours });
    }
    const counted = where === '1 = 1' ? all : undefined;
    const goes = isThere && where !== null ? (counted ?? (await this.#count(session, where))) : 0;
    if (supersede.what === 'boundary' && goes !== supersede.rows) throw boundaryChanged(this.where, { ...supersede, found: goes });
    const { apart, example } = await publishing.keys(parts, schema, writing.key);
    if (example !== null) throw keyTwice(this.where, { key: writing.key, example });
    return { supersede, goes, apart, ...(groupAgain ? { groupAgain } : {}) };
  }

  async commit(intent: Intent): Promise<Step<CommitOutcome>> {
    const outcome = await this.#publish(intent);
    if (outcome === 'waited') return { again: { waited: true } };
    const isOver = outcome === 'already' || outcome === 'given up' || (typeof outcome === 'object' && 'counts' in outcome);
    if (isOver) await this.#drop(this.#leftOf(intent));
    return { done: outcome };
  }

  async #publish(intent: Intent, how: CommitAttempt = firstAttempt): Promise<CommitOutcome | 'waited'> {
    try {
      return await this.#in.committing(async (session) => {
        const publishing = new TableCommit(session, this.#dialect, this.#place, how);
        await this.#alone(
          session,
          () => publishing.ahead(intent),
          () => publishing.isolation(intent),
        );
        return publishing.publish(intent);
      });
    } catch (error) {
      if (error instanceof StagingHeld) return this.#publish(intent, { ...how, copyStaged: true });
      if (error instanceof ExchangeRefused) return this.#publish(intent, { ...how, refill: false });
      if (error instanceof TableNotYetThere) return 'waited';
      if (error instanceof PartsLost) return (await this.#isTaken(intent)) ? 'waited' : 'parts lost';
      if (error instanceof HyggeError && error.cause instanceof DatabaseError) {
        const meaning = this.#dialect.errors.meaning(error.cause);
        if (meaning === 'lock_timeout') return 'waited';
        if (meaning === 'missing_object' && (await this.#isTaken(intent))) return 'waited';
        if (meaning === 'missing_object' && intent.parts.length > 0 && (await this.#isAnyGone(intent))) return 'parts lost';
        if (meaning === 'permanent' || meaning === 'missing_object') return { outcome: 'refused', because: error.toDetails() };
        throw error;
      }
      if (error instanceof HyggeError && permanentRefusals.has(error.code)) return { outcome: 'refused', because: error.toDetails() };
      throw error;
    }
  }

  /** Where DDL commits by itself: nobody else of hygge's commits to the table meanwhile. What is done ahead ends the transaction, so that another one begins. */
  async #alone(session: S, ahead: () => Promise<void>, needs = statement): Promise<void> {
    const ddl = committingDdl(this.#dialect);
    if (ddl === undefined) return;
    const [row] = await session.query(ddl.alone(this.#place.table));
    if (row?.got !== '1') throw new DatabaseError('Somebody else of hygge commits to the table', { code: ddl.notAlone });
    await ahead();
    const isolation = await needs();
    // Ended here by hand, for `Session.commit` would let go of the table.
    await session.run('commit');
    await session.begin({ ...writing, isolation, label: this.#sessions.label });
  }

  /** What the intent needs is gone because somebody has published it, or given it up. */
  async #isTaken({ id, prev }: Intent): Promise<boolean> {
    const ddl = committingDdl(this.#dialect);
    if (ddl === undefined) return false;
    return this.#in.looked(async (session) => {
      if (!(await this.#in.hasOwnTables(session))) return false;
      const { head } = await this.#heads.read(session);
      return (head?.id ?? null) !== prev || (await ddl.bearing(session, this.#place.table))?.id === id;
    });
  }

  async #isAnyGone({ id, parts }: Pick<Intent, 'id' | 'parts'>): Promise<boolean> {
    return this.#in.looked(async (session) => {
      for (const { schema, name } of parts.map((part) => stagedTableName(this.#dialect, this.#place, refOf(part).name))) {
        // One that attempts share has another name once a commit has taken it.
        const there = await this.#dialect.catalog.tablesIn(session, schema);
        if (![name, leftoverTables({ id }).whole].some((one) => there?.has(one))) return true;
      }
      return false;
    });
  }

  #leftOf(intent: Intent): readonly string[] {
    const staged = intent.parts.map((part) => refOf(part).name);
    return committingDdl(this.#dialect) ? [...staged, tokenTableOf(intent) ?? [], Object.values(leftoverTables(intent))].flat() : staged;
  }

  giveUp(intent: Intent, reason: CommitRefusalReason, how: 'unseen' | 'by force'): Promise<GiveUpOutcome> {
    return this.#in
      .written(async (session): Promise<GiveUpOutcome> => {
        await this.#alone(session, () => this.#takeToken(session, intent, how));
        const ddl = committingDdl(this.#dialect);
        if (ddl && (await ddl.bearing(session, this.#place.table))?.id === intent.id) {
          const { head } = await this.#heads.read(session);
          if (head?.id !== intent.id) return 'visible';
        }
        const { head, mark } = await this.#heads.lock(session);
        if (head?.id === intent.id) return 'committed';
        if (head?.id !== fenceHeadId(intent)) {
          if ((head?.id ?? null) !== intent.prev) return 'fenced';
          await this.#heads.move(session, { from: head, to: headOfRefusal(head, intent, reason), mark });
        }
        return { removed: [] };
      })
      .then(async (given) => {
        if (typeof given === 'object') await this.#drop(this.#leftOf(intent));
        return given;
      });
  }

  /** From then on no table can take the destination's name for the intent. By force, one that has taken it gives it back. */
  async #takeToken(session: S, intent: Intent, how: 'unseen' | 'by force'): Promise<void> {
    const ddl = committingDdl(this.#dialect);
    const { head } = await this.#heads.read(session);
    const token = tokenTableOf(intent);
    if (ddl === undefined || token === undefined || (head?.id ?? null) !== intent.prev) return;
    const { stagingSchema: schema, table } = this.#place;
    await session.run(`drop table if exists ${named(this.#dialect, { schema, name: token })}`);
    if (how !== 'by force' || (await ddl.bearing(session, table))?.id !== intent.id) return;
    const { old } = leftoverTables(intent);
    const given = { schema, name: `given_${this.#random.nonce()}` };
    await recordStaged(session, this.#dialect, this.#place, { name: given.name, run: intent });
    const isThere = (await this.#dialect.catalog.tablesIn(session, schema))?.has(old) === true;
    await session.run(ddl.swap([{ from: table, to: given }, ...(isThere ? [{ from: { schema, name: old }, to: table }] : [])]));
  }

  /** From then on nothing that was staged takes the destination's name: what is counted afterwards stays. What somebody still writes to is of no intent. */
  async #takeTokens(session: S, { prev }: Pick<FenceRequest, 'prev'>): Promise<void> {
    const { head } = await this.#heads.read(session);
    if ((head?.id ?? null) !== prev) return;
    const names = await stagedNames(session, this.#dialect, this.#place, 'all');
    await session.run(this.#dialect.commit.briefSettings);
    for (const { name } of names) {
      const table = named(this.#dialect, stagedTableName(this.#dialect, this.#place, name));
      await session.run(`drop table if exists ${table}`).catch((error: unknown) => {
        if (!(error instanceof DatabaseError && this.#dialect.errors.meaning(error) === 'lock_timeout')) throw error;
      });
    }
    await session.run(this.#dialect.commit.settings);
  }

  async sweep(request: { readonly lineage: string; readonly before: number }): Promise<Step<'swept'>> {
    await this.#drop(
      await this.#in.looked(async (session) =>
        (await this.#in.hasOwnTables(session))
          ? this.#swept(session, await stagedNames(session, this.#dialect, this.#place, request), request.before)
          : [],
      ),
    );
    return { done: 'swept' };
  }

  /** Where DDL commits by itself, who was fenced between the record of a table and the table may make it yet: it is found by its record then. */
  async #swept(session: S, staged: Awaited<ReturnType<typeof stagedNames>>, before: number): Promise<readonly string[]> {
    const there = committingDdl(this.#dialect) && (await this.#dialect.catalog.tablesIn(session, this.#place.stagingSchema));
    const isOver = ({ name, epoch }: (typeof staged)[number]) => there?.has(name) || epoch < before - recordsKept;
    const probes = there && this.#place.nowMs ? leftProbes(there, this.#place.nowMs()) : [];
    return [...staged.filter((one) => committingDdl(this.#dialect) === undefined || isOver(one)).map(({ name }) => name), ...probes];
  }

  /** One whose CREATE is still on its way is left for the next sweep, which finds it by its record. */
  async #dropNow(names: readonly string[]): Promise<void> {
    const there = await this.#in.looked((session) => this.#dialect.catalog.tablesIn(session, this.#place.stagingSchema));
    await this.#drop(names.filter((name) => there?.has(name)));
  }

  /** What somebody still writes to, who is none of a run any more, is left for the next sweep. */
  async #drop(names: readonly string[]): Promise<void> {
    const all = [...new Set(names)];
    for (let from = 0; from < all.length; from += dropsAtOnce) {
      const some = all.slice(from, from + dropsAtOnce);
      if ((await this.#dropped(some)) || some.length === 1) continue;
      for (const one of some) await this.#dropped([one]);
    }
  }

  async #dropped(names: readonly string[]): Promise<boolean> {
    try {
      const first = [this.#dialect.commit.briefSettings];
      await this.#in.asked((session) => dropStaged(session, this.#dialect, this.#place, { names, first }));
      return true;
    } catch (error) {
      const meaning = this.#meaningBehind(error);
      // Where hygge's own tables are gone, nothing is staged.
      if (meaning === 'missing_object') return true;
      if (meaning !== 'lock_timeout') throw error;
      return false;
    }
  }

  async fence(request: FenceRequest): Promise<Head | 'moved'> {
    const fenced = await this.#in.written(async (session) => {
      await this.#alone(session, () => this.#takeTokens(session, request));
      const { head, mark } = await this.#heads.lock(session);
      if (head?.id === request.id) return { head, staged: [] };
      if ((head?.id ?? null) !== request.prev) return 'moved';
      const isThere = (await this.#dialect.catalog.columns(session, this.#place.table)) !== null;
      const total = isThere ? await this.#count(session, '1 = 1') : 0;
      const rows = head && !head.nothing ? Math.min(head.rows, total) : total;
      if (request.keep && head && head.rows > 0 && rows === 0) throw settledRowsGone(this.where);
      const staged = await stagedNames(session, this.#dialect, this.#place, 'all');
      const seen = Math.max(0, ...staged.map(({ epoch }) => epoch));
      const next = headOfFence(head, request, { seen, rows, foreign: total - rows });
      await this.#heads.move(session, { from: head, to: next, mark });
      return { head: next, staged };
    });
    if (fenced === 'moved') return 'moved';
    await this.#drop(await this.#in.looked((session) => this.#swept(session, fenced.staged, fenced.head.epoch)));
    return fenced.head;
  }

  carryHead(from: EntityKey): Promise<'carried' | 'no head' | 'other place'> {
    return this.#in.written((session) => this.#heads.carryFrom(session, from));
  }

  async dropHead(from: EntityKey): Promise<void> {
    await this.#in.asked(async (session) => ((await this.#in.hasOwnTables(session)) ? this.#heads.drop(session, from) : undefined));
  }

  prune(before: Instant): Promise<number> {
    return this.#in.asked(async (session) => ((await this.#in.hasOwnTables(session)) ? this.#heads.prune(session, before) : 0));
  }
}

const nothingSettled: HeadRow = { head: null, mark: null };
