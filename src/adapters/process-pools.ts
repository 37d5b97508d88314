import type { LeasedConnection, Pool, Pooling, PoolKey, Pools } from '../engine/contracts/pools.ts';
import { ConnectionError, StoreError } from '../errors/hygge-error.ts';
import type { Clock } from '../ports/clock.ts';
import { refusedLoginMs } from '../ports/retry.ts';

type Time = Pick<Clock, 'monotonicMs' | 'sleep'>;

/** The pools of this process. Disposing closes idle connections now, and used connections when they are released. */
export class ProcessPools implements Pools, AsyncDisposable {
  readonly #time: Time;
  readonly #pools = new Map<string, ConnectionPool<unknown>>();
  readonly #logins: Logins;

  constructor(time: Time) {
    this.#time = time;
    this.#logins = new Logins(time);
  }

  of<C>(key: PoolKey, pooling: Pooling<C>): Pool<C> {
    const { connector, server, database, identity, serves } = key;
    const name = JSON.stringify([connector, server.toLowerCase(), database, identity, serves]);
    const known = this.#pools.get(name) as ConnectionPool<C> | undefined;
    const pool = known ?? new ConnectionPool(key, pooling, { time: this.#time, login: this.#logins.of(key) });
    this.#pools.set(name, pool as ConnectionPool<unknown>);
    return pool;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const pools = [...this.#pools.values()];
    this.#pools.clear();
    await Promise.all(pools.map((pool) => pool[Symbol.asyncDispose]()));
  }
}

interface Use {
  readonly to: 'read' | 'write';
  readonly by: string;
}

interface PoolWaiter {
  readonly use: Use;
  readonly go: () => void;
}

/** How many holders a message names. */
const mostShown = 5;
const seconds = (ms: number) => `${Math.round(ms / 1000)} s`;

interface Idle<C> {
  readonly connection: C;
  readonly sinceMs: number;
}

class ConnectionPool<C> implements Pool<C>, AsyncDisposable {
  readonly #key: PoolKey;
  readonly #pooling: Pooling<C>;
  readonly #time: Time;
  readonly #login: Login;
  readonly #idle: Idle<C>[] = [];
  readonly #waiting: PoolWaiter[] = [];
  /** Each use of a connection, and the time since which it holds the connection. */
  readonly #held = new Map<Use, number>();
  #free: number;
  /** As long as no writer exists, so many connections are reserved for a writer. */
  #kept = 0;
  #writers = 0;
  #ended = false;
  /** The time since which no connection could be opened; null: the last attempt succeeded. */
  #unreachableSinceMs: number | null = null;

  constructor(key: PoolKey, pooling: Pooling<C>, { time, login }: { readonly time: Time; readonly login: Login }) {
    this.#key = key;
    this.#pooling = pooling;
    this.#time = time;
    this.#login = login;
    this.#free = Math.max(1, pooling.most);
  }

  get system(): string | null {
    const { connector, server, database } = this.#key;
    return server === '' ? null : `${connector} ${[server, database].filter((part) => part !== '').join('/')}`;
  }

  acquire(by: string, signal?: AbortSignal): Promise<LeasedConnection<C>> {
    return this.#acquire({ to: 'read', by }, signal);
  }

  acquireIdle(by: string, signal?: AbortSignal): Promise<LeasedConnection<C> | undefined> {
    return this.#acquireIdle({ to: 'read', by }, signal);
  }

  forWriting(): Pool<C> {
    this.#pooling.writing?.();
    // A single connection can’t be reserved, so readers and writers take turns.
    if (this.#pooling.most > 1) this.#kept = 1;
    return {
      system: this.system,
      acquire: (by, signal) => this.#acquire({ to: 'write', by }, signal),
      acquireIdle: (by, signal) => this.#acquireIdle({ to: 'write', by }, signal),
      forWriting: () => this.forWriting(),
    };
  }

  async #acquire(use: Use, signal: AbortSignal | undefined): Promise<LeasedConnection<C>> {
    signal?.throwIfAborted();
    await this.#place(use, signal);
    return this.#open(use, signal);
  }

  async #acquireIdle(use: Use, signal: AbortSignal | undefined): Promise<LeasedConnection<C> | undefined> {
    signal?.throwIfAborted();
    if (this.#waiting.length > 0 || !this.#hasPlace(use)) return undefined;
    this.#enter(use);
    return this.#open(use, signal);
  }

  /** Opens or reuses a connection for an accepted request. */
  async #open(use: Use, signal: AbortSignal | undefined): Promise<LeasedConnection<C>> {
    try {
      const connection = (await this.#fresh()) ?? (await this.#reach(signal));
      await this.#lend(connection, signal);
      return this.#leased(use, connection);
    } catch (error) {
      this.#leave(use);
      throw error;
    }
  }

  /** Opens a connection, and remembers the time of the first failure. All waits for the system count from that time, not from their own first attempt. */
  async #reach(signal: AbortSignal | undefined): Promise<C> {
    try {
      const pooling = this.#pooling;
      const open = () => pooling.open(signal);
      const connection = await (pooling.isLoginRefused ? this.#login.try(open, pooling.isLoginRefused, signal) : open());
      this.#unreachableSinceMs = null;
      return connection;
    } catch (error) {
      const { system } = this;
      if (system === null || !(error instanceof ConnectionError && error.transient)) throw error;
      this.#unreachableSinceMs ??= this.#time.monotonicMs();
      throw error.during({ system, sinceMs: this.#unreachableSinceMs });
    }
  }

  async #lend(connection: C, signal: AbortSignal | undefined): Promise<void> {
    try {
      await this.#pooling.lend?.(connection, signal);
    } catch (error) {
      await this.#close(connection);
      throw error;
    }
  }

  #hasPlace({ to }: Use): boolean {
    return this.#free > (to === 'write' ? 0 : Math.max(0, this.#kept - this.#writers));
  }

  #enter(use: Use): void {
    this.#free--;
    this.#held.set(use, this.#time.monotonicMs());
    if (use.to === 'write') this.#writers++;
  }

  /** Acquires one of the `most` connections, in the order of the requests. */
  async #place(use: Use, signal: AbortSignal | undefined): Promise<void> {
    if (this.#hasPlace(use)) {
      this.#enter(use);
      return;
    }
    if (this.#waitsForItself(use)) throw this.#takesTwo(use);
    const stop = new AbortController();
    let go: () => void = () => undefined;
    const turn = new Promise<'turn'>((resolve) => {
      go = () => resolve('turn');
    });
    const one: PoolWaiter = { use, go };
    this.#waiting.push(one);
    const patience = this.#time.sleep(this.#pooling.acquireMs, signal ? AbortSignal.any([signal, stop.signal]) : stop.signal);
    try {
      if ((await Promise.race([turn, patience])) === 'turn') return;
      throw this.#noneInTime();
    } catch (error) {
      const at = this.#waiting.indexOf(one);
      // The request may end at the moment when it gets a connection. The connection is then given back.
      if (at < 0) this.#leave(use);
      else this.#waiting.splice(at, 1);
      throw error;
    } finally {
      patience.catch(() => undefined);
      stop.abort();
    }
  }

  /** Whether a writer waits for its own reader. Rows are read while they are written. So with a single connection, the reader and the writer would wait for each other forever. */
  #waitsForItself({ to, by }: Use): boolean {
    return this.#pooling.most === 1 && to === 'write' && [...this.#held.keys()].some((one) => one.to === 'read' && one.by === by);
  }

  #takesTwo({ by }: Use): StoreError {
    const { connector, database } = this.#key;
    return new StoreError({
      code: 'HYG-4243',
      what: `${by.replace(/^hygge /, '')} reads from and writes to one database, ${connector} ${database}, over one connection.`,
      why: ['Reading uses one connection while writing needs another, but pool_size: 1 allows only one.'],
      tryThis: ['Set `pool_size: 2` or more for home and store, or remove the key', 'Or use another database for the home or the store'],
    });
  }

  #leave(use: Use): void {
    this.#free++;
    this.#held.delete(use);
    if (use.to === 'write') this.#writers--;
    for (let at = this.#nextAt(); at >= 0; at = this.#nextAt()) {
      const [next] = this.#waiting.splice(at, 1);
      if (next === undefined) return;
      this.#enter(next.use);
      next.go();
    }
  }

  /** The first waiting request for which a connection is free. */
  #nextAt(): number {
    return this.#waiting.findIndex(({ use }) => this.#hasPlace(use));
  }

  async #fresh(): Promise<C | undefined> {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      if (this.#time.monotonicMs() - idle.sinceMs <= this.#pooling.idleMs) return idle.connection;
      await this.#close(idle.connection);
    }
    return undefined;
  }

  #leased(use: Use, connection: C): LeasedConnection<C> {
    let isSpoilt = false;
    let isBack = false;
    return {
      connection,
      spoil: () => {
        isSpoilt = true;
      },
      [Symbol.asyncDispose]: async () => {
        if (isBack) return;
        isBack = true;
        this.#pooling.back?.(connection);
        if (isSpoilt || this.#ended) await this.#close(connection);
        else this.#idle.push({ connection, sinceMs: this.#time.monotonicMs() });
        this.#leave(use);
      },
    };
  }

  async #close(connection: C): Promise<void> {
    await this.#pooling.close(connection).catch(() => undefined);
  }

  #noneInTime(): ConnectionError {
    const { connector, server, database } = this.#key;
    const { most, acquireMs } = this.#pooling;
    const kept = this.#free > 0 ? `; ${this.#free === 1 ? 'one' : this.#free} of the connections may be used only for writing` : '';
    const waiting = this.#waiting.length - 1;
    return new ConnectionError({
      code: 'HYG-6054',
      what: `No connection to ${connector} ${[server, database].filter((part) => part !== '').join('/')} became free within ${seconds(acquireMs)}.`,
      why: [
        `This process opens at most ${most}, and ${this.#free > 0 ? 'no connection is free for reading' : 'all connections are in use'}${kept}.`,
        ...(this.#held.size > 0 ? [`In use: ${this.#holders()}.`] : []),
        ...(waiting > 0 ? [`${waiting} more ${waiting === 1 ? 'request waits' : 'requests wait'} for a connection.`] : []),
      ],
      tryThis: [
        'Run fewer entities at once: options.concurrency',
        'Or allow more connections: pool_size of the connection',
        'Or check in the database what the connections in use wait for',
      ],
      transient: true,
    });
  }

  /** The longest holder comes first. */
  #holders(): string {
    const found = new Map<string, { count: number; readonly sinceMs: number }>();
    for (const [{ by, to }, sinceMs] of this.#held) {
      const who = `${by}, to ${to}`;
      const one = found.get(who) ?? { count: 0, sinceMs };
      one.count += 1;
      found.set(who, one);
    }
    const shown = [...found].map(
      ([who, { count, sinceMs }]) => `${who} (${count === 1 ? '' : `${count}, `}for ${seconds(this.#time.monotonicMs() - sinceMs)})`,
    );
    const rest = shown.length - mostShown;
    return [...shown.slice(0, mostShown), ...(rest > 0 ? [`${rest} more`] : [])].join('; ');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended = true;
    await Promise.all(this.#idle.splice(0).map(({ connection }) => this.#close(connection)));
  }
}

/** Opens the first connection of a login alone, so that a wrong password is sent only once for all waiting entities. */
class Login {
  readonly #time: Pick<Clock, 'monotonicMs'>;
  #refused: { readonly error: unknown; readonly atMs: number } | undefined;
  /** Resolves when the first attempt has ended; undefined: the caller need not wait for a first attempt. */
  #first: Promise<void> | undefined;
  #isTried = false;

  constructor(time: Pick<Clock, 'monotonicMs'>) {
    this.#time = time;
  }

  /** @param isRefused whether the error means a wrong user or password; a time-out does not. Throws the login error as long as it counts. */
  async try<C>(open: () => Promise<C>, isRefused: (error: unknown) => boolean, signal: AbortSignal | undefined): Promise<C> {
    for (; this.#first !== undefined; signal?.throwIfAborted()) await this.#first;
    this.#throwRefusal();
    if (this.#isTried) return this.#opened(open, isRefused);
    const first = Promise.withResolvers<void>();
    this.#first = first.promise;
    try {
      const connection = await this.#opened(open, isRefused);
      this.#isTried = true;
      return connection;
    } catch (error) {
      // A cancelled attempt shows nothing about the login, so the next attempt is again made alone. An attempt on an unreachable server is different, because this server counts no wrong passwords.
      this.#isTried = !isRefused(error) && signal?.aborted !== true;
      throw error;
    } finally {
      this.#first = undefined;
      first.resolve();
    }
  }

  async #opened<C>(open: () => Promise<C>, isRefused: (error: unknown) => boolean): Promise<C> {
    try {
      return await open();
    } catch (error) {
      if (isRefused(error)) {
        this.#refused = { error, atMs: this.#time.monotonicMs() };
        this.#isTried = false;
      }
      throw error;
    }
  }

  #throwRefusal(): void {
    if (this.#refused === undefined) return;
    if (this.#time.monotonicMs() - this.#refused.atMs < refusedLoginMs) throw this.#refused.error;
    this.#refused = undefined;
  }
}

/** The logins of a process. Rows and state of one account share a login. */
class Logins {
  readonly #time: Pick<Clock, 'monotonicMs'>;
  readonly #all = new Map<string, Login>();

  constructor(time: Pick<Clock, 'monotonicMs'>) {
    this.#time = time;
  }

  of({ connector, server, database, identity }: PoolKey): Login {
    const name = JSON.stringify([connector, server.toLowerCase(), database, identity]);
    const login = this.#all.get(name) ?? new Login(this.#time);
    this.#all.set(name, login);
    return login;
  }
}
