import type { Leased, Pool, Pooling, PoolKey, Pools } from '../engine/contracts/pools.ts';
import { ConnectionError } from '../errors/hygge-error.ts';
import type { Clock } from '../ports/clock.ts';

type Time = Pick<Clock, 'monotonicMs' | 'sleep'>;

/** The pools of this process. Disposing closes what is idle now, and the rest when it is given back. */
export class ProcessPools implements Pools, AsyncDisposable {
  readonly #time: Time;
  readonly #pools = new Map<string, ConnectionPool<unknown>>();

  constructor(time: Time) {
    this.#time = time;
  }

  of<C>(key: PoolKey, pooling: Pooling<C>): Pool<C> {
    const { connector, server, database, identity } = key;
    const name = JSON.stringify([connector, server.toLowerCase(), database, identity]);
    const known = this.#pools.get(name) as ConnectionPool<C> | undefined;
    const pool = known ?? new ConnectionPool(key, pooling, this.#time);
    this.#pools.set(name, pool as ConnectionPool<unknown>);
    return pool;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const pools = [...this.#pools.values()];
    this.#pools.clear();
    await Promise.all(pools.map((pool) => pool[Symbol.asyncDispose]()));
  }
}

interface Idle<C> {
  readonly connection: C;
  readonly sinceMs: number;
}

class ConnectionPool<C> implements Pool<C>, AsyncDisposable {
  readonly #key: PoolKey;
  readonly #pooling: Pooling<C>;
  readonly #time: Time;
  readonly #idle: Idle<C>[] = [];
  readonly #waiting: (() => void)[] = [];
  #free: number;
  #ended = false;

  constructor(key: PoolKey, pooling: Pooling<C>, time: Time) {
    this.#key = key;
    this.#pooling = pooling;
    this.#time = time;
    this.#free = Math.max(1, pooling.most);
  }

  async acquire(signal?: AbortSignal): Promise<Leased<C>> {
    signal?.throwIfAborted();
    await this.#place(signal);
    try {
      return this.#leased((await this.#fresh()) ?? (await this.#pooling.open(signal)));
    } catch (error) {
      this.#leave();
      throw error;
    }
  }

  /** One of the `most` places; whoever asks first comes first. */
  async #place(signal: AbortSignal | undefined): Promise<void> {
    if (this.#free > 0) {
      this.#free--;
      return;
    }
    const stop = new AbortController();
    let go: () => void = () => undefined;
    const turn = new Promise<'turn'>((resolve) => {
      go = () => resolve('turn');
    });
    this.#waiting.push(go);
    const patience = this.#time.sleep(this.#pooling.acquireMs, signal ? AbortSignal.any([signal, stop.signal]) : stop.signal);
    try {
      if ((await Promise.race([turn, patience])) === 'turn') return;
      throw this.#noneInTime();
    } catch (error) {
      const at = this.#waiting.indexOf(go);
      // It was given a place in the very moment that it gave up.
      if (at < 0) this.#leave();
      else this.#waiting.splice(at, 1);
      throw error;
    } finally {
      patience.catch(() => undefined);
      stop.abort();
    }
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#free++;
  }

  async #fresh(): Promise<C | undefined> {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      if (this.#time.monotonicMs() - idle.sinceMs <= this.#pooling.idleMs) return idle.connection;
      await this.#close(idle.connection);
    }
    return undefined;
  }

  #leased(connection: C): Leased<C> {
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
        if (isSpoilt || this.#ended) await this.#close(connection);
        else this.#idle.push({ connection, sinceMs: this.#time.monotonicMs() });
        this.#leave();
      },
    };
  }

  async #close(connection: C): Promise<void> {
    await this.#pooling.close(connection).catch(() => undefined);
  }

  #noneInTime(): ConnectionError {
    const { server, database } = this.#key;
    const { most, acquireMs } = this.#pooling;
    return new ConnectionError({
      code: 'HYG-6054',
      what: `No connection to ${database} on ${server} became free within ${Math.round(acquireMs / 1000)} s.`,
      why: [`This process opens at most ${most}, and all of them are in use.`],
      tryThis: ['Let fewer entities run at once: options.concurrency', 'Or let the connection bear less: max_reads and max_writes'],
      transient: true,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended = true;
    await Promise.all(this.#idle.splice(0).map(({ connection }) => this.#close(connection)));
  }
}
