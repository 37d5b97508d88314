/** Runs transactions over the pool of a database. All work is done in transactions, because a pooler may send each transaction to another connection. */
import type { Opening } from '../engine/contracts/connector.ts';
import type { LeasedConnection, Pool } from '../engine/contracts/pools.ts';
import { ConnectionError, type HyggeError } from '../errors/hygge-error.ts';
import { OutcomeUnknown } from '../ports/retry.ts';
import { type Database, DatabaseError, type ErrorContext, type Session, type StateSide, type Transaction } from './engine.ts';
import { loginRefusedCode } from './errors.ts';

const poolIdleMs = 60_000;
/** How long to wait for a connection, in milliseconds. A step of an app ends after minutes. On one machine a table may be read for longer, while other work waits for its connection. */
const acquireMs = { anywhere: 60_000, here: 30 * 60_000 };

interface PoolKeys {
  readonly pool_size: number;
}

/** An open transaction, and the holder of its connection. */
export interface OpenSession<S> extends AsyncDisposable {
  readonly session: S;
  /** Commits the transaction. Disposing without a commit rolls the transaction back. */
  commit(): Promise<void>;
}

/** The sessions of one home or store of an entity in its database. */
export class Sessions<S extends Session> {
  readonly #engine: Pick<Database<never, S>, 'explain'>;
  readonly #pool: Pool<S>;
  readonly #label: string;
  readonly #place: string;

  constructor(of: {
    readonly engine: Pick<Database<never, S>, 'explain'>;
    readonly pool: Pool<S>;
    readonly label: string;
    readonly place: string;
  }) {
    this.#engine = of.engine;
    this.#pool = of.pool;
    this.#label = of.label;
    this.#place = of.place;
  }

  /** Who uses the sessions, for the database’s list of sessions and for messages. */
  get label(): string {
    return this.#label;
  }

  /** The pool of this process for the database, which all homes and stores share. */
  get pool(): Pool<S> {
    return this.#pool;
  }

  /** Does the work in its own transaction. The transaction is committed when the work returns, and rolled back when the work throws. @param signal stops work that only reads, and ends the wait for a connection. */
  async transaction<T>(of: Omit<Transaction, 'label'>, work: (session: S) => Promise<T>, signal?: AbortSignal): Promise<T> {
    await using open = await this.open(of, signal);
    const does = () => work(open.session);
    const answer = await this.#withExplainedErrors(
      () => (of.mode === 'read' ? this.stoppable(open.session, does, signal) : does()),
      'read',
    );
    await open.commit();
    return answer;
  }

  /** Does the work, but the signal stops the current statement of the session. In that case the reason of the signal is thrown. */
  async stoppable<T>(session: S, work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    if (signal === undefined) return work();
    signal.throwIfAborted();
    const stop = () => (session.cancel ? session.cancel() : session.destroy());
    signal.addEventListener('abort', stop, { once: true });
    try {
      return await work();
    } catch (error) {
      throw signal.aborted ? signal.reason : error;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  /** Does work outside of a transaction, for statements that can’t run in a transaction. */
  async outsideTransaction(work: (session: S) => Promise<void>): Promise<void> {
    await this.#withExplainedErrors(async () => {
      await using leased = await this.#pool.acquire(this.#label);
      await work(leased.connection);
    }, 'connect');
  }

  /** Opens a transaction that the caller ends. */
  async open(of: Omit<Transaction, 'label'>, signal?: AbortSignal): Promise<OpenSession<S>> {
    return this.#withExplainedErrors(() => this.#begun(of, (again) => this.#pool.acquire(this.#label, again), signal), 'begin') as Promise<
      OpenSession<S>
    >;
  }

  /** Like `open`, but returns undefined if no connection is free at once. */
  async openIdle(of: Omit<Transaction, 'label'>, signal?: AbortSignal): Promise<OpenSession<S> | undefined> {
    return this.#withExplainedErrors(() => this.#begun(of, (again) => this.#pool.acquireIdle(this.#label, again), signal), 'begin');
  }

  /** Begins a transaction. If a connection of the pool turns out to be dead, it is closed, and another connection is used. */
  async #begun(
    of: Omit<Transaction, 'label'>,
    take: (signal?: AbortSignal) => Promise<LeasedConnection<S> | undefined>,
    signal: AbortSignal | undefined,
  ): Promise<OpenSession<S> | undefined> {
    for (;;) {
      const leased = await take(signal);
      if (leased === undefined) return undefined;
      const { connection: session } = leased;
      const hadAnswered = session.hasAnswered;
      try {
        await session.begin({ ...of, label: this.#label }, signal);
        return this.#opened(leased, of.mode);
      } catch (error) {
        const wasDead = session.isBroken;
        leased.spoil();
        await leased[Symbol.asyncDispose]();
        if (!wasDead || !hadAnswered) throw error;
      }
    }
  }

  #opened(leased: LeasedConnection<S>, mode: Transaction['mode']): OpenSession<S> {
    const { connection: session } = leased;
    let ended = false;
    return {
      session,
      commit: async () => {
        ended = true;
        try {
          await session.commit(mode);
        } catch (error) {
          leased.spoil();
          if (mode === 'write' && error instanceof DatabaseError && error.isLost)
            throw new OutcomeUnknown(`COMMIT in ${this.#place}: ${error.message}`);
          throw mode === 'read' ? this.explained(error) : error;
        }
      },
      [Symbol.asyncDispose]: async () => {
        if (!ended) {
          ended = true;
          if (session.isBroken) leased.spoil();
          else await session.rollback().catch(() => leased.spoil());
        }
        await leased[Symbol.asyncDispose]();
      },
    };
  }

  async #withExplainedErrors<T>(work: () => Promise<T>, doing: ErrorContext['doing']): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw this.explain(error, doing);
    }
  }

  explain(error: unknown, doing: ErrorContext['doing']): unknown {
    if (!(error instanceof DatabaseError)) return error;
    return this.#lost(error, error.addStatementTo(this.#engine.explain(error, { place: this.#place, doing })));
  }

  /** Reports a lost connection, which may be the first sign of an outage. */
  #lost(error: DatabaseError, explained: HyggeError): HyggeError {
    const { system } = this.#pool;
    return error.isLost && explained.transient && system !== null ? explained.during({ system, sinceMs: null }) : explained;
  }

  /** Explains the database’s error to people. */
  explained(error: unknown): unknown {
    return this.explain(error, 'read');
  }
}

/** The pool that all users of this database with this account share. */
export function poolOf<K extends PoolKeys, S extends Session>(
  engine: Database<K, S>,
  keys: K,
  opening: Pick<Opening, 'pools' | 'root' | 'clock' | 'network' | 'scratch' | 'steps'>,
): Pool<S> {
  const { server, database, identity } = engine.address(keys);
  const ways = engine.poolOptions(keys, opening);
  return opening.pools.of(
    { connector: engine.id, server, database, identity, serves: 'rows' },
    { most: keys.pool_size, acquireMs: acquireMs[opening.steps], idleMs: poolIdleMs, isLoginRefused: refusesLogin(engine), ...ways },
  );
}

/** Whether a connection failed because the login was refused. Some engines explain a refused login themselves. */
const refusesLogin =
  ({ explain }: Pick<Database<never, never>, 'explain'>) =>
  (error: unknown): boolean => {
    const explained = error instanceof DatabaseError ? explain(error, { place: '', doing: 'connect' }) : error;
    return explained instanceof ConnectionError && explained.code === loginRefusedCode;
  };

/** The time limit for answers about state, in milliseconds, which is longer than the wait for a lock. */
const stateAnswersWithinMs = 60_000;

/** The process’s pool for state. Readers and writers of rows use other pools, since they may hold a connection for as long as a slice takes. */
export function statePoolOf<K, S extends Session>(
  database: Database<K, S> & { readonly stateSide: StateSide<S> },
  keys: K,
  opening: Pick<Opening, 'pools' | 'root' | 'clock' | 'network'>,
): Pool<S> {
  const { server, database: name, identity } = database.address(keys);
  const ways = database.poolOptions(keys, { ...opening, answerWithinMs: stateAnswersWithinMs, createsFile: true });
  return opening.pools.of(
    { connector: database.id, server, database: name, identity, serves: 'state' },
    {
      ...{ most: database.stateSide.connections, acquireMs: acquireMs.anywhere, idleMs: poolIdleMs },
      ...{ isLoginRefused: refusesLogin(database), ...ways },
    },
  );
}
