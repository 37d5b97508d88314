/** The transactions of a store. A writing transaction makes hygge’s own tables if they are missing. */
import { HyggeError } from '../../errors/hygge-error.ts';
import { DatabaseError, type Session, type Transaction } from '../engine.ts';
import type { Sessions } from '../sessions.ts';
import { committingDdl, type ErrorClass } from '../writes.ts';
import type { StoreContext, StoreDialect, TablePlace } from './context.ts';
import { ownTablesMissing } from './errors.ts';
import { emptyHeadRow, type HeadRow, HeadTable, metadataTables, missingOwnTables, ownTableName, rejectedColumnsDdl } from './head.ts';

/** Options of a transaction. */
interface Asking {
  readonly signal?: AbortSignal;
  readonly stages?: true;
}

/** A read transaction that stays open between its statements. `end` commits it. Disposing returns the connection to the pool, and rolls back the transaction if `end` was not called. */
export interface OpenReader extends AsyncDisposable {
  ask<T>(work: Work<T>): Promise<T>;
  end(): Promise<void>;
}

export const stagesOnly: Asking = { stages: true };
const writing = { mode: 'write', isolation: 'statement' } as const;
const reading = { mode: 'read', isolation: 'statement' } as const;
/** The number of attempts to make tables, if several processes make the same tables at once. */
export const tableMakingAttempts = 4;
/** The number of attempts at a transaction that conflicts with others, with pauses of at most `longestPauseMs`. After these attempts, the engine waits. */
const conflictAttempts = 6;
const longestPauseMs = 1_600;

type Own = 'unknown' | 'tables' | 'all';
/** How long stores of a process trust what another store found out about hygge’s own tables, in milliseconds. A store that has read these tables itself does not need that result. By this trust, fifty small tables need only one query. */
const sharedForMs = 60_000;

interface Found {
  own: Own;
  readonly sinceMs: number;
  /** Pieces of work that wait for the current transaction. */
  readonly waiting: { work(session: Session): Promise<unknown>; done(answer: unknown): void; alone(): Promise<void> }[];
  isWorking: boolean;
}

const nothingFound = (sinceMs: number): Found => ({ own: 'unknown', sinceMs, waiting: [], isWorking: false });

/** What stores found out about hygge’s own tables. The keys are the pool for reading, which all stores of a database share, and the schemas. */
const foundThere = new WeakMap<object, Map<string, Found>>();

function foundBy({
  readers,
  dialect,
  place,
}: {
  readonly readers?: { readonly pool: object };
  readonly dialect: StoreDialect;
  readonly place: TablePlace;
}): Found {
  const { nowMs, metadataSchema, stagingSchema } = place;
  if (readers === undefined || nowMs === undefined) return nothingFound(0);
  const all = foundThere.get(readers.pool) ?? new Map<string, Found>();
  foundThere.set(readers.pool, all);
  const schemas = JSON.stringify([metadataSchema, stagingSchema, ownTableName(dialect, 'heads', place.key)]);
  const now = nowMs();
  const known = all.get(schemas);
  if (known !== undefined && Math.abs(now - known.sinceMs) < sharedForMs) return known;
  const found = nothingFound(now);
  all.set(schemas, found);
  return found;
}

type Work<T> = (context: StoreContext) => Promise<T>;

export class Transactions<S extends Session = Session> {
  readonly dialect: StoreDialect;
  readonly place: TablePlace;
  readonly heads: HeadTable;
  readonly #sessions: Sessions<S>;
  readonly #readers: Sessions<S>;
  /** Which of hygge’s own tables this store has found. The store searches again only after a statement has missed a table. */
  #own: Own = 'unknown';
  /** What other stores have found. Only reads use these findings, because a read is repeated if the tables are missing after all. */
  readonly #found: Found;
  /** What the store knew before a session began its transaction. A snapshot does not show tables that another transaction made later. */
  readonly #knownTo = new WeakMap<Session, Own>();

  /** @param of.readers sessions over connections for reading. Absent: `sessions` is used for reading as well. */
  constructor(of: {
    readonly sessions: Sessions<S>;
    readonly readers?: Sessions<S>;
    readonly dialect: StoreDialect;
    readonly place: TablePlace;
  }) {
    this.#sessions = of.sessions;
    this.#readers = of.readers ?? of.sessions;
    this.dialect = of.dialect;
    this.place = of.place;
    this.#found = foundBy(of);
    this.heads = new HeadTable(of.dialect, of.place.metadataSchema, of.place.key);
  }

  /** Runs a commit. The tables that it needs were made when its rows were staged. */
  inCommit<T>(work: Work<T>): Promise<T> {
    return this.#explained(() => this.#within(writing, work));
  }

  get #toRead(): Own {
    return this.#own === 'unknown' ? this.#found.own : this.#own;
  }

  /** What other stores have found counts for writes only after this store has read hygge’s own tables. */
  get #toWrite(): Own {
    return this.#own === 'tables' && this.#found.own === 'all' ? 'all' : this.#own;
  }

  /**
   * Does small pieces of work for several entities in one transaction. Work that arrives during a transaction is done in the next transaction. If a transaction
   * fails, each piece of work gets its own transaction.
   */
  async togetherWithOthers<T>(work: Work<T>): Promise<T> {
    const { waiting } = this.#found;
    return new Promise<T>((resolve, reject) => {
      const alone = () => this.inWriteTransaction(work).then(resolve, reject);
      const within = (session: Session) => {
        this.#knownTo.set(session, this.#toRead);
        return work(this.#contextOf(session));
      };
      waiting.push({ work: within, done: resolve as (answer: unknown) => void, alone });
      if (waiting.length === 1 && !this.#found.isWorking) void this.#doWaiting();
    });
  }

  async #doWaiting(): Promise<void> {
    const { waiting } = this.#found;
    this.#found.isWorking = true;
    for (let some = waiting.splice(0); some.length > 0; some = waiting.splice(0)) {
      try {
        const answers = await this.inWriteTransaction(async ({ session }) => {
          const all: unknown[] = [];
          for (const one of some) all.push(await one.work(session));
          return all;
        });
        for (const [at, one] of some.entries()) one.done(answers[at]);
      } catch {
        for (const one of some) await one.alone();
      }
    }
    this.#found.isWorking = false;
  }

  #contextOf(session: Session): StoreContext {
    const { dialect, place, heads } = this;
    return { session, dialect, place, heads };
  }

  /** Does work in a writing transaction, without making hygge’s own tables. */
  inWriteTransaction<T>(work: Work<T>, { signal, stages: stagesOnly }: Asking = {}): Promise<T> {
    return this.#explained(() => this.#within(stagesOnly ? { ...writing, stagesOnly } : writing, work, signal));
  }

  /** Does work that only reads, so that sessions that wait for writers do not delay it. If hygge’s own tables have disappeared, the work is repeated. */
  async inReadTransaction<T>(work: Work<T>, stop?: AbortSignal): Promise<T> {
    const [known, signal] = [this.#toRead, stop?.aborted ? undefined : stop];
    try {
      return await this.#explained(() => this.#within(reading, work, signal));
    } catch (error) {
      if (known === 'unknown' || this.errorClassBehind(error) !== 'missing_object') throw error;
      return this.#explained(() => this.#within(reading, work, signal));
    }
  }

  /** Opens a reading transaction that stays open between its statements, while others of the same process write. The transaction has a connection for reading. One such connection always stays free for a writer, so the holder may wait for that writer. */
  async openReader(signal: AbortSignal): Promise<OpenReader> {
    const { dialect, place, heads } = this;
    const readers = this.#readers;
    const { settings } = dialect.commit;
    return this.#explained(async () => {
      await using opening = new AsyncDisposableStack();
      const open = opening.use(await readers.open({ ...reading, settings }, signal));
      const context: StoreContext = { session: open.session, dialect, place, heads };
      const ask: OpenReader['ask'] = (work) =>
        this.#explained(async () => {
          try {
            return await readers.stoppable(open.session, () => work(context), signal);
          } catch (error) {
            throw readers.explain(error, 'read');
          }
        });
      if (!dialect.beginsWithSettings) await ask(({ session }) => session.run(settings));
      const held = opening.move();
      return { ask, end: () => open.commit(), [Symbol.asyncDispose]: () => held.disposeAsync() };
    });
  }

  /** If a head has changed in spite of its lock, everything is read again, because no id occurs twice. */
  async #within<T>(of: Omit<Transaction, 'label'>, work: Work<T>, signal?: AbortSignal): Promise<T> {
    const { dialect, place, heads } = this;
    const { settings } = dialect.commit;
    const known = of.mode === 'read' ? this.#toRead : this.#toWrite;
    const begun = async (session: S): Promise<T> => {
      this.#knownTo.set(session, known);
      if (!dialect.beginsWithSettings) await session.run(settings);
      return work({ session, dialect, place, heads });
    };
    const once = () => this.#sessions.transaction({ ...of, settings }, begun, signal);
    let isHeadMoved = false;
    for (let tries = 1; ; tries++)
      try {
        return await once();
      } catch (error) {
        if (error instanceof HyggeError && error.code === 'HYG-4291' && !isHeadMoved) isHeadMoved = true;
        else if (of.stagesOnly || !this.#isConflict(error) || tries === conflictAttempts) throw error;
        else await place.pause?.(longestPauseMs * 2 ** (tries - conflictAttempts + 1));
      }
  }

  #isConflict(error: unknown): boolean {
    const said = error instanceof HyggeError ? error.cause : error;
    return said instanceof DatabaseError && this.dialect.commit.isConflict?.(said) === true;
  }

  /** Does work in a writing transaction that first makes hygge’s own tables if they do not exist. */
  async withOwnTables<T>(work: Work<T>, of: Asking = {}): Promise<T> {
    for (let makes = 0; ; makes++) {
      const answer = await this.inWriteTransaction(
        async (context) => ((await this.#isSetUp(context)) ? { is: await work(context) } : undefined),
        of,
      );
      if (answer) return answer.is;
      await this.#makeOwn(makes + 1 === tableMakingAttempts, of);
    }
  }

  /**
   * If DDL commits by itself, no other process of hygge commits to the table until the transaction ends. `ahead` runs first and ends the transaction. Another
   * transaction begins after `ahead`, with the isolation that is requested then.
   */
  async lockOutOtherCommits(
    { session }: StoreContext,
    ahead: () => Promise<void>,
    isolation = async () => writing.isolation as Transaction['isolation'],
  ) {
    const ddl = committingDdl(this.dialect);
    if (ddl === undefined) return;
    const [row] = await session.query(ddl.exclusiveLockQuery(this.place.table));
    if (row?.got !== '1') throw new DatabaseError('Another process of hygge commits to the table', { code: ddl.lockTimeoutCode });
    await ahead();
    const next = { ...writing, isolation: await isolation(), label: this.#sessions.label };
    // The transaction is ended by a statement, because `Session.commit` would unlock the table.
    await session.run('commit');
    await session.begin(next);
  }

  /** Does work that must be done outside of a transaction, before a run. */
  async prepareOutsideTransaction(): Promise<void> {
    const { prepareOutsideTransaction } = this.dialect.tables;
    if (prepareOutsideTransaction) await this.#sessions.outsideTransaction(prepareOutsideTransaction);
  }

  /** Discards files of staged tables. No transaction is open meanwhile, because the storage may answer late. */
  async discardFiles(names: readonly string[]): Promise<void> {
    const { load } = this.dialect.staging;
    if (load.by !== 'files' || names.length === 0) return;
    await this.#sessions.outsideTransaction(async (session) => {
      for (const name of names) await load.discardFiles(session, name);
    });
  }

  /** The class of the database error that caused one of hygge’s errors. Undefined: no database error caused it. */
  errorClassBehind(error: unknown): ErrorClass | undefined {
    return error instanceof HyggeError && error.cause instanceof DatabaseError ? this.dialect.errors.errorClass(error.cause) : undefined;
  }

  /** Gives a `rejected` table of an older hygge the columns that it lacks. If several processes do so at once, all except the first are refused, and find the columns. */
  async widenRejected(): Promise<void> {
    const lacking = ({ session, dialect, place }: StoreContext) => rejectedColumnsDdl(session, dialect, place);
    for (let tries = 1; ; tries++) {
      const ddl = await this.inReadTransaction(lacking);
      if (ddl.length === 0) return;
      try {
        await this.inWriteTransaction(async (context) => {
          // MySQL can’t undo DDL, so only columns are added that another process has not added meanwhile.
          for (const statement of await lacking(context)) await context.session.run(statement);
        });
      } catch (error) {
        const meaning = this.errorClassBehind(error);
        if (meaning === undefined) throw error;
        if ((await this.inReadTransaction(lacking)).length === 0) return;
        if (tries === tableMakingAttempts)
          throw meaning === 'permanent' ? ownTablesMissing(this.place.where, { ddl, cause: error }) : error;
      }
    }
  }

  /** Makes hygge’s own tables. If several processes do so at once, all except the first are refused, and find the tables. */
  async #makeOwn(isLast: boolean, { signal }: Asking): Promise<void> {
    try {
      await this.inWriteTransaction(async (context) => context.session.run(await this.missingTablesDdl(context)), signal ? { signal } : {});
    } catch (error) {
      const meaning = this.errorClassBehind(error);
      if (meaning === undefined) throw error;
      const missing = await this.inReadTransaction((context) => this.missingTablesDdl(context));
      if (missing.length === 0 || meaning === 'transient' || meaning === 'lock_timeout') return;
      if (isLast || meaning === 'permanent') throw ownTablesMissing(this.place.where, { ddl: missing, cause: error });
    }
  }

  async #isSetUp(context: StoreContext): Promise<boolean> {
    const { session, dialect, place } = context;
    const { metadataSchema, stagingSchema } = place;
    const known = this.#knownTo.get(session);
    if (known === 'all') return true;
    const hasStaging = async () => stagingSchema === metadataSchema || (await dialect.catalog.tablesIn(session, stagingSchema)) !== null;
    const isSetUp = (known === 'tables' && (await hasStaging())) || (await this.missingTablesDdl(context)).length === 0;
    if (isSetUp) this.#know(session, 'all');
    return isSetUp;
  }

  #know(session: Session, own: Own): void {
    this.#own = own;
    this.#found.own = own;
    this.#knownTo.set(session, own);
  }

  /** The statements that make the missing schemas and tables of hygge’s own. */
  async missingTablesDdl({ session, dialect, place }: StoreContext): Promise<readonly string[]> {
    return (await missingOwnTables(session, dialect, place)).ddl;
  }

  async hasOwnTables({ session, dialect, place }: StoreContext): Promise<boolean> {
    if ((this.#knownTo.get(session) ?? 'unknown') !== 'unknown') return true;
    const there = await dialect.catalog.tablesIn(session, place.metadataSchema);
    const areThere = metadataTables.every((name) => there?.has(ownTableName(dialect, name, place.key)));
    if (areThere && this.#own !== 'all') this.#know(session, 'tables');
    return areThere;
  }

  /** Reads the row of the entity’s head, whose table may not exist yet. */
  async headRow(context: StoreContext): Promise<HeadRow> {
    if (!(await this.hasOwnTables(context))) return emptyHeadRow;
    const row = await this.heads.read(context.session);
    // If another store found a table, the table exists.
    if (this.#own === 'unknown') this.#own = this.#knownTo.get(context.session) ?? 'unknown';
    return row;
  }

  async #explained<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const said = error instanceof HyggeError ? error.cause : error;
      if (said instanceof DatabaseError && this.dialect.errors.errorClass(said) === 'missing_object') {
        this.#own = 'unknown';
        this.#found.own = 'unknown';
      }
      if (error instanceof DatabaseError) throw error.addStatementTo(this.dialect.errors.explain(error, this.place.where));
      throw error;
    }
  }
}
