/** Pools of connections: of the process, shared by all homes and stores that speak to one database as one person, and closed with it. */

/** Which connections are alike. Two that differ in any of it are never mixed. */
export interface PoolKey {
  /** The `type:` of the connector. */
  readonly connector: string;
  readonly server: string;
  readonly database: string;
  /** Who we are there: a name, and a digest of what proves it. Never a secret. */
  readonly identity: string;
}

/** How a connector opens and closes its connections. */
export interface Pooling<C> {
  /** At most so many are open at once. */
  readonly most: number;
  /** Milliseconds that `acquire` waits for one. */
  readonly acquireMs: number;
  /** Milliseconds after which one that nobody used is closed instead of used again. */
  readonly idleMs: number;
  /** Called when none is idle and fewer than `most` are open; several at once. What it throws, `acquire` throws. */
  open(signal: AbortSignal | undefined): Promise<C>;
  /** Called once for each. What it throws is of no interest to anybody: the connection is gone. */
  close(connection: C): Promise<void>;
  /** Of connections that hold something only while somebody uses them: called each time that one is lent. What it throws, `acquire` throws. */
  lend?(connection: C, signal: AbortSignal | undefined): Promise<void>;
  /** Called each time that one comes back, before it is idle or closed. */
  back?(connection: C): void;
  /** Called each time that somebody says that there will be writing, before the first is lent for it. */
  writing?(): void;
}

/** A connection that is nobody else's until it is disposed of. */
export interface LeasedConnection<C> extends AsyncDisposable {
  readonly connection: C;
  /** It must not be used again: given back, it is closed. */
  spoil(): void;
}

export interface Pool<C> {
  /** What it connects to, for people: its type, server and database; null: a file, which is never out of reach by itself. */
  readonly system: string | null;
  /**
   * In the order of asking. Throws StoreError HYG-4243 where who reads over the only connection asks to write, ConnectionError HYG-6054, which names all who have one, when none became free in time, and the signal's reason when it is
   * aborted. @param by who works with it, for people: `hygge flow.entity`.
   */
  acquire(by: string, signal?: AbortSignal): Promise<LeasedConnection<C>>;
  /** One that can be had without waiting for others: idle, or to be opened. Undefined: there is none now. */
  acquireIdle(by: string, signal?: AbortSignal): Promise<LeasedConnection<C> | undefined>;
  /**
   * The same pool, to write over. From the first call on, one of its places is kept for writing: who reads from and writes to one database holds
   * connections of both kinds at once, and readers that held all of them would wait for a writer that can't begin. Called when a store is opened.
   */
  forWriting(): Pool<C>;
}

/** `await using leased = await opening.pools.of(key, pooling).acquire(label, signal)`. */
export interface Pools {
  /** The one pool of that key in this process; `pooling` counts for whoever asks first. */
  of<C>(key: PoolKey, pooling: Pooling<C>): Pool<C>;
}
